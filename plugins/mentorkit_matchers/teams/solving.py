"""From a problem of teams to its solution, with prices that bound it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from mentorkit.core.matching.certifying import bound
from mentorkit.core.problems import TENTHS, MatchingProblem, Solution
from mentorkit.core.proofs import PriceProof, RolePrices, TeamProof
from mentorkit.core.shapes import Teams
from mentorkit_matchers.optimal import Optimal
from mentorkit_matchers.teams.exactly import Proven, best_teams
from mentorkit_matchers.teams.lineup import NEVER, PLACED, Lineup, impossible, lineup_of, unit
from mentorkit_matchers.teams.searching import Search, placed_by
from mentorkit_matchers.teams.triangles import triangle_prices


def solved(problem: MatchingProblem) -> Solution:
    """Return the solution of a problem of teams."""
    lineup = lineup_of(problem)
    seated, proven = _best(lineup)
    group = np.repeat(np.arange(seated.shape[1]), len(lineup.seats))
    seating = np.tile(np.array(lineup.seats, dtype=np.int64), seated.shape[1])
    solution = Solution(group, seating, seated.T.reshape(-1), extra=_extra(lineup, seated, proven))
    if not isinstance(problem.details, Teams):  # nothing says that teams must be like this
        return solution
    pairs = tuple(_prices(lineup, pair) for pair, share in lineup.shares.items() if share)
    proof = TeamProof(pairs, triangle_prices(lineup, float(_tenths(lineup, seated))))
    most = bound(problem, proof)
    return evolve(
        solution, proof=proof, exact=(placed_by(lineup, seated), _tenths(lineup, seated)) == (most.people, most.tenths)
    )


def _best(lineup: Lineup) -> tuple[NDArray[np.int64], Proven | None]:
    """Return who sits where in teams that are allowed, and what HiGHS proved about them."""
    nobody = np.zeros((len(lineup.seats), 0), dtype=np.int64)
    if lineup.teams == 0:
        if lineup.bundles:
            raise impossible("there are too few people for a team")
        return nobody, None
    search = Search.of(lineup)
    search.improve(lineup.problem.effort)
    known = -np.inf if search.stays[:, search.worth() < NEVER / 2].any() else search.value()
    proven = None if lineup.problem.effort.over() else best_teams(lineup, known)
    if proven is not None and proven.value >= known - 1e-6:
        return proven.seated, proven
    return search.seated[:, search.allowed()], None


def _prices(lineup: Lineup, pair: tuple[str, str]) -> RolePrices:
    """Return prices of one role's people, from the best pairs of two roles on their own."""
    problem = lineup.problem
    one, other = (lineup.roles.index(role) for role in pair)
    size = len(lineup.places[other])
    counts = [lineup.seats.count(role) for role in (one, other)]
    if one == other or not lineup.teams:
        return RolePrices(pair, np.zeros(size, dtype=np.int64), 1)
    places = [np.minimum(lineup.places[role], lineup.teams) for role in (one, other)]
    first, second = (problem.seatings[role] for role in pair)
    two_sided = MatchingProblem(
        "two-sided",
        problem.occasion,
        {
            pair[1]: evolve(second, served=False, places=places[1] * counts[0]),
            pair[0]: evolve(first, served=True, places=places[0] * counts[1], covered=first.places < 0),
        },
        {pair: problem.pairs[pair]},
        objective=("total-score", "coverage"),
        seed=problem.seed,
        effort=problem.effort,
    )
    proof = Optimal().solve(None, two_sided).proof
    if not isinstance(proof, PriceProof):
        raise TypeError("the matcher optimal has no prices")
    return RolePrices(pair, proof.prices, proof.gains["total-score"])


def _tenths(lineup: Lineup, seated: NDArray[np.int64]) -> Fraction:
    total = Fraction(0)
    for (first, second), share in lineup.shares.items():
        one, other = lineup.roles.index(first), lineup.roles.index(second)
        pairs = [
            (seated[a], seated[b])
            for a, own in enumerate(lineup.seats)
            for b, role in enumerate(lineup.seats)
            if own == one and role == other and (one != other or a < b)
        ]
        scores = lineup.problem.pairs[first, second]
        whole = scores.scores(*map(np.arange, scores.shape)).astype(np.int64)
        total += share * sum(int(whole[rows, columns].sum()) for rows, columns in pairs)
    return total


def _extra(lineup: Lineup, seated: NDArray[np.int64], proven: Proven | None) -> Mapping[str, Any]:
    extra: dict[str, Any] = {"teams": seated.shape[1]}
    if proven is not None and proven.optimal:
        points = proven.bound - PLACED * round(proven.value // PLACED)
        extra["proven_by"] = "HiGHS"
        extra["proven_bound"] = round(round(points * unit(lineup)) / unit(lineup) / TENTHS, 4)
    return extra
