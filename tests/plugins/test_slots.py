from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from mentorkit.core.contracts import Side
from mentorkit.core.errors import InternalError, ProgramError
from mentorkit.core.matching.certifying import Group, certify
from mentorkit.core.problems import Effort, MatchingProblem, Seating, Solution
from mentorkit.core.relationships import Certificate
from mentorkit.core.shapes import Slots as SlotDetails
from mentorkit.testing import a_slots_problem
from mentorkit_matchers.slots import Slots
from mentorkit_matchers.slots.rounds import rounds_of

SIDES: dict[str, Side] = {"mentor": "mentor", "mentee": "mentee"}


def counted(members):
    mentors = [one for one in members if one.role == "mentor"]
    return [(one, mentor) for one in members if one.role == "mentee" for mentor in mentors]


def solved(problem: MatchingProblem) -> tuple[tuple[Group, ...], Certificate]:
    return certify(problem, Slots().solve(None, problem), counted, SIDES, "slots of tests")


def met(groups: tuple[Group, ...]) -> set[tuple[str, str, int | None]]:
    return {
        (one.person, mentor.person, group.slot)
        for group in groups
        for mentor in group.members
        if mentor.role == "mentor"
        for one in group.members
        if one.role == "mentee"
    }


def best_by_trying(problem: MatchingProblem) -> tuple[int, int]:
    """Return the most people and, with as many, the most tenths, by trying every choice of every mentee in turn."""
    mentees, mentors = problem.seatings["mentee"], problem.seatings["mentor"]
    assert mentees.open is not None
    assert mentors.open is not None
    tenths = problem.pairs["mentee", "mentor"].scores(*map(np.arange, problem.pairs["mentee", "mentor"].shape))

    def choices(row: int) -> list[tuple[tuple[int, int], ...]]:
        possible = [
            (column, slot)
            for column in range(len(mentors.people))
            if tenths[row, column] >= 0
            for slot in np.flatnonzero(mentees.open[row] & mentors.open[column]).tolist()
        ]
        return [
            some
            for size in range(int(mentees.places[row]) + 1)
            for some in combinations(possible, size)
            if len({column for column, _ in some}) == len({slot for _, slot in some}) == size
        ]

    options = [choices(row) for row in range(len(mentees.people))]

    @cache
    def best(row: int, used: frozenset[tuple[int, int]]) -> tuple[int, int]:
        if row == len(options):
            return 0, 0
        found = (0, 0)
        for some in options[row]:
            now = used | set(some)
            given = [sum(column == one for column, _ in now) for one in range(len(mentors.people))]
            if len(now) == len(used) + len(some) and all(np.array(given) <= mentors.places):
                people, points = best(row + 1, now)
                own = sum(int(tenths[row, column]) for column, _ in some)
                found = max(found, (people + (len(some) > 0 and not mentees.covered[row]), points + own))
        return found

    return best(0, frozenset())


@st.composite
def small_problems(draw: st.DrawFn) -> MatchingProblem:
    mentees, mentors, slots = draw(st.integers(0, 4)), draw(st.integers(0, 3)), draw(st.integers(1, 3))
    scores = st.lists(
        st.lists(st.sampled_from([-1, 0, 1, 2, 500, 1000]), min_size=mentors, max_size=mentors),
        min_size=mentees,
        max_size=mentees,
    )

    def there(people: int) -> st.SearchStrategy[list[list[bool]]]:
        one = st.lists(st.booleans(), min_size=slots, max_size=slots)
        return st.lists(one, min_size=people, max_size=people)

    def places(people: int, most: int) -> st.SearchStrategy[list[int]]:
        return st.lists(st.integers(0, most), min_size=people, max_size=people)

    problem = a_slots_problem(
        np.array(draw(scores)).reshape(mentees, mentors),
        np.array(draw(there(mentees))).reshape(mentees, slots),
        np.array(draw(there(mentors))).reshape(mentors, slots),
        draw(places(mentees, 2)),
        draw(places(mentors, 3)),
    )
    covered = np.array(draw(st.lists(st.booleans(), min_size=mentees, max_size=mentees)), dtype=np.bool_)
    seatings = {**problem.seatings, "mentee": evolve(problem.seatings["mentee"], covered=covered)}
    return evolve(problem, seatings=seatings)


@settings(max_examples=150, deadline=None)
@given(small_problems())
def test_small_problems_get_the_best_there_is(problem):
    _, certificate = solved(problem)
    people, tenths = best_by_trying(problem)
    assert (people, tenths / 10) == (certificate.matched, pytest.approx(certificate.total_score))
    assert people == certificate.matched_bound


@settings(max_examples=60, deadline=None)
@given(small_problems())
def test_points_first_never_has_fewer_points(problem):
    _, people_first = solved(problem)
    _, points_first = solved(evolve(problem, objective=("total-score", "coverage")))
    assert people_first.total_score <= points_first.total_score <= points_first.total_score_bound
    assert points_first.matched <= people_first.matched


def a_flash_day(mentees: int, seed: int = 0, **changes) -> MatchingProblem:
    chance = np.random.default_rng(seed)
    mentors, slots = max(1, mentees * 35 // 100), 8
    tenths = chance.choice([0, 125, 250, 500, 625, 750, 1000], (mentees, mentors)) - chance.integers(0, 100)
    tenths = np.where(chance.random((mentees, mentors)) < 0.05, -1, np.maximum(tenths, 0))
    there = chance.random((mentees, slots)) < 0.6, chance.random((mentors, slots)) < 0.75
    return a_slots_problem(tenths, *there, [2] * mentees, **changes)


def best_by_highs(problem: MatchingProblem) -> tuple[int, int]:
    """Return the most people and tenths of a problem with two meetings each, as one program in whole numbers."""
    mentees, mentors = problem.seatings["mentee"], problem.seatings["mentor"]
    pairs = problem.pairs["mentee", "mentor"]
    tenths = pairs.scores(*map(np.arange, pairs.shape)).astype(int)
    row, column, slot = np.nonzero(mentees.open[:, None, :] & mentors.open[None] & (tenths >= 0)[:, :, None])
    size, people = len(row), len(mentees.people)
    matrix, limits = [], []
    for keys, limit in (((row, column), 1), ((row, slot), 1), ((column, slot), 1), ((row,), 2)):
        _, number = np.unique(np.stack(keys), axis=1, return_inverse=True)
        part = np.zeros((number.max() + 1, size + people))
        part[number.reshape(-1), np.arange(size)] = 1
        matrix.append(part)
        limits += [limit] * len(part)
    covers = np.zeros((people, size + people))
    covers[row, np.arange(size)] = -1
    covers[np.arange(people), size + np.arange(people)] = 1
    gains = np.concatenate([tenths[row, column], np.full(people, 2_000 * people)])
    result = milp(
        -gains,
        integrality=np.ones(size + people),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.concatenate([*matrix, covers]), ub=[*limits, *[0] * people]),
        options={"mip_rel_gap": 0.0},
    )
    chosen = result.x[:size] > 0.5
    return len(np.unique(row[chosen])), int(tenths[row[chosen], column[chosen]].sum())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_flash_day_is_as_good_as_one_program_in_whole_numbers(seed):
    problem = a_flash_day(40, seed)
    _, certificate = solved(problem)
    people, tenths = best_by_highs(problem)
    assert (people, tenths / 10) == (certificate.matched, pytest.approx(certificate.total_score))


def test_a_larger_day_is_solved_on_few_meetings_and_proven_over_all():
    problem = a_flash_day(250, 4)
    groups, certificate = solved(problem)
    assert certificate.matched == certificate.matched_bound
    assert certificate.total_score >= 0.9995 * certificate.total_score_bound
    assert all(2 == len(group.members) for group in groups)
    assert len(groups) > 450


def test_the_same_problem_has_the_same_result():
    first, again = (Slots().solve(None, a_flash_day(150, 5)) for _ in range(2))
    assert first.person.tolist() == again.person.tolist()
    assert first.slot.tolist() == again.slot.tolist()


def test_somebody_who_is_stopped_at_once_still_gets_meetings_and_a_bound():
    problem = evolve(a_flash_day(250, 6), effort=Effort(over=lambda: True))
    _, certificate = solved(problem)
    assert not certificate.exact
    assert 0 < certificate.total_score < certificate.total_score_bound
    assert certificate.matched == certificate.matched_bound


def test_pairs_that_must_meet_do_even_if_others_lose_by_it():
    tenths = [[100, 900], [900, 800]]
    always = np.ones((2, 1), dtype=bool)
    problem = a_slots_problem(tenths, always, always, required={("mentee", "mentor"): (("e0", "m0"),)})
    groups, certificate = solved(problem)
    assert {("e0", "m0", 0), ("e1", "m1", 0)} == met(groups)
    assert 90.0 == certificate.total_score == certificate.total_score_bound


def test_pairs_that_must_meet_and_have_no_slot_are_an_error():
    problem = a_slots_problem(
        [[100]], [[True, False]], [[False, True]], required={("mentee", "mentor"): (("e0", "m0"),)}
    )
    with pytest.raises(ProgramError, match="no slots"):
        Slots().solve(None, problem)


def test_who_is_on_both_sides_is_in_one_place_at_a_time():
    tenths = [[-1, 900], [900, -1]]
    both = ("p0", "p1")
    always = np.ones((2, 2), dtype=bool)
    problem = a_slots_problem(tenths, always, always)
    seatings = {role: evolve(seating, people=both) for role, seating in problem.seatings.items()}
    groups, certificate = solved(evolve(problem, seatings=seatings))
    assert [0, 1] == sorted(group.slot for group in groups)
    assert 180.0 == certificate.total_score


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 7), st.integers(1, 7), st.integers(1, 6), st.integers(1, 3), st.randoms(use_true_random=False))
def test_in_an_event_everybody_meets_somebody_new_in_every_round(mentees, mentors, rounds, seats, chance):
    tenths = [[chance.randrange(1001) for _ in range(mentors)] for _ in range(mentees)]
    there = np.ones((mentees, rounds), dtype=bool), np.ones((mentors, rounds), dtype=bool)
    groups, _ = solved(a_slots_problem(tenths, *there, rotate=True, seats=seats))
    meetings = met(groups)
    assert len(meetings) == len({(one, other) for one, other, _ in meetings}) == len({(a, s) for a, _, s in meetings})
    assert min(mentees * min(rounds, mentors), mentors * min(rounds * seats, mentees)) == len(meetings)
    assert all(len(group.members) <= 1 + seats for group in groups)


def test_an_event_keeps_forbidden_pairs_apart_and_prefers_high_scores():
    chance = np.random.default_rng(7)
    tenths = chance.integers(0, 1001, (20, 20))
    tenths[chance.random((20, 20)) < 0.3] = -1
    there = np.ones((20, 5), dtype=bool)
    groups, certificate = solved(a_slots_problem(tenths, there, there, rotate=True))
    assert 100 == len(met(groups))
    assert certificate.total_score >= 0.999 * certificate.total_score_bound
    assert all(tenths[int(a[1:]), int(b[1:])] >= 0 for a, b, _ in met(groups))


def test_an_event_with_latecomers_uses_the_rounds_in_which_they_are_there():
    there = np.ones((6, 4), dtype=bool)
    late = there.copy()
    late[:3, 0] = False
    groups, _ = solved(a_slots_problem(np.full((6, 6), 500), late, there, rotate=True))
    assert 3 * 3 + 3 * 4 == len(met(groups))


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 6), st.data())
def test_rounds_never_clash(rounds, data):
    pairs = data.draw(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1))
    kept: list[tuple[int, int]] = []
    for row, column in sorted(pairs):
        if all(sum(one[side] == (row, column)[side] for one in kept) < rounds for side in (0, 1)):
            kept.append((row, column))
    rows, columns = np.array(kept).T
    colors = rounds_of(rows, columns, rounds)
    assert len(kept) == len(set(zip(rows, colors, strict=True))) == len(set(zip(columns, colors, strict=True)))
    assert set(colors.tolist()) <= set(range(rounds))


def test_prices_that_are_none_prove_nothing():
    problem = a_slots_problem([[100]], [[True]], [[True]])
    solution = Slots().solve(None, problem)
    for changes in ({"prices": -solution.proof.prices - 1}, {"unit": 0}, {"clashes": np.zeros((2, 1), dtype=int)}):
        with pytest.raises(InternalError, match="prices"):
            certify(
                problem, evolve(solution, proof=evolve(solution.proof, **changes)), counted, SIDES, "slots of tests"
            )
    assert isinstance(problem.details, SlotDetails)
    assert isinstance(problem.seatings["mentee"], Seating)


def test_meetings_that_nobody_could_hold_are_no_result():
    always = np.ones((2, 2), dtype=bool)
    problem = a_slots_problem([[100, 100], [100, 100]], always, always, seats=2)
    table = Solution(*np.array([[0, 0, 0, 1, 1], [0, 1, 1, 0, 1], [0, 0, 1, 0, 0]]), slot=np.array([0, 0, 0, 1, 1]))
    with pytest.raises(InternalError, match="e0 and mentor m0 meet twice"):
        certify(problem, table, counted, SIDES, "slots of tests")
    with pytest.raises(InternalError, match="in no slot"):
        certify(problem, evolve(table, slot=None), counted, SIDES, "slots of tests")
    alone = evolve(problem, details=evolve(problem.details, seats=1))
    with pytest.raises(InternalError, match="wrong size"):
        certify(alone, table, counted, SIDES, "slots of tests")
    both = Solution(*np.array([[0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 1]]), slot=np.array([0, 0, 0, 0]))
    with pytest.raises(InternalError, match="m0 in slot 0 twice"):
        certify(alone, both, counted, SIDES, "slots of tests")


@settings(max_examples=80, deadline=None)
@given(small_problems(), st.integers(1, 3), st.booleans())
def test_tables_and_rounds_keep_every_promise_and_never_claim_too_much(problem, seats, rotate):
    _, certificate = solved(evolve(problem, details=evolve(problem.details, seats=seats, rotate=rotate)))
    assert certificate.matched <= certificate.matched_bound
    assert certificate.matched < certificate.matched_bound or certificate.gap >= 0
