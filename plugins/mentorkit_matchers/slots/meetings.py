"""Possible meetings: who, with whom, in which slot, and what it is worth."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from mentorkit.core.problems import BoolArray, IntArray
from mentorkit_matchers.slots.looking import FloatArray, Prices
from mentorkit_matchers.slots.market import SlotMarket


@frozen(eq=False)
class Meetings:
    """Meetings that are considered, sorted by row, column and slot; int64 arrays of one length.

    Attributes:
        tenths: their scores, without any bonus.
    """

    rows: IntArray
    columns: IntArray
    slots: IntArray
    tenths: IntArray

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def take(self, kept: IntArray | BoolArray) -> Meetings:
        """Return some of them."""
        return Meetings(self.rows[kept], self.columns[kept], self.slots[kept], self.tenths[kept])

    def with_more(self, more: Meetings, market: SlotMarket) -> Meetings:
        """Return these and more, each once."""
        every = Meetings(
            np.concatenate([self.rows, more.rows]),
            np.concatenate([self.columns, more.columns]),
            np.concatenate([self.slots, more.slots]),
            np.concatenate([self.tenths, more.tenths]),
        )
        _, once = np.unique(every.keys(market), return_index=True)
        return every.take(once)

    def keys(self, market: SlotMarket) -> IntArray:
        """Return one number for each meeting."""
        _, columns, slots = market.shape
        return (self.rows * columns + self.columns) * slots + self.slots

    def gains(self, market: SlotMarket, prices: Prices) -> FloatArray:
        """Return what each is worth to its row at prices."""
        cost = prices.slots[self.columns, self.slots] + prices.clashes[self.rows, self.slots]
        return self.tenths + market.bonus - cost


def all_meetings(market: SlotMarket) -> Meetings:
    """Return every allowed meeting: for small problems."""
    parts = [np.zeros((0, 4), dtype=np.int64)]
    for block, scores in market.blocks(market.shape[2]):
        both = market.row_open[block][:, None, :] & market.column_open[None] & (scores >= 0)[:, :, None]
        row, column, slot = np.nonzero(both)
        parts.append(np.stack([block[row], column, slot, scores[row, column].astype(np.int64)], axis=1))
    return Meetings(*np.concatenate(parts).T)


def meetings_of(market: SlotMarket, rows: IntArray, columns: IntArray) -> Meetings:
    """Return all meetings of some allowed pairs, sorted by row and column, each given once."""
    pair, slot = np.nonzero(market.row_open[rows] & market.column_open[columns])
    tenths = scores_of(market, rows, columns)
    found = Meetings(rows[pair], columns[pair], slot, tenths[pair])
    return found.take(found.tenths >= 0)


def scores_of(market: SlotMarket, rows: IntArray, columns: IntArray) -> IntArray:
    """Return the scores of single pairs, sorted by row; FORBIDDEN where a rule forbids."""
    tenths = np.empty(len(rows), dtype=np.int64)
    for block, scores in market.blocks():
        low, high = np.searchsorted(rows, [block[0], block[-1] + 1])
        tenths[low:high] = scores[rows[low:high] - block[0], columns[low:high]]
    return tenths


def first_of_each(owner: IntArray, values: FloatArray, most: int) -> IntArray:
    """Return the numbers of the `most` largest values of each owner."""
    order = np.lexsort((-values, owner))
    ordered = owner[order]
    nth = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return np.sort(order[nth < most])
