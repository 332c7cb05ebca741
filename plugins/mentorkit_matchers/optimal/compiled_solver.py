"""The best matching on the considered pairs and its prices, by the compiled solver, which goes on where it stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit_matchers.all_pairs import FoundPairs
from mentorkit_matchers.optimal.market import Market
from mentorkit_matchers.optimal.offers import Offer

if TYPE_CHECKING:
    from mentorkit_matchers.optimal.primal_dual import Graph, State


@define(eq=False)
class CompiledSolver:
    """Lives for one search: it keeps prices and partners from one round to the next.

    Where the load is to be even, each place of a column is a column of its own that costs more than the one before.

    Attributes:
        owner: the column of each place (or of all places together, where these are alike); int64.
        places: how many rows fit; int64, same length.
        costs: what a place costs for the load to be even; int64, same length.
        prices: beside the costs; int64, same length.
        partner: the place of each row, or -1; int64.
    """

    market: Market
    owner: NDArray[np.int64]
    places: NDArray[np.int64]
    costs: NDArray[np.int64]
    prices: NDArray[np.int64]
    partner: NDArray[np.int64]

    @classmethod
    def of(cls, market: Market, prices: IntArray) -> CompiledSolver:
        """Return a solver that starts with these prices of columns."""
        rows, columns = market.shape
        useful = np.minimum(market.column_places, rows)
        if market.even_gain:
            owner = np.repeat(np.arange(columns), useful)
            nth = np.arange(len(owner)) - np.repeat(np.cumsum(useful) - useful, useful)
            places, costs = np.ones(len(owner), dtype=np.int64), market.place_costs(owner, nth)
        else:
            owner, places, costs = np.arange(columns), useful, np.zeros(columns, dtype=np.int64)
        start = np.maximum(prices[owner] - costs, 0).astype(np.int64)
        return cls(market, owner, places, costs, start, np.full(rows, -1, dtype=np.int64))

    def solve(self, edges: FoundPairs, aside: int) -> Offer:
        """Return the best matching on the edges; up to `aside` rows may be left without the place that they want."""
        from mentorkit_matchers.optimal import primal_dual

        options, state = self._options(edges), self._state()
        by_row = primal_dual.Graph(_starts(options.rows, self.market.shape[0]), options.places, options.gains)
        primal_dual.keep_the_best(by_row, state)
        left = primal_dual.place_rows(by_row, state, aside)
        if not left:
            primal_dual.fill_places(options.by_place(len(self.owner)), state)
        chosen = options.edges_of(np.flatnonzero(self.partner[options.rows] == options.places))
        return Offer(np.sort(chosen), self.next_prices(), state.worth - self.market.covers, settled=left == 0)

    def _state(self) -> State:
        from mentorkit_matchers.optimal.primal_dual import State

        first = np.concatenate([[0], np.cumsum(self.places)])
        worth = np.zeros(len(self.partner), dtype=np.int64)
        filled, holders = np.zeros(len(self.owner), dtype=np.int64), np.full(first[-1], -1, dtype=np.int64)
        return State(self.prices, worth, self.partner, first, filled, holders)

    def next_prices(self) -> NDArray[np.int64]:
        """Return what the cheapest place of each column costs, its part in an even load included."""
        if not self.market.even_gain:
            return self.prices.copy()
        prices = np.full(self.market.shape[1], self.market.most_gain, dtype=np.int64)
        np.minimum.at(prices, self.owner, self.prices + self.costs)
        return prices

    def _options(self, edges: FoundPairs) -> _Options:
        """Return edges to places, by row."""
        rows, columns = edges.rows, edges.columns
        gains = self.market.worth(rows, columns, edges.tenths)
        gains += self.market.covers[rows]
        if not self.market.even_gain:
            return _Options(rows.astype(np.int32), columns.astype(np.int32), gains)
        first = np.searchsorted(self.owner, np.arange(self.market.shape[1] + 1))
        many = (first[1:] - first[:-1])[columns]
        number = np.repeat(np.arange(len(gains)), many)
        place = first[columns[number]] + np.arange(len(number)) - np.repeat(np.cumsum(many) - many, many)
        gains = gains[number] - self.costs[place]
        return _Options(rows[number].astype(np.int32), place.astype(np.int32), gains, number)


@frozen(eq=False)
class _Options:
    """Edges to single places, or to all places of a column together, by row.

    Attributes:
        rows: int32.
        places: int32, same length.
        gains: int64, same length.
        number: of the edge of each; None: they are the edges.
    """

    rows: NDArray[np.int32]
    places: NDArray[np.int32]
    gains: NDArray[np.int64]
    number: NDArray[np.int64] | None = None

    def by_place(self, count: int) -> Graph:
        """Return them as they are seen from so many places."""
        from mentorkit_matchers.optimal.primal_dual import Graph

        order = np.argsort(self.places, kind="stable")
        return Graph(_starts(self.places[order], count), self.rows[order], self.gains[order])

    def edges_of(self, some: IntArray) -> IntArray:
        """Return the numbers of the edges of some."""
        return some if self.number is None else self.number[some]


def _starts(sorted_numbers: IntArray, count: int) -> NDArray[np.int64]:
    """Return where each number starts among sorted ones, and where the last one ends."""
    return np.searchsorted(sorted_numbers, np.arange(count + 1, dtype=sorted_numbers.dtype)).astype(np.int64)
