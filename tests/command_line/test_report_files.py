"""What the report writes for spreadsheets."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from mentorkit.testing import program_folder

ROOT = Path(__file__).parent.parent.parent
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("department", ["=1+1", "@SUM(A1)", "+1", "-1+cmd|' /C calc'!A0"])
def test_no_cell_of_the_report_is_a_formula(mentorkit, folder, department):
    people = (folder / "people.csv").read_text().replace("Engineering", department).replace("Sales", department)
    program = (folder / "pilot.toml").read_text() + "\n[privacy]\nsmall_cells = 1\n"
    program_folder(folder, {"people.csv": people, "pilot.toml": program})
    assert 0 == mentorkit("run", "pilot.toml", "--at", "2027-01-11T10:00").code
    told = mentorkit("report", "pilot.toml", "--at", "2027-01-11T10:00", "--format", "csv")
    cells = [cell for row in csv.reader(io.StringIO(told.out)) for cell in row]
    assert any(department in cell for cell in cells)
    assert [] == [cell for cell in cells if cell.startswith(FORMULAS)]


def test_the_key_figure_of_the_reference_works(mentorkit, folder):
    page = (ROOT / "docs/reference/report.md").read_text(encoding="utf-8")
    section = page.partition("## A key figure of your own")[2].partition("\n## ")[0]
    figure, use = (re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL)[1] for kind in ("python", "toml"))
    program = (folder / "pilot.toml").read_text()
    program_folder(folder, {"acme_figures.py": figure, "pilot.toml": use + program})
    document = json.loads(mentorkit("report", "pilot.toml", "--at", "2027-01-11T10:00", "--json").out)
    found = next(one for one in document["kpis"] if one["name"] == "mentors-per-mentee")
    assert ("mean", 2, 3, 0.5) == tuple(found[key] for key in ("unit", "numerator", "denominator", "target"))


def test_answers_are_reported_in_the_words_they_were_asked_in(mentorkit, folder):
    survey = '[[question]]\nid = "who"\ntext = "How is your {{ words.mentor }}?"\nkind = "choice"\nchoices = ["fine"]\n'
    words = 'words.mentor = "guide"\nsurveys.pulse = { questions = "pulse.toml", when = "start", to = "everyone" }\n'
    words += 'timeline.hello = { when = "end", to = "everyone", message = "messages/survey" }\n'
    hello = "---\nsubject: Hello\n---\nHello.\n"
    program = words + (folder / "pilot.toml").read_text()
    program_folder(folder, {"pulse.toml": survey, "messages/survey.md": hello, "pilot.toml": program})
    assert 0 == mentorkit("run", "pilot.toml", "--at", "2027-01-11T10:00").code
    document = json.loads(mentorkit("report", "pilot.toml", "--at", "2027-01-11T10:00", "--json").out)
    (pulse,) = (one for one in document["surveys"] if one["survey"] == "pulse")
    assert 5 == pulse["asked"]
    assert [("How is your guide?", [])] == [(one["text"], one["answers"]) for one in pulse["questions"]]


def test_a_simulated_folder_is_reported_as_of_its_last_moment(mentorkit, folder):
    assert 0 == mentorkit("run", "pilot.toml", "--simulate", "--world", "ideal", "--folder", "played").code
    document = json.loads(mentorkit("report", "pilot.toml", "--folder", "played", "--json").out)
    assert ("ended", document["sessions"]["planned"]) == (document["program"]["phase"], document["sessions"]["held"])
    assert document["sessions"]["planned"] == sum(one["planned"] for one in document["sessions"]["numbers"])
    assert [one["held"] for one in document["trend"]][-1] == document["sessions"]["held"]
    early = json.loads(mentorkit("report", "pilot.toml", "--folder", "played", "--at", "2027-01-01", "--json").out)
    assert (0, 0, []) == (early["sessions"]["planned"], early["relationships"]["active"], early["trend"])
