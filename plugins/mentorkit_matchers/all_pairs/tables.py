"""Scores as sums, laid out for a compiled look through all pairs.

Rows of numbers over all columns, one for each pattern that several people share; a person's scores are the sum of a few
of them. Columns are put in an order in which neighbors are alike, so that whole tiles can be passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.problems import Effort, IntArray, ScoreSums, Summand
from mentorkit.core.tags_in_common import TagsInCommon
from mentorkit_matchers.all_pairs.counts import Counts, bytes_of, counts_of

TILE = 512
"""Columns that are looked at, or passed over, together."""

NEVER = -(2**30)
"""What a forbidden pair has at least, in units: no sum of scores brings it back to 0."""

_KEPT_BYTES = 96_000_000
"""Rows of numbers that are kept; what would take more is made anew for some people at a time."""

_KEPT_WIDE_BYTES = 800_000_000
"""The same for parts of which people have several rows each: they would be made anew for a few people at a time."""

_TAG_BYTES = 400_000_000
"""Who has which tag, a byte for each column: parts for which that takes more are numbers like any others."""

_MADE_BYTES = 16_000_000
"""Rows of numbers that are made for some people at a time."""

_MADE_WIDE_BYTES = 128_000_000
"""The same where people have several of these rows each."""

_AT_A_TIME = 1_000_000
"""Numbers that are asked for together: while they are made they take several times their room."""

_JOINED = 256
"""Patterns that parts may have together to become one."""

_FEW = 64
"""Kinds of columns up to which a part of the sum has a say in the order of the columns."""

_MOST_ROWS = 8_192
"""People who are looked at together at most."""


@frozen(eq=False)
class Rows:
    """Rows of numbers over all columns, and which of them each person adds up.

    Attributes:
        values: in units, columns in the tables' order and padded to whole tiles; int32.
        tops: the largest number of each row in each tile; int32.
        index: the rows of each person; int32.
    """

    values: NDArray[np.int32]
    tops: NDArray[np.int32]
    index: NDArray[np.int32]


@frozen(eq=False)
class Tables:
    """Everything about all pairs but the prices.

    Attributes:
        shape: number of rows (people who want) and columns.
        order: columns in the order in which the tables have them.
        kept: rows of numbers that are there for everybody.
        counts: parts of the sum that are told by tags in common.
        made: parts of the sum that are made for some people at a time, as numbers in units.
        line: rows in the order in which looking at them is quickest.
        apart_start: where the pairs of each row that are not to be chosen start in `apart`; int64, one more than rows.
        apart: their columns, as positions in `order`; int32.
    """

    shape: tuple[int, int]
    order: NDArray[np.int64]
    kept: Rows
    counts: Counts
    made: tuple[Summand, ...]
    line: NDArray[np.int64]
    apart_start: NDArray[np.int64]
    apart: NDArray[np.int32]

    @property
    def width(self) -> int:
        """Number of columns with padding."""
        return int(self.kept.values.shape[1])

    def narrowed(self, columns: IntArray) -> Tables:
        """Return the tables with some of the columns only; these keep their numbers in the problem."""
        wanted = np.zeros(self.shape[1], dtype=np.bool_)
        wanted[columns] = True
        places = np.flatnonzero(wanted[self.order])
        width = max(1, -(-len(places) // TILE)) * TILE
        padded = np.concatenate([places, np.zeros(width - len(places), dtype=np.int64)])
        values = np.take(self.kept.values, padded, axis=1)
        values[:, len(places) :] = 0
        position = np.full(self.width, -1, dtype=np.int32)
        position[places] = np.arange(len(places))
        there = position[self.apart] >= 0
        before = np.concatenate([[0], np.cumsum(there)])
        return evolve(
            self,
            order=self.order[places],
            kept=Rows(values, _tops(values), self.kept.index),
            counts=self.counts.narrowed(places, width, TILE),
            apart_start=before[self.apart_start],
            apart=position[self.apart[there]],
        )

    def in_parts(self, rows: IntArray | None) -> Iterator[tuple[NDArray[np.int64], Rows]]:
        """Yield some of the rows at a time, with the rows of numbers that were made for them."""
        if rows is None:
            line = self.line
        else:
            wanted = np.zeros(self.shape[0], dtype=np.bool_)
            wanted[rows] = True
            line = self.line[wanted[self.line]]
        start = 0
        most = _MADE_WIDE_BYTES if any(part.codes.shape[1] > 1 for part in self.made) else _MADE_BYTES
        while start < len(line):
            size = min(_MOST_ROWS, len(line) - start)
            while size > 1 and self._bytes_for(line[start : start + size]) > most:
                size = (size + 1) // 2
            part = line[start : start + size]
            yield part, self._rows_for(part)
            start += size

    def _bytes_for(self, rows: IntArray) -> int:
        patterns = sum(len(np.unique(part.codes[rows])) for part in self.made)
        return int(4 * self.width * patterns)

    def _rows_for(self, rows: IntArray) -> Rows:
        return _rows([_taken(part, rows) for part in self.made], self.order, self.width, len(rows))


def _taken(part: Summand, rows: IntArray) -> Summand:
    """Return a part for some rows, with only the patterns that these have."""
    patterns, codes = np.unique(part.codes[rows], return_inverse=True)
    codes = np.asarray(codes).reshape(part.codes[rows].shape)
    if len(patterns) and patterns[0] == -1:
        patterns, codes = patterns[1:], codes - 1
    return Summand(codes, len(patterns), lambda some: part.make(patterns[some]), part.kinds)


def tables_of(sums: ScoreSums, effort: Effort = Effort()) -> Tables:  # noqa: B008 (frozen and empty)
    """Return the tables of scores that are sums."""
    counted, others = _told_by_counts(sums, effort)
    parts = _merged([*_as_sums(sums.allowed), *others])
    kept, made = _sorted_out(parts, sums.shape[1], effort)
    order = _column_order(kept, sums.shape[1])
    width = max(1, -(-sums.shape[1] // TILE)) * TILE
    position = np.argsort(order)
    start = np.searchsorted(sums.apart[:, 0], np.arange(sums.shape[0] + 1))
    return Tables(
        sums.shape,
        order,
        _rows(kept, order, width, sums.shape[0]),
        counts_of(counted, order, width, TILE, sums.shape[0]),
        tuple(made),
        _row_order(kept, made, sums.shape[0]),
        start.astype(np.int64),
        position[sums.apart[:, 1]].astype(np.int32),
    )


def _told_by_counts(sums: ScoreSums, effort: Effort) -> tuple[list[TagsInCommon], list[Summand]]:
    """Return the parts that are told by tags in common, and all others, with those of few patterns."""
    counted, others = list[TagsInCommon](), list[Summand]()
    for part in sums.parts:
        common = part.common
        if (
            common is None
            or part.size <= _JOINED
            or bytes_of([*counted, common], sums.shape[1]) > effort.room(_TAG_BYTES)
        ):
            others.append(part)
        else:
            counted.append(common)
    return counted, others


def _sorted_out(parts: Sequence[Summand], columns: int, effort: Effort) -> tuple[list[Summand], list[Summand]]:
    """Return the parts that are kept for everybody, and those that are made for some people at a time.

    People with several patterns each share them with many others, so that few people have most of the patterns: such
    parts are kept first.
    """
    kept, made = list[Summand](), list[Summand]()
    room, wide_room = effort.room(_KEPT_BYTES), effort.room(_KEPT_WIDE_BYTES)
    for part in sorted(parts, key=lambda one: (one.codes.shape[1] <= 1, one.size)):
        size = 4 * part.size * columns
        fits = size <= (wide_room if part.codes.shape[1] > 1 else room)
        (kept if fits else made).append(part)
        room -= size if fits and part.codes.shape[1] <= 1 else 0
        wide_room -= size if fits else 0
    return kept, made


def _as_sums(allowed: Sequence[Summand]) -> list[Summand]:
    """Return conditions as numbers that push what they do not allow far below 0."""
    never = NEVER // max(1, len(allowed))

    def made(part: Summand) -> Summand:
        return Summand(
            part.codes, part.size, lambda some: np.where(part.make(some), 0, never).astype(np.int32), part.kinds
        )

    return [made(part) for part in allowed]


def _merged(parts: Sequence[Summand]) -> list[Summand]:
    """Return fewer parts with the same sum: small ones become one whose patterns are those that occur together."""
    single = sorted((part for part in parts if part.codes.shape[1] == 1), key=lambda one: one.size)
    merged = [part for part in parts if part.codes.shape[1] != 1]
    while single:
        part = single.pop(0)
        while single:
            both = _together(part, single[0])
            if both.size > _JOINED:
                break
            part = both
            single.pop(0)
        merged.append(part)
    return merged


def _together(one: Summand, other: Summand) -> Summand:
    codes = np.concatenate([one.codes, other.codes], axis=1)
    pairs, numbers = np.unique(codes, axis=0, return_inverse=True)

    def make(some: IntArray) -> NDArray[np.int32]:
        return np.asarray(one.numbers(pairs[some, 0]) + other.numbers(pairs[some, 1]), dtype=np.int32)

    return Summand(np.asarray(numbers).reshape(-1, 1), len(pairs), make)


def _rows(parts: Sequence[Summand], order: IntArray, width: int, people: int) -> Rows:
    """Lay parts out as rows of numbers; the last row is nothing but zeros, for whoever adds fewer rows than others."""
    sizes = [part.size for part in parts]
    values = np.zeros((sum(sizes) + 1, width), dtype=np.int32)
    first = 0
    for part in parts:
        step = max(1, _AT_A_TIME // max(1, width))
        for start in range(0, part.size, step):
            some = np.arange(start, min(start + step, part.size))
            values[first + start : first + start + len(some), : len(order)] = part.numbers(some, order)
        first += part.size
    offsets = np.cumsum([0, *sizes])
    index = [np.where(part.codes < 0, first, part.codes + at) for part, at in zip(parts, offsets, strict=False)]
    together = np.concatenate([*index, np.zeros((people, 0), dtype=np.int64)], axis=1)
    return Rows(values, _tops(values), np.ascontiguousarray(together, dtype=np.int32))


def _tops(values: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.asarray(values.reshape(len(values), -1, TILE).max(axis=2))


def _column_order(parts: Sequence[Summand], columns: int) -> NDArray[np.int64]:
    """Return columns so that those which parts with few patterns do not tell apart stand together."""
    kinds = []
    for part in parts:
        if 0 < part.size <= _FEW and columns:
            block = np.ascontiguousarray(part.numbers(np.arange(part.size)).T)
            _, kind = np.unique(block.view([("", block.dtype)] * block.shape[1]), return_inverse=True)
            kind = np.asarray(kind).reshape(-1)
            if 1 < kind.max() + 1 <= _FEW:
                kinds.append(kind)
    kinds.sort(key=lambda kind: int(kind.max()), reverse=True)
    return np.lexsort(kinds).astype(np.int64) if kinds else np.arange(columns)


def _row_order(kept: Sequence[Summand], made: Sequence[Summand], people: int) -> NDArray[np.int64]:
    """Return rows so that neighbors add up the same rows of numbers, first of all those that are made anew."""
    single = [part for part in kept if part.codes.shape[1] == 1 and part.size > 1]
    keys = [part.codes[:, 0] for part in sorted(single, key=lambda one: -one.size)]
    keys += [part.codes[:, 0] for part in sorted(made, key=lambda one: one.size) if part.codes.shape[1]]
    return np.lexsort(keys).astype(np.int64) if keys else np.arange(people)
