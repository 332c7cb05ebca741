"""Looks through all pairs with compiled loops over scores as sums."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import define
from numpy.typing import NDArray

from mentorkit.core.problems import UNIT_BITS, Effort, IntArray, PairScores, ScoreSums
from mentorkit_matchers.all_pairs.blocks import looked_up
from mentorkit_matchers.all_pairs.found import EXCLUDED, FoundPairs, Search
from mentorkit_matchers.all_pairs.tables import TILE, Rows, Tables, tables_of

if TYPE_CHECKING:
    from mentorkit_matchers.all_pairs.kernels import Asked

_SMALL = 2**29
"""Gains and prices up to half of this are numbers of 32 bits, of which twice as many fit side by side."""


@define(frozen=True, slots=False, eq=False)
class CompiledPairs:
    """All pairs, as tables of rows to add up."""

    pairs: PairScores
    sums: ScoreSums
    effort: Effort

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.pairs.shape

    @cached_property
    def _tables(self) -> Tables:
        return tables_of(self.sums, self.effort)

    def better(self, search: Search) -> FoundPairs:
        """Return pairs that are better than their row's threshold; see `AllPairs`."""
        tables = self._tables if search.columns is None else self._tables.narrowed(search.columns)
        asked = _asked(tables, search)
        found = []
        for part, own in tables.in_parts(search.rows):
            if self.effort.over():
                break
            found.append(_look(tables, part, own, asked, search))
        return FoundPairs.joined(found)

    def of(self, rows: IntArray, columns: IntArray) -> NDArray[np.int64]:
        """Return the tenths of single pairs; -1 where a pair is not allowed."""
        tables = self._tables
        if tables.made:
            return looked_up(self.pairs, rows, columns)
        place = np.argsort(tables.order)[columns]
        units = np.full(len(rows), 1 << (UNIT_BITS - 1), dtype=np.int64)
        for numbers in tables.kept.index[rows].T:
            units += tables.kept.values[numbers, place]
        units += tables.counts.units(rows, place)
        keys = self.sums.apart[:, 0] * self.shape[1] + self.sums.apart[:, 1]
        gone = (units < 0) | np.isin(rows * self.shape[1] + columns, keys)
        return np.where(gone, -1, units >> UNIT_BITS)


def _asked(tables: Tables, search: Search) -> Asked:
    from mentorkit_matchers.all_pairs.kernels import Asked

    prices, thresholds, gain = search.prices, search.thresholds, search.gain
    payable, asking = prices[prices < EXCLUDED], thresholds[thresholds > -EXCLUDED]
    largest = max(int(payable.max(initial=0)), int(np.abs(asking).max(initial=0)), 1_000 * gain)
    kind: Any = np.int32 if largest < _SMALL // 2 else np.int64
    limit = _SMALL if kind is np.int32 else EXCLUDED
    paid = np.full(tables.width, limit, dtype=kind)
    paid[: len(tables.order)] = np.minimum(prices, limit)[tables.order]
    return Asked(
        paid,
        paid.reshape(-1, TILE).min(axis=1),
        np.maximum(thresholds, 1_000 * gain - limit).astype(kind),
        kind(gain),
        np.int32(max(0, search.at_least) << UNIT_BITS),
        tables.apart_start,
        tables.apart,
    )


def _look(tables: Tables, part: NDArray[np.int64], own: Rows, asked: Asked, search: Search) -> FoundPairs:
    from mentorkit_matchers.all_pairs import kernels

    most = search.most
    wanted = kernels.Wanted(most, max(1, most // 4), search.seed & 0xFFFF)
    room = (len(part), wanted.best + wanted.more)
    columns, keys, tenths = (np.empty(room, dtype=kind) for kind in (np.int32, np.int64, np.int16))
    sizes = np.zeros((len(part), 2), dtype=np.int64)
    everybodys, made = (kernels.Numbers(one.values, one.tops, one.index) for one in (tables.kept, own))
    counts = kernels.Counted(*(getattr(tables.counts, name) for name in kernels.Counted._fields))
    kernels.look(part, everybodys, made, counts, asked, wanted, kernels.Found(columns, keys, tenths, sizes))
    place = np.arange(room[1])
    row, at = np.nonzero(np.where(place < most, place < sizes[:, :1], place - most < sizes[:, 1:]))
    return FoundPairs.of(part[row], tables.order[columns[row, at]], tenths[row, at]).once()
