"""One criterion between two groups, in one direction: similarities and what they add to scores, by distinct values."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from mentorkit.core.blaming import blaming, similarities
from mentorkit.core.catalogue import Offer
from mentorkit.core.contracts import Cells, CountedCriterion, Criterion, FloatArray, TagCriterion
from mentorkit.core.matching.counting import counted
from mentorkit.core.problems import TENTHS, UNIT_BITS, IntArray, Summand

FULL = (100 * TENTHS) << UNIT_BITS
"""A full score, 100 points, in units."""

_TABLE = 4_000_000
"""Pairs of distinct values of which similarities are kept."""


@frozen(eq=False)
class Share:
    """w / W of a criterion for every pair, by patterns of the criteria that apply to its two people.

    Attributes:
        rows: the pattern of each row.
        columns: the pattern of each column.
        table: the share, shape (patterns of rows, patterns of columns).
    """

    rows: IntArray
    columns: IntArray
    table: FloatArray

    def block(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Return the shares in a shape that broadcasts to (len(rows), len(columns))."""
        return self.table if self.table.size == 1 else self.table[self.rows[rows]][:, self.columns[columns]]

    def turned(self) -> Share:
        """Return the shares with rows and columns exchanged."""
        return Share(self.columns, self.rows, self.table.T)

    def halved(self) -> Share:
        """Return half of each share."""
        return Share(self.rows, self.columns, self.table / 2)


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

    @cached_property
    def _tags(self) -> TagCriterion | None:
        """The criterion, where it adds up over tags."""
        return self.offer.implementation if isinstance(self.offer.implementation, TagCriterion) else None

    @cached_property
    def _per_tag(self) -> FloatArray:
        """What each tag in common adds to s, for everybody who wants."""
        assert self._tags is not None
        what = f'the criterion "{self.name}"'
        with blaming(self.offer.origin, what):
            found = np.asarray(self._tags.per_tag(self.options, self.wanting), dtype=np.float64)
            return similarities(found.reshape(-1, 1), (len(self.wanting), 1), self.offer.origin, what)[:, 0]

    def units(self, rows: IntArray, columns: IntArray, share: Share) -> NDArray[np.int32]:
        """Return what the criterion adds in units, shape (len(rows), len(columns)).

        Where it adds up over tags, that is a whole number of units per tag in common; else `rint(s * share * FULL)`.
        """
        shares = share.block(rows, columns)
        if self._tags is None:
            return np.rint(self.block(rows, columns) * shares * FULL).astype(np.int32)
        each = np.rint(self._per_tag[rows][:, None] * shares * FULL).astype(np.int32)
        return np.asarray(self._in_common(rows, columns) * each)

    def _in_common(self, rows: IntArray, columns: IntArray) -> NDArray[np.int32]:
        wanted, codes = np.unique(self._first[1][rows], return_inverse=True)
        first, second, offered = self._first[0].take(wanted), self._second[0], self._second[1][columns]
        if 2 * len(columns) > len(self.offering):
            return first.in_common(second).astype(np.int32)[codes][:, offered]
        return first.in_common(second, offered).astype(np.int32)[codes]

    def summand(self, share: Share) -> Summand:
        """Return what `units` gives as one part of a sum: rows want, columns offer."""
        counts = self._by_counts(share, turned=False)
        if counts is not None:
            return counts
        everybody = np.arange(len(self.offering))
        if self._tags is not None:
            return _by_row(len(self.wanting), lambda some: self.units(some, everybody, share))
        (first, codes), (second, columns) = self._first, self._second
        wanting, numbers = _kinds(codes, share.rows)
        offering, kinds = _kinds(columns, share.columns)

        def make(some: IntArray) -> NDArray[np.int32]:
            values, value = np.unique(wanting[some, 0], return_inverse=True)
            found = self._ask(first.take(values), second)[value][:, offering[:, 0]]
            shares = share.table[wanting[some, 1]][:, offering[:, 1]]
            return np.asarray(np.rint(found * shares * FULL).astype(np.int32))

        return Summand(numbers.reshape(-1, 1), len(wanting), make, kinds)

    def summand_of_offers(self, share: Share) -> Summand:
        """Return the same as one part of a sum with rows that offer and columns that want."""
        counts = self._by_counts(share, turned=True)
        if counts is not None:
            return counts
        everybody = np.arange(len(self.wanting))
        if self._tags is not None:
            return _by_row(len(self.offering), lambda some: self.units(everybody, some, share).T)
        (first, columns), (second, codes) = self._first, self._second
        offering, numbers = _kinds(codes, share.columns)
        wanting, kinds = _kinds(columns, share.rows)

        def make(some: IntArray) -> NDArray[np.int32]:
            values, value = np.unique(offering[some, 0], return_inverse=True)
            found = self._ask(first, second.take(values)).T[value][:, wanting[:, 0]]
            shares = share.table.T[offering[some, 1]][:, wanting[:, 1]]
            return np.asarray(np.rint(found * shares * FULL).astype(np.int32))

        return Summand(numbers.reshape(-1, 1), len(offering), make, kinds)

    def _by_counts(self, share: Share, *, turned: bool) -> Summand | None:
        """Return the part told by how many tags two people have in common; None where it cannot be told so.

        `turned`: rows offer and columns want.
        """
        implementation = self.offer.implementation
        if self._tags is not None:
            matters = np.unique(self._per_tag, return_inverse=True)[1], np.zeros(len(self.offering), dtype=np.int64)
        elif isinstance(implementation, CountedCriterion):
            matters = _sizes(self.wanting), _sizes(self.offering)
        else:
            return None

        def worth(rows: IntArray, columns: IntArray, common: IntArray) -> FloatArray:
            wants, offers = (columns, rows) if turned else (rows, columns)
            shares = share.table[share.rows[wants], share.columns[offers]]
            if self._tags is not None:
                return np.asarray(np.rint(self._per_tag[wants] * shares * FULL) * common)
            return self._of_counts(matters[0][wants], matters[1][offers], common) * shares * FULL

        wanting, offering = ((matters[0], share.rows), (matters[1], share.columns))
        if turned:
            return counted(self.offering, offering, self.wanting, wanting, worth)
        return counted(self.wanting, wanting, self.offering, offering, worth)

    def _of_counts(self, wanted: IntArray, offered: IntArray, common: IntArray) -> FloatArray:
        assert isinstance(self.offer.implementation, CountedCriterion)
        what = f'the criterion "{self.name}"'
        wanted, offered, common = np.broadcast_arrays(wanted, offered, common)
        shared = np.minimum(common, np.minimum(wanted, offered))  # nobody has more in common than at all
        with blaming(self.offer.origin, what):
            found = np.asarray(self.offer.implementation.of_counts(self.options, wanted, offered, shared))
            checked = similarities(found.reshape(-1, 1), (shared.size, 1), self.offer.origin, what)
        return checked.reshape(shared.shape)


def _by_row(rows: int, make: Callable[[IntArray], NDArray[np.int32]]) -> Summand:
    return Summand(np.arange(rows).reshape(-1, 1), rows, make)


def _sizes(cells: Cells) -> NDArray[np.int64]:
    return np.array([len(tags) for tags in cells.tags], dtype=np.int64)


def _distinct(cells: Cells) -> tuple[Cells, IntArray]:
    """Return the distinct values and each person's number among them."""
    numbers: dict[Any, int] = {}
    codes = [numbers.setdefault(value, len(numbers)) for value in cells.values]
    return Cells(cells.column, tuple(numbers)), np.array(codes, dtype=np.int64)


def _kinds(values: IntArray, patterns: IntArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of a value and a pattern that occur, shape (k, 2), and which of them everybody has."""
    pairs, numbers = np.unique(np.stack([values, patterns], axis=1), axis=0, return_inverse=True)
    return pairs.astype(np.int64), np.asarray(numbers).reshape(-1).astype(np.int64)
