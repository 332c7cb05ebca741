from datetime import date
from pathlib import Path

import pytest

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.program import Length
from mentorkit.loading.loader import load_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import program_folder

HEAD = """program.name = "Aurora"
program.starts = 2027-01-11
program.length = "24 weeks"
program.timezone = "Europe/London"
program.silent_after = "10 days"
roster.file = "people.csv"
model.use = "one-on-one"
"""
SURVEY = """
[surveys.pulse]
when = "midpoint"
to = "mentee"
questions = "surveys/pulse.toml"
message = "messages/hello"
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build_catalogue()


def load(folder: Path, catalogue: Catalogue, keys: str, to: str = "mentee"):
    text = f'{HEAD}{SURVEY}\n[timeline.again]\nto = "{to}"\nmessage = "messages/hello"\n{keys}\n'
    files = {
        "aurora.toml": text,
        "messages/hello.md": "---\nsubject: Hello\n---\nHello.\n",
        "surveys/pulse.toml": '[[question]]\nid = "q"\ntext = "How is it?"\n',
    }
    return load_program(program_folder(folder, files) / "aurora.toml", catalogue)


def test_a_step_repeats_until_a_day_and_asks_first(tmp_path: Path, catalogue: Catalogue):
    keys = 'when = "match"\nrepeat = "every 60 days"\nuntil = 2027-05-01\nif = "not answered pulse"\n'
    program = load(tmp_path, catalogue, keys).program
    assert program is not None
    step = next(one for one in program.timeline if one.name == "again")
    assert (Length(60, "days"), date(2027, 5, 1)) == (step.repeat, step.until and step.until.day)
    assert ("not answered", "pulse") == (step.condition and step.condition.kind, step.condition and step.condition.of)
    assert Length(10, "days") == program.silent_after


def test_a_day_in_quotes_and_the_silent_are_understood(tmp_path: Path, catalogue: Catalogue):
    keys = 'when = "match"\nrepeat = "every week"\nuntil = "2027-05-01"'
    program = load(tmp_path, catalogue, keys, to="silent").program
    assert program is not None
    step = next(one for one in program.timeline if one.name == "again")
    assert (("silent",), date(2027, 5, 1)) == (step.to, step.until and step.until.day)


@pytest.mark.parametrize(
    ("keys", "code", "path", "hint"),
    [
        ('when = "session"\nrepeat = "every week"', "repeat-session", "repeat", "session 1"),
        ('when = "start"\nuntil = "end"', "until-without-repeat", "until", "repeat"),
        ('when = "start"\nrepeat = "every week"\nuntil = "match"', "until-anchor", "until", "midpoint"),
        ('when = "start"\nrepeat = "every week"\nuntil = "opens"', "step-without-anchor", "until", "program.opens"),
        ('when = "start"\nif = "answered pulze"', "condition-step", "if", '"pulse"'),
        ('when = "start"\nif = "ended early"', "condition-anchor", "if", "relationship-end"),
        ('when = "start"\nif = "meet"', "wrong-value", "if", ""),
        ('when = "start"\nrepeat = "every 0 days"', "wrong-value", "repeat", ""),
    ],
)
def test_what_does_not_go_together_is_told_where_it_stands(
    tmp_path: Path, catalogue: Catalogue, keys: str, code: str, path: str, hint: str
):
    errors = [one for one in load(tmp_path, catalogue, keys).diagnostics if one.is_error]
    assert [(code, f"timeline.again.{path}")] == [(one.code, one.path) for one in errors]
    assert hint in errors[0].help
