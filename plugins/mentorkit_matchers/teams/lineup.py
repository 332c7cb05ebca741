"""A problem of teams as numbers: seats by role, what two people are worth together, who must be together."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.shapes import Teams

NEVER = -1e10
"""What a pair that a rule forbids is worth."""

PLACED = 1e7
"""What it is worth that somebody gets their first team: more than all scores in a team."""


@frozen(eq=False)
class Bundle:
    """People who must be in one team, as (role, person)."""

    members: tuple[tuple[int, int], ...]


@define(frozen=True, slots=False, eq=False)
class Lineup:
    """What is to be solved.

    Attributes:
        roles: those of which a team has members.
        seats: the role of each seat of a team, by number.
        places: how many teams each person may be in, by role.
        first: who is placed for the first time by a team, by role: 1 or 0.
        worth: of two roles, what their people are worth together, in tenths times their share; NEVER where forbidden.
        bundles: people who must be together.
        teams: how many teams could be complete if everybody were allowed with everybody.
    """

    problem: MatchingProblem
    roles: tuple[str, ...]
    seats: tuple[int, ...]
    places: tuple[NDArray[np.int64], ...]
    first: tuple[NDArray[np.float64], ...]
    worth: dict[tuple[int, int], NDArray[np.float64]]
    shares: dict[tuple[str, str], Fraction]
    bundles: tuple[Bundle, ...]
    teams: int


def impossible(why: str) -> ProgramError:
    """Return the error to raise when required pairs cannot be in teams."""
    message = f"some of those who must be together cannot be in one team: {why}"
    return ProgramError(
        [error("teams-impossible", message, path="matching.rules", help="take some pairs out of the rule")]
    )


def lineup_of(problem: MatchingProblem) -> Lineup:
    """Return the numbers of a problem of teams."""
    details = problem.details if isinstance(problem.details, Teams) else Teams(dict.fromkeys(problem.seatings, 1))
    roles = tuple(problem.seatings)
    number = {role: place for place, role in enumerate(roles)}
    shares = {pair: _share(problem, details, pair) for pair in problem.pairs}
    worth = {}
    usable = [problem.seatings[role].places > 0 for role in roles]
    for (first, second), pairs in problem.pairs.items():
        tenths = pairs.scores(*map(np.arange, pairs.shape)).astype(np.float64)
        one, other = number[first], number[second]
        allowed = tenths >= 0
        if one == other:
            allowed &= allowed.T
            np.fill_diagonal(allowed, val=False)
        if one != other or details.counts[first] > 1:
            usable[one] = usable[one] & allowed.any(axis=1)
            usable[other] = usable[other] & allowed.any(axis=0)
        worth[one, other] = np.where(allowed, tenths * float(shares[first, second]), NEVER)
        worth[other, one] = worth[one, other].T
    places = tuple(
        np.where(some, problem.seatings[role].places, 0).astype(np.int64)
        for some, role in zip(usable, roles, strict=True)
    )
    return Lineup(
        problem,
        roles,
        tuple(place for place, role in enumerate(roles) for _ in range(details.counts.get(role, 0))),
        places,
        tuple((one.served & ~one.covered).astype(np.float64) for one in problem.seatings.values()),
        worth,
        shares,
        _bundles(problem, number),
        details.most_teams({role: some.tolist() for role, some in zip(roles, places, strict=True)}),
    )


def _share(problem: MatchingProblem, details: Teams, pair: tuple[str, str]) -> Fraction:
    """Return how much of a pair's score counts: its part in the mean of each of the two who is served."""
    return sum(
        (Fraction(1, _partners(problem, details, role)) for role in pair if problem.seatings[role].served), Fraction(0)
    )


def _partners(problem: MatchingProblem, details: Teams, role: str) -> int:
    """Return how many members of a team somebody's score is a mean over, at least 1."""
    found = 0
    for a, b in problem.pairs:
        if role in (a, b):
            found += details.counts[role] - 1 if a == b else details.counts[a if b == role else b]
    return max(found, 1)


def unit(lineup: Lineup) -> int:
    """Return of how many equal parts of a tenth all points are whole numbers."""
    return lcm(*(share.denominator for share in lineup.shares.values()))


def _bundles(problem: MatchingProblem, number: dict[str, int]) -> tuple[Bundle, ...]:
    found: list[set[tuple[int, int]]] = []
    for (first, second), pairs in problem.required.items():
        for a, b in pairs:
            both = {
                (number[first], problem.seatings[first].index[a]),
                (number[second], problem.seatings[second].index[b]),
            }
            apart = [one for one in found if not one & both]
            found = [*apart, both.union(*(one for one in found if one & both))]
    return tuple(Bundle(tuple(sorted(one))) for one in found)
