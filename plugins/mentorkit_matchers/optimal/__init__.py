"""The matcher `optimal`: the best two-sided matching there is, with prices that prove it."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from mentorkit.core.problems import MatchingProblem, Solution
from mentorkit.core.proofs import Price, PriceProof
from mentorkit_matchers.all_pairs import advice
from mentorkit_matchers.optimal.market import OBJECTIVES, Market, complete, market_of
from mentorkit_matchers.optimal.settling import Settled, settle
from mentorkit_matchers.optimal.worst_off import raise_the_lowest

_FREE = Price(0, 0)
"""What a place costs of somebody whom no earlier matching had."""


class Optimal:
    """Exact for any number of places on both sides."""

    name = "optimal"
    summary = "the best two-sided matching there is, with a proof"
    options: ClassVar[type[Any] | None] = None
    shapes = frozenset({"two-sided"})
    objectives: ClassVar[tuple[str, ...]] = OBJECTIVES
    in_this_order = False

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (it has none)
        """Return none."""
        return ()

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:  # noqa: ARG002 (it has none)
        """Return a matching that is best in the declared objectives, in their order."""
        objective = complete(problem)
        market = market_of(problem, objective)
        prices = _head_start(problem, market)
        at_least, stricter = 0, None
        if "worst-off" in objective:
            before = market_of(problem, objective[: objective.index("worst-off")])
            at_least, stricter = raise_the_lowest(
                evolve(before, pairs=market.pairs), lambda one: settle(one, np.zeros_like(prices))
            )
        settled = settle(evolve(market, at_least=at_least), prices)
        proof = PriceProof(settled.prices, dict(market.gains), at_least, stricter)
        return _solution(problem, market, settled, proof)


def _head_start(problem: MatchingProblem, market: Market) -> NDArray[np.int64]:
    """Return the prices to begin with, of each column."""
    ((_, second), _) = next(iter(problem.pairs.items()))
    known = [problem.head_start.get(person, _FREE) for person in problem.seatings[second].people]
    prices = [one.covers * market.cover_gain + one.tenths * market.score_gain for one in known]
    return np.array([min(max(0, one), market.most_gain) for one in prices], dtype=np.int64)


def _solution(problem: MatchingProblem, market: Market, settled: Settled, proof: PriceProof) -> Solution:
    """Return pairs as groups, in the order of the people who want."""
    rows = np.concatenate([market.required[:, 0], settled.rows])
    columns = np.concatenate([market.required[:, 1], settled.columns])
    order = np.lexsort((columns, rows))
    (first, second) = next(iter(problem.pairs))
    roles = list(problem.seatings)
    group = np.repeat(np.arange(len(order)), 2)
    seating = np.tile([roles.index(first), roles.index(second)], len(order))
    person = np.stack([rows[order], columns[order]], axis=1).reshape(-1)
    found = advice(market.shape)
    return Solution(group, seating, person, exact=settled.best, proof=proof, diagnostics=found)
