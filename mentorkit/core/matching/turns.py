"""Whose turn it is when places are too few: a problem is narrowed to them before a matcher gets it.

As many are placed as can be; among all ways to do so, the longest waiting come first; among those that are equal in
this, too, the total score decides. The sets of people who can be placed together are the independent sets of a
transversal matroid, so that taking people in order of waiting, each where an augmenting path finds room for one more,
leads to the first such set and never costs a place. Source: J. Edmonds and D. R. Fulkerson, "Transversals and matroid
partition" (1965). Which of several equally long waiting people it is, an assignment decides in which everybody's
waiting outweighs all scores together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.matching.allowed_pairs import AllowedPairs
from mentorkit.core.matching.augmenting import Augmenting
from mentorkit.core.problems import TENTHS, BoolArray, IntArray, MatchingProblem, Seating

_BLOCK = 2_000_000
"""Pairs that are scored together."""

_MOST_SCORED = 100_000_000
"""Pairs of somebody who waits and somebody with a free place, beyond which nobody is put before another where which
pairs are allowed takes scoring them all."""

_MOST_LOOKED = 20_000_000_000
"""Pairs that the search for places looks at; if it needs more, nobody is put before another."""

_MOST_COMPARED = 16_000_000
"""Pairs of a person and a place, beyond which the seeded order decides between equally long waiting people."""

_BEST = 100 * TENTHS


@frozen
class Queue:
    """How many of those who could be placed are in turn, and how many are behind them."""

    in_turn: int
    behind: int


def in_turn(problem: MatchingProblem, rank: Mapping[str, int]) -> tuple[MatchingProblem, Queue | None]:
    """Return the problem with only those served people whose turn it is, and how many are behind; None: nobody is.

    Only two-sided problems with one served role are narrowed, and only where coverage comes first. People with a
    required pair and people who are covered already stay.

    Args:
        problem: what is to be solved.
        rank: of each served person, the smaller first; equal: neither is put before the other.
    """
    if not _has_line(problem):
        return problem, None
    (first, second), _ = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    fixed = _numbers(problem.required.get((first, second), ()), wanting, offering)
    waits = ~wanting.covered & (wanting.places > 0)
    waits[fixed[:, 0]] = False
    free = offering.places - np.bincount(fixed[:, 1], minlength=len(offering.people))
    rows, columns = np.flatnonzero(waits), np.flatnonzero(free > 0)
    order = np.array([rank[wanting.people[row]] for row in rows.tolist()], dtype=np.int64)
    if len(np.unique(order)) < 2:
        return problem, None
    line = _Line(problem, rows, columns, free[columns], order)
    placed = line.first()
    if placed is None or placed.all():
        return problem, None
    placeable = placed | line.placeable(~placed)
    if not (placeable & ~placed).any():
        return problem, None
    placed = line.settled(placed, placeable)
    kept = np.ones(len(wanting.people), dtype=np.bool_)
    kept[rows[placeable & ~placed]] = False
    required = len(np.unique(fixed[~wanting.covered[fixed[:, 0]], 0]))
    queue = Queue(int(placed.sum()) + required, int((~kept).sum()))
    return problem.keep(first, kept), queue


def _has_line(problem: MatchingProblem) -> bool:
    if problem.shape != "two-sided" or len(problem.pairs) != 1 or problem.objective[:1] != ("coverage",):
        return False
    first, second = next(iter(problem.pairs))
    return first != second and problem.seatings[first].served and not problem.seatings[second].served


def _numbers(pairs: Iterable[tuple[str, str]], wanting: Seating, offering: Seating) -> IntArray:
    """Return pairs of ids as numbers, shape (k, 2); those with somebody who is not there are left out."""
    row, column = wanting.index, offering.index
    return np.array([(row[a], column[b]) for a, b in pairs if a in row and b in column], dtype=np.int64).reshape(-1, 2)


class _Line:
    """Those who wait, by position in `rows`, before the places that are free, by position in `columns`."""

    def __init__(
        self, problem: MatchingProblem, rows: IntArray, columns: IntArray, free: IntArray, order: IntArray
    ) -> None:
        (roles, self.pairs) = next(iter(problem.pairs.items()))
        self.rows, self.columns, self.free, self.order = rows, columns, free, order
        self.allowed = AllowedPairs(self.pairs)
        together = _numbers(problem.kept.get(roles, ()), *(problem.seatings[role] for role in roles))
        position = [np.full(size, -1, dtype=np.int64) for size in self.pairs.shape]
        for axis, numbers in enumerate((rows, columns)):
            position[axis][numbers] = np.arange(len(numbers))
        places = np.stack([position[axis][together[:, axis]] for axis in (0, 1)], axis=1)
        self.kept = places[(places >= 0).all(axis=1)]

    def first(self) -> BoolArray | None:
        """Return who is placed when everybody gets a place, in order, as long as those before them keep one.

        Those of the first rank who are together now begin together: whoever of one rank is placed first changes
        nothing about how many can be. None: that takes too much looking.
        """
        if not self.allowed.by_patterns and len(self.rows) * len(self.columns) > _MOST_SCORED:
            return None
        begun = self._begun()
        free = self.free - np.bincount(list(begun.values()), minlength=len(self.columns))
        everybody = len(self.columns) == self.pairs.shape[1]
        search = Augmenting(
            lambda row: self._allowed(row) if everybody else self._allowed(row)[self.columns], free, begun, _MOST_LOOKED
        )
        placed = np.zeros(len(self.rows), dtype=np.bool_)
        placed[list(begun)] = True
        for row in np.argsort(self.order, kind="stable").tolist():
            placed[row] = placed[row] or search.place(row)
            if search.over:
                return None
        return placed

    def placeable(self, asked: BoolArray) -> BoolArray:
        """Return who of those asked about has anybody with a free place."""
        found = np.zeros(len(self.rows), dtype=np.bool_)
        for row in np.flatnonzero(asked).tolist():
            found[row] = self._allowed(row)[self.columns].any()
        return found

    def settled(self, placed: BoolArray, possible: BoolArray) -> BoolArray:
        """Return who is placed when scores decide between people who wait equally long, then who is together now.

        How many are placed of each rank is known; any strictly falling worth of ranks, above all scores together,
        keeps it.
        """
        size = int(self.order.max()) + 1
        taken, wanted = (np.bincount(self.order[who], minlength=size) for who in (placed, possible))
        some = np.flatnonzero((taken > 0) & (taken < wanted))
        if not len(some):
            return placed
        rows = np.flatnonzero(possible & (placed | np.isin(self.order, some)))
        places = np.repeat(np.arange(len(self.free)), np.minimum(self.free, len(rows)))
        if len(rows) * len(places) > _MOST_COMPARED:
            return placed
        from scipy.optimize import linear_sum_assignment  # only intakes that are short of places need it

        ranks = np.unique(self.order[rows], return_inverse=True)[1]
        part, together = self._scores(rows), self._together(rows)
        many = int(together.sum()) + 1
        all_others = len(rows) * (_BEST + 1) * many
        gains = part * many + together + ((ranks.max() + 1 - ranks) * float(all_others + 1))[:, None]
        gains[part < 0] = 0.0
        row, column = linear_sum_assignment(gains[:, places], maximize=True)
        settled = np.zeros(len(self.order), dtype=np.bool_)
        settled[rows[row[gains[row, places[column]] > 0]]] = True
        return settled

    def _begun(self) -> dict[int, int]:
        """Return the places of those of the first rank who are together now and may stay so."""
        begun: dict[int, int] = {}
        left = self.free.tolist()
        first = int(self.order.min())
        for row, column in self.kept.tolist():
            fits = self.order[row] == first and row not in begun and left[column] > 0
            if fits and self._allowed(row)[self.columns[column]]:
                begun[row] = column
                left[column] -= 1
        return begun

    def _allowed(self, row: int) -> BoolArray:
        return self.allowed.row(int(self.rows[row]))

    def _scores(self, rows: IntArray) -> NDArray[np.float64]:
        """Return scores in tenths, asked for in parts: a score takes many times its room while it is computed."""
        found = np.empty((len(rows), len(self.columns)), dtype=np.float64)
        step = max(1, _BLOCK // max(1, len(self.columns)))
        for start in range(0, len(rows), step):
            found[start : start + step] = self.pairs.scores(self.rows[rows[start : start + step]], self.columns)
        return found

    def _together(self, rows: IntArray) -> BoolArray:
        """Return which of some rows and all columns are together now."""
        place = np.full(len(self.rows), -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        found = np.zeros((len(rows), len(self.columns)), dtype=np.bool_)
        among = place[self.kept[:, 0]] >= 0
        found[place[self.kept[among, 0]], self.kept[among, 1]] = True
        return found
