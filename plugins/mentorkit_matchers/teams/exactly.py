"""The best teams there are, proven by HiGHS, where all possible teams can be listed."""

from __future__ import annotations

from itertools import combinations, product
from math import comb, prod
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit_matchers.linear import LinearProgram, optimum, whole_optimum
from mentorkit_matchers.teams.lineup import NEVER, PLACED, Lineup

_MOST = 30_000
"""Possible teams up to which all are listed."""

_NODES = 400
"""Nodes of the search for a proof: a limit that, unlike one of time, is the same on every machine."""

_TOLERANCE = 0.5
"""Tenths of points by which a bound of HiGHS may be wrong."""


@frozen(eq=False)
class Proven:
    """The best teams, or the best that were found.

    Attributes:
        seated: who sits where, shape (seats, teams).
        value: what they are worth, first places included.
        bound: what nothing exceeds, as HiGHS says.
        optimal: whether HiGHS proved that nothing is better.
    """

    seated: NDArray[np.int64]
    value: float
    bound: float
    optimal: bool


def best_teams(lineup: Lineup, known: float) -> Proven | None:
    """Return the best teams that are no worse than known ones; None: there are none, or too many to look at."""
    people = [np.flatnonzero(some) for some in lineup.places]
    counts = [lineup.seats.count(role) for role in range(len(lineup.roles))]
    possible = prod(comb(len(some), count) for some, count in zip(people, counts, strict=True))
    if not 0 < possible <= _MOST:
        return None
    teams = np.array(
        [
            [one for part in team for one in part]
            for team in product(
                *(combinations(some.tolist(), count) for some, count in zip(people, counts, strict=True))
            )
        ],
        dtype=np.int64,
    ).reshape(possible, len(lineup.seats))
    worth = _worth(lineup, teams)
    whole = np.ones(len(teams), dtype=np.bool_)
    for bundle in lineup.bundles:
        inside = np.stack([_holds(lineup, teams, role, person) for role, person in bundle.members])
        whole &= inside.all(axis=0) | ~inside.any(axis=0)
    teams, worth = teams[whole & (worth > NEVER / 2)], worth[whole & (worth > NEVER / 2)]
    return _packed(lineup, teams, worth, known) if len(teams) else None


def _worth(lineup: Lineup, teams: NDArray[np.int64]) -> NDArray[np.float64]:
    worth = np.zeros(len(teams))
    for seat, role in enumerate(lineup.seats):
        for other, own in enumerate(lineup.seats[:seat]):
            if (role, own) in lineup.worth:
                worth += lineup.worth[role, own][teams[:, seat], teams[:, other]]
    return worth


def _holds(lineup: Lineup, teams: NDArray[np.int64], role: int, person: int) -> NDArray[np.bool_]:
    own = [seat for seat, one in enumerate(lineup.seats) if one == role]
    return np.asarray((teams[:, own] == person).any(axis=1))


def _packed(lineup: Lineup, teams: NDArray[np.int64], worth: NDArray[np.float64], known: float) -> Proven | None:
    """Return the best teams of those listed that give nobody more than their places."""
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    first = np.cumsum([0, *(len(some) for some in lineup.places)])
    person = teams + first[list(lineup.seats)]
    number = np.broadcast_to(np.arange(len(teams))[:, None], teams.shape)
    matrix: Any = csr_array(
        (np.ones(teams.size), (person.reshape(-1), number.reshape(-1))), shape=(first[-1], len(teams))
    )
    matrix = vstack([hstack([matrix, csr_array((first[-1], first[-1]))]), hstack([-matrix, eye_array(first[-1])])])
    count = np.arange(matrix.shape[1])
    high = np.concatenate([*lineup.places, np.zeros(first[-1])]).astype(np.float64)
    low = np.where(np.arange(len(high)) < first[-1], 0.0, -np.inf)
    for bundle in lineup.bundles:
        for role, one in bundle.members:
            low[first[role] + one] = 1
    costs = -np.concatenate([worth, *(PLACED * one for one in lineup.first)])
    program = LinearProgram(costs, matrix.tocsr(), low, high, np.zeros(len(costs)), np.ones(len(costs)))
    relaxed = optimum(program)
    if relaxed is None:
        return None
    hopeless = (count < len(teams)) & (relaxed.value + relaxed.reduced_costs > _TOLERANCE - known)
    found = whole_optimum(evolve(program, most=np.where(hopeless, 0.0, 1.0)), len(teams), _NODES)
    if found is None:
        return None
    chosen = np.flatnonzero(found.found[: len(teams)] > 0.5)
    return Proven(teams[chosen].T, -found.value, -found.bound, found.proven)
