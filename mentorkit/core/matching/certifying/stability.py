"""Whether a matching of pairs is stable: no two people who list each other would both rather be together.

Each listed pair that is not together is looked at: it blocks if both have a free place or somebody they rank lower.
With several places on both sides this is pairwise stability under responsive preferences. Source: A. E. Roth,
"Stability and polarization of interests in job matching" (1984).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.promises import Broken
from mentorkit.core.problems import BoolArray, IntArray, MatchingProblem, PairScores, Seating
from mentorkit.core.proofs import PreferenceProof
from mentorkit.core.relationships import Member

_BLOCK = 2_000_000
"""Pairs that are looked at together."""

_MOST_SCORED = 50_000_000
"""Pairs whose scores are compared with the lists; with more, those of every second, third, … row are."""


def check_stability(
    problem: MatchingProblem, proof: PreferenceProof, groups: Sequence[tuple[Member, ...]], broken: Broken
) -> Mapping[str, int]:
    """Return what is known then: how many pairs are listed, and that none of them blocks.

    Raises:
        InternalError: a pair blocks or is not listed, or the lists are not what they are said to be.
    """
    if len(problem.pairs) != 1:
        raise broken.promise("is called stable between more than two roles")
    (first, second), scores = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    _check_lists(proof, wanting, offering, broken)
    required = _numbers(problem.required.get((first, second), ()), wanting, offering)
    together = _together(groups, first, second, wanting, offering, required)
    codes = proof.pairs[:, 0] * max(1, len(offering.people)) + proof.pairs[:, 1]
    if _within(codes, required).any():
        raise broken.promise("lists a required pair, which is nobody's choice")
    stranger = together[~_within(together, np.sort(codes))]
    if len(stranger):
        row, column = divmod(int(stranger[0]), len(offering.people))
        raise broken.promise(f"puts together {wanting.people[row]} and {offering.people[column]}, who are not listed")
    chosen = _within(codes, together)
    blocking = np.flatnonzero(~chosen & _wanted(proof, chosen, 0, wanting, offering, required))
    blocking = blocking[_wanted(proof, chosen, 1, wanting, offering, required)[blocking]]
    if len(blocking):
        row, column = proof.pairs[blocking[0]].tolist()
        both = f"{wanting.people[row]} and {offering.people[column]}"
        raise broken.promise(f"is called stable, while {both} would both rather be together")
    _check_scores(scores, proof, wanting, broken)
    return {"blocking_pairs": 0, "listed_pairs": len(proof.pairs)}


def _check_lists(proof: PreferenceProof, wanting: Seating, offering: Seating, broken: Broken) -> None:
    sizes = len(wanting.people), len(offering.people)
    if proof.pairs.shape != proof.ranks.shape or proof.pairs.ndim != 2 or proof.pairs.shape[1:] != (2,):
        raise broken.promise("has lists of another form than pairs with two ranks each")
    if (proof.pairs < 0).any() or (proof.pairs >= np.array(sizes)).any():
        raise broken.promise("lists people who do not exist")
    codes = proof.pairs[:, 0] * max(1, sizes[1]) + proof.pairs[:, 1]
    codes.sort()
    if (codes[1:] == codes[:-1]).any():
        raise broken.promise("lists a pair twice")
    if tuple(len(one) for one in proof.by_score) != sizes:
        raise broken.promise("does not say of everybody whether their list follows the scores")


def _numbers(pairs: Sequence[tuple[str, str]], wanting: Seating, offering: Seating) -> NDArray[np.int64]:
    """Return pairs of ids as single numbers, sorted."""
    width = max(1, len(offering.people))
    return np.array(sorted(wanting.index[a] * width + offering.index[b] for a, b in pairs), dtype=np.int64)


def _together(
    groups: Sequence[tuple[Member, ...]],
    first: str,
    second: str,
    wanting: Seating,
    offering: Seating,
    required: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return who is together without being required to, as single numbers, sorted."""
    pairs = [
        (a.person, b.person)
        for group in groups
        for one, other in combinations(group, 2)
        for a, b in ((one, other), (other, one))
        if (a.role, b.role) == (first, second)
    ]
    found = _numbers(pairs, wanting, offering)
    return found[~_within(found, required)]


def _within(numbers: NDArray[np.int64], known: NDArray[np.int64]) -> BoolArray:
    """Return which numbers are among known ones, which are sorted."""
    if not len(known):
        return np.zeros(len(numbers), dtype=np.bool_)
    found: BoolArray = known[np.minimum(np.searchsorted(known, numbers), len(known) - 1)] == numbers
    return found


def _wanted(
    proof: PreferenceProof,
    chosen: BoolArray,
    side: int,
    wanting: Seating,
    offering: Seating,
    required: NDArray[np.int64],
) -> BoolArray:
    """Return for each listed pair whether the person on one side has a free place or a lower ranked partner for it."""
    seating = (wanting, offering)[side]
    fixed = np.divmod(required, max(1, len(offering.people)))[side]
    places = seating.places.astype(np.int64) - np.bincount(fixed, minlength=len(seating.people))
    people, ranks = proof.pairs[:, side], proof.ranks[:, side]
    taken = np.bincount(people[chosen], minlength=len(places))
    lowest = np.full(len(places), np.iinfo(np.int64).min)
    np.maximum.at(lowest, people[chosen], ranks[chosen])
    wanted: BoolArray = (places[people] > 0) & ((taken < places)[people] | (ranks < lowest[people]))
    return wanted


def _check_scores(scores: PairScores, proof: PreferenceProof, wanting: Seating, broken: Broken) -> None:
    """Refuse lists that name a forbidden pair, or contradict the scores they are said to follow."""
    columns = np.arange(scores.shape[1])
    stride = 1 + len(wanting.people) * len(columns) // _MOST_SCORED
    rows = np.arange(0, len(wanting.people), stride)
    step = max(1, _BLOCK // max(1, len(columns)))
    order = np.argsort(proof.pairs[:, 0], kind="stable")
    sorted_rows = proof.pairs[order, 0]
    looked, tenths = [], []
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        low, high = (np.searchsorted(sorted_rows, block, side) for side in ("left", "right"))
        here = np.concatenate([np.zeros(0, dtype=np.int64), *map(np.arange, low, high)])
        pairs = proof.pairs[order[here]]
        found = scores.scores(block, columns)[np.searchsorted(block, pairs[:, 0]), pairs[:, 1]]
        looked.append(order[here])
        tenths.append(found.astype(np.int64))
    if not looked:
        return
    listed, points = np.concatenate(looked), np.concatenate(tenths)
    if (points < 0).any():
        raise broken.promise("lists a pair that a rule forbids")
    for side in (0, 1):
        own = proof.by_score[side][proof.pairs[listed, side]]
        if not _follows(proof.pairs[listed[own], side], proof.ranks[listed[own], side], points[own]):
            raise broken.promise("has a list that does not follow the scores, as it is said to")


def _follows(people: IntArray, ranks: IntArray, tenths: IntArray) -> bool:
    """Return whether on nobody's list somebody with fewer points is ranked higher."""
    order = np.lexsort((ranks, people))
    same = people[order][1:] == people[order][:-1]
    return not (same & (tenths[order][1:] > tenths[order][:-1])).any()
