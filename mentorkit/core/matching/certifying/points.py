"""The points of a result, counted again from the problem: scores of pairs that are together, means of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np

from mentorkit.core.contracts import Side
from mentorkit.core.matching.certifying.promises import Broken
from mentorkit.core.problems import FORBIDDEN, TENTHS, MatchingProblem
from mentorkit.core.relationships import Member

CountedPairs = Callable[[Sequence[Member]], Sequence[tuple[Member, Member]]]
PairKey = tuple[tuple[str, str], int, int]

_TOGETHER = 128
"""Pairs that are looked up together: their rows and columns make a block."""


def key_of(problem: MatchingProblem, a: Member, b: Member) -> PairKey:
    """Return where the score of two members stands; a KeyError says that the problem has none for their roles."""
    if (a.role, b.role) not in problem.pairs:
        a, b = b, a
    return (a.role, b.role), problem.seatings[a.role].index[a.person], problem.seatings[b.role].index[b.person]


def scores_of(
    problem: MatchingProblem,
    groups: Sequence[tuple[Member, ...]],
    counted: Sequence[Sequence[tuple[Member, Member]]],
    broken: Broken,
) -> Mapping[PairKey, int]:
    """Return the scores of all pairs that are together, none of them forbidden."""
    for a, b in (pair for pairs in counted for pair in pairs):
        if (a.role, b.role) not in problem.pairs and (b.role, a.role) not in problem.pairs:
            raise broken.promise(f"counts pairs of {a.role} and {b.role}, for whom the problem has no scores")
    keys = {
        key_of(problem, a, b): None
        for group in groups
        for one, other in combinations(group, 2)
        for a, b in ((one, other), (other, one))
        if (a.role, b.role) in problem.pairs
    }
    scores = {key: score for role_pair in problem.pairs for key, score in _looked_up(problem, role_pair, keys)}
    for ((first, second), row, column), score in scores.items():
        if score == FORBIDDEN:
            wants, offers = problem.seatings[first].people[row], problem.seatings[second].people[column]
            raise broken.promise(f"puts {first} {wants} and {second} {offers} together although a rule forbids it")
    return scores


def _looked_up(
    problem: MatchingProblem, role_pair: tuple[str, str], keys: Iterable[PairKey]
) -> Iterable[tuple[PairKey, int]]:
    wanted = sorted((row, column) for pair, row, column in keys if pair == role_pair)
    for start in range(0, len(wanted), _TOGETHER):
        part = np.array(wanted[start : start + _TOGETHER], dtype=np.int64)
        rows, row = np.unique(part[:, 0], return_inverse=True)
        columns, column = np.unique(part[:, 1], return_inverse=True)
        tenths = problem.pairs[role_pair].scores(rows, columns)[row, column]
        for (a, b), score in zip(part.tolist(), tenths.tolist(), strict=True):
            yield (role_pair, a, b), score


def points_of(
    problem: MatchingProblem,
    group: Sequence[Member],
    pairs: Sequence[tuple[Member, Member]],
    tenths: Sequence[int],
    sides: Mapping[str, Side],
) -> Fraction:
    """Return the sum of the served members' mean scores, in tenths, exactly."""
    total = Fraction(0)
    for member in group:
        own = [score for pair, score in zip(pairs, tenths, strict=True) if member in pair]
        if own and problem.seatings[member.role].served:
            total += Fraction(sum(own), len(own) * (2 if sides[member.role] == "peer" else 1))
    return total


def displayed(tenths: Sequence[int]) -> float:
    """Return the mean with one digit, halves up."""
    return (2 * sum(tenths) + len(tenths)) // (2 * len(tenths)) / TENTHS if tenths else 0.0
