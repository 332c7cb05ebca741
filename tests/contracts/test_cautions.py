"""What models warn of at `check`: a model in a local file, and the bundled ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("cautious_plugin.py")
PROGRAM = """\
program = { name = "Walks", starts = 2027-01-11, length = "8 weeks", timezone = "UTC"%s }
plugins.files = ["cautious_plugin.py"]
roster.file = "people.csv"
sessions = { count = 1 }

[model]
use = "%s"

[model.options]
%s
"""
PEOPLE = "id,name,role,hire_date,office_hours\n"


@pytest.fixture
def check(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)

    def check(model, options, *people, code=0, program="", at="2027-01-11T10:00"):
        files = {"p.toml": PROGRAM % (program, model, options), "people.csv": "\n".join((PEOPLE[:-1], *people)) + "\n"}
        program_folder(tmp_path, {**files, "cautious_plugin.py": PLUGIN.read_text()})
        assert code == run_command(["check", "p.toml", "--json", "--at", at])
        found = json.loads(capfd.readouterr().out)["problems"]
        return [(one["line"], one["message"], one["help"]) for one in found if one["code"] == "model-caution"]

    return check


WALKERS = tuple(f"{n},A,walker,," for n in range(1, 6))
PEERS = tuple(f"{n},A,peer,," for n in range(1, 6))
MENTEES = tuple(f"{n},A,mentee,," for n in range(1, 6))


def test_a_model_of_somebody_else_warns_at_the_line_of_the_option_with_what_to_change(check):
    assert [
        (10, "12 weeks of walks do not fit into 8", "walk less"),
        (9, "5 people do not make pairs", "ask one more"),
    ] == check("walks", "weeks = 12", *WALKERS)
    assert [] == check("walks", "weeks = 8", *WALKERS[1:])
    signing_up = ", opens = 2026-12-01, signup_closes = 2026-12-18"
    assert [] == check("walks", "weeks = 8", *WALKERS, program=signing_up, at="2026-12-02")


@pytest.mark.parametrize(
    ("fails", "says"),
    [("raises", "failed: RuntimeError: no idea"), ("words", "must return a Caution; it returned str 'beware'")],
)
def test_a_model_that_fails_at_it_is_named(check, capfd, fails, says, tmp_path):
    check("walks", "weeks = 8", *WALKERS[1:])
    text = (tmp_path / "p.toml").read_text().replace("weeks = 8", f'fails = "{fails}"')
    (tmp_path / "p.toml").write_text(text)
    assert 2 == run_command(["check", "p.toml"])
    told = capfd.readouterr()
    assert says in told.out + told.err
    assert "cautious_plugin.py" in told.out + told.err


def test_peers_warn_of_rounds_and_buddies_longer_than_the_program(check):
    [(line, message, help_)] = check("peer", 'rounds = "every 10 weeks"', *PEERS)
    assert (10, True) == (line, "no round of 10 weeks fits into the program, which ends on 2027-03-08" in message)
    assert "make rounds shorter or the program longer" in help_
    assert [] == check("peer", 'rounds = "every 8 weeks"', *PEERS)
    buddies = (*(one.replace("peer", "buddy") for one in PEERS), "9,B,newcomer,,")
    assert 1 == len(check("peer", 'form = "buddies"\nlasts = "90 days"', *buddies))
    assert [] == check("peer", 'form = "buddies"\nlasts = "8 weeks"', *buddies)


def test_office_hours_warn_where_nobody_offers_a_time_to_come(check):
    hours = 'form = "office-hours"'
    mentor = "8,A,mentor,,2027-01-11 14:00;2027-06-01 09:00"
    [(_, message, help_)] = check("flash", hours, mentor, *MENTEES)
    assert "no mentor offers a time after 2027-01-11 until the program's last day, 2027-03-08" in message
    assert 'in the column office_hours, such as "2027-01-14 14:00"' in help_
    assert [] == check("flash", hours, mentor.replace("01-11", "01-12"), *MENTEES)


def test_an_event_warns_of_rounds_after_the_last_day(check):
    people = ("8,A,mentor,,", *MENTEES)
    late = 'form = "event"\nrounds = 3\nstarts = 2027-03-08T23:00:00'
    [(line, message, _)] = check("flash", late, *people)
    assert (12, "1 of 3 rounds lie after the last day of the program, 2027-03-08: nobody meets in them") == (
        line,
        message,
    )
    assert [] == check("flash", late.replace("23:00", "22:30"), *people)
