"""What prices and odd sets prove about pairs among some people, recomputed over all pairs.

No pair is worth more than half the sum of its two prices, and what the odd sets around it hold back. Where a pair is
worth more than that, its two people share what is missing: numbers of any origin prove something. Of a set of 2k + 1
people at most k pairs come true, so that prices and k times what each set holds back are at least the worth of any
matching. Source: J. Edmonds, "Maximum matching and a polyhedron with 0,1-vertices" (1965).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from attrs import define
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.best_gains import best_gains
from mentorkit.core.problems import TENTHS, IntArray, PairScores
from mentorkit.core.proofs import OddSet, PeerPrices

_BLOCK = 2_000_000
"""Pairs that are looked at together."""

_MANY = 20_000_000
"""Pairs from which on the best pair of each person is asked for, instead of all pairs at once."""

_LARGE = 256
"""People in a set from whom on sets are looked at by chains."""

_SMALL = 2**29
"""Numbers below it can be added up in 32 bits."""


@define(frozen=True, slots=False, eq=False)
class Ring:
    """The people of whom any two may be paired.

    Attributes:
        people: their indexes in the seating, ascending.
        pairs: scores of the seating with itself.
        cover: of everybody in the seating, 1 for who is counted when placed, else 0.
        gains: what one more placed person and a tenth of a point are worth.
    """

    people: NDArray[np.int64]
    pairs: PairScores
    cover: NDArray[np.int64]
    gains: Mapping[str, int]


@define(frozen=True, slots=False, eq=False)
class Proven:
    """Prices and sets about a ring, and what they prove.

    Attributes:
        prices: of each person of the ring, in half units.
        sets: as positions in the ring, with what each holds back.
    """

    ring: Ring
    prices: NDArray[np.int64]
    sets: tuple[OddSet, ...]

    @cached_property
    def missing(self) -> NDArray[np.int64]:
        """What each person's price lacks, so that no pair is worth more than its prices and sets say."""
        if len(self.prices) ** 2 >= _MANY and len(self._chains) <= 1:
            return self._missing_among_many()
        lacks = np.zeros(len(self.prices), dtype=np.int64)
        for rows, columns, excess, _ in self.blocks():
            lacks[rows] = np.maximum(lacks[rows], excess.max(axis=1, initial=0))
            lacks[columns] = np.maximum(lacks[columns], excess.max(axis=0, initial=0))
        return (lacks + 1) // 2

    def _missing_among_many(self) -> NDArray[np.int64]:
        """Return the same from the best pair of each person, the people of small sets aside.

        With one chain, of two people the one who is in fewer sets of it sees the whole excess of their pair, and lacks
        all of it; without sets both see it, and each lacks half.
        """
        size, ring = len(self.prices), self.ring
        own = self.prices - 2 * ring.gains["coverage"] * ring.cover[ring.people]
        depth = sum(self._chains, np.zeros(size, dtype=np.int64))
        small = np.array(sorted(self._small_sets_of), dtype=np.int64)
        others = np.setdiff1d(np.arange(size), small)
        everybody = size == len(ring.cover)
        pairs = ring.pairs if everybody else ring.pairs.take(ring.people, ring.people)
        gain = 2 * ring.gains["total-score"]
        lacks = np.zeros(size, dtype=np.int64)
        lacks[others] = best_gains(pairs, others, own, gain, 0) - own[others] - depth[others]
        step = max(1, _BLOCK // max(1, size))
        for start in range(0, len(small), step):
            rows = small[start : start + step]
            tenths = pairs.scores(rows, np.arange(size)).astype(np.int64)
            excess = gain * tenths - own - own[rows][:, None] - np.minimum.outer(depth[rows], depth)
            for place, row in enumerate(rows.tolist()):
                for number in self._small_sets_of[row]:
                    excess[place, self.sets[number].people] -= self.sets[number].worth
            excess[tenths < 0] = 0
            lacks[rows] = excess.max(axis=1, initial=0)
        lacks = np.maximum(lacks, 0)
        return lacks if self.sets else (lacks + 1) // 2

    @cached_property
    def most(self) -> int:
        """Twice what no matching of the ring is worth more than."""
        held = sum(one.worth * (len(one.people) // 2) for one in self.sets)
        return int((self.prices + self.missing).sum()) + held

    @cached_property
    def deepest(self) -> int:
        """The most that sets around one person hold back together."""
        held = np.zeros(len(self.prices), dtype=np.int64)
        for one in self.sets:
            held[one.people] += one.worth
        return int(held.max(initial=0))

    def blocks(self) -> Iterator[tuple[IntArray, IntArray, IntArray, NDArray[np.int16]]]:
        """Yield rows, columns, by how much pairs exceed prices and sets, and their scores.

        Every pair is there once at least, a person with themselves never as an allowed one.
        """
        ring, size = self.ring, len(self.prices)
        own = self.prices - 2 * ring.gains["coverage"] * ring.cover[ring.people]
        held = sum(one.worth for one in self.sets)
        reach = 2 * int(np.abs(own).max(initial=0)) + 200 * TENTHS * ring.gains["total-score"] + held
        kind: Any = np.int32 if reach < _SMALL else np.int64
        own = own.astype(kind)
        start = 0
        while start < size:
            rows = np.arange(start, min(size, start + max(1, _BLOCK // (size - start))))
            columns = np.arange(start, size)
            tenths = ring.pairs.scores(ring.people[rows], ring.people[columns])
            excess = tenths.astype(kind)
            excess *= 2 * ring.gains["total-score"]
            excess -= own[columns]
            excess -= own[rows][:, None]
            self._hold_back(excess, rows, columns)
            excess[tenths < 0] = -reach
            excess[np.arange(len(rows)), np.arange(len(rows))] = -reach
            yield rows, columns, excess, tenths
            start += len(rows)

    def held_back(self, rows: IntArray, columns: IntArray) -> NDArray[np.int64]:
        """Return what the sets hold back of each pair of a block of `blocks`."""
        missing = np.zeros((len(rows), len(columns)), dtype=np.int64)
        self._hold_back(missing, rows, columns)
        return -missing

    def _hold_back(self, excess: IntArray, rows: IntArray, columns: IntArray) -> None:
        """Subtract what the sets hold back of pairs; neither rows nor columns have gaps."""
        for depth in self._chains:
            if depth[rows].any():
                excess -= np.minimum.outer(depth[rows], depth[columns]).astype(excess.dtype)
        for number in sorted({number for row in rows.tolist() for number in self._small_sets_of.get(row, ())}):
            people = self.sets[number].people
            row = people[(people >= rows[0]) & (people <= rows[-1])] - rows[0]
            column = people[people >= columns[0]] - columns[0]
            excess[np.ix_(row, column)] -= self.sets[number].worth

    @cached_property
    def _chains(self) -> tuple[NDArray[np.int64], ...]:
        """What each person's large sets hold back, added up along chains of sets that lie within each other.

        Of two people, the one who is in fewer sets of a chain is in all of them together with the other: of their pair
        the chain holds back the smaller one of the two sums.
        """
        chains: list[tuple[NDArray[np.bool_], NDArray[np.int64]]] = []
        for one in sorted(self.sets, key=lambda one: -len(one.people)):
            if len(one.people) <= _LARGE:
                break
            place = next((at for at, (last, _) in enumerate(chains) if last[one.people].all()), len(chains))
            depth = chains[place][1] if place < len(chains) else np.zeros(len(self.prices), dtype=np.int64)
            depth[one.people] += one.worth
            last = np.zeros(len(self.prices), dtype=np.bool_)
            last[one.people] = True
            chains[place : place + 1] = [(last, depth)]
        return tuple(depth for _, depth in chains)

    @cached_property
    def _small_sets_of(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = {}
        for number, one in enumerate(self.sets):
            for person in one.people.tolist() if len(one.people) <= _LARGE else ():
                found.setdefault(person, []).append(number)
        return found


def proven(ring: Ring, given: PeerPrices) -> Proven:
    """Return prices and sets about the people of a ring; what is said about others does not matter.

    Raises:
        ValueError: prices or sets are none; the message goes on after "a result that".
    """
    everybody = len(ring.cover)
    if given.prices.shape != (everybody,) or (given.prices < 0).any():
        raise ValueError("has prices that are not one of at least 0 per person")
    position = np.full(everybody, -1, dtype=np.int64)
    position[ring.people] = np.arange(len(ring.people))
    sets = []
    for one in given.sets:
        people = np.unique(one.people)
        if len(people) != len(one.people) or len(people) % 2 == 0 or one.worth < 0 or one.worth % 2:
            raise ValueError("has sets of people in its proof that are not odd or hold back what cannot be halved")
        if len(people) and not (people[0] >= 0 and people[-1] < everybody and (position[people] >= 0).all()):
            raise ValueError("has sets in its proof of people who are not to be paired")
        sets.append(OddSet(position[people], int(one.worth)))
    return Proven(ring, given.prices[ring.people].astype(np.int64), tuple(sets))
