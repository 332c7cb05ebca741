"""Groups with the policy `peer-circle`: whoever no mentor has room for is in a circle of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.errors import BrokenPromiseError
from mentorkit.core.matching.certifying import Group, certify
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.relationships import Certificate, Member
from mentorkit.core.shapes import Groups
from mentorkit.testing import a_group_problem
from mentorkit_matchers.groups import GroupsMatcher

SIDES = {"mentor": "mentor", "mentee": "mentee"}


def mentees_with_mentors(members: Sequence[Member]) -> list[tuple[Member, Member]]:
    return [(a, b) for a in members if a.role == "mentee" for b in members if b.role == "mentor"]


def solved(problem: MatchingProblem) -> tuple[tuple[Group, ...], Certificate]:
    solution = GroupsMatcher().solve(None, problem)
    return certify(problem, solution, mentees_with_mentors, SIDES, "groups")  # type: ignore[arg-type]


def sizes(groups: Sequence[Group]) -> list[tuple[int, int]]:
    """Return how many mentors and mentees each group has, sorted."""
    counted = [[member.role for member in group.members] for group in groups]
    return sorted((roles.count("mentor"), roles.count("mentee")) for roles in counted)


@pytest.mark.parametrize(
    ("people", "made"),
    [(2, ()), (3, (3,)), (8, (4, 4)), (9, (4, 5)), (5, (5,)), (11, (5, 6)), (16, (5, 5, 6))],
)
def test_circles_are_of_allowed_sizes_that_differ_by_one(people: int, made: tuple[int, ...]) -> None:
    assert made == Groups(mentees=(3, 8), target=5).circles_of(people)


def test_who_is_too_many_for_circles_waits() -> None:
    details = Groups(mentees=(5, 6), leftover="peer-circle")

    assert (6,) == details.circles_of(7)
    assert [0, 5, 6, 6, 10] == [details.most_placed(people) for people in (4, 5, 6, 7, 10)]


@pytest.mark.parametrize(
    ("mentees", "mentors", "made"),
    [
        (10, 2, [(1, 5), (1, 5)]),
        (22, 2, [(0, 6), (1, 8), (1, 8)]),
        (17, 2, [(0, 3), (1, 7), (1, 7)]),
        (8, 0, [(0, 4), (0, 4)]),
        (2, 0, []),
        (9, 1, [(0, 3), (1, 6)]),
    ],
)
def test_nobody_waits_who_can_be_in_a_circle(mentees: int, mentors: int, made: list[tuple[int, int]]) -> None:
    tenths = np.random.default_rng(7).integers(0, 1001, (mentees, mentors))
    problem = a_group_problem(tenths, details=Groups(mentees=(3, 8), mentors=(1, 1), target=5, leftover="peer-circle"))

    groups, certificate = solved(problem)

    assert made == sizes(groups)
    assert sum(size for _, size in made) == certificate.matched == certificate.matched_bound


def test_mentees_whom_every_mentor_is_forbidden_are_in_a_circle() -> None:
    tenths = np.full((8, 1), 500)
    tenths[4:] = -1

    groups, certificate = solved(a_group_problem(tenths, details=Groups(mentees=(3, 8), leftover="peer-circle")))

    assert [(0, 4), (1, 4)] == sizes(groups)
    assert {"circles": [4], "groups": 1} == {name: certificate.extra[name] for name in ("circles", "groups")}
    assert certificate.exact


def test_who_differs_is_spread_over_circles() -> None:
    columns = {"department": ["a"] * 4 + ["b"] * 4}
    details = Groups(mentees=(3, 4), leftover="peer-circle", spread={"department": 6.0})

    groups, certificate = solved(a_group_problem(np.zeros((8, 0)), columns=columns, details=details))

    assert [2, 2] == [sum(int(member.person[1:]) < 4 for member in group.members) for group in groups]
    assert 8 * 6.0 * 2 / 3 == pytest.approx(certificate.extra["spread"])


def the_best(problem: MatchingProblem) -> tuple[int, int]:
    """Return the most people and then the most tenths, trying every way to put people with mentors or in circles."""
    tenths = problem.pairs["mentee", "mentor"].scores(*map(np.arange, problem.pairs["mentee", "mentor"].shape))
    apart = problem.pairs["mentee", "mentee"].scores(*map(np.arange, (len(tenths),) * 2)) < 0
    mentees, mentors = tenths.shape
    fewest, most = problem.details.mentees
    best = (0, 0)
    for places in product(range(mentors + 3), repeat=mentees):
        people = [[one for one in range(mentees) if places[one] == place] for place in range(mentors + 2)]
        if all(fewest <= len(some) <= most for some in people if some) and not any(
            apart[a, b] or apart[b, a] for some in people for a, b in combinations(some, 2)
        ):
            led = [int(tenths[one, mentor]) for mentor in range(mentors) for one in people[mentor]]
            if min(led, default=0) >= 0:
                best = max(best, (sum(map(len, people)), sum(led)))
    return best


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 6), st.integers(0, 2), st.integers(0, 1_000_000), st.booleans())
def test_as_many_are_placed_as_can_be_and_the_bound_holds(
    mentees: int, mentors: int, seed: int, some_apart: bool
) -> None:
    chance = np.random.default_rng(seed)
    tenths = chance.integers(0, 1001, (mentees, mentors))
    tenths[chance.random(tenths.shape) < 0.2] = -1
    details = Groups(mentees=(2, 3), mentors=(1, 1), leftover="peer-circle")
    apart = [(0, 1)] if some_apart else [(0, 0)]
    problem = a_group_problem(tenths, mentees_apart=apart, details=details, seed=seed % 97)
    people, points = the_best(problem)

    _, certificate = solved(problem)

    assert certificate.matched_bound is not None
    assert certificate.total_score_bound is not None
    assert people <= certificate.matched_bound
    assert some_apart or people == certificate.matched
    if not certificate.extra["planned"]:  # of the usual groups, only such are claimed to be no better
        assert points <= round(certificate.total_score_bound * 10, 6) or people < certificate.matched_bound
        assert not certificate.exact or (people, points) == (certificate.matched, round(certificate.total_score * 10))


def test_a_circle_that_nobody_asked_for_is_refused() -> None:
    problem = a_group_problem(np.zeros((4, 0)), details=Groups(mentees=(3, 8), leftover="peer-circle"))
    solution = GroupsMatcher().solve(None, problem)
    asked_otherwise = evolve(problem, details=Groups(mentees=(3, 8)))

    with pytest.raises(BrokenPromiseError, match="another size than allowed"):
        certify(asked_otherwise, solution, mentees_with_mentors, SIDES, "groups")  # type: ignore[arg-type]
