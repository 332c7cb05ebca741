"""A model with slots that are moments in one local file: from roster to ledger over several runs, and to its end."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("office_hours_plugin.py")
PROGRAM = """\
program = { name = "Office hours", starts = 2027-01-11, length = "4 weeks", timezone = "Europe/Oslo" }
plugins.files = ["office_hours_plugin.py"]
roster.file = "people.csv"
model.use = "office-hours"
model.options = { hours = ["2027-01-12T07:15", "2027-01-16T12:00", "2027-01-21T18:30"] }
roster.capacity.host = "capacity"
roster.columns.free = { column = "free", split = ";" }
sessions = { count = 1, minutes = 45 }
matching.intake = "every monday"

[matching.criteria.topic]
kind = "same"
column = "topic"
between = ["visitor", "host"]

[timeline.tomorrow]
when = "session - 1 day"
to = ["host", "visitor"]
message = "messages/tomorrow"

[timeline.thanks]
when = "session + 1 day"
to = "visitor"
message = "messages/thanks"
"""
TOMORROW = "---\nsubject: Tomorrow {{ session.time }}\n---\nDear {{ me.name }},\n"
THANKS = "---\nsubject: Thanks\n---\nDear {{ me.name }},\n"
EARLY, NOON, EVENING = "2027-01-12T06:15:00Z", "2027-01-16T11:00:00Z", "2027-01-21T17:30:00Z"
PEOPLE = """\
id,name,email,role,topic,free,capacity
h1,Hal,h1@example.org,host,law,2027-01-12T07:15;2027-01-21T18:30,2
h2,Hedy,h2@example.org,host,art,2027-01-16T12:00,1
v1,Vic,v1@example.org,visitor,law,2027-01-12T07:15,
v2,Vera,v2@example.org,visitor,law,2027-01-12T07:15;2027-01-16T12:00,
v3,Val,v3@example.org,visitor,art,2027-01-16T12:00,
"""

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    files = {"p.toml": PROGRAM, "messages/tomorrow.md": TOMORROW, "messages/thanks.md": THANKS, "people.csv": PEOPLE}
    program_folder(tmp_path, {**files, "office_hours_plugin.py": PLUGIN.read_text()})
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> str:
        assert 0 == run_command([arguments[0], "p.toml", *arguments[1:]])
        return capfd.readouterr().out

    return run


def schedule(folder: Path) -> dict[str, str]:
    with (folder / "schedule.csv").open() as file:
        return {row["people"]: row["starts_utc"] for row in csv.DictReader(file)}


def test_sessions_are_exactly_at_the_times_that_people_offered(run: Run, tmp_path: Path) -> None:
    found = json.loads(run("match", "--json", "--at", "2027-01-11T08:00"))["relationships"]
    assert {EARLY, NOON} == {one["at"] for one in found}
    assert {"2027-01-21"} == {one["until"] for one in found}
    run("run", "--at", "2027-01-11T08:00")
    assert {"h1;v1;v2": EARLY, "h2;v3": NOON} == schedule(tmp_path / "p.run")


def test_later_runs_keep_them_and_give_the_next_their_own(run: Run, tmp_path: Path) -> None:
    run("run", "--at", "2027-01-11T08:00")
    more = PEOPLE + "v4,Viv,v4@example.org,visitor,law,2027-01-12T07:15;2027-01-21T18:30,\n"
    (tmp_path / "people.csv").write_text(more)
    run("run", "--at", "2027-01-18T08:00")
    assert {"h1;v1;v2": EARLY, "h2;v3": NOON, "h1;v4": EVENING} == schedule(tmp_path / "p.run")
    run("run", "--at", "2027-01-22T08:00")
    with (tmp_path / "p.run" / "matches.csv").open() as file:
        assert {"ended (completed)"} == {row["state"] for row in csv.DictReader(file)}


def test_it_plays_to_its_end(run: Run, tmp_path: Path) -> None:
    run("run", "--simulate", "--world", "ideal")
    assert {EARLY, NOON} == set(schedule(tmp_path / "p.sim").values())
    sent = Counter(path.name.split(".")[1] for path in (tmp_path / "p.sim" / "outbox").iterdir())
    assert {"tomorrow": 5, "thanks": 3} == sent
