"""The compiled loop of a check: the best of all pairs of a person, each added up anew."""

from __future__ import annotations

import numpy as np
from numba import njit, prange

_WIDTH = 1_024
"""Columns that are added up together, so that they stay in the nearest cache."""


@njit(cache=True, parallel=True)
def best_of_rows(rows, numbers, index, own_numbers, own_index, prices, gain, at_least, first, apart, best):  # type: ignore[no-untyped-def]
    """Put the largest `gain * tenths - price` of each row's allowed pairs into `best`; -2^60 where there are none.

    Args:
        rows: which people; int64.
        numbers: rows of numbers over all columns.
        index: which of these each person adds up.
        own_numbers: rows of numbers made for these rows.
        own_index: which of these each of `rows` adds up, by position.
        prices: of each column; int64.
        gain: what a tenth is worth.
        at_least: only pairs with so many tenths count.
        first: where each person's forbidden pairs start in `apart`.
        apart: the columns of these.
        best: one number for each of `rows`.
    """
    columns = numbers.shape[1]
    for at in prange(len(rows)):
        row = rows[at]
        sums = np.empty(_WIDTH, np.int32)
        most = np.int64(-(2**60))
        for low in range(0, columns, _WIDTH):
            width = min(_WIDTH, columns - low)
            sums[:width] = 512
            for place in range(index.shape[1]):
                part = numbers[index[row, place], low : low + width]
                for k in range(width):
                    sums[k] += part[k]
            for place in range(own_index.shape[1]):
                part = own_numbers[own_index[at, place], low : low + width]
                for k in range(width):
                    sums[k] += part[k]
            for pair in range(first[row], first[row + 1]):
                column = apart[pair] - low
                if 0 <= column < width:
                    sums[column] = -1
            floor = np.int32(max(at_least, 0) << 10)
            paid = prices[low : low + width]
            for k in range(width):
                worth = np.int64(sums[k] >> 10) * gain - paid[k]
                most = max(most, worth if sums[k] >= floor else np.int64(-(2**60)))
        best[at] = most
