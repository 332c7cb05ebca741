"""Declared sessions that published relationships do not have: no hour suits everybody, or the program ends before."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, timedelta

from attrs import evolve, frozen

from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.phases import last_day
from mentorkit.core.program import Program, Series
from mentorkit.core.scheduling.cadences import WEEK, series_days
from mentorkit.core.sessions import Session
from mentorkit.core.zones import to_local


@frozen
class Lacking:
    """What one published relationship lacks of the declared sessions.

    Attributes:
        no_time: how many found no hour that suits everybody.
        beyond: how many would lie after their or the program's last day by their cadence.
        declared: how many there are in all.
    """

    relationship: KnownRelationship
    no_time: int
    beyond: int
    declared: int


def lacking_sessions(program: Program, history: History) -> tuple[Lacking, ...]:
    """Return the published relationships that lack sessions, in the history's order."""
    had: dict[tuple[str, str], dict[int, Session]] = {}
    for session in (one.session for one in history.sessions):
        had.setdefault((session.relationship, session.series), {})[session.number] = session
    found = []
    for known in history.published:
        no_time = beyond = declared = 0
        for series in program.series:
            if series.who and not any(member.role in series.who for member in known.relationship.members):
                continue
            theirs = had.get((known.relationship.id, series.name), {})
            missing = set(range(1, series.count + 1)) - theirs.keys()
            late = _beyond(program, series, known, theirs, missing)
            declared, beyond, no_time = declared + series.count, beyond + late, no_time + len(missing) - late
        if no_time or beyond:
            found.append(Lacking(known, no_time, beyond, declared))
    return tuple(found)


def _beyond(
    program: Program, series: Series, known: KnownRelationship, had: Mapping[int, Session], missing: Set[int]
) -> int:
    """Return how many of the missing sessions by the cadence have no week before the program ends."""
    latest = last_day(program, known.relationship) + WEEK  # until then, sessions move forward into the last week
    return sum(_nominal(program, series, known, had, number) > latest for number in missing)


def _nominal(
    program: Program, series: Series, known: KnownRelationship, had: Mapping[int, Session], number: int
) -> date:
    """Return the day on which a session lies by the cadence: after the last one before it, else after the first day."""
    before = max((one for one in had if one < number), default=0)
    if before:
        rest = evolve(series, count=number - before + 1, cadence=series.cadence[min(before, len(series.cadence)) - 1 :])
        return series_days(had[before].local.date(), rest)[-1]
    begins = program.starts
    if known.published_at is not None:
        begins = max(begins, to_local(known.published_at, program.timezone).date() + timedelta(days=1))
    return series_days(begins, evolve(series, count=number))[-1]
