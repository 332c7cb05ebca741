"""Few pairs out of very many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from mentorkit.core.problems import BoolArray, IntArray


@frozen(eq=False)
class PairSet:
    """Few pairs out of very many.

    Attributes:
        shape: number of rows and columns that there are.
        index: the pairs as (row, column), shape (k, 2).
    """

    shape: tuple[int, int]
    index: IntArray

    def inside(self, rows: IntArray, columns: IntArray) -> tuple[IntArray, IntArray]:
        """Return where in a block the pairs stand."""
        row = _positions(rows, self.shape[0])[self.index[:, 0]]
        column = _positions(columns, self.shape[1])[self.index[:, 1]]
        both = (row >= 0) & (column >= 0)
        return row[both], column[both]

    def block(self, rows: IntArray, columns: IntArray) -> BoolArray:
        """Return a block that is true for exactly these pairs."""
        block = np.zeros((len(rows), len(columns)), dtype=np.bool_)
        block[self.inside(rows, columns)] = True
        return block


def as_pairs(pairs: Sequence[tuple[int, int]]) -> IntArray:
    """Return pairs of indexes as an array of shape (k, 2)."""
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _positions(index: IntArray, size: int) -> IntArray:
    positions = np.full(size, -1)
    positions[index] = np.arange(len(index))
    return positions
