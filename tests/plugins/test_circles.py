from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.errors import InternalError, ProgramError
from mentorkit.core.matching.certifying import bound, certify
from mentorkit.core.problems import Effort, MatchingProblem, Solution, solution_of
from mentorkit.core.proofs import CircleProof
from mentorkit.core.relationships import Certificate
from mentorkit.core.shapes import Circles
from mentorkit.testing import a_circle_problem
from mentorkit_matchers.circles import CirclesMatcher


def certified(problem: MatchingProblem, solution: Solution) -> tuple[list[set[str]], Certificate]:
    groups, certificate = certify(
        problem, solution, lambda one: list(combinations(one, 2)), {"peer": "peer"}, "circles"
    )
    return [{member.person for member in group.members} for group in groups], certificate


def solved(problem: MatchingProblem) -> tuple[list[set[str]], Certificate]:
    return certified(problem, CirclesMatcher().solve(None, problem))


def all_circles(problem: MatchingProblem, sizes: Sequence[int]) -> Iterator[tuple[frozenset[str], Fraction]]:
    """Yield every circle that may be, with its points in tenths."""
    people = problem.seatings["peer"].people
    everybody = np.arange(len(people))
    tenths = problem.pairs["peer", "peer"].scores(everybody, everybody)
    for size in sizes:
        for circle in combinations(range(len(people)), size):
            scores = [int(tenths[a, b]) for a, b in combinations(circle, 2)]
            ids = frozenset(people[one] for one in circle)
            parted = any((a in ids) != (b in ids) for found in problem.required.values() for a, b in found)
            if min(scores) >= 0 and not parted:
                yield ids, Fraction(sum(scores), size - 1)


def best_by_trying_all(problem: MatchingProblem, sizes: Sequence[int]) -> dict[tuple[int, ...], Fraction]:
    """Return the most tenths that circles of every combination of sizes can have together."""
    found: dict[tuple[int, ...], Fraction] = {(): Fraction(0)}

    def go(circles: list[tuple[frozenset[str], Fraction]], made: tuple[int, ...], points: Fraction) -> None:
        key = tuple(sorted(made))
        found[key] = max(found.get(key, points), points)
        for number, (circle, more) in enumerate(circles):
            go([one for one in circles[number + 1 :] if not one[0] & circle], (*made, len(circle)), points + more)

    go(list(all_circles(problem, sizes)), (), Fraction(0))
    return found


@st.composite
def small_problems(draw: st.DrawFn) -> MatchingProblem:
    size = draw(st.integers(0, 8))
    sizes = draw(st.sampled_from([(2, 3), (3, 4), (3, 8), (2, 2), (4, 4)]))
    score = st.sampled_from([-1, 0, 1, 500, 501, 1000])
    tenths = np.array(draw(st.lists(score, min_size=size**2, max_size=size**2)), dtype=np.int64).reshape(size, size)
    if draw(st.booleans()):
        tenths = np.abs(tenths)
    return a_circle_problem(tenths, sizes, draw(st.sampled_from([None, *sizes])), seed=draw(st.integers(0, 3)))


@pytest.mark.uncounted
@settings(max_examples=60, deadline=None)
@given(small_problems())
def test_small_circles_are_the_best_there_are(problem: MatchingProblem) -> None:
    fewest, most = problem.details.sizes
    possible = best_by_trying_all(problem, range(fewest, most + 1))
    circles, certificate = solved(problem)
    sizes = tuple(sorted(map(len, circles)))

    assert certificate.matched == sum(sizes) == max(sum(one) for one in possible)
    usual = problem.details.plans(len(problem.seatings["peer"].people))[0].sizes
    if usual in possible:
        assert (usual, float(possible[usual]) / 10) == (sizes, pytest.approx(certificate.total_score))
    else:
        as_many = max(points for one, points in possible.items() if sum(one) == sum(sizes))
        assert float(as_many) / 10 == pytest.approx(certificate.total_score)
    assert certificate.matched_bound is not None
    assert certificate.total_score_bound is not None
    assert certificate.matched_bound >= certificate.matched
    if certificate.matched_bound == certificate.matched:
        assert certificate.total_score_bound >= certificate.total_score - 1e-9


@settings(max_examples=60, deadline=None)
@given(small_problems(), st.data())
def test_no_prices_ever_bound_less_than_there_is(problem: MatchingProblem, data: st.DataObject) -> None:
    people = len(problem.seatings["peer"].people)
    prices = np.array(data.draw(st.lists(st.integers(-2000, 3000), min_size=people, max_size=people)), dtype=np.int64)
    fewest, most = problem.details.sizes
    possible = best_by_trying_all(problem, range(fewest, most + 1))
    usual = problem.details.plans(people)[0].sizes
    for planned, listed in ((True, True), (True, False), (False, True), (False, False)):
        found = bound(problem, CircleProof(prices, data.draw(st.integers(1, 4)), planned, listed))
        reached = [points for one, points in possible.items() if not planned or one == usual]
        assert found.tenths >= max(reached, default=Fraction(0))
        assert found.people >= max(sum(one) for one in possible)


@pytest.mark.parametrize(
    ("people", "target", "sizes"),
    [
        (2, None, ()),
        (3, None, (3,)),
        (7, 5, (7,)),
        (8, 5, (4, 4)),
        (11, 5, (5, 6)),
        (23, 5, (4, 4, 5, 5, 5)),
        (23, 8, (7, 8, 8)),
        (100, None, (5,) * 20),
    ],
)
def test_the_usual_circles_are_even_and_near_the_target(
    people: int, target: int | None, sizes: tuple[int, ...]
) -> None:
    assert sizes == Circles((3, 8), target).plans(people)[0].sizes
    circles, certificate = solved(a_circle_problem(np.full((people, people), 500), (3, 8), target))
    assert sizes == tuple(sorted(map(len, circles)))
    assert certificate.exact == (certificate.gap == 0)


def drawn(people: int, seed: int, apart: float = 0.05) -> MatchingProblem:
    chance = np.random.default_rng(seed)
    tenths = chance.integers(0, 1001, (people, people))
    tenths[chance.random((people, people)) < apart] = -1
    return a_circle_problem(tenths, (3, 8), 5, seed=seed)


def test_twenty_people_are_proven() -> None:
    _, certificate = solved(drawn(20, 1))
    assert ("HiGHS", round(certificate.total_score, 4)) == (
        certificate.extra["proven_by"],
        certificate.extra["proven_bound"],
    )
    assert certificate.gap is not None
    assert certificate.gap < 0.03 * certificate.total_score


def test_many_people_are_all_placed_beside_nobody_forbidden_and_better_than_by_chance() -> None:
    problem = drawn(150, 2)
    circles, certificate = solved(problem)
    assert {5: 30} == Counter(map(len, circles))
    assert certificate.total_score_bound is not None
    assert 1.3 * 0.5 * 150 * 50 < certificate.total_score <= certificate.total_score_bound
    assert circles == solved(problem)[0]


def test_prices_make_the_bound_better_where_everybody_would_like_the_same_people() -> None:
    liked = np.linspace(0, 500, 40).astype(np.int64)
    problem = a_circle_problem(liked[:, None] + liked, (4, 4))
    _, certificate = solved(problem)
    alone = bound(problem, CircleProof(np.zeros(40, dtype=np.int64), 1, planned=True, listed=False))
    assert certificate.total_score_bound is not None
    assert certificate.total_score_bound < 0.75 * float(alone.tenths) / 10
    assert certificate.gap == pytest.approx(0, abs=certificate.total_score / 50)


def test_who_must_be_together_is() -> None:
    wanted = {("peer", "peer"): (("p0", "p9"), ("p9", "p4"), ("p2", "p3"))}
    for problem in (drawn(12, 3, apart=0), drawn(60, 3, apart=0)):
        circles, _ = solved(evolve(problem, required=wanted))
        assert any({"p0", "p9", "p4"} <= circle for circle in circles)
        assert any({"p2", "p3"} <= circle for circle in circles)


def test_too_many_who_must_be_together_are_an_error() -> None:
    wanted = {("peer", "peer"): tuple(("p0", f"p{number}") for number in range(1, 10))}
    with pytest.raises(ProgramError, match="a circle has at most 8 people"):
        solved(evolve(drawn(20, 1, apart=0), required=wanted))


def test_people_who_may_be_with_nobody_wait() -> None:
    tenths = np.full((31, 31), 500)
    tenths[4, :] = tenths[:, 4] = -1
    circles, certificate = solved(a_circle_problem(tenths))
    assert ("p4" not in set().union(*circles), 30, 30) == (True, certificate.matched, certificate.matched_bound)


def test_where_usual_circles_cannot_be_others_place_as_many() -> None:
    """Two sets of three in which everybody may be with everybody, and nobody with the others: no circle of six."""
    tenths = np.full((6, 6), -1)
    tenths[:3, :3] = tenths[3:, 3:] = 700
    circles, certificate = solved(a_circle_problem(tenths, (3, 8), 6))
    assert [{"p0", "p1", "p2"}, {"p3", "p4", "p5"}] == sorted(circles, key=min)
    assert (True, 6) == (certificate.exact, certificate.matched)


def test_where_usual_circles_cannot_be_among_many_few_are_left_out() -> None:
    tenths = np.full((101, 101), -1)
    tenths[:50, :50] = tenths[50:, 50:] = 700
    circles, certificate = solved(a_circle_problem(tenths, (5, 5)))
    assert (100, {5}) == (certificate.matched, {len(one) for one in circles})


def test_who_is_covered_already_gives_way() -> None:
    problem = a_circle_problem(np.full((8, 8), 500), (3, 3))
    covered = np.arange(8) < 2
    problem = evolve(problem, seatings={"peer": evolve(problem.seatings["peer"], covered=covered)})
    circles, certificate = solved(problem)
    assert (6, {f"p{one}" for one in range(2, 8)}) == (certificate.matched, set().union(*circles))


def test_a_search_that_is_stopped_still_breaks_no_rule() -> None:
    problem = evolve(drawn(120, 5, apart=0.1), effort=Effort(over=lambda: True))
    circles, certificate = solved(problem)
    assert certificate.matched == sum(map(len, circles))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"prices": np.zeros(3, dtype=np.int64)}, "one per person"),
        ({"tenth": 0}, "one per person"),
        ({"prices": np.full(30, 2**40)}, "too large"),
        ({"listed": True}, "more possible circles than can be listed"),
    ],
)
def test_a_proof_that_is_none_is_refused(change: dict[str, object], why: str) -> None:
    proof = evolve(CircleProof(np.zeros(30, dtype=np.int64), 1, planned=False, listed=False), **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=why):
        bound(drawn(30, 1), proof)


def test_circles_of_another_size_are_no_result() -> None:
    problem = a_circle_problem(np.full((9, 9), 500), (3, 4))
    with pytest.raises(InternalError, match="a circle of another size than allowed"):
        certified(problem, solution_of([[(0, one) for one in range(5)]]))
