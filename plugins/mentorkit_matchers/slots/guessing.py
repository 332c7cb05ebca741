"""A first guess of prices, and the few meetings that matter at about these prices.

Prices rise where more want to meet than there is room, and fall where room is left: a subgradient method with falling
steps. Source: N. Z. Shor, "Minimization Methods for Non-Differentiable Functions" (1985).
"""

from __future__ import annotations

import numpy as np
from attrs import define
from numpy.typing import NDArray

from mentorkit.core.problems import Effort, IntArray
from mentorkit_matchers.slots.looking import NEVER, Prices, Seen, look
from mentorkit_matchers.slots.market import SlotMarket
from mentorkit_matchers.slots.meetings import Meetings, first_of_each, meetings_of, scores_of

CHOICES = 8
"""Pairs of each row to look at together."""

_FEW_ROWS = 3_000
"""Up to how many rows are few."""

FEW, MANY = (2, 14), (4, 8)
"""Meetings to begin with of each row, and of each column's slot: without these some slots would seem to be free.

Among few rows more of them save another round; among many two rounds with fewer are quicker.
"""

_ROUNDS = ((100, 100.0), (200, 40.0))
"""How often prices are moved in each of two passes, and by how many tenths at first."""

_HALVING = 30
"""After how many moves the first step is halved."""


def first_prices(market: SlotMarket, effort: Effort) -> tuple[Prices, Seen]:
    """Return rough prices and a look through all pairs at them."""
    rows, columns, slots = market.shape
    some = look(market, Prices(np.zeros((columns, slots)), np.zeros((rows, slots)), 0.0), 1, fine=False)
    typical = float(scores_of(market, some.rows, some.columns).mean()) if len(some.rows) else 0.0
    start = typical / 2 + market.bonus / 2
    prices = Prices(np.full((columns, slots), start), np.zeros((rows, slots)), first_cover(market))
    seen = look(market, prices, CHOICES, fine=False)
    keys = seen.rows * columns + seen.columns
    for moves, step in _ROUNDS:
        if effort.over():
            break
        search = _Search.of(market, keys // columns, keys % columns, prices)
        search.move(moves, step)
        prices = Prices(search.slot_prices.astype(float), search.clash_prices.astype(float), prices.cover)
        seen = look(market, prices, CHOICES, of_columns=3 * CHOICES, fine=False)
        keys = np.union1d(keys, seen.rows * columns + seen.columns)
    return prices, Seen(keys // columns, keys % columns, seen.least, seen.worth)


def first_cover(market: SlotMarket) -> float:
    """Return what a first meeting is taken to be worth: more than the two that it may cost others."""
    return 2_000.0 + 2 * market.bonus


def first_meetings(market: SlotMarket, prices: Prices, seen: Seen) -> Meetings:
    """Return the meetings that matter at about these prices, by row and by slot, and all of required pairs."""
    possible = meetings_of(market, seen.rows, seen.columns)
    gains = possible.gains(market, prices)
    least = np.where(np.isfinite(seen.least), seen.least, 0.0)
    slots = possible.columns * market.shape[2] + possible.slots
    of_rows, of_slots = FEW if market.shape[0] <= _FEW_ROWS else MANY
    chosen = np.union1d(
        first_of_each(possible.rows, gains, of_rows * max(1, (int(market.row_places.max(initial=1)) + 1) // 2)),
        first_of_each(slots, gains - least[possible.rows], of_slots * int(market.room.max(initial=1))),
    )
    pairs = market.required[np.lexsort((market.required[:, 1], market.required[:, 0]))]
    return possible.take(chosen).with_more(meetings_of(market, pairs[:, 0], pairs[:, 1]), market)


@define(eq=False)
class _Search:
    """Prices that are moved; pairs of a row stand side by side, shape (rows, width)."""

    market: SlotMarket
    columns: IntArray
    worth: NDArray[np.float32]
    slot_prices: NDArray[np.float32]
    clash_prices: NDArray[np.float32]

    @classmethod
    def of(cls, market: SlotMarket, rows: IntArray, columns: IntArray, prices: Prices) -> _Search:
        """Return a search over some pairs, sorted by row."""
        count = np.bincount(rows, minlength=market.shape[0])
        width = max(1, int(count.max(initial=1)))
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
        side = np.zeros((market.shape[0], width), dtype=np.int64)
        side[rows, nth] = columns
        tenths = np.full((market.shape[0], width), NEVER, dtype=np.float32)
        tenths[rows, nth] = scores_of(market, rows, columns) + market.bonus
        possible = market.row_open[:, None, :] & market.column_open[side]
        worth = np.where(possible, tenths[:, :, None], np.float32(NEVER))
        return cls(market, side, worth, prices.slots.astype(np.float32), prices.clashes.astype(np.float32))

    def move(self, moves: int, step: float) -> None:
        """Move prices towards where as many want to meet as there is room; keep the best ones."""
        best = np.inf
        kept = (self.slot_prices, self.clash_prices)
        for number in range(moves):
            bound, wanted, busy = self._demand()
            if bound < best:
                best, kept = bound, (self.slot_prices, self.clash_prices)
            now = np.float32(step / (1 + number / _HALVING))
            excess = np.clip(wanted - self.market.room, -1, 3).astype(np.float32)
            self.slot_prices = np.maximum(self.slot_prices + now * excess, 0)
            if self.market.one_at_a_time:
                self.clash_prices = np.maximum(self.clash_prices + now * (busy - 1).astype(np.float32), 0)
        self.slot_prices, self.clash_prices = kept

    def _demand(self) -> tuple[float, IntArray, IntArray]:
        """Return a bound, and how many want to meet each column in each slot, and how often each row in each slot."""
        rows, columns, slots = self.market.shape
        values = self.worth - self.slot_prices[self.columns]
        if self.market.one_at_a_time:
            values -= self.clash_prices[:, None, :]
        slot = values.argmax(axis=2)
        value = np.take_along_axis(values, slot[:, :, None], axis=2)[:, :, 0]
        bound = float(np.where(self.market.column_open, self.slot_prices * self.market.room, 0).sum(dtype=np.float64))
        bound += float(self.clash_prices.sum(dtype=np.float64))
        wanted = np.zeros(columns * slots, dtype=np.int64)
        busy = np.zeros(rows * slots, dtype=np.int64)
        everybody = np.arange(rows)
        cover = np.where(self.market.uncovered, np.float32(first_cover(self.market)), np.float32(0))
        for number in range(min(int(self.market.row_places.max(initial=0)), value.shape[1])):
            choice = value.argmax(axis=1)
            gain = value[everybody, choice] + (cover if number == 0 else 0)
            takes = (gain > 0) & (self.market.row_places > number)
            bound += float(gain[takes].sum(dtype=np.float64))
            at = slot[everybody, choice]
            wanted += np.bincount((self.columns[everybody, choice] * slots + at)[takes], minlength=columns * slots)
            busy += np.bincount((everybody * slots + at)[takes], minlength=rows * slots)
            value[everybody, choice] = NEVER
        return bound, wanted.reshape(columns, slots), busy.reshape(rows, slots)
