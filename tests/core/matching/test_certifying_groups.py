"""Bounds and sizes of groups, by code that shares nothing with the matcher."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.errors import InternalError
from mentorkit.core.matching.certifying import bound, certify
from mentorkit.core.problems import MatchingProblem, Solution, solution_of
from mentorkit.core.proofs import GroupProof, Island, IslandProof, LeaderProof
from mentorkit.core.relationships import Certificate, Member
from mentorkit.core.shapes import Groups
from mentorkit.testing import a_group_problem
from mentorkit_matchers.groups import GroupsMatcher

MENTOR, MENTEE = 0, 1


def mentees_with_mentors(members: Sequence[Member]) -> list[tuple[Member, Member]]:
    return [(a, b) for a in members if a.role == "mentee" for b in members if b.role == "mentor"]


def certified(problem: MatchingProblem, solution: Solution) -> Certificate:
    sides = {"mentor": "mentor", "mentee": "mentee"}
    return certify(problem, solution, mentees_with_mentors, sides, "some of acme 1.0")[1]  # type: ignore[arg-type]


def a_group(mentors: Sequence[int], mentees: Sequence[int]) -> list[tuple[int, int]]:
    return [*((MENTOR, one) for one in mentors), *((MENTEE, one) for one in mentees)]


def a_problem() -> MatchingProblem:
    return a_group_problem(
        np.arange(24).reshape(8, 3) * 10, mentees_apart=[(0, 1)], details=Groups(mentees=(3, 4), mentors=(1, 2))
    )


@pytest.mark.parametrize(
    "group",
    [a_group([0], [1, 2]), a_group([0], [1, 2, 3, 4, 5]), a_group([], [1, 2, 3]), a_group([0, 1, 2], [1, 2, 3])],
)
def test_a_group_of_another_size_is_refused(group: list[tuple[int, int]]) -> None:
    with pytest.raises(InternalError, match="another size than allowed"):
        certified(a_problem(), solution_of([group]))


def test_one_too_many_is_allowed_where_the_model_says_so() -> None:
    problem = a_problem()
    group = a_group([0], [1, 2, 3, 4, 5])
    overfull = evolve(problem, details=evolve(problem.details, leftover="overfull"))
    assert 5 == certified(overfull, solution_of([group])).matched


def test_two_mentees_whom_a_rule_keeps_apart_are_in_no_group() -> None:
    with pytest.raises(InternalError, match="although a rule forbids it"):
        certified(a_problem(), solution_of([a_group([0], [0, 1, 2])]))


def test_points_are_means_over_the_mentors() -> None:
    assert 1.5 + 7.5 + 10.5 == certified(a_problem(), solution_of([a_group([1, 2], [0, 2, 3])])).total_score


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 2_000), min_size=12, max_size=12),
    st.integers(0, 3_000),
    st.sampled_from([(1, 1), (1, 2), (2, 2)]),
    st.booleans(),
)
def test_no_prices_ever_bound_less_than_there_is(
    seed: int, prices: list[int], place: int, mentors: tuple[int, int], spread: bool
) -> None:
    chance = np.random.default_rng(seed)
    tenths = chance.integers(-200, 1001, (12, 4)).clip(-1)
    details = Groups(mentees=(2, 4), mentors=mentors, spread={"site": 5.0} if spread else {})
    problem = a_group_problem(tenths, details=details, columns={"site": list("abcabcabcabc")})
    solution = GroupsMatcher().solve(None, problem)
    assert isinstance(solution.proof, GroupProof)
    proof = evolve(solution.proof, prices=np.array(prices), tenth=1, place=place)
    leaders = LeaderProof(np.array(prices[:4]), 1, place, solution.proof.planned)
    for one in (proof, leaders):
        certificate = certified(problem, evolve(solution, exact=False, proof=one))
        assert certificate.total_score_bound is not None
        if certificate.matched == certificate.matched_bound:
            assert certificate.total_score <= certificate.total_score_bound
    assert certified(problem, solution).matched == certificate.matched


@pytest.mark.parametrize(
    "wrong",
    [
        {"prices": np.zeros(7, dtype=np.int64)},
        {"prices": np.full(8, -1)},
        {"place": -1},
        {"tenth": 0},
    ],
)
def test_prices_that_prove_nothing_are_refused(wrong: dict[str, object]) -> None:
    free = GroupProof(np.zeros(8, dtype=np.int64), 1, 0, planned=False, full=np.zeros(0, dtype=np.int64))
    with pytest.raises(ValueError, match="prices"):
        bound(a_problem(), evolve(free, **wrong))  # type: ignore[arg-type]


def test_prices_of_mentors_that_prove_nothing_are_refused() -> None:
    for wrong in (np.zeros(4, dtype=np.int64), np.full(3, -1)):
        with pytest.raises(ValueError, match="at least 0 per mentor"):
            bound(a_problem(), LeaderProof(wrong, 1, 0, planned=True))


def test_where_nobody_is_apart_prices_of_mentors_prove_that_nothing_is_better(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(3)
    problem = a_group_problem(chance.integers(0, 1001, (80, 16)), details=Groups(mentees=(4, 6)))
    monkeypatch.setattr("mentorkit_matchers.groups.proving._STEPWISE", 0)
    solution = GroupsMatcher().solve(None, problem)
    assert isinstance(solution.proof, LeaderProof)
    assert 0.0 == certified(problem, solution).gap


def test_without_prices_everybody_has_the_best_there_is() -> None:
    free = GroupProof(np.zeros(8, dtype=np.int64), 1, 0, planned=True, full=np.zeros(0, dtype=np.int64))
    most = bound(a_problem(), free)
    assert (8, 24) == (most.people, most.pairs)
    assert most.tenths == sum((230, 200, 170, 140)) * 1.0 + (sum((220, 190, 160, 130)) + sum((210, 180, 150, 120))) / 2


def test_bounds_are_only_for_models_that_count_each_mentee_with_each_mentor() -> None:
    problem = a_group_problem(np.full((8, 2), 500), details=Groups(mentees=(3, 4)))
    solution = GroupsMatcher().solve(None, problem)
    sides = {"mentor": "mentor", "mentee": "mentee"}
    _, certificate = certify(problem, solution, lambda members: mentees_with_mentors(members)[:1], sides, "x")  # type: ignore[arg-type]
    assert (None, False) == (certificate.total_score_bound, certificate.exact)


def two_islands() -> MatchingProblem:
    """Return a problem in which e0..e9 may be with m0, m1 alone, and e10..e16 with m2 alone."""
    tenths = np.random.default_rng(1).integers(0, 1001, (17, 3))
    tenths[:10, 2], tenths[10:, :2] = -1, -1
    return a_group_problem(tenths, details=Groups(mentees=(3, 8)))


def free(size: int) -> GroupProof:
    none = np.zeros(0, dtype=np.int64)
    return GroupProof(np.zeros(size, dtype=np.int64), 1, 0, planned=True, full=none)


def islands(*people: tuple[range | list[int], list[int]]) -> IslandProof:
    return IslandProof(tuple(Island(np.array(mentees), np.array(mentors), free(17)) for mentees, mentors in people))


def test_the_bound_of_islands_is_the_sum_of_their_bounds() -> None:
    problem = two_islands()
    most = bound(problem, islands((range(10), [0, 1]), (range(10, 17), [2])))
    tenths = problem.pairs["mentee", "mentor"].scores(np.arange(17), np.arange(3))
    best = [int(np.sort(tenths[:, mentor])[::-1][:size].sum()) for mentor, size in ((0, 5), (1, 5), (2, 7))]
    assert (17, sum(best), 51) == (most.people, most.tenths, most.pairs)


@pytest.mark.parametrize(
    ("people", "why"),
    [
        (((range(10), [0]), (range(10, 17), [2])), "with those of another"),
        (((range(10), [0, 1]),), "with those of another"),
        (((range(10), [0, 1]), (range(9, 17), [2])), "on two of them"),
        (((range(10), [0, 1]), ([*range(10, 17), 16], [2])), "on two of them"),
    ],
)
def test_islands_that_are_none_prove_nothing(people: tuple[tuple[range, list[int]], ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        bound(two_islands(), islands(*people))


def test_islands_prove_nothing_where_circles_may_be_of_several() -> None:
    problem = two_islands()
    circles = evolve(problem, details=evolve(problem.details, leftover="peer-circle"))
    with pytest.raises(ValueError, match="circles"):
        bound(circles, islands((range(10), [0, 1]), (range(10, 17), [2])))
