"""Programs with quiet hours, a bound on messages, and digests, run by run by the command line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PROGRAM = """\
program = { name = "Paced", starts = 2027-01-11, length = "12 weeks", timezone = "UTC", coordinator = "c@example.org" }
roster.file = "people.csv"
model.use = "one-on-one"
sessions = { count = 1 }
matching.rules = {}
surveys = {}
"""
PEOPLE = "id,name,role,timezone\nm1,Ada,mentor,UTC\ne1,Eve,mentee,Asia/Tokyo\n"


def step(name: str, when: str) -> str:
    return f'\n[timeline.{name}]\nwhen = "{when}"\nto = "everyone"\nmessage = "messages/{name}"\n'


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Return what writes a program, and runs a command of it at a moment."""
    monkeypatch.chdir(tmp_path)

    def write(text: str, *names: str) -> None:
        messages = {
            f"messages/{name}.md": f"---\nsubject: About {name}\n---\nDear {{{{ me.name }}}}, {name}.\n"
            for name in names
        }
        program_folder(tmp_path, {"p.toml": PROGRAM + text, "people.csv": PEOPLE, **messages})

    def run(moment: str, *words: str) -> str:
        capfd.readouterr()
        assert 0 == run_command([words[0] if words else "run", "p.toml", "--at", moment, *words[1:]])
        return capfd.readouterr().out

    run.write = write  # type: ignore[attr-defined]
    return run


def outbox(folder: Path = Path("p.run")) -> list[str]:
    return sorted(path.name for path in folder.glob("outbox/*.eml"))


def test_at_night_messages_wait_for_the_morning_of_whom_they_are_for(at) -> None:  # type: ignore[no-untyped-def]
    at.write('delivery = { quiet_hours = "20:00-07:00" }\n' + step("hello", "start at 21:00"), "hello")
    plan = at("2027-01-11T21:30", "plan")
    assert "send now" not in plan
    assert "hello  2 messages  quiet hours, the first until Mon 2027-01-11 22:00 (UTC)" in plan
    paced = json.loads(at("2027-01-11T21:30", "plan", "--json"))["paced"]
    assert ["2027-01-11T22:00:00Z", "2027-01-12T07:00:00Z"] == [one["until"] for one in paced]
    at("2027-01-11T21:30")
    assert [] == outbox()
    at("2027-01-11T22:00")
    assert [] == [name for name in outbox() if ".mentor." in name]
    at("2027-01-12T07:00")
    assert 2 == len(outbox())


def test_a_simulation_keeps_quiet_and_within_the_bound_too(at) -> None:  # type: ignore[no-untyped-def]
    steps = "".join(step(name, f"start + {day} days at 22:00") for day, name in enumerate(["one", "two", "three"]))
    at.write('delivery = { quiet_hours = "20:00-07:00", at_most = "2 per week" }\n' + steps, "one", "two", "three")
    assert 0 == run_command(["run", "p.toml", "--simulate", "--world", "ideal"])
    assert 6 == len([name for name in outbox(Path("p.sim")) if "calendar" not in name])
    with sqlite3.connect("p.sim/ledger.sqlite") as ledger:
        rows = ledger.execute("SELECT step, changed FROM transmissions WHERE role = 'mentor' ORDER BY changed")
        assert [("one", "2027-01-12T07"), ("two", "2027-01-13T07"), ("three", "2027-01-19T07")] == [
            (name, moment[:13]) for name, moment in rows
        ]


def test_what_is_too_much_waits_and_is_named_once_it_has_expired(at) -> None:  # type: ignore[no-untyped-def]
    steps = [step(name, "start at 09:00") for name in ("one", "two", "three")]
    at.write('delivery = { at_most = "1 per week" }\n' + "".join(steps), "one", "two", "three")
    at("2027-01-11T12:00")
    assert 2 == len(outbox())
    assert "as many as people get for now" in at("2027-01-12T12:00", "plan")
    at("2027-01-18T11:59")
    assert 2 == len(outbox())
    assert "one" not in at("2027-01-18T12:00").partition("expired")[0]
    assert 4 == len(outbox())
    assert "expired: met too late, never sent\n  two  2 messages" in at("2027-01-25T12:00")


def test_what_is_due_to_somebody_is_one_message_and_counts_as_one(at) -> None:  # type: ignore[no-untyped-def]
    steps = [step(name, "start at 09:00") for name in ("one", "two", "three")]
    at.write('delivery = { at_most = "1 per week", digest = true }\n' + "".join(steps), "one", "two", "three")
    at("2027-01-11T12:00")
    assert 2 == len(outbox())
    text = next(Path("p.run/outbox").glob("*.mentor*")).read_text()
    assert [True] * 3 == [f"About {name}\n=========" in text for name in ("one", "two", "three")]
    assert "nothing was due" in at("2027-01-12T12:00")


def test_what_does_not_fit_is_told(at, capfd: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    for wrong in ('quiet_hours = "20:00-20:00"', 'at_most = "often"', 'digest = "yes"'):
        at.write(f"delivery = {{ {wrong} }}\n" + step("one", "start"), "one")
        assert 2 == run_command(["check", "p.toml"])
        assert f"delivery.{wrong.partition(' ')[0]}" in _problems(capfd)


def _problems(capfd: pytest.CaptureFixture[str]) -> str:
    run_command(["check", "p.toml", "--json"])
    return capfd.readouterr().out
