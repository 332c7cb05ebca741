"""What is done when the time is up: whoever has no partner yet gets the best one who still has a free place."""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from mentorkit.core.problems import TENTHS, Effort, IntArray
from mentorkit_matchers.all_pairs import EXCLUDED, AllPairs, FoundPairs, Search
from mentorkit_matchers.optimal.market import Market

_CHOICES = 16
"""Pairs per row that are looked at."""

_LOOKS = 3
"""How often those who found nobody look again among the places that are left."""


def filled_up(
    market: Market, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return chosen pairs with more of them: the best pairs first, as long as both people have a place.

    This takes one more look through the pairs of those who are left over, whatever the time.
    """
    pairs: AllPairs = evolve(market.pairs, effort=Effort())  # type: ignore[misc]  # both ways are attrs classes
    for _ in range(_LOOKS):
        wanting = np.bincount(rows, minlength=market.shape[0]) == 0
        seekers = np.flatnonzero(wanting & (market.row_places > 0))
        room = market.column_places - np.bincount(columns, minlength=market.shape[1])
        free = np.flatnonzero(room > 0)
        if not len(seekers) or not len(free):
            break
        nothing = np.full(market.shape[0], -EXCLUDED)
        costs = np.where(room > 0, 0, EXCLUDED)
        search = Search(
            costs, nothing, _CHOICES, seed=market.seed, rows=seekers, columns=free, at_least=market.at_least
        )
        found = pairs.better(search)
        taken = _greedily(found, room)
        if not len(taken):
            break
        rows = np.concatenate([rows, found.rows[taken]])
        columns = np.concatenate([columns, found.columns[taken]])
    return rows, columns


def likely_prices(market: Market, prices: IntArray) -> NDArray[np.int64]:
    """Return prices that bound points well although the search has not ended.

    While somebody still seeks a place, prices can be as high as a place for one more person is worth. Where there are
    places for everybody that says nothing, and no place is worth more than the best pair.
    """
    wanted = int((market.row_places > 0).sum())
    if market.column_places.sum() < wanted:
        return prices.astype(np.int64)
    return np.minimum(prices, 100 * TENTHS * market.score_gain + market.kept_gain).astype(np.int64)


def _greedily(found: FoundPairs, room: IntArray) -> NDArray[np.int64]:
    """Return the numbers of pairs that fit when the best come first; a row takes one."""
    placed, left, taken = set[int](), room.tolist(), []
    order = np.lexsort((found.columns, found.rows, -found.tenths))
    for number, row, column in zip(
        order.tolist(), found.rows[order].tolist(), found.columns[order].tolist(), strict=True
    ):
        if row not in placed and left[column] > 0:
            placed.add(row)
            left[column] -= 1
            taken.append(number)
    return np.array(taken, dtype=np.int64)
