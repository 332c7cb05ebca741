"""Column generation: solve on few promising pairs, look through all pairs for better ones, until there are none.

At that point the prices prove that no allowed matching is better. Source: the pricing of columns of L. R. Ford and
D. R. Fulkerson (1958) and of P. C. Gilmore and R. E. Gomory (1961), on the assignment problem.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit_matchers.all_pairs import EXCLUDED, FoundPairs, Search, compiles
from mentorkit_matchers.optimal.market import Market
from mentorkit_matchers.optimal.offers import Offer
from mentorkit_matchers.optimal.stopping import filled_up, likely_prices

_FIRST_CHOICES = 16
"""Pairs per row to start with."""

_MORE_CHOICES = 8
"""Pairs per row that one look through all pairs may add."""

_SMALL = 60_000
"""Pairs of a problem so small that all are considered at once."""

_ASIDE = (0.1, 0.02, 0.002)
"""Shares of the rows that may be left aside in the first rounds: those who are hardest to place wait for more pairs."""


_PARTLY = 0.25
"""Share of all pairs from which on it is quicker to look at all than at those that can have become better."""


class Solver(Protocol):
    """Solves for the considered pairs."""

    def solve(self, edges: FoundPairs, aside: int) -> Offer:
        """Return the best matching on the edges; up to `aside` rows may be left without the place that they want."""
        ...


@frozen(eq=False)
class Settled:
    """A matching and prices.

    Attributes:
        rows: of the chosen pairs; int64.
        columns: same length.
        prices: of each column.
        best: whether the prices prove that nothing is better; False where the time was up.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    prices: NDArray[np.int64]
    best: bool


def settle(market: Market, head_start: IntArray) -> Settled:
    """Return the best matching of a market, or where the time is up the best found, with prices.

    Args:
        market: what is to be solved.
        head_start: prices to begin with, of each column; any do. Where there are some, nobody is left aside: what is
            left to do is little, and each round takes a look through all pairs.
    """
    edges = _first_pairs(market, head_start).once()
    solver, known, rounds = _solver(market, head_start), _Known(market), 0
    leaving = () if head_start.any() else _ASIDE
    while True:
        aside = int(market.shape[0] * leaving[rounds]) if rounds < len(leaving) else 0
        offer = solver.solve(edges, aside)
        rounds += 1
        market.effort.tell("matching", 1 - 0.5**rounds)
        if market.effort.over():
            return _settled(market, edges, offer, best=False)
        grown = edges.with_more(known.better_pairs(offer))
        if len(grown) == len(edges) and offer.settled:
            return _settled(market, edges, offer, best=not market.effort.over())
        edges = grown


@define(eq=False)
class _Known:
    """What earlier looks have shown: only rows that now get less, and columns that now cost less, can be better.

    Attributes:
        most: what each row could gain in all pairs at `prices`; None before the first look.
        prices: of the last look.
    """

    market: Market
    most: NDArray[np.int64] | None = None
    prices: NDArray[np.int64] | None = None

    def better_pairs(self, offer: Offer) -> FoundPairs:
        """Return pairs that are better at the prices of an offer than what their rows have."""
        found = self._found(offer)
        rows = found.rows
        over = found.tenths * self.market.score_gain - offer.prices[found.columns] - offer.thresholds[rows]
        more = np.zeros(self.market.shape[0], dtype=np.int64)
        np.maximum.at(more, rows, over)
        self.most, self.prices = offer.thresholds + more, offer.prices
        return found

    def _found(self, offer: Offer) -> FoundPairs:
        if self.most is None or self.prices is None:
            return _look(self.market, offer.prices, offer.thresholds, _MORE_CHOICES)
        rows = np.flatnonzero(offer.thresholds < self.most)
        columns = np.flatnonzero(offer.prices < self.prices)
        (all_rows, all_columns) = self.market.shape
        if len(rows) * all_columns + len(columns) * all_rows > all_rows * all_columns * _PARTLY:
            return _look(self.market, offer.prices, offer.thresholds, _MORE_CHOICES)
        by_row = _look(self.market, offer.prices, offer.thresholds, _MORE_CHOICES, rows=rows)
        if not len(columns):
            return by_row
        by_column = _look(self.market, offer.prices, offer.thresholds, _MORE_CHOICES, columns=columns)
        return by_row.with_more(by_column)


def _solver(market: Market, head_start: IntArray) -> Solver:
    from mentorkit_matchers.optimal.scipy_solver import ScipySolver

    if int(market.row_places.max(initial=0)) > 1 or not compiles(market.shape):
        return ScipySolver(market)
    from mentorkit_matchers.optimal.compiled_solver import CompiledSolver

    return CompiledSolver.of(market, head_start)


def _settled(market: Market, edges: FoundPairs, offer: Offer, *, best: bool) -> Settled:
    rows, columns, prices = edges.rows[offer.chosen], edges.columns[offer.chosen], offer.prices
    if not best:
        rows, columns = filled_up(market, rows, columns)
        prices = likely_prices(market, prices)
    return Settled(rows, columns, np.where(market.column_places > 0, prices, market.most_gain), best)


def _first_pairs(market: Market, prices: IntArray) -> FoundPairs:
    nothing = np.full(market.shape[0], -EXCLUDED)
    found = _look(market, prices, nothing, _FIRST_CHOICES)
    if not market.kept_gain or not len(market.kept):
        return found
    rows, columns = market.kept.T
    tenths = market.pairs.of(rows, columns)
    free = (tenths >= market.at_least) & (market.row_places[rows] > 0) & (market.column_places[columns] > 0)
    return found.with_more(FoundPairs.of(rows[free], columns[free], tenths[free]))


def _look(
    market: Market,
    prices: IntArray,
    thresholds: IntArray,
    most: int,
    *,
    rows: IntArray | None = None,
    columns: IntArray | None = None,
) -> FoundPairs:
    small = market.shape[0] * market.shape[1] <= _SMALL
    several = int(market.row_places.max(initial=1)) - 1  # a row's own partners are above its threshold, too
    if not (market.row_places > 0).all():
        free = market.row_places > 0
        rows = np.flatnonzero(free) if rows is None else rows[free[rows]]
    return market.pairs.better(
        Search(
            np.where(market.column_places > 0, prices, EXCLUDED),
            thresholds,
            market.shape[1] if small else most + several,
            gain=market.score_gain,
            seed=market.seed,
            rows=rows,
            columns=columns,
            at_least=market.at_least,
        )
    )
