"""The bound that prices of mentees prove on a problem of groups.

If every mentor could fill a group with the mentees that are worth most to them after the mentees' prices, whatever the
other mentors do, the groups and all prices together would be worth at least as much as any allowed grouping. Mentees of
a group with several mentors have the mean of their scores, so that a mentor counts with their share of the group.
Source: A. M. Geoffrion, "Lagrangean relaxation for integer programming" (1974).
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.bound import Bound
from mentorkit.core.problems import BoolArray, IntArray, MatchingProblem, PairScores, Seating
from mentorkit.core.proofs import GroupProof
from mentorkit.core.shapes import GroupPlan, Groups

_BLOCK = 2_000_000
"""Pairs that are looked at together."""

_NEVER = -(2**45)


def group_bound(problem: MatchingProblem, proof: GroupProof) -> Bound:
    """Return the most mentees that can be placed and, with as many, the most tenths of points.

    Raises:
        ValueError: the prices are not a proof: negative, of the wrong number, or of another shape of problem.
    """
    details, first, second = roles_of(problem)
    wanting, offering = problem.seatings[first], problem.seatings[second]
    if proof.prices.shape != (len(wanting.people),) or (proof.prices < 0).any() or proof.place < 0 or proof.tenth <= 0:
        raise ValueError("has prices that are not one of at least 0 per mentee")
    who = who_could_be_placed(problem, first)
    found = _look(problem.pairs[first, second], proof, who, offering, details.most)
    with_mentors = _bound(details, proof, found, offering, len(wanting.people) * len(offering.people))
    return beside_circles(details, with_mentors, int(who.sum()))


def beside_circles(details: Groups, bound: Bound, people: int) -> Bound:
    """Return the bound where who has no mentor may be in a circle: it counts as a place and has no points."""
    if details.leftover != "peer-circle":
        return bound
    return Bound(details.most_placed(people), bound.tenths, bound.pairs)


def roles_of(problem: MatchingProblem) -> tuple[Groups, str, str]:
    """Return what the problem says of groups, the role of mentees and the role of mentors.

    Raises:
        ValueError: prices prove nothing in this problem.
    """
    wanted = [pair for pair in problem.pairs if pair[0] != pair[1]]
    if not isinstance(problem.details, Groups) or len(wanted) != 1:
        raise ValueError("has prices for groups, which prove nothing but in a problem of groups")
    first, second = wanted[0]
    if not problem.seatings[first].served or problem.seatings[second].served:
        raise ValueError("has prices for groups, which prove nothing unless mentees alone are served")
    return problem.details, first, second


def who_could_be_placed(problem: MatchingProblem, role: str) -> BoolArray:
    """Return which mentees would get their first group, or must be together with somebody."""
    seating = problem.seatings[role]
    return (~seating.covered | _required(problem, role, seating)) & (seating.places > 0)


def _required(problem: MatchingProblem, role: str, seating: Seating) -> BoolArray:
    """Return who of a role must be together with somebody."""
    people = {
        person
        for pair, required in problem.required.items()
        for both in required
        for person, own in zip(both, pair, strict=True)
        if own == role
    }
    return np.array([person in people for person in seating.people], dtype=np.bool_)


@frozen(eq=False)
class _Look:
    """What a look through all pairs finds.

    Attributes:
        placeable: mentees with an allowed mentor.
        free: mentees with an allowed mentor who is not said to be full.
        leading: mentors with an allowed mentee.
        best: what the mentees that are worth most to each mentor are worth, descending, shape (mentors, most).
    """

    placeable: BoolArray
    free: BoolArray
    leading: BoolArray
    best: NDArray[np.int64]


def _look(pairs: PairScores, proof: GroupProof, who: BoolArray, offering: Seating, most: int) -> _Look:
    rows, columns = np.flatnonzero(who), np.flatnonzero(offering.places > 0)
    placeable, free = np.zeros(len(rows), dtype=np.bool_), np.zeros(len(rows), dtype=np.bool_)
    leading = np.zeros(len(offering.people), dtype=np.bool_)
    best = np.full((len(offering.people), most), _NEVER, dtype=np.int64)
    full = np.isin(np.arange(len(offering.people)), proof.full)
    step = max(1, _BLOCK // max(1, len(rows)))
    for start in range(0, len(columns) if len(rows) else 0, step):
        some = columns[start : start + step]
        tenths = pairs.scores(rows, some)
        allowed = tenths >= 0
        placeable |= allowed.any(axis=1)
        free |= allowed[:, ~full[some]].any(axis=1)
        leading[some] = allowed.any(axis=0)
        gains = tenths.astype(np.int64) * proof.tenth + (proof.place - proof.prices[rows])[:, None]
        gains[~allowed] = _NEVER
        top = gains if len(rows) <= most else -np.partition(-gains, most - 1, axis=0)[:most]
        best[some, : len(top)] = -np.sort(-top, axis=0).T
    everybody = np.zeros(len(who), dtype=np.bool_)
    everybody[rows] = placeable
    return _Look(everybody, free, leading, best)


def _bound(details: Groups, proof: GroupProof, found: _Look, offering: Seating, pairs: int) -> Bound:
    mentors = np.flatnonzero(found.leading)
    places = offering.places[mentors].astype(np.int64)
    placeable = int(found.placeable.sum())
    plan = details.plan(placeable, len(mentors), int(places.sum()))
    most_groups = plan.groups if proof.planned else details.most_groups(placeable, int(places.sum()))
    full = np.isin(mentors, proof.full)
    people = min(
        plan.placed if proof.planned else placeable,
        most_groups * details.most,
        int(found.free.sum()) + int(places[full].sum()) * details.most,
    )
    shares = lcm(*range(1, details.mentors[1] + 1))
    if proof.planned:
        worth = _planned(plan, found.best[mentors], places, shares)
    else:
        worth = _any(details, most_groups, found.best[mentors], places, shares)
    if details.leftover == "peer-circle" and not proof.planned:
        people = 0  # as few as none may have a mentor
    worth += shares * (int(proof.prices[found.placeable].sum()) - proof.place * people)
    return Bound(people, Fraction(worth // proof.tenth, shares), pairs)


def _worth_of_a_group(best: NDArray[np.int64], fewest: int, most: int) -> NDArray[np.int64]:
    """Return what a group of an allowed size is worth at most with each mentor."""
    sums = np.maximum(np.cumsum(best, axis=1), _NEVER)
    worth: NDArray[np.int64] = sums[:, fewest - 1 : most].max(axis=1)
    return worth


def _planned(plan: GroupPlan, best: NDArray[np.int64], places: IntArray, shares: int) -> int:
    """Return what the usual groups are worth at most: the best mentors with the largest shares of a group."""
    if plan.groups == 0:
        return 0
    worth = _worth_of_a_group(best, *plan.mentees)
    if plan.groups > len(worth):
        worth = np.repeat(worth, places)
    few, more = divmod(plan.mentors, plan.groups)
    share = [shares // few] * (few * (plan.groups - more)) + [shares // (few + 1)] * ((few + 1) * more)
    ordered = np.sort(worth)[::-1].tolist()
    return sum(one * part for one, part in zip(ordered, share, strict=False))


def _any(details: Groups, most_groups: int, best: NDArray[np.int64], places: IntArray, shares: int) -> int:
    """Return what any groups of an allowed size are worth at most: each with the fewest mentors, the best there are."""
    worth = np.repeat(_worth_of_a_group(best, details.mentees[0], details.most), places)
    best_ones = np.sort(np.maximum(worth, 0))[::-1][: most_groups * details.mentors[0]]
    return int(best_ones.sum()) * shares // details.mentors[0]
