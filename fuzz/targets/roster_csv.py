"""A roster as CSV, read for a program that uses every kind of column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from attrs import evolve

from fuzz.desk_files import catalogue, opened
from fuzz.laws import check_diagnostics
from fuzz.scratch import written
from fuzz.target import Target
from mentorkit.core.diagnostics import errors_in
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.roster_files import RosterReading, read_roster

TODAY = date(2027, 1, 11)


def run(data: bytes) -> None:
    """Read it: who is in it can be told apart, and reading it again is the same."""
    path = written("fuzzed.csv", data)
    check_reading(read(path), read(path))


def read(path: Path) -> RosterReading:
    """Return the people in a file for the program on the desk."""
    return read_roster(_program(path), catalogue(), today=TODAY)


def check_reading(reading: RosterReading, again: RosterReading) -> None:
    """Assert what holds of everybody in any roster that is accepted."""
    check_diagnostics(reading.diagnostics)
    assert reading.diagnostics == again.diagnostics
    assert reading.roster.digest == again.roster.digest
    if not errors_in(reading.diagnostics):
        _check_people(reading.roster)


def _check_people(roster: Roster) -> None:
    ids = [one.id for one in roster.people]
    assert len({one.casefold() for one in ids}) == len(ids)
    for one in roster.people:
        assert one.id == one.id.strip()
        assert one.id.isprintable()
        for value in (one.id, *map(str, one.values.values())):
            value.encode()
        assert all(places >= 0 for places in one.places.values())
        assert set(one.roles) <= {"mentor", "mentee"}
        assert not set("\r\n,;<>") & set(one.text("email"))


def _program(path: Path) -> Program:
    program = opened().program
    (source,) = program.roster.sources
    return evolve(program, roster=evolve(program.roster, sources=(evolve(source, path=str(path)),)))


TARGET = Target(
    "roster_csv",
    run,
    seeds=("fuzz/desk/people.csv", "tests/data/hostile/csv_*.csv", "tests/data/rosters/*.csv", "examples/*/*.csv"),
    words=(
        *(
            "id,name,email",
            '"',
            '""',
            "\r\n",
            ";",
            "\t",
            "Lead",
            "Junior",
            "Europe/London",
            "01.02.2015",
            "yes",
            "Oslo",
        ),
        *("mon-thu 09:00-15:00", "ada@example.org", "busy.ics", "../busy.ics", "http://x", "Munich HQ", "1e999", "nan"),
    ),
)
