"""A look through all pairs, block by block, for those that would be better for a row than what it has."""

from __future__ import annotations

import numpy as np

from mentorkit.core.problems import IntArray
from mentorkit_matchers.optimal.market import Market
from mentorkit_matchers.optimal.prices import Offer

_NOTHING = -(2**62)


def promising_pairs(market: Market, offer: Offer, most: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return rows, columns and scores (tenths) of pairs that gain more at the prices than the row's threshold.

    Of each row at most `most` pairs, the best first; equally good ones in an order that differs from row to row, so
    that not everybody lists the same people.
    """
    found: list[tuple[IntArray, IntArray, IntArray]] = []
    shuffle = _shuffle(market.shape[1], market.tie_seed)
    for rows, scores in market.blocks():
        gains = scores.astype(np.int64)
        gains *= market.score_gain
        gains -= offer.prices
        some = np.flatnonzero(gains.max(axis=1) > offer.thresholds[rows])
        if not len(some):
            continue
        rows, scores, gains = rows[some], scores[some], gains[some]
        gains[(scores < 0) | (gains <= offer.thresholds[rows][:, None])] = _NOTHING
        columns = _best_columns(gains, _shuffle(market.shape[0], market.tie_seed)[rows], shuffle, most)
        row = np.broadcast_to(np.arange(len(rows))[:, None], columns.shape)
        good = gains[row, columns] > _NOTHING
        row, columns = row[good], columns[good]
        found.append((rows[row], columns, scores[row, columns].astype(np.int64)))
    return _joined(found)


def _best_columns(gains: IntArray, row_shuffle: IntArray, shuffle: IntArray, most: int) -> IntArray:
    """Return the columns of the largest gains of each row, in no order, shape (rows, at most `most`)."""
    if gains.shape[1] <= most:
        return np.broadcast_to(np.arange(gains.shape[1]), gains.shape)
    keys = np.maximum(gains, -(2**44)) * 65_536 + (row_shuffle[:, None] ^ shuffle)
    return np.argpartition(keys, gains.shape[1] - most, axis=1)[:, gains.shape[1] - most :]


def _shuffle(size: int, seed: int) -> IntArray:
    """Return a number of 16 bits for each index, by Fibonacci hashing."""
    return ((np.arange(size, dtype=np.int64) + seed) * 40_503) & 0xFFFF


def _joined(found: list[tuple[IntArray, IntArray, IntArray]]) -> tuple[IntArray, IntArray, IntArray]:
    empty = np.zeros(0, dtype=np.int64)
    parts = [(empty, empty, empty), *found]
    rows, columns, scores = (np.concatenate([part[number] for part in parts]) for number in range(3))
    return rows, columns, scores
