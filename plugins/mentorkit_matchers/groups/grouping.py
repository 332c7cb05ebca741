"""Groups as two tables, with what they are worth: the state of a search."""

from __future__ import annotations

import numpy as np
from attrs import define
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit_matchers.groups.setting import Setting

NOBODY = -1


@define(eq=False)
class Grouping:
    """Who is in which group.

    Attributes:
        seats: mentees of each group, shape (groups, most mentees); NOBODY where a seat is empty.
        leads: mentors of each group, shape (groups, most mentors); NOBODY where none sits.
        waiting: mentees in no group.
        bench: mentors in no group.
    """

    seats: NDArray[np.int64]
    leads: NDArray[np.int64]
    waiting: NDArray[np.int64]
    bench: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many mentees each group has."""
        return np.asarray((self.seats != NOBODY).sum(axis=1))

    def copy(self) -> Grouping:
        """Return a grouping that changes on its own."""
        return Grouping(*(part.copy() for part in (self.seats, self.leads, self.waiting, self.bench)))

    def members(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the placed mentees and the group of each."""
        group, seat = np.nonzero(self.seats != NOBODY)
        return self.seats[group, seat], group

    def without(self, group: IntArray) -> Grouping:
        """Return the grouping with some groups dissolved; their people wait."""
        kept = np.setdiff1d(np.arange(len(self.seats)), group)
        gone, leads = self.seats[group].reshape(-1), self.leads[group].reshape(-1)
        return Grouping(
            self.seats[kept],
            self.leads[kept],
            np.sort(np.concatenate([self.waiting, gone[gone != NOBODY]])),
            np.setdiff1d(np.concatenate([self.bench, leads[leads != NOBODY]]), self.leads[kept]),
        )


def points_of(setting: Setting, grouping: Grouping) -> float:
    """Return the sum of the mentees' mean scores with their mentors, in tenths."""
    total = 0.0
    for seats, leads in zip(grouping.seats, grouping.leads, strict=True):
        tenths = setting.tenths(seats[seats != NOBODY], leads[leads != NOBODY])
        total += float(tenths.sum()) / max(1, tenths.shape[1])
    return total


def spread_of(setting: Setting, grouping: Grouping) -> float:
    """Return the tenths for mentees' differing group mates."""
    people, group = grouping.members()
    sizes = grouping.sizes
    total = 0.0
    for one in setting.spread:
        same = counts_of(one.codes[people], group, len(sizes)).astype(np.float64)
        total += one.weight * float(((sizes**2 - (same**2).sum(axis=1)) / np.maximum(sizes - 1, 1)).sum())
    return total


def counts_of(codes: IntArray, group: IntArray, groups: int) -> NDArray[np.int64]:
    """Return how many of each group have each code, shape (groups, codes)."""
    width = int(codes.max(initial=0)) + 1
    return np.bincount(group * width + codes, minlength=groups * width).reshape(groups, width)
