"""A look through all pairs, block by block, for those that would be better for a row than what it has."""

from __future__ import annotations

import numpy as np

from mentorkit.core.problems import BoolArray, IntArray
from mentorkit_matchers.optimal.market import Market
from mentorkit_matchers.optimal.prices import Offer

_NOTHING = -(2**62)


def promising_pairs(market: Market, offer: Offer, most: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return rows, columns and scores (tenths) of pairs that gain more at the prices than the row's threshold.

    Of each row at most `most` of the best, and as many of any: where everybody would choose the same few people, the
    best alone would get the others placed only after very many looks. Of each column and block the best.
    """
    found: list[tuple[IntArray, IntArray, IntArray]] = []
    row_shuffle, shuffle = (_shuffle(size, market.tie_seed) for size in market.shape)
    for rows, scores in market.blocks():
        gains = scores.astype(np.int64)
        gains *= market.score_gain
        gains -= offer.prices
        some = np.flatnonzero(gains.max(axis=1) > offer.thresholds[rows])
        if not len(some):
            continue
        rows, scores, gains = rows[some], scores[some], gains[some]
        gains -= offer.thresholds[rows][:, None]
        better = (gains > 0) & (scores >= 0)
        gains[~better] = _NOTHING
        ties = row_shuffle[rows][:, None] ^ shuffle
        row, column = _chosen(gains, better, ties, most)
        found.append((rows[row], column, scores[row, column].astype(np.int64)))
    return _joined(found)


def _chosen(gains: IntArray, better: BoolArray, ties: IntArray, most: int) -> tuple[IntArray, IntArray]:
    """Return positions in a block, some more than once; equally good pairs in an order that differs by row."""
    if gains.shape[1] <= 2 * most:
        everything = np.nonzero(better)
        return everything[0], everything[1]
    best = _largest(np.maximum(gains, -(2**44)) * 65_536 + ties, most)
    any_of_them = _largest(np.where(better, ties, -1), most)
    columns = np.concatenate([best, any_of_them], axis=1)
    row = np.broadcast_to(np.arange(len(columns))[:, None], columns.shape).reshape(-1)
    row = np.concatenate([row, gains.argmax(axis=0)])
    column = np.concatenate([columns.reshape(-1), np.arange(gains.shape[1])])
    good = better[row, column]
    return row[good], column[good]


def _largest(keys: IntArray, most: int) -> IntArray:
    """Return the columns of the largest keys of each row, in no order, shape (rows, most)."""
    return np.argpartition(keys, keys.shape[1] - most, axis=1)[:, keys.shape[1] - most :]


def _shuffle(size: int, seed: int) -> IntArray:
    """Return a number of 16 bits for each index, by Fibonacci hashing."""
    return ((np.arange(size, dtype=np.int64) + seed) * 40_503) & 0xFFFF


def _joined(found: list[tuple[IntArray, IntArray, IntArray]]) -> tuple[IntArray, IntArray, IntArray]:
    empty = np.zeros(0, dtype=np.int64)
    parts = [(empty, empty, empty), *found]
    rows, columns, scores = (np.concatenate([part[number] for part in parts]) for number in range(3))
    return rows, columns, scores
