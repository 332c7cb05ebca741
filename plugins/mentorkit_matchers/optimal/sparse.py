"""The best matching on a sparse set of pairs, by the solvers of SciPy."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit_matchers.optimal.market import Market

_SLOTTED = 3_000_000
"""Edges to single places up to which solving an assignment is the fastest way."""


@frozen(eq=False)
class Edges:
    """Pairs that are considered, sorted by row and column.

    Attributes:
        shape: number of rows and columns of the market.
        rows: int64.
        columns: int64, same length.
        scores: in tenths; int64, same length.
    """

    shape: tuple[int, int]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    scores: NDArray[np.int64]

    @classmethod
    def of(cls, pairs: tuple[IntArray, IntArray, IntArray], shape: tuple[int, int]) -> Edges:
        """Return pairs (rows, columns, scores), each once."""
        rows, columns, scores = (part.astype(np.int64) for part in pairs)
        _, once = np.unique(rows * shape[1] + columns, return_index=True)
        return cls(shape, rows[once], columns[once], scores[once])

    def with_more(self, pairs: tuple[IntArray, IntArray, IntArray]) -> Edges:
        """Return these and more pairs, each once."""
        rows, columns, scores = pairs
        return Edges.of(
            (
                np.concatenate([self.rows, rows]),
                np.concatenate([self.columns, columns]),
                np.concatenate([self.scores, scores]),
            ),
            self.shape,
        )


def best_edges(market: Market, edges: Edges) -> IntArray:
    """Return the numbers of the edges of a best matching, ascending."""
    if not len(edges.rows):
        return np.zeros(0, dtype=np.int64)
    several = bool((market.row_places[np.unique(edges.rows)] > 1).any())
    many_slots = int(_slots(market, edges)[edges.columns].sum()) > _SLOTTED
    return _by_linear_program(market, edges) if several or many_slots else _by_assignment(market, edges)


def _slots(market: Market, edges: Edges) -> IntArray:
    """Return how many places of each column can be of use."""
    return np.minimum(market.column_places, np.bincount(edges.columns, minlength=market.shape[1]))


def _by_assignment(market: Market, edges: Edges) -> IntArray:
    """Solve for rows with one place each: a place of a column is a slot, and every row has a slot to stay out."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    gains = edges.scores * market.score_gain + np.where(market.uncovered[edges.rows], market.cover_gain, 0)
    slots = _slots(market, edges)
    first_slot = np.concatenate([[0], np.cumsum(slots)])
    people, row = np.unique(edges.rows, return_inverse=True)
    number = np.repeat(np.arange(len(edges.rows)), slots[edges.columns])
    nth = np.arange(len(number)) - np.repeat(
        np.cumsum(slots[edges.columns]) - slots[edges.columns], slots[edges.columns]
    )
    staying_out = int(gains.max()) + 1
    costs = np.concatenate([staying_out - gains[number], np.full(len(people), staying_out)]).astype(np.float64)
    rows = np.concatenate([row[number], np.arange(len(people))])
    columns = np.concatenate([first_slot[edges.columns[number]] + nth, first_slot[-1] + np.arange(len(people))])
    graph = csr_matrix((costs, (rows, columns)), shape=(len(people), int(first_slot[-1]) + len(people)))
    matched_rows, matched_slots = min_weight_full_bipartite_matching(graph)
    inside = matched_slots < first_slot[-1]
    column = np.searchsorted(first_slot, matched_slots[inside], side="right") - 1
    keys = people[matched_rows[inside]] * market.shape[1] + column
    return np.sort(np.searchsorted(edges.rows * market.shape[1] + edges.columns, keys))


def _by_linear_program(market: Market, edges: Edges) -> IntArray:
    """Solve for rows with several places: a network flow, whose linear program has whole-numbered vertices.

    Variables are the edges and, for every row to cover, whether it is covered.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix, vstack

    size = len(edges.rows)
    covering = np.flatnonzero(market.uncovered & (np.bincount(edges.rows, minlength=market.shape[0]) > 0))
    gains = np.concatenate([edges.scores * market.score_gain, np.full(len(covering), market.cover_gain)])
    ones, number, width = np.ones(size), np.arange(size), size + len(covering)
    rows = csr_matrix((ones, (edges.rows, number)), shape=(market.shape[0], width))
    columns = csr_matrix((ones, (edges.columns, number)), shape=(market.shape[1], width))
    cover = csr_matrix(
        (np.ones(len(covering)), (np.arange(len(covering)), size + np.arange(len(covering)))),
        shape=(len(covering), width),
    )
    limits = np.concatenate([market.row_places, market.column_places, np.zeros(len(covering))])
    solved = milp(
        -gains.astype(np.float64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(vstack([rows, columns, cover - rows[covering]]), ub=limits),
    )
    assert solved.x is not None, "choosing nothing is always possible"
    return np.flatnonzero(np.rint(solved.x[:size]) == 1)
