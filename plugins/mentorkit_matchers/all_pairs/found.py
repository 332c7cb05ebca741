"""What a look through all pairs is asked, and what it finds."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray

EXCLUDED = 2**29
"""A price that nobody pays: no pair with such a column is ever found."""


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
        """
        ...

    def of(self, rows: IntArray, columns: IntArray) -> NDArray[np.int64]:
        """Return the tenths of single pairs, same length as both; -1 where a pair is not allowed."""
        ...
