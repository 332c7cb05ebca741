"""Islands of mentees and mentors: nobody of one may be with anybody of another, so that each is a problem of its own.

Where rules split a pool, by time zone or by department, the usual groups of all people together are often not to be
had, although each part has usual groups of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from mentorkit.core.problems import BoolArray, IntArray
from mentorkit_matchers.groups.grouping import NOBODY, Grouping
from mentorkit_matchers.groups.setting import Setting, Spread


def islands_of(setting: Setting) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return the mentees and the mentors of each island, by number; people who must be together are in one island.

    Of pairs that are too many to be kept, nobody looks for islands: all are one.
    """
    everybody = np.arange(len(setting.rows)), np.arange(len(setting.columns))
    if not setting.small:
        return [everybody]
    linked = setting.tenths(*everybody) >= 0
    linked[setting.together[:, 0], setting.together[:, 1]] = True
    islands = []
    left = np.ones(len(setting.rows), dtype=np.bool_)
    while left.any():
        mentees, mentors = _reached(setting, linked, int(left.argmax()))
        islands.append((np.flatnonzero(mentees), np.flatnonzero(mentors)))
        left &= ~mentees
    return islands


def _reached(setting: Setting, linked: BoolArray, first: int) -> tuple[BoolArray, BoolArray]:
    """Return the island of a mentee."""
    mentees, mentors = (np.zeros(size, dtype=np.bool_) for size in linked.shape)
    mentees[first] = True
    before = 0
    while int(mentees.sum() + mentors.sum()) > before:
        before = int(mentees.sum() + mentors.sum())
        mentors |= linked[mentees].any(axis=0)
        mentees |= linked[:, mentors].any(axis=1)
        for reached, bound in ((mentees, setting.mates), (mentors, setting.leaders)):
            reached[bound[reached[bound].any(axis=1)]] = True
    return mentees, mentors


def part_of(setting: Setting, mentees: IntArray, mentors: IntArray) -> Setting:
    """Return the problem of some mentees and mentors alone, who are all that must be together with any of them."""
    mentee, mentor = _renumbered(mentees, len(setting.rows)), _renumbered(mentors, len(setting.columns))
    together = np.stack([mentee[setting.together[:, 0]], mentor[setting.together[:, 1]]], axis=1)
    mates, leaders = mentee[setting.mates], mentor[setting.leaders]
    return evolve(
        setting,
        rows=setting.rows[mentees],
        columns=setting.columns[mentors],
        places=setting.places[mentors],
        spread=tuple(Spread(one.codes[mentees], one.weight) for one in setting.spread),
        together=together[together[:, 0] != NOBODY],
        mates=mates[mates[:, 0] != NOBODY],
        leaders=leaders[leaders[:, 0] != NOBODY],
    )


def _renumbered(some: IntArray, size: int) -> NDArray[np.int64]:
    number = np.full(size, NOBODY, dtype=np.int64)
    number[some] = np.arange(len(some))
    return number


def together_again(parts: Sequence[tuple[IntArray, IntArray, Grouping]]) -> Grouping:
    """Return the groups of all islands, each given by its mentees, its mentors and its groups."""
    seats = [_numbers(mentees, one.seats) for mentees, _, one in parts]
    leads = [_numbers(mentors, one.leads) for _, mentors, one in parts]
    return Grouping(
        _stacked(seats),
        _stacked(leads),
        np.sort(np.concatenate([mentees[one.waiting] for mentees, _, one in parts])),
        np.sort(np.concatenate([mentors[one.bench] for _, mentors, one in parts])),
    )


def _numbers(people: IntArray, table: IntArray) -> NDArray[np.int64]:
    return np.where(table == NOBODY, NOBODY, people[table]).astype(np.int64)


def _stacked(tables: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    width = max(table.shape[1] for table in tables)
    padded = [np.pad(table, ((0, 0), (0, width - table.shape[1])), constant_values=NOBODY) for table in tables]
    return np.concatenate(padded)
