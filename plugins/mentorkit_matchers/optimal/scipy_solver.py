"""The best matching on the considered pairs by the solvers of SciPy, and prices that justify it."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import BoolArray, IntArray
from mentorkit_matchers.all_pairs import FoundPairs
from mentorkit_matchers.optimal.market import Market
from mentorkit_matchers.optimal.offers import Offer

_SLOTTED = 3_000_000
"""Edges to single places up to which solving an assignment is the fastest way."""

_NEVER = 2**61


@frozen(eq=False)
class ScipySolver:
    """Solves every round anew."""

    market: Market

    def solve(self, edges: FoundPairs, aside: int) -> Offer:  # noqa: ARG002 (it leaves nobody aside)
        """Return the best matching on the edges."""
        chosen = _best_edges(self.market, edges)
        prices, thresholds = _prices_at(self.market, edges, chosen)
        return Offer(chosen, prices, thresholds)


def _best_edges(market: Market, edges: FoundPairs) -> NDArray[np.int64]:
    """Return the numbers of the edges of a best matching, ascending."""
    if not len(edges):
        return np.zeros(0, dtype=np.int64)
    several = bool((market.row_places[np.unique(edges.rows)] > 1).any())
    many_slots = int(_slots(market, edges)[edges.columns].sum()) > _SLOTTED
    return _by_linear_program(market, edges) if several or many_slots else _by_assignment(market, edges)


def _slots(market: Market, edges: FoundPairs) -> IntArray:
    """Return how many places of each column can be of use."""
    return np.minimum(market.column_places, np.bincount(edges.columns, minlength=market.shape[1]))


def _by_assignment(market: Market, edges: FoundPairs) -> NDArray[np.int64]:
    """Solve for rows with one place each: a place of a column is a slot, and every row has a slot to stay out."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    gains = market.worth(edges.rows, edges.columns, edges.tenths) + market.covers[edges.rows]
    slots = _slots(market, edges)
    first_slot = np.concatenate([[0], np.cumsum(slots)])
    people, row = np.unique(edges.rows, return_inverse=True)
    number = np.repeat(np.arange(len(edges)), slots[edges.columns])
    nth = np.arange(len(number)) - np.repeat(
        np.cumsum(slots[edges.columns]) - slots[edges.columns], slots[edges.columns]
    )
    gain = gains[number] - market.place_costs(edges.columns[number], nth)
    staying_out = max(0, int(gain.max(initial=0))) + 1
    costs = np.concatenate([staying_out - gain, np.full(len(people), staying_out)]).astype(np.float64)
    rows = np.concatenate([row[number], np.arange(len(people))])
    columns = np.concatenate([first_slot[edges.columns[number]] + nth, first_slot[-1] + np.arange(len(people))])
    graph = csr_matrix((costs, (rows, columns)), shape=(len(people), int(first_slot[-1]) + len(people)))
    matched_rows, matched_slots = min_weight_full_bipartite_matching(graph)
    inside = matched_slots < first_slot[-1]
    column = np.searchsorted(first_slot, matched_slots[inside], side="right") - 1
    keys = people[matched_rows[inside]] * market.shape[1] + column
    return np.sort(np.searchsorted(edges.rows * market.shape[1] + edges.columns, keys))


def _by_linear_program(market: Market, edges: FoundPairs) -> NDArray[np.int64]:
    """Solve for rows with several places: a network flow, whose linear program has whole-numbered vertices.

    Variables are the edges; for every row to cover, whether it is covered; and where the load is to be even, for every
    place of a column, whether it is taken.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix, hstack, vstack

    size, (row_count, column_count) = len(edges), market.shape
    covering = np.flatnonzero(market.uncovered & (np.bincount(edges.rows, minlength=row_count) > 0))
    slots = _slots(market, edges) if market.even_gain else np.zeros(column_count, dtype=np.int64)
    owner = np.repeat(np.arange(column_count), slots)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(slots) - slots, slots)
    gains = np.concatenate(
        [
            market.worth(edges.rows, edges.columns, edges.tenths),
            np.full(len(covering), market.cover_gain),
            -market.place_costs(owner, nth),
        ]
    )

    def incidence(of: IntArray, count: int) -> csr_matrix:
        return csr_matrix((np.ones(len(of)), (of, np.arange(len(of)))), shape=(count, len(of)))

    def empty(count: int, width: int) -> csr_matrix:
        return csr_matrix((count, width))

    by_row, by_column = incidence(edges.rows, row_count), incidence(edges.columns, column_count)
    places = incidence(owner, column_count)
    chosen_cover = incidence(np.arange(len(covering)), len(covering))
    matrix = vstack(
        [
            hstack([by_row, empty(row_count, len(covering)), empty(row_count, len(owner))]),
            hstack([by_column, empty(column_count, len(covering)), -places]),
            hstack([-by_row[covering], chosen_cover, empty(len(covering), len(owner))]),
        ]
    )
    room = np.zeros(column_count) if market.even_gain else market.column_places
    limits = np.concatenate([market.row_places, room, np.zeros(len(covering))])
    solved = milp(
        -gains.astype(np.float64), bounds=Bounds(0, 1), constraints=LinearConstraint(matrix.tocsr(), ub=limits)
    )
    assert solved.x is not None, "choosing nothing is always possible"
    return np.flatnonzero(np.rint(solved.x[:size]) == 1)


def _prices_at(market: Market, edges: FoundPairs, chosen: IntArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the least prices at which no pair among `edges` would be better than the chosen ones, and thresholds.

    A pair that is not chosen must not gain more than its row's threshold: what the row's worst partner gains, or what
    a free place of the row is worth. Raising prices until that holds is the search for longest paths of R. Bellman
    (1958); it ends because the chosen pairs are the best among `edges`.
    """
    taken = np.zeros(len(edges), dtype=np.bool_)
    taken[chosen] = True
    free = _worth_of_a_free_place(market, edges, taken)
    edge_rows, edge_columns = edges.rows, edges.columns
    gains = market.worth(edge_rows, edge_columns, edges.tenths)
    by_column = np.argsort(edge_columns[~taken], kind="stable")
    others = np.flatnonzero(~taken)[by_column]
    columns, starts = np.unique(edge_columns[others], return_index=True)
    prices = _least_prices(market, edges, chosen)
    for _ in range(sum(market.shape) + 1):
        thresholds = free.copy()
        np.minimum.at(thresholds, edge_rows[chosen], gains[chosen] - prices[edge_columns[chosen]])
        if not len(others):
            break
        asked = np.maximum.reduceat(gains[others] - thresholds[edge_rows[others]], starts)
        if (asked <= prices[columns]).all():
            break
        prices[columns] = np.maximum(prices[columns], asked)
    return prices, thresholds


def _least_prices(market: Market, edges: FoundPairs, chosen: IntArray) -> NDArray[np.int64]:
    """Return what the last taken place of each column costs for the load to be even, or the first where none is."""
    everybody = np.arange(market.shape[1])
    loads = np.bincount(edges.columns[chosen], minlength=market.shape[1])
    return market.place_costs(everybody, np.maximum(loads - 1, 0))


def _worth_of_a_free_place(market: Market, edges: FoundPairs, taken: BoolArray) -> NDArray[np.int64]:
    """Return what a further pair must gain for a row with a free place: nothing, or less where it covers the row."""
    partners = np.bincount(edges.rows[taken], minlength=market.shape[0])
    first = np.where((partners == 0) & market.uncovered, -market.cover_gain, 0)
    return np.where(partners < market.row_places, first, _NEVER).astype(np.int64)
