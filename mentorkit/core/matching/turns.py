"""Whose turn it is when places are too few: a problem is narrowed to them before a matcher gets it.

As many are placed as can be; among all ways to do so, the longest waiting come first; among those that are equal in
this, too, the total score decides. The sets of people who can be placed together are the independent sets of a
transversal matroid, so that taking people in order of waiting, each where an augmenting path finds room for one more,
leads to the first such set and never costs a place. Source: J. Edmonds and D. R. Fulkerson, "Transversals and matroid
partition" (1965). Which of several equally long waiting people it is, an assignment decides in which everybody's
waiting outweighs all scores together.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.matching.augmenting import Augmenting
from mentorkit.core.problems import TENTHS, BoolArray, IntArray, MatchingProblem, PairScores

_BLOCK = 2_000_000
"""Pairs that are scored together."""

_MOST_PAIRS = 100_000_000
"""Pairs of somebody who waits and somebody with a free place, beyond which nobody is put before another."""

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
    (first, second), pairs = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    fixed = [(wanting.index[a], offering.index[b]) for a, b in problem.required.get((first, second), ())]
    waits = ~wanting.covered & (wanting.places > 0)
    free = offering.places.astype(np.int64)
    for row, column in fixed:
        waits[row] = False
        free[column] -= 1
    rows, columns = np.flatnonzero(waits), np.flatnonzero(free > 0)
    order = np.array([rank[wanting.people[row]] for row in rows.tolist()], dtype=np.int64)
    if len(np.unique(order)) < 2 or len(rows) * len(columns) > _MOST_PAIRS:
        return problem, None
    tenths = _scores(pairs, rows, columns)
    placed = _first_in_line(tenths >= 0, free[columns], order)
    placeable = (tenths >= 0).any(axis=1)
    if not (placeable & ~placed).any():
        return problem, None
    placed = _settled(tenths, free[columns], order, placed)
    kept = np.ones(len(wanting.people), dtype=np.bool_)
    kept[rows[placeable & ~placed]] = False
    required = len({row for row, _ in fixed if not wanting.covered[row]})
    queue = Queue(int(placed.sum()) + required, int((~kept).sum()))
    return problem.keep(first, kept), queue


def _has_line(problem: MatchingProblem) -> bool:
    if problem.shape != "two-sided" or len(problem.pairs) != 1 or problem.objective[:1] != ("coverage",):
        return False
    first, second = next(iter(problem.pairs))
    return first != second and problem.seatings[first].served and not problem.seatings[second].served


def _scores(pairs: PairScores, rows: IntArray, columns: IntArray) -> NDArray[np.int16]:
    """Return scores in tenths; asked for in parts, because a score takes many times its room while it is computed."""
    found = np.empty((len(rows), len(columns)), dtype=np.int16)
    step = max(1, _BLOCK // max(1, len(columns)))
    for start in range(0, len(rows), step):
        found[start : start + step] = pairs.scores(rows[start : start + step], columns)
    return found


def _first_in_line(allowed: BoolArray, free: IntArray, order: IntArray) -> BoolArray:
    """Return who is placed when everybody gets a place, in order, as long as those before them keep one."""
    search = Augmenting(lambda row: allowed[row], free)
    placed = np.zeros(len(order), dtype=np.bool_)
    for row in np.argsort(order, kind="stable").tolist():
        placed[row] = search.place(row)
    return placed


def _settled(tenths: NDArray[np.int16], free: IntArray, order: IntArray, placed: BoolArray) -> BoolArray:
    """Return who is placed when scores decide between people who wait equally long.

    How many are placed of each rank is known; any strictly falling worth of ranks, above all scores together, keeps it.
    """
    possible = (tenths >= 0).any(axis=1)
    size = int(order.max()) + 1
    taken, wanted = (np.bincount(order[who], minlength=size) for who in (placed, possible))
    some = np.flatnonzero((taken > 0) & (taken < wanted))
    if not len(some):
        return placed
    rows = np.flatnonzero(possible & (placed | np.isin(order, some)))
    places = np.repeat(np.arange(len(free)), np.minimum(free, len(rows)))
    if len(rows) * len(places) > _MOST_COMPARED:
        return placed
    from scipy.optimize import linear_sum_assignment  # only intakes that are short of places need it

    ranks = np.unique(order[rows], return_inverse=True)[1]
    worth = (ranks.max() + 1 - ranks) * (len(rows) * _BEST + 1)
    part = tenths[np.ix_(rows, places)].astype(np.float64)
    gains = np.where(part < 0, 0.0, part + worth[:, None])
    row, column = linear_sum_assignment(gains, maximize=True)
    settled = np.zeros(len(order), dtype=np.bool_)
    settled[rows[row[gains[row, column] > 0]]] = True
    return settled
