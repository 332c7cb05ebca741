"""A round by matching: as many pairs as possible among some people, for rounds that the table alone cannot give."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.matching.narrowed_scores import Narrowable
from mentorkit.core.problems import BoolArray, Effort, IntArray, MatchingProblem, PairScores, ScoreSums, Seating
from mentorkit.core.shapes import Peers
from mentorkit_matchers.rotation.past import Past
from mentorkit_matchers.rotation.seats import Table

_BEST = 1_000


@frozen(eq=False)
class RoundScores(Narrowable):
    """What pairs are worth in this round, as scores.

    Among people who have not met a pair is worth the more, the longer it is until the table brings the two together
    anyway: so later rounds lose little. The published score decides between pairs that are equal in this. Where pairs
    must meet again, pairs who have not met are worth everything and the others nothing.

    Attributes:
        pairs: published scores of all people.
        past: who met whom.
        seats: of all people, -1 for none.
        table: who meets when.
        people: the people who are to be paired, by index.
        until: pairs who met later than this round are not allowed: 0 for all who ever met.
    """

    pairs: PairScores
    past: Past
    seats: IntArray
    table: Table
    people: IntArray
    until: int

    @property
    def shape(self) -> tuple[int, int]:
        """Number of people, twice."""
        return len(self.people), len(self.people)

    def scores(self, rows: IntArray, columns: IntArray) -> NDArray[np.int16]:
        """Return a block; -1 where two people are not to be a pair."""
        one, other = self.people[rows], self.people[columns]
        published = self.pairs.scores(one, other)
        met = self.past.met[one][:, other].toarray()
        strangers = self.until == 0
        worth = np.asarray(self.waits(one, other) + published // 100 if strangers else np.where(met == 0, _BEST, 0))
        forbidden = (published < 0) | (met > self.until) | (one[:, None] == other)
        return np.where(forbidden, -1, worth).astype(np.int16)

    def waits(self, one: IntArray, other: IntArray) -> IntArray:
        """Return from 0 to 980 how long it is until the table brings two people together; now is longest."""
        first, second = self.seats[one][:, None], self.seats[other]
        cycle = self.table.cycle
        wait = self.table.wait(np.maximum(first, 0), np.maximum(second, 0))
        wait = np.where((first < 0) | (second < 0), cycle // 2, wait)
        found: IntArray = wait * 980 // cycle
        return found

    def blocked_by(self, rows: IntArray, columns: IntArray) -> Mapping[str, BoolArray]:
        """Return nothing: nobody asks why."""
        del rows, columns
        return {}

    def take(self, rows: IntArray, columns: IntArray) -> PairScores:
        """Return the scores of some of the people."""
        del columns
        return evolve(self, people=self.people[rows])

    def sums(self) -> ScoreSums | None:
        """Return None: they are no sums."""
        return None


def paired(scores: RoundScores, seed: int, effort: Effort) -> IntArray:
    """Return as many pairs as possible of the people of some scores, by index, shape (k, 2)."""
    from mentorkit_matchers.peers.solving import solution

    size = len(scores.people)
    if size < 2:
        return np.zeros((0, 2), dtype=np.int64)
    ids = tuple(str(number) for number in range(size))
    seating = Seating("peer", True, ids, np.ones(size, dtype=np.int64), np.zeros(size, dtype=np.bool_))
    problem = MatchingProblem(
        "peers", "round", {"peer": seating}, {("peer", "peer"): scores}, seed=seed, details=Peers("leave-out")
    )
    found = solution(evolve(problem, effort=Effort(over=effort.over)))
    pairs: IntArray = scores.people[found.person.reshape(-1, 2)]
    return pairs
