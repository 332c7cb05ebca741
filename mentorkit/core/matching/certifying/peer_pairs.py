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

from mentorkit.core.problems import TENTHS, IntArray, PairScores
from mentorkit.core.proofs import OddSet, PeerPrices

_BLOCK = 2_000_000
"""Pairs that are looked at together."""

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
        lacks = np.zeros(len(self.prices), dtype=np.int64)
        for rows, columns, excess, _ in self.blocks():
            lacks[rows] = np.maximum(lacks[rows], excess.max(axis=1, initial=0))
            lacks[columns] = np.maximum(lacks[columns], excess.max(axis=0, initial=0))
        return (lacks + 1) // 2

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
        halves, _ = self._sides
        own = self.prices - 2 * ring.gains["coverage"] * ring.cover[ring.people] + halves
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
        halves, _ = self._sides
        held: NDArray[np.int64] = halves[rows][:, None] + halves[columns]
        missing = np.zeros_like(held)
        self._hold_back(missing, rows, columns)
        return held - missing

    def _hold_back(self, excess: IntArray, rows: IntArray, columns: IntArray) -> None:
        """Subtract what the smaller sides hold back; neither rows nor columns have gaps."""
        _, sides = self._sides
        for number in sorted({number for row in rows.tolist() for number in self._sides_of.get(row, ())}):
            people = sides[number].people
            row = people[(people >= rows[0]) & (people <= rows[-1])] - rows[0]
            column = people[people >= columns[0]] - columns[0]
            excess[np.ix_(row, column)] -= sides[number].worth

    @cached_property
    def _sides(self) -> tuple[NDArray[np.int64], tuple[OddSet, ...]]:
        """What is held back as a number for each person, to be added up for a pair, and within sets that are small.

        A set of more than half of the people holds back as much as if half of it counted for those inside and against
        those outside, and all of it were held back of pairs outside: for pairs across, that comes to nothing.
        """
        halves = np.zeros(len(self.prices), dtype=np.int64)
        small = []
        for one in self.sets:
            if 2 * len(one.people) > len(halves):
                halves -= one.worth // 2
                halves[one.people] += one.worth
                small.append(OddSet(np.setdiff1d(np.arange(len(halves)), one.people), one.worth))
            else:
                small.append(one)
        return halves, tuple(small)

    @cached_property
    def _sides_of(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = {}
        for number, one in enumerate(self._sides[1]):
            for person in one.people.tolist():
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
