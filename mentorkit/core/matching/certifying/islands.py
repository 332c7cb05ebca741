"""The bound on a problem of groups whose people are on islands: the sum of what is proven about each island.

That nobody of one island may be with anybody of another is looked at here, pair by pair. Of each island, the usual
groups are those that `Groups.plan` makes of its people alone, where its proof is about the usual groups.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.bound import Bound
from mentorkit.core.matching.certifying.groups import group_bound, roles_of, who_could_be_placed
from mentorkit.core.problems import BoolArray, IntArray, MatchingProblem, PairScores, Seating
from mentorkit.core.proofs import GroupProof, Island, IslandProof

_BLOCK = 2_000_000
"""Pairs that are looked at together."""


def island_bound(problem: MatchingProblem, proof: IslandProof) -> Bound:
    """Return the most mentees that can be placed and, with as many, the most tenths of points.

    Raises:
        ValueError: somebody may be with somebody of another island, or the proof of one is none.
    """
    details, first, second = roles_of(problem)
    if details.leftover == "peer-circle":
        raise ValueError("has a proof for each island, which proves nothing where circles may be of several")
    wanting, offering = problem.seatings[first], problem.seatings[second]
    rows, columns = np.flatnonzero(who_could_be_placed(problem, first)), np.flatnonzero(offering.places > 0)
    mentees = _numbered(len(wanting.people), [one.mentees for one in proof.islands])
    mentors = _numbered(len(offering.people), [one.mentors for one in proof.islands])
    if _cross(problem.pairs[first, second], (rows, columns), mentees, mentors):
        raise ValueError("has a proof for each island, but some people may be with those of another")
    bounds = [_bound_of(problem, (first, second), one) for one in proof.islands]
    pairs = len(wanting.people) * len(offering.people)
    return Bound(sum(one.people for one in bounds), sum(one.tenths for one in bounds), pairs)


def _numbered(size: int, islands: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return the number of each person's island, from 1 on; 0 for none.

    Raises:
        ValueError: somebody is on two of them.
    """
    number = np.zeros(size, dtype=np.int64)
    for island, people in enumerate(islands, 1):
        if number[people].any() or len(np.unique(people)) < len(people):
            raise ValueError("has a proof for each island, but somebody is on two of them")
        number[people] = island
    return number


def _cross(pairs: PairScores, people: tuple[IntArray, IntArray], mentees: IntArray, mentors: IntArray) -> bool:
    """Return whether anybody may be with somebody who is not on the same island."""
    rows, columns = people
    step = max(1, _BLOCK // max(1, len(columns)))
    for start in range(0, len(rows) if len(columns) else 0, step):
        some = rows[start : start + step]
        same: BoolArray = (mentees[some][:, None] == mentors[columns]) & (mentees[some][:, None] > 0)
        if ((pairs.scores(some, columns) >= 0) & ~same).any():
            return True
    return False


def _bound_of(problem: MatchingProblem, roles: tuple[str, str], island: Island) -> Bound:
    """Return the bound of one island, of whose people alone the proof's prices are."""
    first, second = roles
    people = {first: island.mentees, second: island.mentors}
    seatings: dict[str, Seating] = {role: problem.seatings[role].take(kept) for role, kept in people.items()}
    pairs = {roles: problem.pairs[roles].take(island.mentees, island.mentors)}
    proof: GroupProof = island.proof
    if len(proof.prices) != len(problem.seatings[first].people):
        raise ValueError("has prices that are not one of at least 0 per mentee")
    full = np.flatnonzero(np.isin(island.mentors, proof.full))
    alone = evolve(problem, seatings=seatings, pairs=pairs)
    return group_bound(alone, evolve(proof, prices=proof.prices[island.mentees], full=full))
