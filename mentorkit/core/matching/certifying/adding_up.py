"""The compiled loop of a check: the best of all pairs of a person, each added up anew."""

from __future__ import annotations

import numpy as np
from numba import njit, prange

WIDTH = 1_024
"""Columns that are added up together, so that they stay in the nearest cache; all are padded to whole widths."""


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


@njit(cache=True, parallel=True)
def best_of_rows(  # type: ignore[no-untyped-def]
    rows, numbers, index, own_numbers, own_index, prices, gain, nothing, floor, columns, first, apart, best
):
    """Put the largest `gain * tenths - price` of each row's allowed pairs into `best`; `nothing` where there are none.

    Args:
        rows: which people; int64.
        numbers: rows of numbers over all columns, padded.
        index: which of these each person adds up.
        own_numbers: rows of numbers made for these rows, padded.
        own_index: which of these each of `rows` adds up, by position.
        prices: of each column, padded; its type is that of what is gained.
        gain: what a tenth is worth, of that type.
        nothing: less than anybody gains, of that type.
        floor: the least sum of a pair that counts, in units with half a tenth on top.
        columns: how many columns there are without the padding.
        first: where each person's forbidden pairs start in `apart`.
        apart: the columns of these.
        best: one number for each of `rows`.
    """
    for at in prange(len(rows)):
        row = rows[at]
        sums = np.empty(WIDTH, np.int32)
        most = np.int64(nothing)
        for low in range(0, numbers.shape[1], WIDTH):
            sums[:] = 512
            _add(sums, numbers, index, row, low)
            _add(sums, own_numbers, own_index, at, low)
            sums[max(0, columns - low) :] = -1
            for pair in range(first[row], first[row + 1]):
                column = apart[pair] - low
                if 0 <= column < WIDTH:
                    sums[column] = -1
            most = max(most, np.int64(_best(sums, prices[low : low + WIDTH], gain, floor, nothing)))
        best[at] = most
