"""Nothing that a roster or a program contains does anything to the terminal of whoever looks at it."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from security.guarded import NOON, PROGRAM, Guarded

COMMANDING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What terminals obey, line breaks aside, and marks that make a line read as another one."""
HOSTILE = (
    "\x1b[2J\x1b[31m",
    "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "\x9b31m",
    "\u202egnp.\u2066",
    "\x1b]52;c;aGk=\x07",
    "\r\x1b[Kroot",
    "\x85next",
    "\u2028line",
    "\x1bP1$r\x1b\\",
    "\x08\x08back",
    "\x1b]0;title\x07",
    "\u200f\u061c",
)
COLUMNS = (
    "id",
    "name",
    "email",
    "role",
    "department",
    "skills",
    "wants",
    "level",
    "title",
    "location",
    "busy_calendar",
)
WRITTEN = r'"Pi\u202Elot\u2066"'
"""Control characters are refused in a program file, however they are written; marks of direction are not."""


def hostile_roster() -> str:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for number in range(2 * len(HOSTILE)):
        evil, role = HOSTILE[number // 2], "mentor" if number % 2 else "mentee"
        cells = (f"N{number} {evil} Z", f"x{number}@example.org", role, f"D{evil}", f"s{evil};go", f"s{evil};go")
        writer.writerow(
            (
                number if number % 4 < 2 else f"{number}{evil}",
                *cells,
                1 + number % 2 * 2,
                f"T{evil}",
                f"L{evil}",
                f"{evil}.ics",
            )
        )
    return table.getvalue()


@pytest.mark.uncounted
def test_what_people_are_called_changes_no_screen(guarded: Guarded) -> None:
    program = PROGRAM.replace("matching.rules = {}\n", "").replace('"Pilot"', WRITTEN)
    guarded.write({"people.csv": hostile_roster(), "p.toml": program})
    answers = "".join(
        f"a{n},2027-01-11T08:00:00Z,{n},requested,,{one}\n" for n, one in enumerate(HOSTILE) if "\r" not in one
    )
    commands = [
        ("check",),
        ("show", "--origin"),
        ("match", "--explain", "1", "--explain-unmatched"),
        ("match", "--audit", "department"),
        ("plan", "--all", *NOON),
        ("run", *NOON),
        ("record", "declined", "--person", "1", "--value", HOSTILE[0], *NOON),
        ("record", "--from", "answers.csv", *NOON),
        ("status", "--all", *NOON),
        ("report", *NOON),
        ("report", "--format", "csv", *NOON),
    ]
    guarded.write({"answers.csv": f"id,at,person,kind,subject,value\n{answers}"})
    names = 0
    for command in commands:
        ran = guarded(*command)
        assert 3 != ran.code
        assert not COMMANDING.findall(ran.out + ran.err), command
        names += "N1 " in ran.out
        if command[0] in ("check", "match", "plan", "status"):
            ran = guarded(*command, "--json")
            assert not COMMANDING.findall(ran.out), command
            assert ran.code or json.loads(ran.out)
    assert 4 <= names
