"""Those whom no group with a mentor has room for, in circles of their own: the policy `peer-circle`.

A circle has an allowed size, and whoever is apart from somebody by a rule is in another one. Where too few are left for
a circle, some leave a group that can spare them, those who fit worst first, so that nobody has to wait; at last, a
group is dissolved for it. Members of circles have no points, so that groups with mentors are as good as without them;
people who should differ are dealt like cards.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.problems import TENTHS, BoolArray, IntArray
from mentorkit_matchers.groups.grouping import NOBODY, Grouping, counts_of
from mentorkit_matchers.groups.setting import Setting, codes_of, forbidden

_TRIED = 40
"""Circles that are asked to change a member with one in which two are apart."""

_DISSOLVED = 3
"""Groups that are dissolved for a trial where somebody has to wait."""


@frozen(eq=False)
class Circles:
    """Groups with mentors, and circles without one.

    Attributes:
        grouping: groups with mentors, and who waits all the same.
        members: index in the problem's seating of the people in each circle.
    """

    grouping: Grouping
    members: tuple[NDArray[np.int64], ...] = ()

    @property
    def placed(self) -> int:
        """How many mentees are in a group or circle."""
        return int(self.grouping.sizes.sum()) + sum(map(len, self.members))

    def spread(self, setting: Setting) -> float:
        """Return the tenths for differing mates in circles."""
        if not self.members:
            return 0.0
        people, sizes = np.concatenate(self.members), np.array([len(one) for one in self.members])
        group = np.repeat(np.arange(len(sizes)), sizes)
        total = 0.0
        for column, weight in setting.details.spread.items():
            same = counts_of(_codes(setting, people, column), group, len(sizes)).astype(np.float64)
            differing = (sizes**2 - (same**2).sum(axis=1)) / np.maximum(sizes - 1, 1)
            total += weight * TENTHS * float(differing.sum())
        return total


def with_circles(setting: Setting, grouping: Grouping, stays: BoolArray) -> Circles:
    """Return the grouping with circles of those who have no place, where the problem wants them.

    Args:
        setting: the problem.
        grouping: groups with mentors.
        stays: mentees who must be in their group.
    """
    outside = _outside(setting)
    if setting.details.leftover != "peer-circle" or len(grouping.waiting) + len(outside) == 0:
        return Circles(grouping)
    best = _with_circles(setting, grouping, stays, outside)
    for number in _by_points(setting, grouping, stays):
        if best.placed == len(outside) + len(setting.rows):
            break
        fewer = _with_circles(setting, grouping.without(np.array([number])), stays, outside)
        best = max(best, fewer, key=lambda one: one.placed)
    return best


def _with_circles(setting: Setting, grouping: Grouping, stays: BoolArray, outside: NDArray[np.int64]) -> Circles:
    grouping = _spared(setting, grouping, stays, len(grouping.waiting) + len(outside))
    people = np.sort(np.concatenate([setting.rows[grouping.waiting], outside]))
    circles = _dealt(setting, people)
    settled = [one for one in _settled(setting, circles) if len(one) >= setting.details.mentees[0]]
    placed = np.concatenate([np.zeros(0, dtype=np.int64), *settled])
    waiting = grouping.waiting[~np.isin(setting.rows[grouping.waiting], placed)]
    return Circles(evolve(grouping, waiting=waiting), tuple(np.sort(one) for one in settled))


def _by_points(setting: Setting, grouping: Grouping, stays: BoolArray) -> list[int]:
    """Return a few groups that could be dissolved, those with the fewest points first."""
    points = {
        number: float(setting.tenths(seats[seats != NOBODY], leads[leads != NOBODY]).mean(axis=1).sum())
        for number, (seats, leads) in enumerate(zip(grouping.seats, grouping.leads, strict=True))
        if not stays[seats[seats != NOBODY]].any()
    }
    return sorted(points, key=lambda number: (points[number], number))[:_DISSOLVED]


def _outside(setting: Setting) -> NDArray[np.int64]:
    """Return those who want a place and may have no mentor at all."""
    seating = setting.problem.seatings[setting.roles[0]]
    who = np.flatnonzero(~seating.covered & (seating.places > 0))
    return np.setdiff1d(who, setting.rows)


def _spared(setting: Setting, grouping: Grouping, stays: BoolArray, left: int) -> Grouping:
    """Return the grouping without those who make the rest enough for circles, as few as possible."""
    fewest = setting.details.mentees[0]
    most = int(np.maximum(grouping.sizes - fewest, 0).sum())
    more = max(range(min(most, fewest) + 1), key=lambda few: sum(setting.details.circles_of(left + few)) - few)
    grouping = grouping.copy()
    for _ in range(more):
        worst = _fits_worst(setting, grouping, stays)
        if worst is None:
            break
        group, seat = worst
        grouping.waiting = np.sort(np.append(grouping.waiting, grouping.seats[group, seat]))
        grouping.seats[group, seat] = NOBODY
    return grouping


def _fits_worst(setting: Setting, grouping: Grouping, stays: BoolArray) -> tuple[int, int] | None:
    """Return where the mentee sits who loses least and whose group can spare somebody."""
    found: tuple[float, int, int] | None = None
    for group in np.flatnonzero(grouping.sizes > setting.details.mentees[0]).tolist():
        seats, leads = grouping.seats[group], grouping.leads[group]
        taken = np.flatnonzero((seats != NOBODY) & ~stays[np.maximum(seats, 0)])
        if len(taken):
            points = setting.tenths(seats[taken], leads[leads != NOBODY]).mean(axis=1)
            worst = int(points.argmin())
            found = min(found or (np.inf, 0, 0), (float(points[worst]), group, int(taken[worst])))
    return found and found[1:]


def _dealt(setting: Setting, people: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return people in circles; those alike in what counts most among what should differ are spread over them."""
    sizes = setting.details.circles_of(len(people))
    order = np.arange(len(people))
    for column, _ in sorted(setting.details.spread.items(), key=lambda one: (one[1], one[0])):
        order = order[np.argsort(_codes(setting, people, column)[order], kind="stable")]
    dealt = people[order]
    return [dealt[number : sum(sizes) : len(sizes)] for number in range(len(sizes))]


def _codes(setting: Setting, people: IntArray, column: str) -> NDArray[np.int64]:
    return codes_of(setting.problem.seatings[setting.roles[0]].take(people).values(column))


def _settled(setting: Setting, circles: list[NDArray[np.int64]]) -> Iterator[NDArray[np.int64]]:
    """Yield circles in which nobody is apart from another; who cannot be placed so leaves theirs."""
    circles = [one.copy() for one in circles]
    for number in range(len(circles)):
        while (seat := _apart(setting, circles[number])) is not None:
            if not _changed(setting, circles, number, seat):
                circles[number] = np.delete(circles[number], seat)
    yield from circles


def _apart(setting: Setting, circle: IntArray) -> int | None:
    """Return the seat of the one who is apart from most others of a circle; None: nobody is."""
    apart = forbidden(setting.problem, setting.roles[0], circle)
    return None if apart is None or not apart.any() else int(apart.sum(axis=1).argmax())


def _changed(setting: Setting, circles: list[NDArray[np.int64]], number: int, seat: int) -> bool:
    """Let somebody change seats with a member of another circle, if nobody is apart from them there."""
    own = circles[number]
    for step in range(1, min(len(circles), _TRIED + 1)):
        other = circles[(number + step) % len(circles)]
        for theirs in range(len(other)):
            new, new_other = own.copy(), other.copy()
            new[seat], new_other[theirs] = other[theirs], own[seat]
            before, after = _conflicts(setting, own, other), _conflicts(setting, new, new_other)
            if after < before:
                circles[number], circles[(number + step) % len(circles)] = new, new_other
                return True
    return False


def _conflicts(setting: Setting, *circles: IntArray) -> int:
    blocks = [forbidden(setting.problem, setting.roles[0], one) for one in circles]
    return sum(int(block.sum()) for block in blocks if block is not None)
