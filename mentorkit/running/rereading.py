"""The people of a program as they are on another day: who is new, or has been there for long, changes by itself.

A real run reads the roster every time. One that is played on a virtual clock need not, unless a role or the eligible
people are told apart by how long ago a day lies.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import evolve

from mentorkit.core.conditions import Condition
from mentorkit.core.program import RosterUse
from mentorkit.core.zones import to_local
from mentorkit.opening import Opened
from mentorkit.roster_files import read_roster


def with_people_on(opened: Opened, at: datetime) -> Opened:
    """Return the program with its people as of a moment (UTC, aware); the same where time changes nothing."""
    program = opened.program
    if not any(_passes(one) for one in _conditions(program.roster)):
        return opened
    today = to_local(at, program.timezone).date()
    return evolve(opened, roster=read_roster(program, opened.catalogue, today=today, matched=True).roster)


def _conditions(roster: RosterUse) -> Iterator[Condition]:
    yield from roster.eligible.values()
    for conditions in roster.roles.values():
        yield from conditions.values()


def _passes(condition: Condition) -> bool:
    return condition.within_days is not None or condition.longer_ago_days is not None
