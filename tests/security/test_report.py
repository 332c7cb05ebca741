"""What a program and its people say is text in a report, whatever it is."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder
from security.guarded import NOON, PROGRAM
from security.pages import Page

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{ 7 }}"
LATER = ("--at", "2027-01-12T12:00")
SURVEY = """
[surveys.pulse]
questions = "q.toml"
when = "start"
to = "everyone"
message = "messages/hello"
"""
PEOPLE = range(12)


def program_that_says(said: str) -> dict[str, str]:
    """Return the files of a program in which its name, roles, question, choices and answers are these words."""
    named = PROGRAM.replace('"Pilot"', json.dumps(said)).replace("[timeline", 'answers.files = ["a.csv"]\n[timeline')
    answers = io.StringIO()
    rows = [(f"a{n}", "2027-01-11T13:00", n, "answered", "pulse.q", said) for n in PEOPLE]
    csv.writer(answers).writerows([("id", "at", "person", "kind", "subject", "value"), *rows])
    people = (f"{n},N{n},x{n}@example.org,{'mentor' if n % 2 else 'mentee'}\n" for n in PEOPLE)
    quoted = json.dumps(said)
    return {
        "p.toml": f"{named}{SURVEY}[words]\nmentor = {quoted}\nmentee = {quoted}\n",
        "q.toml": f'[[question]]\nid = "q"\ntext = {quoted}\nkind = "choice"\nchoices = [{quoted}, "No"]\n',
        "a.csv": answers.getvalue(),
        "messages/hello.md": "---\nsubject: a\n---\nb\n",
        "people.csv": "id,name,email,role\n" + "".join(people),
    }


def test_hostile_words_are_words_in_a_report(tmp_path: Path) -> None:
    plain, hostile = (reported(tmp_path / name, said) for name, said in {"plain": "Words", "hostile": EVIL}.items())
    assert {tag for tag, _ in plain.elements} == {tag for tag, _ in hostile.elements}
    assert "script" not in {tag for tag, _ in hostile.elements}
    attributes = [{name for _, attrs in page.elements for name, _ in attrs} for page in (plain, hostile)]
    assert attributes[0] == attributes[1]
    assert not {name for name in attributes[0] if name.startswith("on")}
    assert 2 <= hostile.text.count(EVIL)


def reported(folder: Path, said: str) -> Page:
    program = str(program_folder(folder, program_that_says(said)) / "p.toml")
    for command in (("run", program, *NOON), ("run", program, *LATER), ("report", program, *LATER)):
        assert 0 == run_command(command)
    return Page((folder / "p.run" / "report.html").read_text())
