"""A problem of circles as numbers: who could be in one, what two people are worth together, who must be together."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import Effort, MatchingProblem, PairScores, Seating
from mentorkit.core.shapes import Circles

NEVER = -1e7
"""What a pair that a rule forbids is worth."""

TOGETHER = 1e9
"""What it is worth beside their score that two are together who must be."""

_BLOCK = 2_000_000
"""Pairs that are looked at together."""


@frozen(eq=False)
class Gathering:
    """Who is to be in circles; numbered from 0.

    Attributes:
        people: their indexes in the seating.
        first: 1 for who is counted when placed, 0 for who is covered already.
        bundles: sets of people who must be in one circle, each sorted, by their numbers here.
        required: pairs of those who must be together, shape (k, 2).
    """

    seating: Seating
    pairs: PairScores
    details: Circles
    people: NDArray[np.int64]
    first: NDArray[np.int64]
    bundles: tuple[tuple[int, ...], ...]
    required: NDArray[np.int64]
    seed: int
    effort: Effort

    @property
    def size(self) -> int:
        """How many people there are."""
        return len(self.people)

    def worth(self, some: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return what every two of some people are worth together, in tenths; on the diagonal 0."""
        tenths = self.pairs.scores(self.people[some], self.people[some])
        worth = np.where(tenths < 0, NEVER, tenths).astype(np.float32)
        place = np.full(self.size, -1)
        place[some] = np.arange(len(some))
        for one, other in place[self.required].tolist():
            if one >= 0 and other >= 0:
                worth[one, other] = worth[other, one] = np.float32(TOGETHER)
        np.fill_diagonal(worth, 0)
        return worth

    def points(self, circles: list[NDArray[np.int64]]) -> list[float]:
        """Return the points of circles in tenths, negative where a rule forbids one."""
        found = []
        for circle in circles:
            tenths = self.pairs.scores(self.people[circle], self.people[circle]).astype(np.int64)
            above = tenths[np.triu_indices(len(circle), 1)]
            found.append(-1.0 if (above < 0).any() else float(above.sum()) / (len(circle) - 1))
        return found


def impossible(why: str) -> ProgramError:
    """Return the error to raise when required pairs cannot be in circles."""
    message = f"some of those who must be together cannot be in one circle: {why}"
    return ProgramError(
        [error("circles-impossible", message, path="matching.rules", help="take some pairs out of the rule")]
    )


def gathering_of(problem: MatchingProblem) -> Gathering:
    """Return a problem of shape `circles` as numbers.

    Raises:
        ProgramError: more people must be together than a circle holds, or one of them could be in no circle.
    """
    ((role, _), pairs) = next(iter(problem.pairs.items()))
    seating = problem.seatings[role]
    details = problem.details if isinstance(problem.details, Circles) else Circles()
    people = _who_could(pairs, np.flatnonzero(seating.places > 0), details.sizes[0])
    number = {int(person): place for place, person in enumerate(people)}
    wanted = [(seating.index[a], seating.index[b]) for found in problem.required.values() for a, b in found]
    if any(one not in number for pair in wanted for one in pair):
        raise impossible("one of them may be with too few others")
    required = np.array([[number[a], number[b]] for a, b in wanted], dtype=np.int64).reshape(-1, 2)
    bundles = _bundles(required)
    if any(len(one) > details.sizes[1] for one in bundles):
        raise impossible(f"a circle has at most {details.sizes[1]} people")
    first = (~seating.covered[people] & seating.served).astype(np.int64)
    return Gathering(seating, pairs, details, people, first, bundles, required, problem.seed, problem.effort)


def _who_could(pairs: PairScores, people: NDArray[np.int64], fewest: int) -> NDArray[np.int64]:
    enough = np.zeros(len(people), dtype=np.bool_)
    step = max(1, _BLOCK // max(1, len(people)))
    for start in range(0, len(people), step):
        some = people[start : start + step]
        enough[start : start + step] = (pairs.scores(some, people) >= 0).sum(axis=1) >= fewest - 1
    return people[enough]


def _bundles(required: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    found: list[set[int]] = []
    for pair in required.tolist():
        apart = [one for one in found if not one & set(pair)]
        found = [*apart, set(pair).union(*(one for one in found if one & set(pair)))]
    return tuple(sorted(tuple(sorted(one)) for one in found))
