"""What a look through all pairs is asked, and what it finds."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray

EXCLUDED = 2**45
"""A price that nobody pays: no pair with such a column is ever found. Negative, a threshold that everybody is above."""


@frozen(eq=False)
class FoundPairs:
    """Pairs and their published scores.

    Attributes:
        rows: int64.
        columns: int64, same length.
        tenths: int64, same length.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    tenths: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def with_more(self, others: FoundPairs) -> FoundPairs:
        """Return these and others, behind each other."""
        parts = [(self.rows, others.rows), (self.columns, others.columns), (self.tenths, others.tenths)]
        return FoundPairs(*(np.concatenate(part) for part in parts))


class AllPairs(Protocol):
    """All pairs of a problem, to be looked through again and again at other prices."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        ...

    def better(
        self,
        prices: IntArray,
        thresholds: IntArray,
        most: int,
        *,
        gain: int = 1,
        seed: int = 0,
        rows: IntArray | None = None,
        columns: IntArray | None = None,
        at_least: int = 0,
    ) -> FoundPairs:
        """Return allowed pairs with `gain * tenths - price > threshold`, at least one for each row that has any.

        Of each row it is the best, equally good ones in an order that differs by row and depends on the seed. Beside
        those there may be further pairs above the threshold, which help a search along.

        Args:
            prices: of each column, at most `EXCLUDED`; who costs so much is never found.
            thresholds: of each row of the problem.
            most: pairs of a row to return, roughly.
            gain: what a tenth is worth.
            seed: what ties are broken by.
            rows: the rows to look at, ascending; None: all.
            columns: the columns to look at, ascending; None: all.
            at_least: only pairs with so many tenths are allowed.
        """
        ...

    def of(self, rows: IntArray, columns: IntArray) -> NDArray[np.int64]:
        """Return the tenths of single pairs, same length as both; -1 where a pair is not allowed."""
        ...
