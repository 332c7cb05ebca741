"""The matcher `peers` against brute force, and what it proves against what there is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.matching.certifying import Group, certify
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.relationships import Certificate, Member
from mentorkit.core.shapes import Peers as Details
from mentorkit.testing import a_peer_problem
from mentorkit_matchers.peers import Peers


def every_two(members: Sequence[Member]) -> list[tuple[Member, Member]]:
    return list(combinations(members, 2))


def certified(problem: MatchingProblem) -> tuple[tuple[Group, ...], Certificate]:
    solution = Peers().solve(None, problem)
    return certify(problem, solution, every_two, {"peer": "peer"}, "peers of here")


def placed(problem: MatchingProblem) -> set[frozenset[str]]:
    return {frozenset(member.person for member in group.members) for group in certified(problem)[0]}


def the_best(problem: MatchingProblem) -> tuple[Any, Any]:
    """People and points of the best result, the objective's first one first, by trying everything."""
    seating = problem.seatings["peer"]
    everybody = np.arange(len(seating.people))
    tenths = problem.pairs["peer", "peer"].scores(everybody, everybody)
    fixed = {frozenset(seating.index[one] for one in pair) for pair in problem.required.get(("peer", "peer"), ())}
    free = [one for one in everybody.tolist() if seating.places[one] and not any(one in pair for pair in fixed)]
    details = problem.details or Details()
    points_first = problem.objective[0] == "total-score"

    def of(group: Sequence[int]) -> tuple[int, Fraction] | None:
        scores = [int(tenths[a, b]) for a, b in combinations(group, 2)]
        if min(scores) < 0:
            return None
        return sum(not seating.covered[one] for one in group), Fraction(sum(scores), len(group) - 1)

    def best(left: tuple[int, ...], trio: bool, pairs: tuple[frozenset[int], ...]) -> tuple[Any, Any]:
        found = [(0, Fraction(0))]
        if pairs:
            pair, rest = tuple(pairs[0]), pairs[1:]
            joining = [(*pair, one) for one in left] if trio else []
            groups = [(pair, left, trio), *((group, tuple(set(left) - {group[2]}), False) for group in joining)]
            found = []
        elif left:
            one, others, rest = left[0], left[1:], ()
            found = [best(others, trio, ())]
            groups = [((one, other), tuple(set(others) - {other}), trio) for other in others]
            if trio:
                groups += [((one, *two), tuple(set(others) - set(two)), False) for two in combinations(others, 2)]
        else:
            return found[0]
        for group, remaining, still in groups:
            worth = of(group)
            if worth is not None:
                people, points = best(tuple(sorted(remaining)), still, rest)
                found.append((people + worth[0], points + worth[1]))
        return max(found, key=lambda one: one[::-1] if points_first else one)

    people, tenths_of_points = best(tuple(free), details.odd == "trio" and len(free) % 2 == 1, tuple(fixed))
    return people, float(tenths_of_points) / 10


@st.composite
def problems(draw: st.DrawFn) -> MatchingProblem:
    size = draw(st.integers(0, 9))
    allowed = draw(st.sampled_from((0.3, 0.6, 1.0)))
    most = draw(st.sampled_from((1, 4, 1000)))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    tenths = random.integers(0, most + 1, (size, size))
    tenths[random.random((size, size)) > allowed] = -1
    if draw(st.booleans()):
        island = np.sort(random.integers(0, 3, size))
        tenths[island[:, None] != island] = -1
    problem = a_peer_problem(
        tenths.reshape(size, size),
        places=random.choice((0, 1, 1, 1, 1, 2), size),
        covered=random.random(size) < draw(st.sampled_from((0.0, 0.3))),
        details=draw(st.sampled_from((None, Details("trio"), Details("leave-out")))),
        objective=draw(st.sampled_from((("coverage", "total-score"), ("total-score", "coverage")))),
        seed=draw(st.integers(0, 9)),
    )
    return with_required(problem, draw(st.integers(0, 2)))


def with_required(problem: MatchingProblem, most: int) -> MatchingProblem:
    seating = problem.seatings["peer"]
    people = np.arange(len(seating.people))
    tenths = problem.pairs["peer", "peer"].scores(people, people)
    pairs: list[tuple[str, str]] = []
    for a, b in combinations(people.tolist(), 2):
        taken = {one for pair in pairs for one in pair}
        names = seating.people[a], seating.people[b]
        if len(pairs) < most and tenths[a, b] >= 0 and seating.places[[a, b]].all() and not taken & set(names):
            pairs.append(names)
    return evolve(problem, required={("peer", "peer"): tuple(pairs)})


@settings(max_examples=300, deadline=None)
@given(problems())
def test_as_good_as_trying_everything_and_proven(problem: MatchingProblem) -> None:
    certificate = certified(problem)[1]
    people, points = the_best(problem)
    assert (people, pytest.approx(points)) == (certificate.matched, certificate.total_score)
    assert certificate.matched_bound is not None
    assert certificate.total_score_bound is not None
    if problem.objective[0] == "coverage":
        assert (people, points) <= (certificate.matched_bound, certificate.total_score_bound)
    else:
        assert (points, people) <= (certificate.total_score_bound, certificate.matched_bound)
