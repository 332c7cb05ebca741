"""Looks through all pairs in blocks, with NumPy alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from attrs import define
from numpy.typing import NDArray

from mentorkit.core.problems import UNIT_BITS, BoolArray, Effort, IntArray, PairScores, ScoreSums, Summand
from mentorkit_matchers.all_pairs.found import EXCLUDED, FoundPairs, Search

_KEPT = 60_000_000
"""Pairs whose scores are kept in memory (two bytes each); with more they are computed again in every look."""

_BLOCK = 1_000_000
"""Pairs that are looked at together."""

_TOGETHER = 128
"""Single pairs that are looked up together: their rows and columns make a block."""

_NOTHING = -(2**60)


@define(frozen=True, slots=False, eq=False)
class BlockwisePairs:
    """All pairs, as blocks of scores; small problems keep their scores."""

    pairs: PairScores
    effort: Effort

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.pairs.shape

    def better(self, search: Search) -> FoundPairs:
        """Return pairs that are better than their row's threshold; see `AllPairs`.

        A few go with each row although others are better: where everybody agrees on who is best, the others would be
        found only after very many looks. Of each column and block the best is found, too.
        """
        found = list[FoundPairs]()
        row_shuffle, shuffle = (_shuffle(size, search.seed & 0xFFFF) for size in self.shape)
        out_of_reach = search.prices >= EXCLUDED
        if search.columns is not None:
            out_of_reach |= ~np.isin(np.arange(self.shape[1]), search.columns)
        for block, scores in self._blocks(np.arange(self.shape[0]) if search.rows is None else search.rows):
            if self.effort.over():
                break
            gains = scores.astype(np.int64) * search.gain - search.prices
            gains[scores < search.at_least] = _NOTHING
            gains[:, out_of_reach] = _NOTHING
            some = np.flatnonzero(gains.max(axis=1, initial=_NOTHING) > search.thresholds[block])
            if not len(some):
                continue
            these, scores, gains = block[some], scores[some], gains[some]
            gains -= search.thresholds[these][:, None]
            better = gains > 0
            gains[~better] = _NOTHING
            ties = row_shuffle[these][:, None] ^ shuffle
            row, column = _chosen(gains, better, ties, search.most)
            found.append(FoundPairs.of(these[row], column, scores[row, column]))
        return FoundPairs.joined(found)

    def of(self, rows: IntArray, columns: IntArray) -> NDArray[np.int64]:
        """Return the tenths of single pairs; -1 where a pair is not allowed."""
        if self._kept is not None:
            return self._kept[rows, columns].astype(np.int64)
        return looked_up(self.pairs, rows, columns)

    def _blocks(self, rows: IntArray) -> Iterator[tuple[IntArray, NDArray[np.int16]]]:
        step = max(1, _BLOCK // max(1, self.shape[1]))
        for start in range(0, len(rows) if self.shape[1] else 0, step):
            block = rows[start : start + step]
            yield block, self._scores(block) if self._kept is None else self._kept[block]

    def _scores(self, rows: IntArray) -> NDArray[np.int16]:
        return self.pairs.scores(rows, np.arange(self.shape[1]))

    @property
    def keeps(self) -> bool:
        """Whether the problem is so small that its scores are kept."""
        return 2 * self.shape[0] * self.shape[1] <= self.effort.room(2 * _KEPT)

    def as_sums(self) -> ScoreSums:
        """Return the kept scores as sums of one part, for a problem that is small enough to keep them."""
        kept = self._kept
        assert kept is not None
        rows = np.arange(self.shape[0]).reshape(-1, 1)
        units = Summand(rows, self.shape[0], lambda some: np.maximum(kept[some], 0).astype(np.int32) << UNIT_BITS)
        allowed = Summand(rows, self.shape[0], lambda some: kept[some] >= 0)
        return ScoreSums(self.shape, (units,), (allowed,), np.zeros((0, 2), dtype=np.int64))

    @cached_property
    def _kept(self) -> NDArray[np.int16] | None:
        if not self.keeps:
            return None
        scores = np.empty(self.shape, dtype=np.int16)
        step = max(1, _BLOCK // max(1, self.shape[1]))
        for start in range(0, self.shape[0], step):
            rows = np.arange(start, min(start + step, self.shape[0]))
            scores[rows[0] : rows[-1] + 1] = self._scores(rows)
        return scores


def looked_up(pairs: PairScores, rows: IntArray, columns: IntArray) -> NDArray[np.int64]:
    """Return the tenths of single pairs, few at a time; -1 where a pair is not allowed."""
    order = np.lexsort((columns, rows))
    found = np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(order), _TOGETHER):
        part = order[start : start + _TOGETHER]
        row_list, row = np.unique(rows[part], return_inverse=True)
        column_list, column = np.unique(columns[part], return_inverse=True)
        found[part] = pairs.scores(row_list, column_list)[row, column]
    return found


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
