"""What a look through all pairs is asked, and what it finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray

EXCLUDED = 2**45
"""A price that nobody pays: no pair with such a column is ever found. Negative, a threshold that everybody is above."""


_TENTHS_BITS = 12
_COLUMN_BITS = 26


@frozen(eq=False)
class FoundPairs:
    """Pairs and their published scores, each pair as one number: very many of them take a third of the room of three.

    Attributes:
        packed: row, column and tenths of each, from the highest bits to the lowest, so that sorted numbers are pairs
            sorted by row and column; int64.
    """

    packed: NDArray[np.int64]

    @classmethod
    def of(cls, rows: IntArray, columns: IntArray, tenths: IntArray) -> FoundPairs:
        """Return pairs with these rows (below 2**25), columns (below 2**26) and tenths (from 0 to 1000)."""
        packed = rows.astype(np.int64)
        packed <<= _COLUMN_BITS
        packed |= columns
        packed <<= _TENTHS_BITS
        packed |= tenths
        return cls(packed)

    @classmethod
    def joined(cls, found: Sequence[FoundPairs]) -> FoundPairs:
        """Return all pairs behind each other."""
        return cls(np.concatenate([np.zeros(0, dtype=np.int64), *(one.packed for one in found)]))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.packed)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The row of each."""
        return self.packed >> (_COLUMN_BITS + _TENTHS_BITS)

    @property
    def columns(self) -> NDArray[np.int64]:
        """The column of each."""
        columns = self.packed >> _TENTHS_BITS
        columns &= (1 << _COLUMN_BITS) - 1
        return columns

    @property
    def tenths(self) -> NDArray[np.int64]:
        """The score of each."""
        return self.packed & ((1 << _TENTHS_BITS) - 1)

    def with_more(self, others: FoundPairs) -> FoundPairs:
        """Return these and others, sorted by row and column, each once."""
        packed = np.concatenate([self.packed, others.packed])
        packed.sort(kind="stable")  # which finds what is sorted already
        new = np.ones(len(packed), dtype=np.bool_)
        np.not_equal(packed[1:], packed[:-1], out=new[1:])
        return FoundPairs(packed if new.all() else packed[new])

    def once(self) -> FoundPairs:
        """Return them sorted by row and column, each once."""
        return self.with_more(FoundPairs(self.packed[:0]))


@frozen(eq=False)
class Search:
    """Which pairs to look for: those with `gain * tenths - price > threshold`.

    Attributes:
        prices: of each column, at most `EXCLUDED`; who costs so much is never found.
        thresholds: of each row of the problem.
        most: pairs of a row to return, roughly.
        gain: what a tenth is worth.
        seed: what ties are broken by.
        rows: the rows to look at, ascending; None: all.
        columns: the columns to look at, ascending; None: all.
        at_least: only pairs with so many tenths are allowed.
    """

    prices: IntArray
    thresholds: IntArray
    most: int
    gain: int = 1
    seed: int = 0
    rows: IntArray | None = None
    columns: IntArray | None = None
    at_least: int = 0


class AllPairs(Protocol):
    """All pairs of a problem, to be looked through again and again at other prices."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        ...

    def better(self, search: Search) -> FoundPairs:
        """Return allowed pairs above their row's threshold, at least one for each row that has any.

        Of each row it is the best, equally good ones in an order that differs by row and depends on the seed. Beside
        those there may be further pairs above the threshold, which help a search along.
        """
        ...

    def of(self, rows: IntArray, columns: IntArray) -> NDArray[np.int64]:
        """Return the tenths of single pairs, same length as both; -1 where a pair is not allowed."""
        ...
