"""The bound that prices of mentors prove on a problem of groups: the one for problems with very many pairs.

If every mentee took the mentor who is worth most to them after the mentors' prices, nobody minding the others, and all
seats of all groups were paid for at the mean price of those who lead them, the sum would be at least what any allowed
groups are worth. It does not know that some mentors lead nobody, nor what second mentors cost, and is looser for that
than prices of mentees. Source: A. M. Geoffrion, "Lagrangean relaxation for integer programming" (1974).
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.best_gains import NEVER, best_gains
from mentorkit.core.matching.certifying.bound import Bound
from mentorkit.core.matching.certifying.groups import beside_circles, roles_of, who_could_be_placed
from mentorkit.core.problems import IntArray, MatchingProblem, PairScores
from mentorkit.core.proofs import LeaderProof

_FEW = 200
"""Mentees with whom mentors are compared at a time, until somebody is allowed."""


def leader_bound(problem: MatchingProblem, proof: LeaderProof) -> Bound:
    """Return the most mentees that can be placed and, with as many, the most tenths of points.

    Raises:
        ValueError: the prices are not a proof: negative, of the wrong number, or of another shape of problem.
    """
    details, first, second = roles_of(problem)
    wanting, offering = problem.seatings[first], problem.seatings[second]
    if proof.prices.shape != (len(offering.people),) or (proof.prices < 0).any() or proof.place < 0 or proof.tenth <= 0:
        raise ValueError("has prices that are not one of at least 0 per mentor")
    columns = np.flatnonzero(offering.places > 0)
    pairs = problem.pairs[first, second].take(np.arange(len(wanting.people)), columns)
    rows = np.flatnonzero(who_could_be_placed(problem, first))
    gains = _gains(problem, pairs, rows, proof.prices[columns], proof.tenth)
    placeable = gains > NEVER
    leading = _leading(pairs, rows)
    places = offering.places[columns[leading]].astype(np.int64)
    plan = details.plan(int(placeable.sum()), len(leading), int(places.sum()))
    taken = int(np.maximum(gains[placeable] + proof.place, 0).sum())
    prices = proof.prices[columns[leading]]
    shares = lcm(*range(1, details.mentors[1] + 1))
    if proof.planned:
        people = plan.placed
        paid = Fraction(0)
        if plan.groups:
            larger = plan.placed - plan.groups * plan.mentees[0]
            if plan.groups > len(prices):
                prices = np.repeat(prices, places)
            few = plan.mentors // plan.groups
            paid = plan.mentees[0] * _dearest(prices, plan.groups, few) + _dearest(prices, larger, few)
    else:
        most_groups = details.most_groups(int(placeable.sum()), int(places.sum()))
        people = min(int(placeable.sum()), most_groups * details.most)
        paid = details.most * _dearest(np.repeat(prices, places), most_groups, details.mentors[0])
    if details.leftover == "peer-circle" and not proof.planned:
        people = 0  # as few as none may have a mentor
    worth = (taken + paid - proof.place * people) / proof.tenth
    with_mentors = Bound(people, Fraction(int(worth * shares // 1), shares), len(wanting.people) * len(offering.people))
    return beside_circles(details, with_mentors, len(rows))


def _dearest(prices: NDArray[np.int64], groups: int, few: int) -> Fraction:
    """Return what so many groups' mean prices come to at most, with at least so many mentors each."""
    return Fraction(int(np.sort(prices)[::-1][: groups * few].sum()), few)


def _gains(
    problem: MatchingProblem, pairs: PairScores, rows: IntArray, prices: NDArray[np.int64], tenth: int
) -> NDArray[np.int64]:
    """Return what the best mentor after the prices is worth to each mentee; NEVER for those who may have none."""
    first = roles_of(problem)[1]
    required = {one for (a, _), both in problem.required.items() if a == first for one, _ in both}
    bound = np.array([problem.seatings[first].people[row] in required for row in rows.tolist()], dtype=np.bool_)
    found = np.empty(len(rows), dtype=np.int64)
    found[~bound] = best_gains(pairs, rows[~bound], prices, tenth, 0)
    tenths = pairs.scores(rows[bound], np.arange(pairs.shape[1]))
    found[bound] = np.where(tenths < 0, NEVER, tenths.astype(np.int64) * tenth - prices).max(axis=1, initial=NEVER)
    return found


def _leading(pairs: PairScores, rows: IntArray) -> NDArray[np.int64]:
    """Return the mentors with an allowed mentee."""
    found = np.zeros(pairs.shape[1], dtype=np.bool_)
    for start in range(0, len(rows), _FEW):
        left = np.flatnonzero(~found)
        if not len(left):
            break
        found[left] = (pairs.scores(rows[start : start + _FEW], left) >= 0).any(axis=0)
    return np.flatnonzero(found)
