from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.errors import InternalError, ProgramError
from mentorkit.core.matching.certifying import bound, certify
from mentorkit.core.problems import Effort, MatchingProblem, solution_of
from mentorkit.core.proofs import RolePrices, TeamProof, TrianglePrices
from mentorkit.core.relationships import Certificate, Member
from mentorkit.core.shapes import Teams
from mentorkit.testing import a_team_problem
from mentorkit_matchers.teams import TeamsMatcher

ROLES = ("x", "y", "z")
ONE_EACH = dict.fromkeys(ROLES, 1)


def solved(problem: MatchingProblem) -> tuple[list[tuple[str, ...]], Certificate]:
    def counted(members: Sequence[Member]) -> list[tuple[Member, Member]]:
        scored = {frozenset(pair) for pair in problem.pairs}
        pairs = [(a, b) for a, b in combinations(members, 2) if frozenset((a.role, b.role)) in scored]
        return [(a, b) for a, b in pairs if problem.seatings[a.role].served or problem.seatings[b.role].served]

    sides = dict.fromkeys(problem.seatings, "mentee")
    groups, certificate = certify(problem, TeamsMatcher().solve(None, problem), counted, sides, "teams")  # type: ignore[arg-type]
    return [tuple(member.person for member in group.members) for group in groups], certificate


def best_by_trying_all(problem: MatchingProblem) -> tuple[int, Fraction]:
    """Return the most people in complete teams and, with as many, the most tenths of points."""
    roles, counts = list(problem.seatings), problem.details.counts
    whole = {pair: scores.scores(*map(np.arange, scores.shape)) for pair, scores in problem.pairs.items()}
    teams = []
    for choice in product(*(combinations(range(len(problem.seatings[role].people)), counts[role]) for role in roles)):
        members = [(role, person) for role, some in zip(roles, choice, strict=True) for person in some]
        scores = {}
        for one, other in combinations(members, 2):
            for (a, i), (b, j) in ((one, other), (other, one)):
                if (a, b) in whole:
                    scores[one, other] = int(whole[a, b][min(i, j) if a == b else i, max(i, j) if a == b else j])
        if all(score >= 0 for score in scores.values()):
            points = Fraction(0)
            for member in members:
                own = [score for pair, score in scores.items() if member in pair]
                if own and problem.seatings[member[0]].served:
                    points += Fraction(sum(own), len(own))
            teams.append((members, points))
    left = {
        (role, person): int(places) for role in roles for person, places in enumerate(problem.seatings[role].places)
    }
    return _best(problem, teams, left, frozenset())


def _best(
    problem: MatchingProblem,
    teams: Sequence[tuple[list[tuple[str, int]], Fraction]],
    left: Mapping[tuple[str, int], int],
    placed: frozenset[tuple[str, int]],
) -> tuple[int, Fraction]:
    best = sum(problem.seatings[role].served for role, _ in placed), Fraction(0)
    for number, (members, points) in enumerate(teams):
        if all(left[member] > 0 for member in members):
            then = {**left, **{member: left[member] - 1 for member in members}}
            people, more = _best(problem, teams[number + 1 :], then, placed | set(members))
            best = max(best, (people, more + points))
    return best


@st.composite
def small_problems(draw: st.DrawFn) -> MatchingProblem:
    counts = draw(st.sampled_from([ONE_EACH, {"x": 1, "y": 2}, {"x": 1, "y": 1}, {"x": 2}, {"x": 1, "y": 1, "z": 1}]))
    sizes = {role: draw(st.integers(0, 3)) * min(count, 2) for role, count in counts.items()}
    between = [pair for pair in combinations(counts, 2) if draw(st.booleans())] or list(combinations(counts, 2))
    between += [(role, role) for role, count in counts.items() if count > 1]
    score = st.sampled_from([-1, 0, 1, 500, 501, 1000])
    missing = set(counts) - {role for pair in between for role in pair}
    between += [(role, next(one for one in counts if one != role)) for role in sorted(missing)]
    tenths = {
        (a, b): np.array(
            draw(st.lists(score, min_size=sizes[a] * sizes[b], max_size=sizes[a] * sizes[b])), dtype=np.int64
        ).reshape(sizes[a], sizes[b])
        for a, b in dict.fromkeys(between)
    }
    served = draw(st.sampled_from([["x"], list(counts)]))
    places = {role: draw(st.lists(st.integers(1, 2), min_size=size, max_size=size)) for role, size in sizes.items()}
    return a_team_problem(counts, tenths, served, places if draw(st.booleans()) else None, seed=draw(st.integers(0, 3)))


@settings(max_examples=40, deadline=None)
@given(small_problems())
def test_nothing_is_better_and_no_bound_is_below(problem: MatchingProblem) -> None:
    people, tenths = best_by_trying_all(problem)
    _, certificate = solved(problem)
    assert (people, float(tenths) / 10) == (certificate.matched, pytest.approx(certificate.total_score))
    assert certificate.matched_bound is not None
    assert certificate.total_score_bound is not None
    assert (certificate.matched_bound, certificate.total_score_bound + 1e-9) >= (people, float(tenths) / 10)


def triangles(teams: int, seed: int, served: Sequence[str] = ROLES) -> MatchingProblem:
    chance = np.random.default_rng(seed)
    tenths = {pair: chance.integers(-100, 1001, (teams, teams)).clip(-1) for pair in combinations(ROLES, 2)}
    return a_team_problem(ONE_EACH, tenths, served, seed=seed)


def test_twenty_teams_are_proven_and_near_a_bound_that_prices_prove() -> None:
    teams, certificate = solved(triangles(20, 1))
    assert [3] * 20 == [len(one) for one in teams]
    assert 60 == certificate.matched == certificate.matched_bound
    assert ("HiGHS", certificate.total_score) == (certificate.extra["proven_by"], certificate.extra["proven_bound"])
    assert certificate.gap is not None
    assert certificate.gap < 0.02 * certificate.total_score
    assert teams == solved(triangles(20, 1))[0]


def test_many_teams_come_near_their_bound() -> None:
    _, certificate = solved(triangles(90, 2))
    assert certificate.gap is not None
    assert certificate.gap < 0.02 * certificate.total_score


def test_where_one_role_alone_is_served_and_nobody_else_is_compared_it_is_the_best_there_is() -> None:
    problem = triangles(30, 3, served=["x"])
    problem = evolve(problem, pairs={pair: scores for pair, scores in problem.pairs.items() if pair[0] == "x"})
    _, certificate = solved(problem)
    assert (True, 0.0) == (certificate.exact, certificate.gap)


def test_several_members_of_a_role() -> None:
    chance = np.random.default_rng(4)
    tenths = {
        ("y", "x"): chance.integers(0, 1001, (60, 20)),
        ("y", "y"): chance.integers(-100, 1001, (60, 60)).clip(-1),
    }
    teams, certificate = solved(a_team_problem({"x": 1, "y": 3}, tenths, ["y"]))
    assert 60 == certificate.matched
    assert {1} == set(Counter(one for team in teams for one in team).values())
    assert [4] * 20 == [len(one) for one in teams]


def test_who_must_be_together_is() -> None:
    problem = triangles(6, 5)
    free = {pair: np.maximum(scores.scores(np.arange(6), np.arange(6)), 0) for pair, scores in problem.pairs.items()}
    required = {("x", "y"): (("x0", "y3"),), ("y", "z"): (("y3", "z1"), ("y4", "z4"))}
    teams, _ = solved(a_team_problem(ONE_EACH, free, ROLES, required=required))
    assert ("x0", "y3", "z1") in teams
    assert any({"y4", "z4"} <= set(team) for team in teams)


def test_who_cannot_be_together_is_named_as_the_authors_mistake() -> None:
    required = {("x", "y"): (("x0", "y3"), ("x0", "y4"))}
    with pytest.raises(ProgramError, match="cannot be in one team"):
        solved(evolve(triangles(6, 5), required=required))


def test_without_time_there_are_teams_that_keep_all_rules() -> None:
    _, certificate = solved(evolve(triangles(40, 6), effort=Effort(over=lambda: True)))
    assert certificate.matched > 60


def test_a_team_that_is_not_complete_is_refused() -> None:
    problem = triangles(3, 1)
    with pytest.raises(InternalError, match="not complete"):
        certify(problem, solution_of([[(0, 0), (1, 0)]]), lambda _: [], dict.fromkeys(ROLES, "mentee"), "x")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 900), min_size=8, max_size=8))
def test_no_prices_ever_bound_less_than_there_is(seed: int, prices: list[int]) -> None:
    problem = triangles(4, seed)
    teams, certificate = solved(problem)
    proof = TeamProof(
        tuple(RolePrices(pair, np.array(prices[:4]), 1) for pair in problem.pairs),
        TrianglePrices(np.array(prices[:4]) * 2, np.array(prices[4:]) * 2, 2),
    )
    most = bound(problem, proof)
    assert (most.people, float(most.tenths) / 10) >= (certificate.matched, certificate.total_score)
    assert len(teams) * 3 == certificate.matched


@pytest.mark.parametrize(
    "wrong",
    [
        TeamProof(()),
        TeamProof(tuple(RolePrices(pair, np.full(4, -1), 1) for pair in combinations(ROLES, 2))),
        TeamProof(tuple(RolePrices(pair, np.zeros(3, dtype=np.int64), 1) for pair in combinations(ROLES, 2))),
        TeamProof(
            tuple(RolePrices(pair, np.zeros(4, dtype=np.int64), 1) for pair in combinations(ROLES, 2)),
            TrianglePrices(np.full(4, -1), np.zeros(4, dtype=np.int64), 2),
        ),
    ],
)
def test_prices_that_prove_nothing_are_refused(wrong: TeamProof) -> None:
    with pytest.raises(ValueError, match="prices"):
        bound(triangles(4, 1), wrong)


def test_how_many_complete_teams_there_can_be() -> None:
    details = Teams({"x": 1, "y": 2})
    assert 3 == details.most_teams({"x": [1, 1, 1, 1], "y": [1] * 7})
    assert 2 == details.most_teams({"x": [9], "y": [9, 2, 0]})
    assert 0 == details.most_teams({"x": [9], "y": [9]})
