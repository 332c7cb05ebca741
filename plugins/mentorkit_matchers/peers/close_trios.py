"""Counts out the trios with which a result can be worth more than one that is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit_matchers.peers.circle import Circle
from mentorkit_matchers.peers.settling import Settled

_MOST_CLOSE = 32
"""Pairs per person that are compared: half of what the core is ready to count out."""

_FAR = 2**40


@frozen(eq=False)
class Candidates:
    """Trios that may be better than what is known.

    Attributes:
        people: indexes of the seating, sorted in each row, shape (k, 3).
        bounds: twice what results with each are worth at most.
        complete_above: every trio with a larger bound is there.
    """

    people: NDArray[np.int64]
    bounds: NDArray[np.int64]
    complete_above: int

    def with_more(self, more: Candidates) -> Candidates:
        """Return these and others."""
        return Candidates(
            np.concatenate([self.people, more.people]),
            np.concatenate([self.bounds, more.bounds]),
            max(self.complete_above, more.complete_above),
        )

    def best_first(self) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield trios with their bounds, the largest first."""
        order = np.lexsort((*self.people.T[::-1], -self.bounds))
        for people, bound in zip(self.people[order].tolist(), self.bounds[order].tolist(), strict=True):
            yield tuple(people), bound


def joining_trios(circle: Circle, found: Settled, known: int) -> Candidates:
    """Return the trios of a required pair and somebody who joins it, with which a result can be worth more."""
    people, bounds = [np.zeros((0, 3), dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for pair in circle.required:
        scores = circle.everybody.scores(circle.people, pair).astype(np.int64)
        change = scores.sum(axis=1) - circle.tenths_of(pair.reshape(1, 2))
        most = found.most - found.whole.prices + circle.gains["total-score"] * change + 2 * circle.cover_worth
        some = np.flatnonzero((scores >= 0).all(axis=1) & (most > known))
        trios = np.concatenate([np.tile(pair, (len(some), 1)), circle.people[some][:, None]], axis=1)
        people.append(np.sort(trios, axis=1))
        bounds.append(most[some])
    return Candidates(np.concatenate(people), np.concatenate(bounds), known)


def close_trios(circle: Circle, found: Settled, known: int) -> Candidates:
    """Return trios of people without a required pair, with which a result can be worth more than what is known.

    Where too many pairs come into question, only those that fall least short of their prices are compared.
    """
    tenths = circle.pairs.scores(np.arange(circle.size), np.arange(circle.size)).astype(np.int64)
    held = np.zeros(tenths.shape, dtype=np.int64)
    for odd in found.whole.sets:
        held[np.ix_(odd.people, odd.people)] += odd.worth
    own = found.whole.prices - 2 * circle.cover_worth
    short = own[:, None] + own + held - 2 * circle.gains["total-score"] * tenths
    short[tenths < 0] = _FAR
    short[np.tril_indices(circle.size)] = _FAR
    rest = found.most + found.deepest // 2
    limit = min(2 * (rest - known), _limit(short, _MOST_CLOSE * circle.size))
    short[short >= limit] = _FAR
    people, bounds = [np.zeros((0, 3), dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for one in range(circle.size):
        near = np.flatnonzero(short[one] < _FAR)
        if len(near) > 1:
            most = found.most - _lost(short, held, one, near)
            first, second = np.nonzero(most > known)
            trios = np.stack([np.full(len(first), one), near[first], near[second]], axis=1)
            people.append(circle.people[trios])
            bounds.append(most[first, second])
    return Candidates(np.concatenate(people), np.concatenate(bounds), max(known, rest - limit // 2))


def _limit(short: NDArray[np.int64], most: int) -> int:
    """Return a number below which there are at most so many entries."""
    flat = short.reshape(-1)
    return int(np.partition(flat, most)[most]) if most < len(flat) else _FAR


def _lost(short: IntArray, held: IntArray, one: int, near: IntArray) -> NDArray[np.int64]:
    """Return how much less than the bound results with a person and each two near ones are worth, at least.

    It is half of what the three pairs fall short, less half of what the sets around all three hold back, plus half of
    what those around two of them do. Of sets within each other, those around all three are the ones that hold back
    least of the three pairs.
    """
    sides = held[one, near][:, None], held[one, near], held[np.ix_(near, near)]
    least = np.minimum(np.minimum(sides[0], sides[1]), sides[2])
    missing = short[one, near][:, None] + short[one, near] + short[np.ix_(near, near)]
    lost: NDArray[np.int64] = (missing + sides[0] + sides[1] + sides[2]) // 2 - 2 * least
    return lost
