"""The matcher `optimal`: the best two-sided matching there is, with prices that prove it.

Column generation: solve on few promising pairs, derive prices of the offering people, look through all pairs for some
that would be better at these prices, add them, and repeat until there are none. At that point the prices prove that no
allowed matching is better. Source: the pricing of columns of L. R. Ford and D. R. Fulkerson (1958) and of
P. C. Gilmore and R. E. Gomory (1961), on the assignment problem.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from mentorkit.core.problems import IntArray, MatchingProblem, Solution
from mentorkit.core.proofs import PriceProof
from mentorkit_matchers.optimal.market import Market, market_of
from mentorkit_matchers.optimal.prices import Offer, offer_at
from mentorkit_matchers.optimal.promising import promising_pairs
from mentorkit_matchers.optimal.sparse import Edges, best_edges

FIRST_CHOICES = 16
"""Pairs per served person to start with."""

MORE_CHOICES = 8
"""Pairs per served person that one look through all pairs may add."""


class Optimal:
    """Exact for any number of places on both sides."""

    name = "optimal"
    summary = "the best two-sided matching there is, with a proof"
    options: ClassVar[type[Any] | None] = None
    shapes = frozenset({"two-sided"})

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (it has none)
        """Return none."""
        return ()

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:  # noqa: ARG002 (it has none)
        """Return a matching that is best in coverage and total score, in the declared order.

        Raises:
            ProgramError: the objective names something else.
        """
        market = market_of(problem)
        edges, chosen, offer = _settle(market)
        rows = np.concatenate([market.required[:, 0], edges.rows[chosen]])
        columns = np.concatenate([market.required[:, 1], edges.columns[chosen]])
        prices = np.where(market.column_places > 0, offer.prices, market.most_gain)
        return _solution(problem, rows, columns, PriceProof(prices, market.gains))


def _settle(market: Market) -> tuple[Edges, IntArray, Offer]:
    """Return the pairs considered, the numbers of the chosen ones, and an offer that nobody has a reason to refuse."""
    nobody = Offer(np.zeros(market.shape[1], dtype=np.int64), np.full(market.shape[0], -market.most_gain))
    edges = Edges.of(promising_pairs(market, nobody, market.choices(FIRST_CHOICES)), market.shape)
    while True:
        chosen = best_edges(market, edges)
        offer = offer_at(market, edges, chosen)
        better = promising_pairs(market, offer, market.choices(MORE_CHOICES))
        grown = edges.with_more(better)
        if len(grown.rows) == len(edges.rows):
            return edges, chosen, offer
        edges = grown


def _solution(problem: MatchingProblem, rows: IntArray, columns: IntArray, proof: PriceProof) -> Solution:
    """Return pairs as groups, in the order of the people who want."""
    order = np.lexsort((columns, rows))
    (first, second) = next(iter(problem.pairs))
    roles = list(problem.seatings)
    group = np.repeat(np.arange(len(order)), 2)
    seating = np.tile([roles.index(first), roles.index(second)], len(order))
    person = np.stack([rows[order], columns[order]], axis=1).reshape(-1)
    return Solution(group, seating, person, exact=True, proof=proof)
