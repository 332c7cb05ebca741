"""The most that each person can gain at some prices, over all pairs: the part of a check that takes time.

With numba installed large problems are gone through by a compiled loop of its own, which adds up the parts of scores
for every single pair and passes over none; a matcher's loops are never used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.tag_lists import split, tag_lists
from mentorkit.core.problems import IntArray, PairScores, ScoreSums, Summand

NEVER = -(2**60)
"""What somebody gains who has no allowed partner."""

_BLOCK = 2_000_000
"""Pairs that are looked at together."""

_WORTHWHILE = 20_000_000
"""Pairs from which on a compiled loop saves more than loading it takes."""

_SMALL = 2**28
"""Gains and prices up to this are numbers of 32 bits, of which twice as many fit side by side."""

_KEPT_BYTES = 96_000_000
"""Rows of numbers that are kept; what would take more is made anew for some people at a time."""

_KEPT_WIDE_BYTES = 800_000_000
"""The same for a part of which people have several rows each: it would be made anew for a few of them at a time."""

_AT_A_TIME = 1_000_000
"""Numbers that are asked for together: while they are made they take several times their room."""

_COMBINED = 256
"""Patterns that parts may have together to be added up beforehand."""

_MADE_BYTES = 16_000_000
"""Rows of numbers that are made for some people at a time."""

_MADE_WIDE_BYTES = 128_000_000
"""The same where people have several of these rows each."""


def best_gains(
    pairs: PairScores, rows: IntArray, prices: NDArray[np.int64], gain: int, at_least: int
) -> NDArray[np.int64]:
    """Return for each of some rows the largest `gain * tenths - price` of its allowed pairs, or `NEVER`.

    Required pairs do not count in large problems, and may or may not in small ones: ask about rows without any.

    Args:
        pairs: scores.
        rows: ascending.
        prices: of each column.
        gain: what a tenth is worth.
        at_least: only pairs with so many tenths count.
    """
    if len(rows) * pairs.shape[1] >= _WORTHWHILE and find_spec("numba") is not None:
        sums = pairs.sums()
        if sums is not None:
            return _compiled(sums, rows, prices, gain, at_least)
    found = [_in_block(pairs, part, prices, gain, at_least) for part in _parts(rows, pairs.shape[1])]
    return np.concatenate([np.zeros(0, dtype=np.int64), *found])


def _parts(rows: IntArray, columns: int) -> Iterator[IntArray]:
    step = max(1, _BLOCK // max(1, columns))
    for start in range(0, len(rows), step):
        yield rows[start : start + step]


def _in_block(
    pairs: PairScores, rows: IntArray, prices: NDArray[np.int64], gain: int, at_least: int
) -> NDArray[np.int64]:
    tenths = pairs.scores(rows, np.arange(pairs.shape[1]))
    gains = tenths.astype(np.int64) * gain - prices
    gains[(tenths < 0) | (tenths < at_least)] = NEVER
    return np.asarray(gains.max(axis=1, initial=NEVER))


def _compiled(
    sums: ScoreSums, rows: IntArray, prices: NDArray[np.int64], gain: int, at_least: int
) -> NDArray[np.int64]:
    from mentorkit.core.matching.certifying.adding_up import WIDTH, best_of_rows

    width = max(1, -(-sums.shape[1] // WIDTH)) * WIDTH
    numbers_only, by_tags = split(sums)
    parts = _combined([*numbers_only, *(_as_numbers(part, len(sums.allowed)) for part in sums.allowed)])
    kept, made = _sorted_by_size(parts, sums.shape[1])
    everybodys = _laid_out(kept, sums.shape[1], width)
    first = np.searchsorted(sums.apart[:, 0], np.arange(sums.shape[0] + 1))
    tags = tag_lists(by_tags, sums.shape[0], width)
    index = _index(kept, len(everybodys) - 1, np.arange(sums.shape[0]))
    small = max(int(np.abs(prices).max(initial=0)), 1_000 * gain) < _SMALL
    kind: Any = np.int32 if small else np.int64
    nothing = kind(-2 * _SMALL if small else NEVER)
    paid = np.zeros(width, dtype=kind)
    paid[: sums.shape[1]] = prices
    best = np.empty(len(rows), dtype=np.int64)
    line = _in_line(rows, made)
    for start, stop in _steps(rows[line], made, sums.shape[1]):
        some = rows[line[start:stop]]
        own = [_narrowed(part, some) for part in made]
        numbers = _laid_out(own, sums.shape[1], width)
        own_index = _index(own, len(numbers) - 1, np.arange(len(some)))
        best_of_rows(
            some, everybodys, index, numbers, own_index, tags, paid, kind(gain), nothing,
            np.int32(max(at_least, 0) << 10), sums.shape[1], first, sums.apart[:, 1], best[start:stop],
        )  # fmt: skip
    in_order = np.empty(len(rows), dtype=np.int64)
    in_order[line] = best
    return np.where(in_order == nothing, NEVER, in_order)


def _as_numbers(part: Summand, conditions: int) -> Summand:
    """Return a condition as numbers so far below 0 that no score makes up for them."""
    forbidden = -(2**30) // conditions
    return Summand(
        part.codes,
        part.size,
        lambda some: (~np.asarray(part.make(some))).astype(np.int32) * np.int32(forbidden),
        part.kinds,
    )


def _combined(parts: Sequence[Summand]) -> list[Summand]:
    """Return fewer parts with the same sum: the smallest are added up beforehand, as far as it pays."""
    combined = [part for part in parts if part.codes.shape[1] != 1]
    waiting = sorted((part for part in parts if part.codes.shape[1] == 1), key=lambda part: part.size)
    while len(waiting) > 1:
        one, other = waiting[:2]
        found, codes = np.unique(one.codes[:, 0] * other.size + other.codes[:, 0], return_inverse=True)
        if len(found) > _COMBINED or (one.codes < 0).any() or (other.codes < 0).any():
            break
        waiting[:2] = [Summand(np.asarray(codes).reshape(-1, 1), len(found), _both(one, other, found))]
    return [*combined, *waiting]


def _both(one: Summand, other: Summand, found: IntArray) -> Callable[[IntArray], NDArray[Any]]:
    def make(some: IntArray) -> NDArray[Any]:
        added: NDArray[Any] = one.numbers(found[some] // other.size) + other.numbers(found[some] % other.size)
        return added

    return make


def _sorted_by_size(parts: Sequence[Summand], columns: int) -> tuple[list[Summand], list[Summand]]:
    """Return the parts that fit into memory for everybody, and the others; those with several patterns each first.

    People are gone through once, in the order of what is made for them: one large part alone need not be kept.
    """
    kept, made, room = list[Summand](), list[Summand](), _KEPT_BYTES
    for part in sorted(parts, key=lambda one: (one.codes.shape[1] <= 1, one.size)):
        bytes_needed = 4 * columns * part.size
        wide = part.codes.shape[1] > 1
        fits = bytes_needed <= (_KEPT_WIDE_BYTES if wide else room)
        (kept if fits else made).append(part)
        room -= bytes_needed if fits and not wide else 0
    if kept and not made and kept[-1].codes.shape[1] == 1 and 4 * columns * kept[-1].size > _MADE_BYTES:
        made.append(kept.pop())
    return kept, made


def _laid_out(parts: Sequence[Summand], columns: int, width: int) -> NDArray[np.int32]:
    """Return all rows of numbers of the parts below each other, padded, and a last one of zeros."""
    numbers = np.zeros((sum(part.size for part in parts) + 1, width), dtype=np.int32)
    step, first = max(1, _AT_A_TIME // max(1, columns)), 0
    for part in parts:
        for start in range(0, part.size, step):
            some = np.arange(start, min(start + step, part.size))
            numbers[first + start : first + start + len(some), :columns] = part.numbers(some)
        first += part.size
    return numbers


def _index(parts: Sequence[Summand], nothing: int, rows: IntArray) -> NDArray[np.int64]:
    """Return which rows of numbers each person adds up, shape (people, width)."""
    offsets = np.cumsum([0, *(part.size for part in parts)])[:-1]
    columns = [
        np.where(part.codes[rows] < 0, nothing, part.codes[rows] + first)
        for part, first in zip(parts, offsets, strict=True)
    ]
    empty = np.zeros((len(rows), 0), dtype=np.int64)
    return np.ascontiguousarray(np.concatenate([empty, *columns], axis=1), dtype=np.int64)


def _narrowed(part: Summand, rows: IntArray) -> Summand:
    """Return a part for some rows, with only the patterns that these have."""
    used = np.unique(part.codes[rows])
    used = used[used >= 0]
    codes = np.where(part.codes[rows] < 0, -1, np.searchsorted(used, part.codes[rows]))
    return Summand(codes, len(used), lambda some: part.make(used[some]), part.kinds)


def _in_line(rows: IntArray, made: Sequence[Summand]) -> NDArray[np.int64]:
    """Return the rows' places in an order in which neighbors have the same rows of numbers made for them."""
    keys = [part.codes[rows, 0] for part in made if part.codes.shape[1] == 1]
    return np.lexsort(keys).astype(np.int64) if keys else np.arange(len(rows))


def _steps(rows: IntArray, made: Sequence[Summand], columns: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of rows for which what is made fits into memory."""
    start = 0
    most = _MADE_WIDE_BYTES if any(part.codes.shape[1] > 1 for part in made) else _MADE_BYTES
    while start < len(rows):
        size = min(8_192, len(rows) - start)
        while size > 1 and 4 * columns * _patterns(made, rows[start : start + size]) > most:
            size = (size + 1) // 2
        yield start, start + size
        start += size


def _patterns(parts: Sequence[Summand], rows: IntArray) -> int:
    return sum(len(np.unique(part.codes[rows])) for part in parts)
