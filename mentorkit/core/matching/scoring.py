"""Scores of pairs: similarities under criteria, added up exactly, in blocks.

Every contribution is a whole number of units of which 1,024 are a tenth of a point, so a score is a sum of integers and
one shift: any other engine that follows docs/reference/scores.md gets the same digits. Nothing in here holds all pairs
at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from math import fsum

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from mentorkit.core.contracts import FloatArray
from mentorkit.core.matching.similarities import Share, Similarities
from mentorkit.core.problems import UNIT_BITS, BoolArray, IntArray, Summand
from mentorkit.core.program import CriterionUse


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

    def share(self, number: int) -> Share:
        """Return w / W of a part; 0 where it is dropped."""
        row_codes, column_codes, shares = self._shares
        return Share(row_codes, column_codes, shares[number])

    def _directions(self, number: int) -> Iterator[tuple[Similarities, Share, bool]]:
        """Yield the directions of a part with what each is worth, and whether its columns want."""
        part, share = self.parts[number], self.share(number)
        if part.forward and part.backward:
            share = share.halved()
        if part.forward:
            yield part.forward, share, False
        if part.backward:
            yield part.backward, share.turned(), True

    def contribution(self, number: int, rows: IntArray, columns: IntArray) -> NDArray[np.int32]:
        """Return what a part adds to the score in units, shape (len(rows), len(columns))."""
        total = np.zeros((len(rows), len(columns)), dtype=np.int32)
        for direction, share, turned in self._directions(number):
            total += direction.units(columns, rows, share).T if turned else direction.units(rows, columns, share)
        return total

    @cached_property
    def summands(self) -> tuple[Summand, ...]:
        """What all parts add, as parts of a sum."""
        return tuple(
            direction.summand_of_offers(share) if turned else direction.summand(share)
            for number in range(len(self.parts))
            for direction, share, turned in self._directions(number)
        )

    def tenths(self, rows: IntArray, columns: IntArray) -> NDArray[np.int16]:
        """Return published scores in tenths, shape (len(rows), len(columns))."""
        total = np.zeros((len(rows), len(columns)), dtype=np.int32)
        for number in range(len(self.parts)):
            total += self.contribution(number, rows, columns)
        total += 1 << (UNIT_BITS - 1)
        total >>= UNIT_BITS
        return total.astype(np.int16)


def _patterns(applies: Sequence[BoolArray], people: int) -> tuple[BoolArray, IntArray]:
    table = np.array(applies, dtype=np.bool_).reshape(len(applies), people).T
    patterns, codes = np.unique(table, axis=0, return_inverse=True)
    return patterns, np.asarray(codes).reshape(-1)
