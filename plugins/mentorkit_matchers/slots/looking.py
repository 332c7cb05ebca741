"""A look through all pairs for the meetings that are best at the prices of slots."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit_matchers.slots.market import SlotMarket, shuffled

FloatArray = NDArray[np.float64]

NEVER = -1e15
"""What an impossible meeting is worth."""


@frozen(eq=False)
class Prices:
    """What meetings cost, in tenths.

    Attributes:
        slots: with each column in each slot; shape (columns, slots).
        clashes: what a meeting in each slot costs each row beside that; shape (rows, slots).
        cover: what the first meeting of an uncovered row is worth.
    """

    slots: FloatArray
    clashes: FloatArray
    cover: float

    def rounded(self, unit: int) -> Prices:
        """Return the prices as multiples of one over `unit`."""
        return Prices(np.rint(self.slots * unit) / unit, np.rint(self.clashes * unit) / unit, self.cover)


@frozen(eq=False)
class Seen:
    """What a look found.

    Attributes:
        rows: of pairs, the best of each row and of each column; int64, each pair once.
        columns: likewise.
        least: what the least of the meetings that each row would take is worth to it, at least 0.
        worth: a bound on the worth of any result, in tenths; bonus included.
    """

    rows: IntArray
    columns: IntArray
    least: FloatArray
    worth: float


def look(market: SlotMarket, prices: Prices, most: int, *, of_columns: int = 0, fine: bool = True) -> Seen:
    """Look through all pairs at prices.

    Args:
        market: who could meet.
        prices: of slots and clashes.
        most: pairs to find of each row.
        of_columns: pairs to find of each column, roughly.
        fine: whether the worth must be right to the last digit; if not, it is quicker, and pairs that are equally good
            come in an order that differs by row and depends on the seed.
    """
    rows, columns, _ = market.shape
    found: list[IntArray] = [np.zeros(0, dtype=np.int64)]
    least = np.zeros(rows)
    worth = _places_worth(market, prices)
    row_shuffle, column_shuffle = shuffled(rows, market.seed), shuffled(columns, market.seed)
    for block, scores in market.blocks(2):
        best = _best_slots(market, prices, block, np.float64 if fine else np.float32)
        best += scores
        best += market.bonus
        best[scores < 0] = NEVER
        worth += _take_required(market, block, best)
        worth += _wanted(market, prices, block, best, least)
        if not fine:
            best += (row_shuffle[block][:, None] ^ column_shuffle) * np.float32(0.9 / 65_536)
        found.append(_largest(best, most, block, columns))
        if of_columns:
            part = max(1, of_columns * len(block) // rows)
            found.append(_of_columns(best - least[block, None].astype(best.dtype), part, block))
    keys = np.unique(np.concatenate(found))
    return Seen(keys // columns, keys % columns, least, worth)


def _places_worth(market: SlotMarket, prices: Prices) -> float:
    of_columns = np.where(market.column_open, prices.slots * market.room, 0.0)
    of_rows = np.where(market.row_open, prices.clashes, 0.0)
    return _dearest(of_columns, market.column_places) + _dearest(of_rows, market.row_places)


def _dearest(prices: FloatArray, places: IntArray) -> float:
    ordered = -np.sort(-prices, axis=1)
    ordered[np.arange(prices.shape[1]) >= places[:, None]] = 0
    return float(ordered.sum())


def _best_slots(market: SlotMarket, prices: Prices, block: IntArray, kind: type) -> NDArray[Any]:
    """Return for each pair what its cheapest slot costs, negative; NEVER where they have none in common."""
    best: NDArray[Any] = np.full((len(block), market.shape[1]), NEVER, dtype=kind)
    for slot in range(market.shape[2]):
        some = np.flatnonzero(market.row_open[block, slot])
        costs: NDArray[Any] = np.where(market.column_open[:, slot], -prices.slots[:, slot], NEVER).astype(kind)
        best[some] = np.maximum(best[some], costs - prices.clashes[block[some], slot][:, None].astype(kind))
    return best


def _take_required(market: SlotMarket, block: IntArray, best: NDArray[Any]) -> float:
    """Return what required pairs are worth, and put them out of reach of the others."""
    inside = market.required[(market.required[:, 0] >= block[0]) & (market.required[:, 0] <= block[-1])]
    row, column = inside[:, 0] - block[0], inside[:, 1]
    worth = float(best[row, column].sum())
    best[row, column] = NEVER
    return worth


def _wanted(market: SlotMarket, prices: Prices, block: IntArray, best: NDArray[Any], least: FloatArray) -> float:
    """Return what the best meetings of some rows are worth, and note the least of them."""
    fixed = np.bincount(market.required[:, 0], minlength=market.shape[0])[block]
    places = market.row_places[block] - fixed
    most = min(int(places.max(initial=0)), best.shape[1])
    if most <= 0:
        return 0.0
    top = -np.sort(np.partition(-best, most - 1, axis=1)[:, :most], axis=1).astype(np.float64)
    cover = np.where(market.uncovered[block], prices.cover, 0.0)
    last = np.take_along_axis(top, np.clip(places - 1, 0, most - 1)[:, None], axis=1)[:, 0]
    least[block] = np.where(places > 0, np.maximum(last, np.where(places == 1, -cover, 0.0)), np.inf)
    further = np.maximum(top[:, 1:], 0.0)
    further[np.arange(1, most) >= places[:, None]] = 0.0
    gained = np.maximum(top[:, 0] + cover + further.sum(axis=1), 0.0)
    return float(gained[places > 0].sum())


def _largest(best: NDArray[Any], most: int, block: IntArray, columns: int) -> IntArray:
    if most < columns:
        column = np.argpartition(-best, most - 1, axis=1)[:, :most]
        row: IntArray = np.broadcast_to(np.arange(len(block))[:, None], column.shape)
    else:
        row, column = np.indices(best.shape)[0], np.indices(best.shape)[1]
    good = best[row, column] > NEVER / 2
    found: IntArray = block[row[good]] * columns + column[good]
    return found


def _of_columns(gains: NDArray[Any], most: int, block: IntArray) -> IntArray:
    columns = gains.shape[1]
    if most < len(block):
        row = np.argpartition(-gains, most - 1, axis=0)[:most]
        column: IntArray = np.broadcast_to(np.arange(columns), row.shape)
    else:
        row, column = np.indices(gains.shape)[0], np.indices(gains.shape)[1]
    good = (gains[row, column] > NEVER / 2) & np.isfinite(gains[row, column])
    found: IntArray = block[row[good]] * columns + column[good]
    return found
