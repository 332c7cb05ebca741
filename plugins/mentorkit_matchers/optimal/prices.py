"""Prices of the offering people that justify a matching: at them nobody would rather have somebody else."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import BoolArray, IntArray
from mentorkit_matchers.optimal.market import Market
from mentorkit_matchers.optimal.sparse import Edges

_NEVER = 2**61


@frozen(eq=False)
class Offer:
    """What everybody on both sides is content with.

    Attributes:
        prices: of each column; int64, at least 0.
        thresholds: what a further partner would have to gain, price subtracted, for a row to change; int64.
    """

    prices: NDArray[np.int64]
    thresholds: NDArray[np.int64]


def offer_at(market: Market, edges: Edges, chosen: IntArray) -> Offer:
    """Return the least prices at which no pair among `edges` would be better than the chosen ones.

    A pair that is not chosen must not gain more than its row's threshold: what the row's worst partner gains, or what
    a free place of the row is worth. Raising prices until that holds is the search for longest paths of R. Bellman
    (1958); it ends because the chosen pairs are the best among `edges`.
    """
    taken = np.zeros(len(edges.rows), dtype=np.bool_)
    taken[chosen] = True
    free = _worth_of_a_free_place(market, edges, taken)
    gains = edges.scores * market.score_gain
    by_column = np.argsort(edges.columns[~taken], kind="stable")
    others = np.flatnonzero(~taken)[by_column]
    columns, starts = np.unique(edges.columns[others], return_index=True)
    prices = np.zeros(market.shape[1], dtype=np.int64)
    for _ in range(sum(market.shape) + 1):
        thresholds = free.copy()
        np.minimum.at(thresholds, edges.rows[chosen], gains[chosen] - prices[edges.columns[chosen]])
        if not len(others):
            break
        asked = np.maximum.reduceat(gains[others] - thresholds[edges.rows[others]], starts)
        if (asked <= prices[columns]).all():
            break
        prices[columns] = np.maximum(prices[columns], asked)
    return Offer(prices, thresholds)


def _worth_of_a_free_place(market: Market, edges: Edges, taken: BoolArray) -> NDArray[np.int64]:
    """Return what a further pair must gain for a row with a free place: nothing, or less where it covers the row."""
    partners = np.bincount(edges.rows[taken], minlength=market.shape[0])
    first = np.where((partners == 0) & market.uncovered, -market.cover_gain, 0)
    return np.where(partners < market.row_places, first, _NEVER).astype(np.int64)
