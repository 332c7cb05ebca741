"""Moments at which people can meet, and who of them can when: what an event and office hours have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
from attrs import evolve

from mentorkit.core.contracts import Pool
from mentorkit.core.problems import BoolArray, IntArray, Occasion, Seating
from mentorkit.core.shapes import Slots
from mentorkit.core.zones import to_local
from mentorkit_models.flash.options import QUARTER, FlashOptions
from mentorkit_models.posing import problem_of

BETWEEN = ("mentee", "mentor")

_SECONDS = QUARTER * 60


def quarters(moment: datetime, minutes: int) -> frozenset[int]:
    """Return the numbers of the quarter-hours that a meeting touches: in these its people are in no other one."""
    begins = int(moment.timestamp())
    return frozenset(range(begins // _SECONDS, -(-(begins + minutes * 60) // _SECONDS)))


def is_to_come(pool: Pool, moment: datetime) -> bool:
    """Return whether a moment lies in the program, on a later day than the one that is matched for."""
    day = to_local(moment, pool.timezone).date()
    return pool.starts <= day <= pool.ends and (pool.today is None or pool.today < day)


def seated(
    options: FlashOptions,
    pool: Pool,
    role: str,
    times: Sequence[datetime],
    can: Sequence[Iterable[datetime]],
    most: IntArray,
) -> Seating:
    """Return the seating of a role with who is free when, and no more places than that.

    `times` are the moments there are, `can` says when each person can, `most` how many meetings they have at most.
    """
    seating, busy = pool.seatings[role], _busy(options, pool)
    numbers = {one: number for number, one in enumerate(times)}
    free: BoolArray = np.zeros((len(seating.people), len(times)), dtype=np.bool_)
    for row, (person, moments) in enumerate(zip(seating.people, can, strict=True)):
        for one in moments:
            if one in numbers and busy[person].isdisjoint(quarters(one, options.minutes)):
                free[row, numbers[one]] = True
    return evolve(seating, open=free, places=np.minimum(most, free.sum(axis=1)).astype(np.int64))


def _busy(options: FlashOptions, pool: Pool) -> Mapping[str, set[int]]:
    """Return the quarter-hours in which everybody meets somebody already."""
    found: dict[str, set[int]] = defaultdict(set)
    for one in pool.given:
        touched = quarters(one.at, options.minutes) if one.at else ()
        for person in one.people():
            found[person].update(touched)
    return found


def booked(
    options: FlashOptions, pool: Pool, seatings: Mapping[str, Seating], times: Sequence[datetime], *, rotate: bool
) -> Occasion:
    """Return the occasion of meetings at these moments (UTC, aware); they are over with the last day of them."""
    names = tuple(f"{to_local(one, pool.timezone):%Y-%m-%d %H:%M}" for one in times)
    slots = Slots(names, rotate, options.seats, tuple(times))
    problem = problem_of(evolve(pool, seatings=seatings), "slots", BETWEEN, details=slots)
    last = max((to_local(one, pool.timezone).date() for one in times), default=None)
    return Occasion("match", problem, until=last)
