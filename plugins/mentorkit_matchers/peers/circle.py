"""A problem of peers as numbers: who is to be paired, what a pair is worth, which pairs are considered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import TENTHS, Effort, IntArray, MatchingProblem, PairScores, Seating
from mentorkit.core.shapes import Peers
from mentorkit_matchers.all_pairs import AllPairs, Search, all_pairs

_BEST = 100 * TENTHS

_TOGETHER = 128
"""Single pairs that are looked up together: their rows and columns make a block."""


@frozen(eq=False)
class Circle:
    """The people who are to be paired, once the required pairs are fixed; numbered from 0.

    Attributes:
        seats: how many people are in the seating, with those who are not to be paired.
        people: their indexes in the seating.
        everybody: scores between all people of the seating.
        pairs: scores between those who are to be paired.
        looks: the way to look through all of them.
        cover: 1 for who is counted when placed, 0 for who is covered already; int64.
        gains: what each objective is worth; the first outweighs the other in any case.
        required: the fixed pairs, as indexes in the seating, shape (k, 2), each once.
        trio: whether the one who is left over because the number is odd joins a pair.
        seed: what ties are broken by.
        out: who is to be in no pair after all, as if nobody were allowed with them.
    """

    seats: int
    people: NDArray[np.int64]
    everybody: PairScores
    pairs: PairScores
    looks: AllPairs
    cover: NDArray[np.int64]
    gains: Mapping[str, int]
    required: NDArray[np.int64]
    trio: bool
    seed: int
    effort: Effort
    out: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """How many people there are."""
        return len(self.people)

    @property
    def cover_worth(self) -> NDArray[np.int64]:
        """What placing each person is worth."""
        return self.cover * self.gains["coverage"]

    def tenths_of(self, pairs: IntArray) -> NDArray[np.int64]:
        """Return the scores of single pairs of the seating, which nobody is in twice; shape (k, 2)."""
        found = np.empty(len(pairs), dtype=np.int64)
        for start in range(0, len(pairs), _TOGETHER):
            part = pairs[start : start + _TOGETHER]
            found[start : start + _TOGETHER] = np.diagonal(self.everybody.scores(part[:, 0], part[:, 1]))
        return found

    def trio_worth(self, people: Sequence[int]) -> int:
        """Return twice what three people of the seating are worth together; less than a required pair, if it is one."""
        trio = np.array(people, dtype=np.int64)
        tenths = self.everybody.scores(trio, trio).astype(np.int64)
        points = int(tenths[0, 1] + tenths[0, 2] + tenths[1, 2])
        inside = np.flatnonzero(np.isin(self.people, trio))
        for pair in self.required[np.isin(self.required, trio).all(axis=1)]:
            points -= 2 * int(self.tenths_of(pair.reshape(1, 2))[0])
        return points * self.gains["total-score"] + 2 * int(self.cover_worth[inside].sum())

    def asked(self, prices: IntArray) -> NDArray[np.int64]:
        """Return what the points of a pair must exceed, as one number for each of the two."""
        own: NDArray[np.int64] = prices - 2 * self.cover_worth
        own[list(self.out)] = 2 * self.gains["total-score"] * _BEST - int(own.min(initial=0))
        return own

    def found_at(self, prices: IntArray, most: int) -> Edges:
        """Return pairs that are worth more than half the sum of their prices; see `AllPairs.better`."""
        own = self.asked(prices)
        return self.found_above(own, own, most)

    def found_above(
        self,
        thresholds: IntArray,
        prices: IntArray,
        most: int,
        rows: IntArray | None = None,
        columns: IntArray | None = None,
    ) -> Edges:
        """Return pairs whose points are worth more than threshold and price, of these rows and columns."""
        if self.size < 2 or (rows is not None and not len(rows)) or (columns is not None and not len(columns)):
            nobody = np.zeros(0, dtype=np.int64)
            return Edges(nobody, nobody, nobody)
        low = int(prices.min())
        gain = 2 * self.gains["total-score"]
        search = Search(prices - low, thresholds + low, most, gain=gain, seed=self.seed, rows=rows, columns=columns)
        found = self.looks.better(search)
        return edges_of(found.rows, found.columns, found.tenths)

    def values(self, edges: Edges) -> NDArray[np.int64]:
        """Return what each pair is worth."""
        worth = self.cover_worth
        return edges.tenths * self.gains["total-score"] + worth[edges.low] + worth[edges.high]


@frozen(eq=False)
class Edges:
    """Pairs of people, each once, sorted.

    Attributes:
        low: the smaller number of each pair; int64.
        high: the larger one.
        tenths: the score.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    tenths: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.low)

    @property
    def people(self) -> NDArray[np.int64]:
        """Who is in any of the pairs, ascending."""
        return np.union1d(self.low, self.high)

    def without(self, people: IntArray) -> Edges:
        """Return the pairs of everybody else."""
        kept = ~(np.isin(self.low, people) | np.isin(self.high, people))
        return Edges(self.low[kept], self.high[kept], self.tenths[kept])

    def with_more(self, more: Edges) -> Edges:
        """Return these and others, each once."""
        return _once(*(np.concatenate([getattr(one, name) for one in (self, more)]) for name in _FIELDS))


_FIELDS = ("low", "high", "tenths")


def edges_of(one: IntArray, other: IntArray, tenths: IntArray) -> Edges:
    """Return pairs each once, whichever of the two comes first."""
    return _once(*(part.astype(np.int64) for part in (np.minimum(one, other), np.maximum(one, other), tenths)))


def _once(low: NDArray[np.int64], high: NDArray[np.int64], tenths: NDArray[np.int64]) -> Edges:
    size = int(high.max(initial=0)) + 1
    kept = np.unique(low * size + high, return_index=True)[1]
    return Edges(low[kept], high[kept], tenths[kept])


def circle_of(problem: MatchingProblem) -> Circle:
    """Return a problem of shape `peers` as numbers.

    Whoever has a required pair is in no other one; everybody else joins at most one relationship, however many places
    they have.
    """
    ((role, _), pairs) = next(iter(problem.pairs.items()))
    seating = problem.seatings[role]
    required = required_pairs(problem, seating)
    free = seating.places > 0
    free[required.reshape(-1)] = False
    people = np.flatnonzero(free)
    details = problem.details if problem.details is not None else Peers()
    among = pairs if free.all() else pairs.take(people, people)
    return Circle(
        len(seating.people),
        people,
        pairs,
        among,
        all_pairs(among, problem.effort),
        (~seating.covered[people] & seating.served).astype(np.int64),
        _gains(problem.objective, len(seating.people)),
        required,
        details.odd == "trio" and len(people) % 2 == 1,
        problem.seed,
        problem.effort,
    )


def required_pairs(problem: MatchingProblem, seating: Seating) -> NDArray[np.int64]:
    """Return the required pairs as sorted indexes, shape (k, 2), each once."""
    known = {
        (min(seating.index[a], seating.index[b]), max(seating.index[a], seating.index[b]))
        for found in problem.required.values()
        for a, b in found
    }
    return np.array(sorted(known), dtype=np.int64).reshape(-1, 2)


def _gains(objective: tuple[str, ...], people: int) -> dict[str, int]:
    """Return gains that put the first objective before the other; one that is not named comes last."""
    if objective[:1] == ("total-score",):
        return {"total-score": 2 * people + 2, "coverage": 1}  # half a tenth outweighs all people
    return {"coverage": _BEST * (people // 2 + 2), "total-score": 1}
