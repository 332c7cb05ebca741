"""The bound that prices and odd sets prove on a problem of peers, with or without a trio.

Pairs that are required are in every result; everybody else with a free place joins one relationship at most. Where the
number of these others is odd and the problem says so, one of them may make a trio of a pair, a required one as well.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.bound import Bound
from mentorkit.core.matching.certifying.peer_pairs import Ring, proven
from mentorkit.core.matching.certifying.trios import trio_bound
from mentorkit.core.problems import MatchingProblem, Seating
from mentorkit.core.proofs import PeerProof
from mentorkit.core.shapes import Peers


def peers_bound(problem: MatchingProblem, proof: PeerProof) -> Bound:
    """Return the most people and, for as many, the most tenths of points that prices and odd sets allow.

    Raises:
        ValueError: it is not a proof about this problem; the message goes on after "a result that".
    """
    (first, second), pairs = next(iter(problem.pairs.items()))
    seating = problem.seatings[first]
    if len(problem.pairs) != 1 or first != second or not seating.served:
        raise ValueError("has a proof about peers, which proves nothing unless all are of one role and served")
    if set(proof.gains) != {"coverage", "total-score"} or min(proof.gains.values()) < 1:
        raise ValueError("has gains that are not one of at least 1 for people and for points")
    required = _required(problem, seating)
    free = seating.places > 0
    free[required.reshape(-1)] = False
    ring = Ring(np.flatnonzero(free), pairs, (~seating.covered).astype(np.int64), proof.gains)
    most = proven(ring, proof.pairs).most
    trio = _odd(problem) == "trio" and len(ring.people) % 2 == 1
    if trio:
        if proof.trio is None:
            raise ValueError("has a proof that says nothing about trios, which are allowed")
        most = max(most, trio_bound(ring, required, proof.trio, most))
    most += 2 * ring.gains["coverage"] * int(ring.cover[np.unique(required)].sum())
    fixed = sum(int(pairs.scores(a, b)[0, 0]) for a, b in required.reshape(-1, 2, 1))
    most += 2 * ring.gains["total-score"] * fixed
    people, tenths = _split(problem, ring, most, halves=trio)
    return Bound(people, tenths, len(ring.people) * (len(ring.people) - 1) // 2)


def _odd(problem: MatchingProblem) -> str:
    return problem.details.odd if isinstance(problem.details, Peers) else Peers().odd


def _required(problem: MatchingProblem, seating: Seating) -> NDArray[np.int64]:
    """Return the required pairs as indexes, shape (k, 2), each once."""
    numbers = {
        tuple(sorted((seating.index[a], seating.index[b]))) for found in problem.required.values() for a, b in found
    }
    return np.array(sorted(numbers), dtype=np.int64).reshape(-1, 2)


def _split(problem: MatchingProblem, ring: Ring, most: int, *, halves: bool) -> tuple[int, int | Fraction]:
    """Return the most people and tenths, in the order of the objective, that are worth `most` half units together.

    What comes second is not negative, so that what comes first is bounded without it.
    """
    person, tenth = 2 * ring.gains["coverage"], 2 * ring.gains["total-score"]
    if problem.objective[:1] == ("total-score",):
        tenths = _whole(most, tenth, halves=halves)
        return int((most - tenths * tenth) // person), tenths
    people = most // person
    return people, _whole(most - people * person, tenth, halves=halves)


def _whole(worth: int, tenth: int, *, halves: bool) -> int | Fraction:
    """Return how many tenths so much is worth: a trio's points may end in the half of one."""
    return Fraction(2 * worth // tenth, 2) if halves else worth // tenth
