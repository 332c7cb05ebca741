"""The pairs that are considered: few out of all."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit_matchers.all_pairs import FoundPairs


@frozen(eq=False)
class Edges:
    """Pairs that are considered, sorted by row and column.

    Attributes:
        shape: number of rows and columns of the market.
        rows: int64.
        columns: int64, same length.
        tenths: their scores; int64, same length.
    """

    shape: tuple[int, int]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    tenths: NDArray[np.int64]

    @classmethod
    def of(cls, pairs: FoundPairs, shape: tuple[int, int]) -> Edges:
        """Return pairs, each once."""
        _, once = np.unique(pairs.rows * shape[1] + pairs.columns, return_index=True)
        return cls(shape, pairs.rows[once], pairs.columns[once], pairs.tenths[once])

    def with_more(self, pairs: FoundPairs) -> Edges:
        """Return these and more pairs, each once."""
        return Edges.of(FoundPairs(self.rows, self.columns, self.tenths).with_more(pairs), self.shape)
