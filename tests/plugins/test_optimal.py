from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from mentorkit.core.matching.certifying import certify
from mentorkit.core.problems import Effort, MatchingProblem
from mentorkit.core.proofs import Price, PriceProof
from mentorkit.core.relationships import Certificate
from mentorkit.testing import a_two_sided_problem
from mentorkit_matchers.optimal import Optimal
from mentorkit_models.one_on_one import OneOnOne

DATA = Path(__file__).parents[1] / "data" / "assignment"
COVERAGE_FIRST = ("coverage", "total-score")
SCORE_FIRST = ("total-score", "coverage")


def solved(problem: MatchingProblem) -> tuple[set[tuple[str, str]], Certificate]:
    solution = Optimal().solve(None, problem)
    model = OneOnOne()
    sides = {role.name: role.side for role in model.roles}
    groups, certificate = certify(
        problem, solution, lambda members: model.counted_pairs(None, members), sides, "optimal"
    )
    return {(group.members[1].person, group.members[0].person) for group in groups}, certificate


def best_by_trying_all(problem: MatchingProblem) -> tuple[int, int]:
    """Return people covered and tenths of the best matching, by enumerating every set of pairs."""
    tenths = problem.pairs["mentee", "mentor"].scores(*map(np.arange, problem.pairs["mentee", "mentor"].shape))
    mentees, mentors = problem.seatings["mentee"], problem.seatings["mentor"]
    required = {(mentees.index[a], mentors.index[b]) for pairs in problem.required.values() for a, b in pairs}
    allowed = [(i, j) for i, j in product(*map(range, tenths.shape)) if tenths[i, j] >= 0]
    values = []
    for bits in product((0, 1), repeat=len(allowed)):
        chosen = {pair for pair, bit in zip(allowed, bits, strict=True) if bit}
        rows = np.bincount([i for i, _ in chosen], minlength=len(mentees.people))
        columns = np.bincount([j for _, j in chosen], minlength=len(mentors.people))
        if required <= chosen and (rows <= mentees.places).all() and (columns <= mentors.places).all():
            covered = int(((rows > 0) & ~mentees.covered).sum())
            values.append((covered, int(sum(tenths[i, j] for i, j in chosen))))
    if problem.objective[0] == "coverage":
        return max(values)
    return max(values, key=lambda value: (value[1], value[0]))


@st.composite
def small_problems(draw: st.DrawFn) -> MatchingProblem:
    mentees, mentors = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    scores = st.sampled_from([-1, -1, 0, 1, 2, 500, 999, 1000])
    tenths = np.array(draw(st.lists(scores, min_size=mentees * mentors, max_size=mentees * mentors)), dtype=np.int16)
    places = st.integers(1, 3)
    problem = a_two_sided_problem(
        tenths.reshape(mentees, mentors),
        draw(st.lists(places, min_size=mentees, max_size=mentees)),
        draw(st.lists(places, min_size=mentors, max_size=mentors)),
        objective=draw(st.sampled_from([COVERAGE_FIRST, SCORE_FIRST])),
        seed=draw(st.integers(0, 3)),
    )
    covered = np.array(draw(st.lists(st.booleans(), min_size=mentees, max_size=mentees)), dtype=np.bool_)
    seatings = {**problem.seatings, "mentee": evolve(problem.seatings["mentee"], covered=covered)}
    allowed = [(i, j) for i in range(mentees) for j in range(mentors) if tenths.reshape(mentees, mentors)[i, j] >= 0]
    required = [draw(st.sampled_from(allowed))] if allowed and draw(st.booleans()) else []
    pairs = tuple((f"e{i}", f"m{j}") for i, j in required)
    return evolve(problem, seatings=seatings, required={("mentee", "mentor"): pairs})


@settings(max_examples=120, deadline=None)
@given(small_problems())
def test_nothing_is_better_and_the_certificate_says_so(problem: MatchingProblem) -> None:
    people, tenths = best_by_trying_all(problem)
    _, certificate = solved(problem)
    assert (people, tenths / 10) == (certificate.matched, certificate.total_score)
    assert (people, tenths / 10, 0.0) == (
        certificate.matched_bound,
        certificate.total_score_bound,
        certificate.gap,
    )


@pytest.mark.parametrize("seed", range(12))
def test_larger_problems_agree_with_a_dense_solver(seed: int) -> None:
    chance = np.random.default_rng(seed)
    mentees, mentors = chance.integers(120, 260, size=2)
    tenths = chance.integers(0, [2, 30, 1001][seed % 3], size=(mentees, mentors))
    tenths[chance.random((mentees, mentors)) < 0.7] = -1
    places = chance.integers(1, 3, size=mentors) if seed % 2 else np.ones(mentors, dtype=np.int64)
    slots = np.repeat(np.arange(mentors), places)
    worth = np.where(tenths < 0, 0, tenths + 10_000_000)[:, slots].astype(np.float64)
    row, slot = linear_sum_assignment(worth, maximize=True)
    there = tenths[row, slots[slot]] >= 0
    _, certificate = solved(a_two_sided_problem(tenths, None, places.tolist(), seed=seed))
    assert int(there.sum()) == certificate.matched
    assert int(tenths[row, slots[slot]][there].sum()) / 10 == certificate.total_score
    assert certificate.gap == 0.0


@pytest.mark.parametrize("kind", ["everybody agrees on the best", "all are equal", "the nearer the better"])
def test_problems_in_which_nearly_everything_is_equally_good(kind: str) -> None:
    chance, size = np.random.default_rng(4), 300
    first, second = np.arange(size), np.arange(size)
    tenths = {
        "everybody agrees on the best": np.add.outer(first, second) * 500 // size,
        "all are equal": np.full((size, size), 500),
        "the nearer the better": np.rint(
            1000 - 1000 * abs(np.subtract.outer(chance.random(size), chance.random(size)))
        ),
    }[kind]
    row, column = linear_sum_assignment(tenths, maximize=True)
    _, certificate = solved(a_two_sided_problem(tenths))
    assert (size, round(tenths[row, column].sum() / 10, 1), 0.0) == (
        certificate.matched,
        certificate.total_score,
        certificate.gap,
    )


def test_with_places_in_abundance_everybody_gets_their_best() -> None:
    tenths = np.random.default_rng(2).integers(0, 1001, size=(400, 20))
    pairs, certificate = solved(a_two_sided_problem(tenths, None, [10_000] * 20))
    assert len(pairs) == 400
    assert round(tenths.max(axis=1).sum() / 10, 1) == certificate.total_score
    assert certificate.gap == 0.0


def test_several_places_on_both_sides_of_a_larger_problem() -> None:
    chance = np.random.default_rng(5)
    tenths = chance.integers(-300, 1001, size=(150, 90)).clip(-1)
    problem = a_two_sided_problem(
        tenths, chance.integers(1, 4, size=150).tolist(), chance.integers(1, 4, size=90).tolist()
    )
    pairs, certificate = solved(problem)
    assert certificate.matched == 150
    assert len(pairs) == problem.seatings["mentor"].places.sum()
    assert certificate.gap == 0.0


@pytest.mark.parametrize("line", (DATA / "optima.csv").read_text().splitlines()[1:])
def test_problems_of_the_or_library(line: str) -> None:
    name, size, _, best, _ = line.split(",")
    numbers = [int(word) for word in (DATA / f"{name}.txt").read_text().split()]
    assert int(size) == numbers[0]
    costs = np.array(numbers[1:]).reshape(int(size), int(size))
    _, certificate = solved(a_two_sided_problem(1000 - costs))
    assert int(size) == certificate.matched
    assert 1000 * int(size) - int(best) == round(10 * certificate.total_score)
    assert certificate.gap == 0.0


@settings(max_examples=40, deadline=None)
@given(small_problems(), st.integers(0, 10))
def test_another_mentor_never_lowers_coverage(problem: MatchingProblem, tenths: int) -> None:
    problem = evolve(problem, objective=COVERAGE_FIRST)
    before = problem.pairs["mentee", "mentor"].scores(*map(np.arange, problem.pairs["mentee", "mentor"].shape))
    after = np.column_stack([before, np.full(len(before), tenths)])
    more = a_two_sided_problem(
        after,
        problem.seatings["mentee"].places.tolist(),
        [*problem.seatings["mentor"].places.tolist(), 1],
        required=problem.required,
    )
    mentees = evolve(more.seatings["mentee"], covered=problem.seatings["mentee"].covered)
    more = evolve(more, seatings={**more.seatings, "mentee": mentees})
    assert solved(problem)[1].matched <= solved(more)[1].matched


def test_the_order_of_objectives_matters() -> None:
    tenths = [[900, 10], [100, -1]]
    assert {("e0", "m1"), ("e1", "m0")} == solved(a_two_sided_problem(tenths))[0]
    assert {("e0", "m0")} == solved(a_two_sided_problem(tenths, objective=("total-score",)))[0]
    assert {("e0", "m1"), ("e1", "m0")} == solved(a_two_sided_problem(tenths, objective=("coverage",)))[0]


def values_of(problem: MatchingProblem, chosen: set[tuple[int, int]]) -> dict[str, int]:
    """Return what a matching reaches in each objective, more being better."""
    tenths = problem.pairs["mentee", "mentor"].scores(*map(np.arange, problem.pairs["mentee", "mentor"].shape))
    mentees, mentors = problem.seatings["mentee"], problem.seatings["mentor"]
    loads = np.bincount([j for _, j in chosen], minlength=len(mentors.people))
    kept = {(mentees.index[a], mentors.index[b]) for a, b in problem.kept.get(("mentee", "mentor"), ())}
    return {
        "coverage": len({i for i, _ in chosen if not mentees.covered[i]}),
        "total-score": int(sum(tenths[i, j] for i, j in chosen)),
        "worst-off": min((int(tenths[i, j]) for i, j in chosen), default=1000),
        "even-load": -int((loads**2).sum()),
        "fewest-changes": len(kept & chosen),
    }


def all_matchings(problem: MatchingProblem) -> list[set[tuple[int, int]]]:
    tenths = problem.pairs["mentee", "mentor"].scores(*map(np.arange, problem.pairs["mentee", "mentor"].shape))
    mentees, mentors = problem.seatings["mentee"], problem.seatings["mentor"]
    found: list[set[tuple[int, int]]] = [set()]
    for i, j in product(*map(range, tenths.shape)):
        if tenths[i, j] >= 0:
            found += [one | {(i, j)} for one in found]
    return [
        one
        for one in found
        if (np.bincount([i for i, _ in one], minlength=len(mentees.people)) <= mentees.places).all()
        and (np.bincount([j for _, j in one], minlength=len(mentors.people)) <= mentors.places).all()
    ]


ORDERS = [
    ("coverage", "total-score", "even-load"),
    ("coverage", "even-load", "total-score"),
    ("coverage", "total-score", "fewest-changes"),
    ("coverage", "fewest-changes", "even-load", "total-score"),
    ("coverage", "worst-off", "total-score"),
    ("coverage", "total-score", "worst-off"),
    ("coverage", "even-load", "worst-off"),
    ("coverage", "fewest-changes", "worst-off", "total-score"),
    ("coverage", "worst-off", "even-load", "fewest-changes", "total-score"),
    ("total-score", "coverage", "even-load", "worst-off"),
]


@pytest.mark.uncounted
@settings(max_examples=150, deadline=None)
@given(small_problems(), st.sampled_from(ORDERS), st.booleans(), st.data())
def test_every_objective_is_reached_in_its_order(
    problem: MatchingProblem, objective: tuple[str, ...], compiled: bool, data: st.DataObject
) -> None:
    mentees, mentors = problem.seatings["mentee"].people, problem.seatings["mentor"].people
    every = [(a, b) for a in mentees for b in mentors]
    kept = data.draw(st.lists(st.sampled_from(every), unique=True, max_size=4)) if every else []
    problem = evolve(problem, objective=objective, required={}, kept={("mentee", "mentor"): tuple(kept)})
    best = max([values_of(problem, one)[name] for name in objective] for one in all_matchings(problem))
    with as_if_large(compiled):
        pairs, certificate = solved(problem)
    chosen = {(mentees.index(a), mentors.index(b)) for a, b in pairs}
    assert best == [values_of(problem, chosen)[name] for name in objective]
    assert certificate.exact
    assert 0.0 == certificate.gap


@contextmanager
def as_if_large(compiled: bool) -> Iterator[None]:
    """Let even the smallest problem be solved the way that large ones are."""
    with pytest.MonkeyPatch.context() as patch:
        if compiled:
            patch.setattr("mentorkit_matchers.all_pairs._WORTHWHILE", 0)
            patch.setattr("mentorkit_matchers.optimal.settling._SMALL", 0)
            patch.setattr("mentorkit_matchers.optimal.settling._FIRST_CHOICES", 2)
            patch.setattr("mentorkit_matchers.optimal.settling._MORE_CHOICES", 1)
        yield


@pytest.mark.uncounted
@settings(max_examples=150, deadline=None)
@given(small_problems())
def test_the_way_of_large_problems_is_exact_too(problem: MatchingProblem) -> None:
    people, tenths = best_by_trying_all(problem)
    with as_if_large(True):
        _, certificate = solved(problem)
    assert (people, tenths / 10, 0.0) == (certificate.matched, certificate.total_score, certificate.gap)


@pytest.mark.parametrize("seed", range(8))
def test_the_way_of_large_problems_agrees_with_a_dense_solver(seed: int) -> None:
    chance = np.random.default_rng(seed)
    mentees, mentors = chance.integers(150, 300, size=2)
    tenths = chance.integers(0, [2, 30, 1001][seed % 3], size=(mentees, mentors))
    tenths[chance.random((mentees, mentors)) < [0.3, 0.97][seed % 2]] = -1
    places = chance.integers(0, 4, size=mentors)
    slots = np.repeat(np.arange(mentors), places)
    worth = np.where(tenths < 0, 0, tenths + 10_000_000)[:, slots].astype(np.float64)
    row, slot = linear_sum_assignment(worth, maximize=True)
    there = tenths[row, slots[slot]] >= 0
    with as_if_large(True):
        _, certificate = solved(a_two_sided_problem(tenths, None, places.tolist(), seed=seed))
    assert int(there.sum()) == certificate.matched
    assert int(tenths[row, slots[slot]][there].sum()) / 10 == certificate.total_score
    assert certificate.gap == 0.0


@pytest.mark.parametrize("looks", [0, 1, 2])
@pytest.mark.parametrize("compiled", [False, True])
def test_when_the_time_is_up_the_best_so_far_comes_with_what_it_may_lack(looks: int, compiled: bool) -> None:
    tenths = np.random.default_rng(1).integers(0, 1001, size=(300, 300))
    asked = iter([False] * looks)
    problem = evolve(a_two_sided_problem(tenths), effort=Effort(over=lambda: next(asked, True)))
    with as_if_large(compiled):
        _, certificate = solved(problem)
    assert not certificate.exact
    assert 300 == certificate.matched == certificate.matched_bound  # nobody is left over who could be placed
    assert certificate.total_score_bound is not None
    assert 20_000 < certificate.total_score <= certificate.total_score_bound <= 30_000


@pytest.mark.parametrize("seed", range(4))
def test_a_head_start_changes_nothing_but_the_way(seed: int) -> None:
    chance = np.random.default_rng(seed)
    problem = a_two_sided_problem(chance.integers(-1, 1001, size=(40, 30)), None, [2] * 30, seed=seed)
    parts = chance.integers((-2, -1000), (4, 1000), size=(30, 2)).tolist()
    ahead = {f"m{number}": Price(covers, tenths) for number, (covers, tenths) in enumerate(parts)}
    for compiled in (False, True):
        with as_if_large(compiled):
            known, again = solved(problem)[1], solved(evolve(problem, head_start=ahead))[1]
        assert known == again


def test_earlier_prices_save_rounds() -> None:
    def rounds(problem: MatchingProblem) -> int:
        told: list[float] = []
        with as_if_large(True):
            Optimal().solve(None, evolve(problem, effort=Effort(tell=lambda _, share: told.append(share))))
        return len(told)

    chance = np.random.default_rng(3)
    problem = a_two_sided_problem(chance.integers(-1, 1001, size=(300, 140)), None, [2] * 140)
    with as_if_large(True):
        proof = Optimal().solve(None, problem).proof
    assert isinstance(proof, PriceProof)
    assert {"coverage": 1_000 * 280 + 1, "total-score": 1} == dict(proof.gains)
    parts = (divmod(int(price), proof.gains["coverage"]) for price in proof.prices)
    ahead = {f"m{number}": Price(*one) for number, one in enumerate(parts)}
    assert rounds(evolve(problem, head_start=ahead)) < rounds(problem)
