"""The compiled loop of a check: the best of all pairs of a person, each added up anew."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

WIDTH = 1_024
"""Columns that are added up together, so that they stay in the nearest cache; all are padded to whole widths."""

TOGETHER = 128
"""People who are gone through together, so that what some columns are made of is read once for all of them."""


class TagLists(NamedTuple):
    """Parts of a sum by how many tags two people have in common, one behind the other.

    Attributes:
        has: which column has which tag, 1 or 0, padded; uint8.
        wanted: the tags of everybody, as rows of `has`, -1 for none.
        firsts: where each part begins in a row of `wanted`; one more than there are parts.
        kinds: everybody's kind in each part.
        per_tag: where a part begins in `worth`; -1 for one with a table.
        worth: what each tag in common adds for people of a kind, by column; int32.
        first_table: where a part begins in `tables`.
        table_sizes: how many numbers each kind of person has there.
        entries: where each column's numbers begin among these, shape (parts, columns); int32.
        tables: what so many tags in common add; int32.
    """

    has: Any
    wanted: Any
    firsts: Any
    kinds: Any
    per_tag: Any
    worth: Any
    first_table: Any
    table_sizes: Any
    entries: Any
    tables: Any


@njit(cache=True)
def _add(sums, numbers, index, row, low):  # type: ignore[no-untyped-def]
    """Add the rows of numbers of one person to `sums`, two at a time, then what is left."""
    count = index.shape[1]
    for place in range(0, count - 1, 2):
        one = numbers[index[row, place], low : low + WIDTH]
        other = numbers[index[row, place + 1], low : low + WIDTH]
        for k in range(WIDTH):
            sums[k] += one[k] + other[k]
    if count % 2:
        one = numbers[index[row, count - 1], low : low + WIDTH]
        for k in range(WIDTH):
            sums[k] += one[k]


@njit(cache=True)
def _best(sums, paid, gain, floor, nothing):  # type: ignore[no-untyped-def]
    """Return the largest `gain * tenths - price`, `nothing` where no sum reaches the floor."""
    most = nothing
    for k in range(WIDTH):
        worth = (sums[k] >> 10) * gain - paid[k]
        most = max(most, worth if sums[k] >= floor else nothing)
    return most


@njit(cache=True, inline="always")  # handing over so many arrays takes longer than adding up bytes
def _add_by_tags(sums, shared, tags, row, low):  # type: ignore[no-untyped-def]
    """Add what one person has by tags in common to `sums`; see `TagLists`."""
    for part in range(tags.firsts.shape[0] - 1):
        shared[:] = 0
        for place in range(tags.firsts[part], tags.firsts[part + 1]):
            tag = tags.wanted[row, place]
            if tag >= 0:
                has = tags.has[tag, low : low + WIDTH]
                for k in range(WIDTH):
                    shared[k] += has[k]
        kind = tags.kinds[row, part]
        if tags.per_tag[part] >= 0:
            worth = tags.worth[tags.per_tag[part] + kind, low : low + WIDTH]
            for k in range(WIDTH):
                sums[k] += worth[k] * np.int32(shared[k])
        else:
            table = tags.tables[tags.first_table[part] + kind * tags.table_sizes[part] :]
            entry = tags.entries[part, low : low + WIDTH]
            for k in range(WIDTH):
                sums[k] += table[np.uint32(entry[k]) + np.uint32(shared[k])]


@njit(cache=True, parallel=True)
def best_of_rows(  # type: ignore[no-untyped-def]
    rows, numbers, index, own_numbers, own_index, tags, prices, gain, nothing, floor, columns, first, apart, best
):
    """Put the largest `gain * tenths - price` of each row's allowed pairs into `best`; `nothing` where there are none.

    Args:
        rows: which people; int64.
        numbers: rows of numbers over all columns, padded.
        index: which of these each person adds up.
        own_numbers: rows of numbers made for these rows, padded.
        own_index: which of these each of `rows` adds up, by position.
        tags: `TagLists`, of everybody.
        prices: of each column, padded; its type is that of what is gained.
        gain: what a tenth is worth, of that type.
        nothing: less than anybody gains, of that type.
        floor: the least sum of a pair that counts, in units with half a tenth on top.
        columns: how many columns there are without the padding.
        first: where each person's forbidden pairs start in `apart`.
        apart: the columns of these.
        best: one number for each of `rows`.
    """
    for block in prange((len(rows) + TOGETHER - 1) // TOGETHER):
        sums = np.empty(WIDTH, np.int32)
        shared = np.empty(WIDTH, np.uint8)
        start, stop = block * TOGETHER, min(len(rows), (block + 1) * TOGETHER)
        best[start:stop] = nothing
        for low in range(0, numbers.shape[1], WIDTH):
            paid = prices[low : low + WIDTH]
            for at in range(start, stop):
                row = rows[at]
                sums[:] = 512
                _add(sums, numbers, index, row, low)
                _add(sums, own_numbers, own_index, at, low)
                _add_by_tags(sums, shared, tags, row, low)
                sums[max(0, columns - low) :] = -1
                for pair in range(first[row], first[row + 1]):
                    column = apart[pair] - low
                    if 0 <= column < WIDTH:
                        sums[column] = -1
                best[at] = max(best[at], np.int64(_best(sums, paid, gain, floor, nothing)))
