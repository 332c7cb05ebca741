"""Which pairs a problem allows, person by person and without scores: most people share few patterns of rules."""

from __future__ import annotations

import numpy as np

from mentorkit.core.problems import BoolArray, IntArray, PairScores, ScoreSums

_MOST_KEPT = 100_000_000
"""Bytes of patterns that are kept."""

_BLOCK = 2_000_000
"""Pairs that are scored together."""


class AllowedPairs:
    """The allowed pairs of each row; lives as long as somebody asks."""

    def __init__(self, pairs: PairScores) -> None:
        """Ask about these pairs."""
        self.pairs = pairs
        self._everybody = np.arange(pairs.shape[1])
        self._sums = pairs.sums()
        self._kept: dict[int, BoolArray] = {}
        if self._sums is not None:
            columns = [one.codes[:, :1] for one in self._sums.allowed]
            codes = np.concatenate([np.zeros((pairs.shape[0], 0), dtype=np.int64), *columns], axis=1)
            self._patterns, self._pattern_of = _distinct(codes)
            self._starts = np.searchsorted(self._sums.apart[:, 0], np.arange(pairs.shape[0] + 1)).tolist()
            self._apart = np.ascontiguousarray(self._sums.apart[:, 1])

    @property
    def by_patterns(self) -> bool:
        """Whether no pair needs to be scored."""
        return self._sums is not None

    def row(self, row: int) -> BoolArray:
        """Return which columns a row may have, shape (columns,), not to be changed; required pairs may be missing."""
        if self._sums is None:
            scores = self.pairs.scores(np.array([row]), self._everybody)
            return np.asarray(scores[0] >= 0)
        pattern = self._pattern_of[row]
        found = self._kept.get(pattern)
        if found is None:
            found = self._of_pattern(self._sums, pattern)
        low, high = self._starts[row], self._starts[row + 1]
        if low < high:
            found = found.copy()
            found[self._apart[low:high]] = False
        return found

    def counts(self, rows: IntArray, columns: IntArray | None = None) -> IntArray:
        """Return how many columns, all or of some, each of some rows may have."""
        found = (self.row(row) if columns is None else self.row(row)[columns] for row in rows.tolist())
        return np.array([int(np.count_nonzero(one)) for one in found], dtype=np.int64)

    def counts_of_columns(self, columns: IntArray) -> IntArray:
        """Return how many rows each of some columns may have."""
        total = np.zeros(len(columns), dtype=np.int64)
        step = max(1, _BLOCK // max(1, len(columns)))
        for start in range(0, self.pairs.shape[0], step):
            rows = np.arange(start, min(start + step, self.pairs.shape[0]))
            total += (self.pairs.scores(rows, columns) >= 0).sum(axis=0)
        return total

    def _of_pattern(self, sums: ScoreSums, pattern: int) -> BoolArray:
        allowed = np.ones(self.pairs.shape[1], dtype=np.bool_)
        for one, code in zip(sums.allowed, self._patterns[pattern].tolist(), strict=True):
            allowed &= np.asarray(one.numbers(np.array([code]))[0], dtype=np.bool_)
        if (len(self._kept) + 1) * self.pairs.shape[1] <= _MOST_KEPT:
            self._kept[pattern] = allowed
        return allowed


def _distinct(codes: IntArray) -> tuple[IntArray, list[int]]:
    """Return the distinct rows, and the number of each row among them."""
    if not codes.shape[1]:
        return codes[:1], [0] * len(codes)
    patterns, number = np.unique(codes, axis=0, return_inverse=True)
    return patterns, np.asarray(number).reshape(-1).tolist()
