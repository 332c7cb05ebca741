"""What a round is made from: who is to be paired, whom they have met, and what the table says."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray, MatchingProblem, Seating
from mentorkit.core.shapes import Peers
from mentorkit_matchers.all_pairs import AllPairs, all_pairs
from mentorkit_matchers.rotation.pairing import RoundScores
from mentorkit_matchers.rotation.past import Past, past_of
from mentorkit_matchers.rotation.seats import Table, chance, seated

FEW = 64
"""People among whom a round is sought as a whole."""

TRIES = 16
"""Among more people: how many are tried as the odd one, before it does not matter who it is."""


@frozen(eq=False)
class Material:
    """What a round is made from; people by their index in the seating.

    Attributes:
        free: who is to be paired, ascending.
        fixed: required pairs.
        planned: pairs of the table that are allowed and have not met, shape (k, 2).
        planned_trio: the three of the table, ascending, if these may meet and have not; else none.
        alone: who is in no planned pair.
    """

    problem: MatchingProblem
    seating: Seating
    looks: AllPairs
    past: Past
    scores: RoundScores
    free: IntArray
    fixed: tuple[tuple[int, int], ...]
    planned: IntArray
    planned_trio: tuple[int, ...]
    alone: IntArray

    @property
    def chances(self) -> list[bytes]:
        """What people are ordered by, whatever order they come in."""
        return [chance(self.problem.seed, person) for person in self.seating.people]

    def without(self, people: IntArray) -> IntArray:
        """Return who is to be paired beside some people."""
        return np.setdiff1d(self.free, people)


def details_of(problem: MatchingProblem) -> Peers:
    """Return the details of a problem, those of a first round if it has none."""
    return problem.details if isinstance(problem.details, Peers) else Peers()


def material_of(problem: MatchingProblem) -> Material:
    """Return what the next round of a problem is made from."""
    (seating,) = problem.seatings.values()
    ((_, scores),) = problem.pairs.items()
    details = details_of(problem)
    index = seating.index
    free = seating.places > 0
    present = [seating.people[one] for one in np.flatnonzero(free).tolist()]
    numbers = {
        (min(index[a], index[b]), max(index[a], index[b])) for found in problem.required.values() for a, b in found
    }
    fixed = tuple(sorted(numbers))
    for pair in fixed:
        free[list(pair)] = False
    table = seated(details.rounds, present, problem.seed, trios=details.odd == "trio")
    past = past_of(details.rounds, seating.people, table)
    looks = all_pairs(scores, problem.effort)
    round_scores = RoundScores(scores, past, _seats(table, seating), table, np.flatnonzero(free), 0)
    groups = _planned(table, seating, free)
    pairs = np.array([group for group in groups if len(group) == 2], dtype=np.int64).reshape(-1, 2)
    good = pairs[_strangers(looks, past, pairs)]
    trio = next((tuple(sorted(group)) for group in groups if len(group) > 2), ())
    if trio and not _strangers(looks, past, np.array([trio[:2], trio[1:], trio[::2]])).all():
        trio = ()
    alone = np.setdiff1d(np.flatnonzero(free), good)
    return Material(problem, seating, looks, past, round_scores, np.flatnonzero(free), fixed, good, trio, alone)


def _seats(table: Table, seating: Seating) -> IntArray:
    seats = np.full(len(seating.people), -1)
    for seat, person in enumerate(table.holders):
        if person in seating.index:
            seats[seating.index[person]] = seat
    return seats


def _planned(table: Table, seating: Seating, free: NDArray[np.bool_]) -> list[list[int]]:
    """Return who is together at the table and to be paired; somebody alone is none."""
    groups = [[seating.index[one] for one in group if one in seating.index] for group in table.together()]
    there = [[one for one in group if free[one]] for group in groups]
    return [group for group in there if len(group) > 1]


def _strangers(looks: AllPairs, past: Past, pairs: IntArray) -> NDArray[np.bool_]:
    """Return which pairs are allowed and have not met."""
    found: NDArray[np.bool_] = (looks.of(pairs[:, 0], pairs[:, 1]) >= 0) & (
        past.last_met(pairs[:, 0], pairs[:, 1]) == 0
    )
    return found
