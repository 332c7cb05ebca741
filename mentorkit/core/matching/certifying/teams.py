"""The bound that prices prove on a problem of teams: for every two roles as if there were no others.

Whatever the teams are, the pairs of two roles in them are pairs of a two-sided matching, in which nobody has more
partners than teams give them. Prices bound each of these matchings, and their sum bounds the teams.
Source: A. M. Geoffrion, "Lagrangean relaxation for integer programming" (1974).
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.bound import Bound
from mentorkit.core.problems import BoolArray, MatchingProblem
from mentorkit.core.proofs import RolePrices, TeamProof, TrianglePrices
from mentorkit.core.shapes import Teams

_BLOCK = 2_000_000
"""Pairs that are looked at together."""

_NEVER = -(2**45)


def team_bound(problem: MatchingProblem, proof: TeamProof) -> Bound:
    """Return the most people that complete teams can hold and, with as many, the most tenths of points.

    Raises:
        ValueError: the prices are not a proof: not of every two roles that count, negative, or of the wrong number.
    """
    details = problem.details
    if not isinstance(details, Teams) or set(details.counts) != set(problem.seatings):
        raise ValueError("has prices of teams, which prove nothing in a problem without")
    usable = _usable(problem)
    places = {role: np.where(usable[role], seating.places, 0) for role, seating in problem.seatings.items()}
    teams = details.most_teams({role: some.tolist() for role, some in places.items()})
    people = sum(
        min(details.counts[role] * teams, int((usable[role] & ~seating.covered).sum()))
        for role, seating in problem.seatings.items()
        if seating.served
    )
    degrees = {role: _degree(problem, details, role) for role in details.counts}
    shares = lcm(*(max(one, 1) for one in degrees.values()))
    counted = {pair: _share(problem, degrees, pair) for pair in problem.pairs}
    if sorted(one.between for one in proof.pairs) != sorted(pair for pair, share in counted.items() if share):
        raise ValueError("does not have prices for every two roles that count")
    tenths = sum(
        (counted[one.between] * _of_two_roles(problem, details, one, places, teams) for one in proof.pairs), Fraction(0)
    )
    if proof.triangle is not None:
        triangle = _of_three_roles(problem, details, proof.triangle, places, teams, counted)
        tenths = min(tenths, Fraction(triangle, proof.triangle.tenth))
    looked_at = sum(shape[0] * shape[1] for shape in (problem.pairs[one.between].shape for one in proof.pairs))
    return Bound(people, Fraction(int(tenths * shares // 1), shares), looked_at)


def _usable(problem: MatchingProblem) -> dict[str, BoolArray]:
    """Return who has a place, and somebody they are allowed with in every role that theirs is paired with."""
    usable = {role: seating.places > 0 for role, seating in problem.seatings.items()}
    for (first, second), pairs in problem.pairs.items():
        columns = np.arange(pairs.shape[1])
        some_row, some_column = (np.zeros(size, dtype=np.bool_) for size in pairs.shape)
        step = max(1, _BLOCK // max(1, len(columns)))
        if first == second and problem.details.counts[first] == 1:
            continue
        for start in range(0, pairs.shape[0], step):
            rows = np.arange(start, min(start + step, pairs.shape[0]))
            allowed = pairs.scores(rows, columns) >= 0
            some_row[rows] = allowed.any(axis=1)
            some_column |= allowed.any(axis=0)
        usable[first] = usable[first] & some_row
        usable[second] = usable[second] & some_column
    return usable


def _degree(problem: MatchingProblem, details: Teams, role: str) -> int:
    """Return with how many members of a team the score of a member with this role is a mean over."""
    with_others = sum(details.counts[a if b == role else b] for a, b in problem.pairs if a != b and role in (a, b))
    return with_others + (details.counts[role] - 1 if (role, role) in problem.pairs else 0)


def _share(problem: MatchingProblem, degrees: dict[str, int], pair: tuple[str, str]) -> Fraction:
    """Return how much of a pair's score counts: once for each of the two who is served, in their mean."""
    return sum(
        (Fraction(1, degrees[one]) for one in pair if problem.seatings[one].served and degrees[one]), Fraction(0)
    )


def _of_two_roles(
    problem: MatchingProblem, details: Teams, proof: RolePrices, places: dict[str, NDArray[np.int64]], teams: int
) -> Fraction:
    """Return the most tenths that the pairs of two roles can have altogether."""
    first, second = proof.between
    pairs = problem.pairs[proof.between]
    if proof.prices.shape != (pairs.shape[1],) or (proof.prices < 0).any() or proof.tenth <= 0:
        raise ValueError(f"has prices that are not one of at least 0 per {second}")
    alike = first == second
    partners, partners_back = (details.counts[role] - alike for role in (second, first))
    if teams == 0 or partners == 0:
        return Fraction(0)
    rows, columns = (np.flatnonzero(places[role] > 0) for role in proof.between)
    worth = np.zeros(len(rows), dtype=np.int64)
    step = max(1, _BLOCK // max(1, len(columns)))
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        tenths = pairs.scores(some, columns)
        gains = np.maximum(tenths.astype(np.int64) * proof.tenth - proof.prices[columns], 0)
        gains[tenths < 0] = 0
        if partners < len(columns):
            gains = -np.partition(-gains, partners - 1, axis=1)[:, :partners]
        worth[start : start + step] = gains.sum(axis=1)
    each = np.minimum(places[first][rows], teams)
    best = np.sort(np.repeat(worth, each))[::-1][: teams * details.counts[first]]
    paid = proof.prices[columns] @ np.minimum(places[second][columns], teams) * partners_back
    return Fraction(int(best.sum()) + int(paid), proof.tenth * (2 if alike else 1))


def _of_three_roles(
    problem: MatchingProblem,
    details: Teams,
    proof: TrianglePrices,
    places: dict[str, NDArray[np.int64]],
    teams: int,
    counted: dict[tuple[str, str], Fraction],
) -> int:
    """Return the most that teams of three are worth, where people of the first role take the two best at the prices."""
    if list(details.counts.values()) != [1, 1, 1]:
        raise ValueError("has prices for teams of three, which these are not")
    roles = list(problem.seatings)
    people = [np.flatnonzero(places[role] > 0) for role in roles]
    prices = (proof.second, proof.third)
    if any(one.shape != places[role].shape or (one < 0).any() for one, role in zip(prices, roles[1:], strict=True)):
        raise ValueError("has prices that are not one of at least 0 per person")
    if proof.tenth <= 0 or any((share * proof.tenth).denominator > 1 for share in counted.values()):
        raise ValueError("has prices in which a pair's part of a mean is no whole number")
    if teams == 0:
        return 0
    second, third = prices[0][people[1]], prices[1][people[2]]
    worth = {}
    for one, other in ((0, 1), (0, 2), (1, 2)):
        worth[one, other] = np.zeros((len(people[one]), len(people[other])), dtype=np.int64)
        for a, b in ((one, other), (other, one)):
            if (roles[a], roles[b]) in problem.pairs:
                tenths = problem.pairs[roles[a], roles[b]].scores(people[a], people[b]).astype(np.int64)
                part = np.where(tenths < 0, _NEVER, tenths * int(counted[roles[a], roles[b]] * proof.tenth))
                worth[one, other] += part if (a, b) == (one, other) else part.T
    beside = worth[1, 2] - second[:, None] - third
    best = [int((beside + row[:, None] + column).max()) for row, column in zip(worth[0, 1], worth[0, 2], strict=True)]
    each = np.minimum(places[roles[0]][people[0]], teams)
    of_the_first = np.sort(np.repeat(np.maximum(best, 0), each))[::-1][:teams].sum()
    paid = second @ np.minimum(places[roles[1]][people[1]], teams) + third @ np.minimum(
        places[roles[2]][people[2]], teams
    )
    return int(of_the_first) + int(paid)
