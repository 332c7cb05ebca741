"""Times at which mentors are there, given to mentees: who can come when, and how often.

A time is given away with all its seats at once: a table that people have heard of takes in nobody else. One matching
gives a mentee one time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import evolve

from mentorkit.core.contracts import Caution, CheckFacts, Pool
from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import Occasion
from mentorkit.core.zones import known_zones, to_local, to_utc
from mentorkit_models.flash.options import FlashOptions
from mentorkit_models.flash.timetables import booked, is_to_come, quarters, seated

Moments = frozenset[datetime]

MOVABLE = timedelta(weeks=1)
"""So long after the last time that is given away a meeting may still be moved to."""

_SHOWN = 5
"""So many of those who are told of are shown; the others likely wrote alike."""


def office_hours(options: FlashOptions, pool: Pool) -> Occasion:
    """Return the occasion of all times to come that a mentor offers.

    Raises:
        ProgramError: a cell holds something else than local times, or times of one mentor overlap.
    """
    mentors, mentees = pool.seatings["mentor"], pool.seatings["mentee"]
    offered = _told(pool, "mentor", options.column)
    _refuse_overlaps(options, dict(zip(mentors.people, offered, strict=True)))
    times = sorted({one for some in offered for one in some if _is_given_away(options, pool, one)})
    theirs = (
        _told(pool, "mentee", options.mentee_column) if options.mentee_column else [Moments()] * len(mentees.people)
    )
    came = Counter(_meetings(pool))
    once = np.array([int(came[one] < options.meetings) for one in mentees.people], dtype=np.int64)
    always = np.full(len(mentors.people), len(times))
    seatings = {
        "mentor": seated(options, pool, "mentor", times, offered, always),
        "mentee": seated(options, pool, "mentee", times, [some or times for some in theirs], once),
    }
    occasion = booked(options, pool, seatings, times, rotate=False)
    return evolve(occasion, until=occasion.until + MOVABLE if occasion.until else None)


def no_time_to_come(options: FlashOptions, facts: CheckFacts) -> Iterator[Caution]:
    """Yield that no mentor offers a time after today within the program; while people sign up more may come."""
    if facts.signup_open or facts.today >= facts.ends:
        return
    moments = (
        local.date()
        for person in facts.people.get("mentor", ())
        for word in _words(person.values.get(options.column))
        if (local := _local(word)) is not None
    )
    if not any(max(facts.today + timedelta(days=1), facts.starts) <= day <= facts.ends for day in moments):
        told = f"no mentor offers a time after {facts.today} until the program's last day, {facts.ends}"
        help_ = f'ask mentors for times in the column {options.column}, such as "2027-01-14 14:00"'
        yield Caution(f"{told}: nobody is given a meeting", help_, "column")


def _is_given_away(options: FlashOptions, pool: Pool, moment: datetime) -> bool:
    if not is_to_come(pool, moment):
        return False
    if not options.ahead:
        return True
    last = max(pool.starts, pool.today or pool.starts) + timedelta(days=options.ahead)
    return to_local(moment, pool.timezone).date() <= last


def _meetings(pool: Pool) -> Iterator[str]:
    """Yield a mentee for every meeting they had or will have; one that was called off before it began is none."""
    for past in pool.past:
        at = past.relationship.at
        if past.ended is None or at is None or past.ended >= to_local(at, pool.timezone).date():
            yield from past.relationship.people("mentee")


def _told(pool: Pool, role: str, column: str) -> list[Moments]:
    """Return the moments in everybody's cell of a column, local times of their own zone, UTC, aware."""
    seating = pool.seatings[role]
    unreadable: list[str] = []
    found = []
    for person, zone, cell in zip(seating.people, seating.values("timezone"), seating.values(column), strict=True):
        known = str(zone) if zone in known_zones() else pool.timezone
        found.append(Moments(_moments(person, known, cell, unreadable)))
    if unreadable:
        told = f'"{column}" holds what is no local time: {_some(unreadable)}'
        help_ = 'write times as "2027-01-14 14:00", several separated by ";"'
        raise ProgramError((error("times-unreadable", told, path="model.options", help=help_),))
    return found


def _moments(person: str, zone: str, cell: Any, unreadable: list[str]) -> Iterator[datetime]:
    for word in _words(cell):
        local = _local(word)
        if local is None:
            unreadable.append(f'"{word}" ({person})')
        else:
            yield to_utc(local, zone)


def _words(cell: Any) -> Iterable[str]:
    if cell is None:
        return ()
    words = cell if isinstance(cell, frozenset) else str(cell).split(";")
    return [word for one in words if (word := str(one).strip())]


def _local(word: str) -> datetime | None:
    """Return a date with a time and without a zone; None where it is something else."""
    try:
        found = datetime.fromisoformat(word.upper())
    except ValueError:
        return None
    return found if found.tzinfo is None and ":" in word else None


def _refuse_overlaps(options: FlashOptions, offered: dict[str, Moments]) -> None:
    close = [
        person
        for person, moments in offered.items()
        if any(
            not quarters(one, options.minutes).isdisjoint(quarters(following, options.minutes))
            for one, following in pairwise(sorted(moments))
        )
    ]
    if close:
        told = f"times of one mentor overlap, at {options.minutes} minutes each: {_some(close)}"
        help_ = "leave more time between two of them"
        raise ProgramError((error("times-overlap", told, path="model.options", help=help_),))


def _some(words: list[str]) -> str:
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return ", ".join(sorted(words)[:_SHOWN]) + more
