"""The compiled inner loops of a look through all pairs.

Sums of rows are added in tiles of columns that fit into the nearest cache. A tile is passed over when the sum of its
rows' largest numbers cannot reach what is asked; only tiles that hold something are looked at pair by pair.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, prange

from mentorkit.core.problems import UNIT_BITS
from mentorkit_matchers.all_pairs.tables import TILE

_BLOCK = 256
"""Rows that one thread looks at before it takes the next ones."""

_HALF = 1 << (UNIT_BITS - 1)
_NOTHING = -(2**30)
_NOTHING_AT_ALL = -(2**46)


class Numbers(NamedTuple):
    """Rows of numbers and who adds up which: see `mentorkit_matchers.all_pairs.tables.Rows`."""

    values: Any
    tops: Any
    index: Any


class Counted(NamedTuple):
    """Parts of the sum that are told by tags in common: see `mentorkit_matchers.all_pairs.counts.Counts`."""

    holders: Any
    tops: Any
    tags: Any
    starts: Any
    steady: Any
    bases: Any
    most_bases: Any
    each: Any
    offsets: Any
    amounts: Any
    most: Any
    deepest: Any


class Asked(NamedTuple):
    """What a pair must be to be found.

    Attributes:
        prices: of each column in the tables' order, padded; its type is that of all gains.
        cheapest: the lowest price of each tile.
        thresholds: of each row.
        gain: what a tenth is worth.
        floor: the least sum in units, half a tenth included, of a pair that is allowed; at least 0.
        apart_start: where the pairs of each row that are not to be chosen start in `apart`.
        apart: their columns, in the tables' order.
    """

    prices: Any
    cheapest: Any
    thresholds: Any
    gain: Any
    floor: Any
    apart_start: Any
    apart: Any


class Wanted(NamedTuple):
    """How many pairs of a row to keep: the best ones, and further ones whichever a hash with a seed prefers."""

    best: int
    more: int
    seed: int


class Found(NamedTuple):
    """Where what is found goes, by position of the row: first the best pairs, then the further ones.

    Attributes:
        columns: in the tables' order.
        keys: what they are compared by.
        tenths: their scores.
        sizes: how many of the best and how many further ones, shape (rows, 2).
    """

    columns: Any
    keys: Any
    tenths: Any
    sizes: Any


@njit(cache=True)
def _shuffled(row, column, seed):  # type: ignore[no-untyped-def]
    """Return 16 bits that depend on both numbers alike (a multiplicative hash)."""
    mixed = np.uint64(row) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(column + seed) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return np.int64(mixed >> np.uint64(48))


@njit(cache=True)
def _add_up(numbers, row, low, sums):  # type: ignore[no-untyped-def]
    """Add the rows of numbers of one person in one tile to `sums`, four at a time."""
    values, index = numbers.values, numbers.index
    fours = index.shape[1] // 4 * 4
    for at in range(0, fours, 4):
        a = values[index[row, at], low : low + TILE]
        b = values[index[row, at + 1], low : low + TILE]
        c = values[index[row, at + 2], low : low + TILE]
        d = values[index[row, at + 3], low : low + TILE]
        for k in range(TILE):
            sums[k] += a[k] + b[k] + c[k] + d[k]
    for at in range(fours, index.shape[1]):
        a = values[index[row, at], low : low + TILE]
        for k in range(TILE):
            sums[k] += a[k]


@njit(cache=True)
def _most(numbers, row, tile):  # type: ignore[no-untyped-def]
    """Return what the rows of numbers of one person can add up to in one tile at the most."""
    most = 0
    for at in range(numbers.index.shape[1]):
        most += numbers.tops[numbers.index[row, at], tile]
    return most


@njit(cache=True)
def _most_counted(counted, row, tile):  # type: ignore[no-untyped-def]
    """Return what tags in common can add up to in one tile at the most."""
    most = 0
    for part in range(counted.steady.shape[0]):
        common = 0
        for at in range(counted.starts[part], counted.starts[part + 1]):
            common += counted.tops[counted.tags[row, at], tile]
        most += counted.most[counted.most_bases[row, part] + min(common, counted.deepest[part])]
    return most


@njit(cache=True, inline="always")  # handing over so many arrays takes longer than a tile of bytes
def _count_up(counted, row, low, common, sums):  # type: ignore[no-untyped-def]
    """Add what tags in common are worth in one tile to `sums`."""
    nothing = counted.holders.shape[0] - 1
    for part in range(counted.steady.shape[0]):
        common[:] = 0
        for at in range(counted.starts[part], counted.starts[part + 1]):
            tag = counted.tags[row, at]
            if tag != nothing:
                held = counted.holders[tag, low : low + TILE]
                for k in range(TILE):
                    common[k] += held[k]
        if counted.steady[part]:
            each = counted.each[counted.bases[row, part], low : low + TILE]
            for k in range(TILE):
                sums[k] += np.int32(common[k]) * each[k]
        else:
            amounts = counted.amounts[counted.bases[row, part] :]
            offsets = counted.offsets[part, low : low + TILE]
            for k in range(TILE):
                sums[k] += amounts[np.uint32(offsets[k]) + np.uint32(common[k])]


@njit(cache=True)
def _gains_in_tile(sums, gains, low, asked):  # type: ignore[no-untyped-def]
    """Fill in what each pair of a tile gains, and return the most; sums of forbidden pairs are below the floor."""
    nothing = _NOTHING if asked.prices.itemsize == 4 else _NOTHING_AT_ALL
    paid = asked.prices[low : low + TILE]
    for k in range(TILE):
        worth = (sums[k] >> UNIT_BITS) * asked.gain - paid[k]
        gains[k] = worth if sums[k] >= asked.floor else nothing
    best = gains[0]
    for k in range(TILE):
        best = max(best, gains[k])
    return best


@njit(cache=True)
def _leave_out(row, gains, low, asked):  # type: ignore[no-untyped-def]
    """Take the pairs out that are not to be chosen."""
    nothing = _NOTHING if asked.prices.itemsize == 4 else _NOTHING_AT_ALL
    for pair in range(asked.apart_start[row], asked.apart_start[row + 1]):
        place = asked.apart[pair] - low
        if 0 <= place < TILE:
            gains[place] = nothing


@njit(cache=True)
def _keep(found, at, first, kind, room, column, key, score):  # type: ignore[no-untyped-def]
    """Keep a pair if it is among the `room` largest of its kind."""
    size = found.sizes[at, kind]
    if size < room:
        place = first + size
        found.sizes[at, kind] = size + 1
    else:
        place = first
        for other in range(first + 1, first + room):
            if found.keys[at, other] < found.keys[at, place]:
                place = other
        if key <= found.keys[at, place]:
            return
    found.columns[at, place] = column
    found.keys[at, place] = key
    found.tenths[at, place] = score


@njit(cache=True)
def _keep_all(row, at, low, threshold, sums, gains, wanted, found):  # type: ignore[no-untyped-def]
    """Keep what is worth it of a tile; return what is asked from now on, as a row with enough pairs asks for better."""
    for k in range(TILE):
        if gains[k] > threshold:
            hashed = _shuffled(row, low + k, wanted.seed)
            score = sums[k] >> UNIT_BITS
            _keep(found, at, wanted.best, 1, wanted.more, low + k, hashed, score)
            _keep(found, at, 0, 0, wanted.best, low + k, (np.int64(gains[k]) << 16) | hashed, score)
            if found.sizes[at, 0] == wanted.best:
                lowest = found.keys[at, 0]
                for other in range(1, wanted.best):
                    lowest = min(lowest, found.keys[at, other])
                threshold = max(threshold, (lowest >> 16) - 1)
    return threshold


@njit(cache=True, parallel=True, boundscheck=False)
def look(rows, everybodys, own, counted, asked, wanted, found):  # type: ignore[no-untyped-def]
    """Find the best pairs of some rows above their thresholds.

    Args:
        rows: the rows to look at; int64.
        everybodys: `Numbers` by row.
        own: `Numbers` made for these rows, by position in `rows`.
        counted: `Counted`.
        asked: `Asked`.
        wanted: `Wanted`.
        found: `Found`, by position in `rows`.
    """
    blocks = (len(rows) + _BLOCK - 1) // _BLOCK
    tiles = everybodys.tops.shape[1]
    for block in prange(blocks):
        sums = np.empty(TILE, np.int32)
        gains = np.empty(TILE, asked.prices.dtype)
        common = np.empty(TILE, np.uint8)
        start = block * _BLOCK
        stop = min(len(rows), start + _BLOCK)
        thresholds = np.empty(_BLOCK, np.int64)
        for at in range(start, stop):
            thresholds[at - start] = asked.thresholds[rows[at]]
        for turn in range(tiles):
            tile = (turn + block * 7) % tiles
            low = tile * TILE
            for at in range(start, stop):
                row, threshold = rows[at], thresholds[at - start]
                reach = _HALF + _most(everybodys, row, tile) + _most(own, at, tile) + _most_counted(counted, row, tile)
                if reach < asked.floor or (reach >> UNIT_BITS) * asked.gain - asked.cheapest[tile] <= threshold:
                    continue
                sums[:] = _HALF
                _add_up(everybodys, row, low, sums)
                _add_up(own, at, low, sums)
                _count_up(counted, row, low, common, sums)
                if _gains_in_tile(sums, gains, low, asked) > threshold:
                    _leave_out(row, gains, low, asked)
                    thresholds[at - start] = _keep_all(row, at, low, threshold, sums, gains, wanted, found)
