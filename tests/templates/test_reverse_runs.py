"""Reverse mentoring run by run: the executive is asked first, and canceled sessions are seen."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

pytestmark = pytest.mark.uncounted

PROGRAM = """\
program = { name = "Upside down", starts = 2027-01-11, timezone = "Etc/UTC", coordinator = "team@example.org" }
roster.file = "people.csv"
model.use = "reverse"
"""
PEOPLE = """\
id,name,email,role,level,manager_id,skills,wants
boss,Ada,a@example.org,mentee,9,,,robots;memes
vice,Ben,b@example.org,,8,boss,,
one,Cleo,c@example.org,mentor,2,other,robots;memes,
two,Dev,d@example.org,mentor,2,other,robots,
other,Eva,e@example.org,,7,,,
"""
Ran = Callable[..., dict[str, Any]]


@pytest.fixture
def mentorkit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Ran:
    """Return a function that runs a command on the program, at a moment, and returns its document."""
    monkeypatch.chdir(tmp_path)
    program_folder(tmp_path, {"p.toml": PROGRAM, "people.csv": PEOPLE})

    def run(command: str, at: str, *arguments: str) -> dict[str, Any]:
        capfd.readouterr()
        assert 0 == run_command([command, "p.toml", *arguments, "--at", at, "--json"]), capfd.readouterr().err
        document: dict[str, Any] = json.loads(capfd.readouterr().out)
        return document

    return run


def sent(done: dict[str, Any]) -> Counter[str]:
    """Return how many of which step went to which role."""
    return Counter(" ".join(one["key"].split(".")[1:4:2]) for one in done["sent"])


def test_the_executive_says_no_and_then_yes_and_nobody_else_hears_of_the_first(mentorkit: Ran) -> None:
    first = mentorkit("run", "2027-01-11T10:00")
    assert {"ask mentee": 1, "spare-notice mentor": 1} == sent(first)
    assert [] == first["published"]
    assert {"ask-reminder mentee": 1} == sent(mentorkit("run", "2027-01-13T10:00"))
    mentorkit("record", "2027-01-13T12:00", "declined", "--person", "boss")
    assert {"ask mentee": 1, "spare-notice mentor": 1} == sent(mentorkit("run", "2027-01-14T10:00"))
    mentorkit("record", "2027-01-14T12:00", "accepted", "--person", "boss")
    last = mentorkit("run", "2027-01-15T10:00")
    assert 1 == len(last["published"])
    announced = {step: number for step, number in sent(last).items() if "announcement" in step}
    assert {"match-announcement mentor": 1, "match-announcement mentee": 1} == announced


def test_who_says_nothing_is_seen_in_time_and_not_asked_again_every_week(mentorkit: Ran) -> None:
    mentorkit("run", "2027-01-11T10:00")
    mentorkit("run", "2027-01-13T10:00")
    assert {"ask-watch coordinator": 1} == sent(mentorkit("run", "2027-01-15T10:00"))
    gone = mentorkit("run", "2027-01-19T10:00")
    assert (1, []) == (len(gone["ended"]), gone["asked"])
    assert [] == mentorkit("run", "2027-01-26T10:00")["asked"]


def test_two_canceled_sessions_in_a_row_reach_the_coordinator_and_one_does_not(mentorkit: Ran) -> None:
    mentorkit("run", "2027-01-11T10:00")
    mentorkit("record", "2027-01-11T12:00", "accepted", "--person", "boss")
    mentorkit("run", "2027-01-12T10:00")
    with Path("p.run/schedule.csv").open(newline="") as file:
        days = sorted(date.fromisoformat(row["starts_utc"][:10]) for row in csv.DictReader(file))
    watched = []
    for day, said in zip(days, ("missed", "missed", "met"), strict=False):
        mentorkit("record", f"{day}T20:00", said, "--person", "one")
        found = sent(mentorkit("run", f"{day + timedelta(days=6)}T10:00"))
        watched.append({step: number for step, number in found.items() if "cancel" in step or "restart" in step})
    both = {"cancellation-watch coordinator": 1, "restart mentor": 1, "restart mentee": 1}
    assert [{}, both, {}] == watched


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], {"second-nudge mentor": 1, "second-nudge mentee": 1, "silence-flag coordinator": 1}),
        (["met"], {}),
    ],
)
def test_who_met_four_weeks_before_the_next_session_is_not_called_silent_and_who_did_not_is(
    mentorkit: Ran, said: list[str], expected: dict[str, int]
) -> None:
    mentorkit("run", "2027-01-11T10:00")
    mentorkit("record", "2027-01-11T12:00", "accepted", "--person", "boss")
    mentorkit("run", "2027-01-12T10:00")
    with Path("p.run/schedule.csv").open(newline="") as file:
        first = min(date.fromisoformat(row["starts_utc"][:10]) for row in csv.DictReader(file))
    for word in said:
        mentorkit("record", f"{first}T20:00", word, "--person", "one")
    found: Counter[str] = Counter()
    for day in (18, 20, 26, 28):
        found += sent(mentorkit("run", f"{first + timedelta(days=day)}T10:00"))
    assert expected == {step: number for step, number in found.items() if "silence" in step or "second" in step}
