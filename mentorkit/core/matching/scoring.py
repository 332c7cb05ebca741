"""Scores of pairs: similarities under criteria, added up exactly, in blocks.

Every contribution is a whole number of thousandths of a tenth of a point, so a score is a sum of integers: any other
engine that follows docs/reference/scores.md gets the same digits. Nothing in here holds all pairs at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import fsum
from typing import Any

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from mentorkit.core.blaming import blaming, similarities
from mentorkit.core.catalogue import Offer
from mentorkit.core.contracts import Cells, Criterion, FloatArray
from mentorkit.core.problems import BoolArray, IntArray
from mentorkit.core.program import CriterionUse

FULL = 1_000_000
"""A full score, 100 points, in thousandths of a tenth of a point."""

_TABLE = 4_000_000
"""Pairs of distinct values of which similarities are kept."""


@define(frozen=True, slots=False, eq=False)
class Similarities:
    """One criterion in one direction: similarities between a wanting and an offering column, by distinct values."""

    name: str
    offer: Offer[Criterion]
    options: Any
    wanting: Cells
    offering: Cells

    @cached_property
    def _first(self) -> tuple[Cells, IntArray]:
        return _distinct(self.wanting)

    @cached_property
    def _second(self) -> tuple[Cells, IntArray]:
        return _distinct(self.offering)

    @cached_property
    def _table(self) -> FloatArray | None:
        first, second = self._first[0], self._second[0]
        return self._ask(first, second) if len(first) * len(second) <= _TABLE else None

    def _ask(self, first: Cells, second: Cells) -> FloatArray:
        what = f'the criterion "{self.name}"'
        with blaming(self.offer.origin, what):
            found = self.offer.implementation.similarity(self.options, first, second)
            return similarities(found, (len(first), len(second)), self.offer.origin, what)

    def block(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Return similarities, shape (len(rows), len(columns))."""
        (first, row_codes), (second, column_codes) = self._first, self._second
        if self._table is not None:
            return self._table[row_codes[rows]][:, column_codes[columns]]
        wanted, row_codes = np.unique(row_codes[rows], return_inverse=True)
        if 2 * len(columns) > len(self.offering):
            return self._ask(first.take(wanted), second)[row_codes][:, column_codes[columns]]
        offered, column_codes = np.unique(column_codes[columns], return_inverse=True)
        return self._ask(first.take(wanted), second.take(offered))[row_codes][:, column_codes]


def _distinct(cells: Cells) -> tuple[Cells, IntArray]:
    """Return the distinct values and each person's number among them."""
    numbers: dict[Any, int] = {}
    codes = [numbers.setdefault(value, len(numbers)) for value in cells.values]
    return Cells(cells.column, tuple(numbers)), np.array(codes, dtype=np.int64)


@frozen(eq=False)
class Part:
    """One criterion between two groups.

    Attributes:
        forward: rows want and columns offer, or None.
        backward: columns want and rows offer, or None. With both, the similarity is the mean of the two.
        rows: to which rows it applies; bool. A pair has the criterion where it applies to both of them.
        columns: to which columns it applies; bool.
    """

    use: CriterionUse
    forward: Similarities | None
    backward: Similarities | None
    rows: BoolArray
    columns: BoolArray

    def similarity(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Return s in [0, 1], shape (len(rows), len(columns)), also where the criterion does not apply."""
        both = [self.forward.block(rows, columns)] if self.forward else []
        both += [self.backward.block(columns, rows).T] if self.backward else []
        return both[0] if len(both) == 1 else (both[0] + both[1]) / 2


@define(frozen=True, slots=False, eq=False)
class Criteria:
    """All criteria between two groups, with the share of the whole that each has for each pair."""

    parts: tuple[Part, ...]
    shape: tuple[int, int]

    @cached_property
    def _shares(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Return the pattern (which criteria apply) of each row and column, and w / W by part and two patterns."""
        row_patterns, row_codes = _patterns([part.rows for part in self.parts], self.shape[0])
        column_patterns, column_codes = _patterns([part.columns for part in self.parts], self.shape[1])
        shares = np.zeros((len(self.parts), len(row_patterns), len(column_patterns)))
        for r, row in enumerate(row_patterns):
            for c, column in enumerate(column_patterns):
                shares[:, r, c] = self._share_of_each(row & column)
        return row_codes, column_codes, shares

    def _share_of_each(self, applies: BoolArray) -> list[float]:
        weights = [part.use.weight if one else 0.0 for part, one in zip(self.parts, applies, strict=True)]
        total = fsum(weights)
        return [weight / total if total else 0.0 for weight in weights]

    def share(self, number: int, rows: IntArray, columns: IntArray) -> FloatArray:
        """Return w / W of a part, in a shape that broadcasts to (len(rows), len(columns)); 0 where it is dropped."""
        row_codes, column_codes, shares = self._shares
        of_part: FloatArray = shares[number]
        return of_part if of_part.size == 1 else of_part[row_codes[rows]][:, column_codes[columns]]

    def contribution(self, number: int, rows: IntArray, columns: IntArray) -> NDArray[np.int32]:
        """Return what a part adds to the score: rint(s · w/W · 1,000,000) thousandths of a tenth of a point."""
        similarity = self.parts[number].similarity(rows, columns)
        return np.rint(similarity * self.share(number, rows, columns) * FULL).astype(np.int32)

    def tenths(self, rows: IntArray, columns: IntArray) -> NDArray[np.int16]:
        """Return published scores in tenths, shape (len(rows), len(columns))."""
        total = np.zeros((len(rows), len(columns)), dtype=np.int32)
        for number in range(len(self.parts)):
            total += self.contribution(number, rows, columns)
        total += 500
        total //= 1000
        return total.astype(np.int16)


def _patterns(applies: Sequence[BoolArray], people: int) -> tuple[BoolArray, IntArray]:
    table = np.array(applies, dtype=np.bool_).reshape(len(applies), people).T
    patterns, codes = np.unique(table, axis=0, return_inverse=True)
    return patterns, np.asarray(codes).reshape(-1)
