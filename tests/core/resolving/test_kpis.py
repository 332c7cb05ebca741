"""Key figures as declared: goals and questions they are about, and scales of questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorkit.loading.loader import load_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import program_folder

PROGRAM = """
program = { name = "P", starts = 2027-01-11, goals = ["reach"], timezone = "UTC" }
roster.file = "people.csv"
model.use = "one-on-one"
timeline.hello = { when = "start", to = "everyone", message = "hello" }
surveys.pulse = { questions = "pulse.toml", when = "midpoint", to = "everyone", message = "hello" }
"""
QUESTIONS = '[[question]]\nid = "mood"\ntext = "How are you?"\nkind = "scale"\n'


def load(folder: Path, kpis: str, questions: str = QUESTIONS):
    files = {"p.toml": PROGRAM + kpis, "pulse.toml": questions, "hello.md": "---\nsubject: Hi\n---\nHi.\n"}
    program_folder(folder, {**files, "people.csv": "id,level\n1,1\n2,2\n"})
    return load_program(folder / "p.toml", build_catalogue())


def test_a_key_figure_names_its_question_and_its_goals(tmp_path):
    kpi = '[kpis.mood]\nkind = "survey-mean"\nsurvey = "pulse"\nquestion = "mood"\ngoals = ["reach"]\ntarget = 4\n'
    loaded = load(tmp_path, kpi)
    (use,) = (one for one in loaded.program.kpis if one.name == "mood")
    assert ("survey-mean", 4, ("reach",)) == (use.kind, use.target, use.goals)
    assert ("pulse", "mood") == (use.options.survey, use.options.question)


@pytest.mark.parametrize(
    ("kpi", "code", "line"),
    [
        ('kind = "nps"\nsurvey = "pulse"\nquestion = "mod"', "kpi-question", 10),
        ('kind = "nps"\nsurvey = "puls"\nquestion = "mood"', "kpi-question", 9),
        ('kind = "nps"\nsurvey = "pulse"\nquestion = "mood"', "kpi-question", 10),
        ('kind = "goal-attainment"\nsurvey = "pulse"\nquestion = "mood"', "kpi-question", 10),
        ('kind = "match-rate"\ngoals = ["networks"]', "kpi-goal", 9),
        ('kind = "match-rate"\ngoals = ["netwoks"]', "wrong-value", 9),
        ('kind = "nps"\nsurvey = "pulse"', "missing-key", 7),
        ('kind = "retention"\nweeks = 0', "wrong-value", 7),
        ('kind = "retention"\nweeks = 4\ntarget = -1', "wrong-value", 10),
    ],
)
def test_what_the_program_does_not_have_is_told_with_its_line(tmp_path, kpi, code, line):
    found = [one for one in load(tmp_path, f"[kpis.mood]\n{kpi}\n").diagnostics if one.is_error]
    assert [(code, line)] == [(one.code, one.line) for one in found]


def test_points_may_be_below_nothing(tmp_path):
    kpi = '[kpis.mood]\nkind = "nps"\nsurvey = "pulse"\nquestion = "mood"\ntarget = -10\n'
    assert load(tmp_path, kpi, f"{QUESTIONS}scale = [0, 10]\n").program is not None


@pytest.mark.parametrize("scale", ["[5, 1]", "[1]", "[0, 5, 10]", "[0, 100]"])
def test_a_scale_goes_from_a_lowest_to_a_highest_number(tmp_path, scale):
    found = [one for one in load(tmp_path, "", f"{QUESTIONS}scale = {scale}\n").diagnostics if one.is_error]
    assert [("question-scale", 5)] == [(one.code, one.line) for one in found]


def test_only_scales_have_a_scale(tmp_path):
    found = load(tmp_path, "", QUESTIONS.replace('"scale"', '"text"') + "scale = [0, 10]\n").diagnostics
    assert ["question-scale"] == [one.code for one in found if one.is_error]


def test_a_scale_is_one_to_five_unless_said(tmp_path):
    scales = [
        next(step for step in load(tmp_path / name, "", text).program.timeline if step.name == "pulse")
        .questions[0]
        .scale
        for name, text in (("a", QUESTIONS), ("b", f"{QUESTIONS}scale = [0, 10]\n"))
    ]
    assert [(1, 5), (0, 10)] == scales
