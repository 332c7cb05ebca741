"""Looks through all pairs for those that would be better than what prices and odd sets allow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit.core.proofs import OddSet
from mentorkit_matchers.peers.circle import Circle, Edges, edges_of

_BLOCK = 1_000_000
"""Pairs that are looked at together."""


def better_pairs(circle: Circle, prices: IntArray, sets: Sequence[OddSet], most: int) -> Edges:
    """Return pairs that are worth more than prices and sets say; of each person about `most`, the best among them.

    Who is in no set is asked about everybody. Only pairs within the sets can be held back by them: they are few, and
    looked at one by one.
    """
    prices, sets = _by_smaller_sides(prices, sets)
    if not sets:
        return circle.found_at(prices, most)
    inside = np.unique(np.concatenate([one.people for one in sets]))
    outside = np.setdiff1d(np.arange(circle.size), inside)
    found = circle.found_at(prices, most, rows=outside)
    for more in _inside(circle, prices, sets, inside, most):
        found = found.with_more(more)
    return found


def _by_smaller_sides(prices: IntArray, sets: Sequence[OddSet]) -> tuple[IntArray, list[OddSet]]:
    """Return prices and sets that say the same about every pair, no set with more than half of the people.

    A large set holds back as much as if half of it were added to the prices inside and taken off those outside, and all
    of it held back of pairs outside: for pairs across, nothing changes.
    """
    everybody = np.arange(len(prices))
    prices = prices.copy()
    smaller = []
    for one in sets:
        if 2 * len(one.people) > len(prices):
            prices -= one.worth // 2
            prices[one.people] += one.worth
            one = OddSet(np.setdiff1d(everybody, one.people), one.worth)
        if len(one.people) > 1:
            smaller.append(one)
    return prices, smaller


def _inside(circle: Circle, prices: IntArray, sets: Sequence[OddSet], inside: IntArray, most: int) -> Iterable[Edges]:
    own = circle.asked(prices)
    gain = 2 * circle.gains["total-score"]
    step = max(1, _BLOCK // len(inside))
    for start in range(0, len(inside), step):
        rows = inside[start : start + step]
        tenths = circle.pairs.scores(rows, inside).astype(np.int64)
        excess = gain * tenths - own[rows][:, None] - own[inside]
        excess[tenths < 0] = 0
        for one in sets:
            _hold_back(excess, one, rows, inside)
        row, column = _largest(excess, most)
        yield edges_of(rows[row], inside[column], tenths[row, column])


def _hold_back(excess: NDArray[np.int64], one: OddSet, rows: IntArray, columns: IntArray) -> None:
    """Subtract what a set holds back of the pairs within it."""
    row = np.flatnonzero(np.isin(rows, one.people))
    if len(row):
        column = np.searchsorted(columns, one.people)
        excess[np.ix_(row, column)] -= one.worth


def _largest(excess: NDArray[np.int64], most: int) -> tuple[IntArray, IntArray]:
    """Return where the largest numbers above 0 of each row stand, at most so many."""
    if excess.shape[1] > most:
        least = -np.partition(-excess, most - 1, axis=1)[:, most - 1]
        excess = np.where(excess >= np.maximum(least, 1)[:, None], excess, 0)
    row, column = np.nonzero(excess > 0)
    return row, column
