from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.matching.turns import Queue, in_turn
from mentorkit.core.problems import MatchingProblem
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_two_sided_problem

OPTIMAL = build_catalogue().matchers["optimal"].implementation


def narrowed(problem: MatchingProblem, ranks: Sequence[int]) -> tuple[list[str], Queue | None]:
    people = problem.seatings["mentee"].people
    kept, queue = in_turn(problem, dict(zip(people, ranks, strict=True)))
    return sorted(kept.seatings["mentee"].people), queue


def best_of_all(
    tenths: np.ndarray, free: Sequence[int], ranks: Sequence[int], kept: set[tuple[int, int]]
) -> tuple[int, tuple[int, ...], int, int]:
    """Return the most people, of each rank, points and kept pairs, in this order, of all matchings there are."""
    best = (0, (0,) * (max(ranks) + 1), 0, 0)
    for chosen in product(range(-1, len(free)), repeat=len(ranks)):
        pairs = [(row, column) for row, column in enumerate(chosen) if column >= 0]
        if all(tenths[row, column] >= 0 for row, column in pairs) and all(
            chosen.count(column) <= places for column, places in enumerate(free)
        ):
            of_rank = tuple(sum(ranks[row] == rank for row, _ in pairs) for rank in range(max(ranks) + 1))
            points = sum(int(tenths[row, column]) for row, column in pairs)
            best = max(best, (len(pairs), of_rank, points, len(kept & set(pairs))))
    return best


@st.composite
def lines(draw: st.DrawFn) -> tuple[np.ndarray, list[int], list[int], set[tuple[int, int]]]:
    served, offering = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    score = st.sampled_from([-1, -1, 0, 1, 300, 1000])
    tenths = np.array(
        draw(st.lists(st.lists(score, min_size=offering, max_size=offering), min_size=served, max_size=served)),
        dtype=np.int16,
    )
    free = draw(st.lists(st.integers(1, 2), min_size=offering, max_size=offering))
    ranks = draw(st.lists(st.integers(0, 3), min_size=served, max_size=served))
    kept = draw(st.sets(st.tuples(st.integers(0, served - 1), st.integers(0, offering - 1)), max_size=4))
    return tenths, free, ranks, kept


@settings(max_examples=150, deadline=None)
@given(lines())
def test_people_then_waiting_then_points_then_kept_pairs_are_the_most_there_can_be(
    line: tuple[np.ndarray, list[int], list[int], set[tuple[int, int]]],
) -> None:
    tenths, free, ranks, kept = line
    problem = a_two_sided_problem(tenths, mentor_places=free)
    together = tuple((f"e{row}", f"m{column}") for row, column in sorted(kept))
    problem = evolve(problem, kept={("mentee", "mentor"): together})
    people = problem.seatings["mentee"].people
    turn, queue = in_turn(problem, dict(zip(people, ranks, strict=True)))
    solution = OPTIMAL.solve(None, turn)
    names = [seating.people for seating in turn.seatings.values()]
    roles = list(turn.seatings)
    mentee, mentor = roles.index("mentee"), roles.index("mentor")
    pairs: dict[int, dict[int, str]] = {}
    for group, seating, person in zip(solution.group, solution.seating, solution.person, strict=True):
        pairs.setdefault(int(group), {})[int(seating)] = names[int(seating)][int(person)]
    found = [(people.index(pair[mentee]), int(pair[mentor][1:])) for pair in pairs.values()]
    of_rank = tuple(sum(ranks[row] == rank for row, _ in found) for rank in range(max(ranks) + 1))
    points = sum(int(tenths[row, column]) for row, column in found)
    still = len(kept & set(found))
    assert best_of_all(tenths, free, ranks, kept) == (len(found), of_rank, points, still)
    assert queue is None or (len(found), len(people) - len(turn.seatings["mentee"].people)) == (
        queue.in_turn,
        queue.behind,
    )


def test_who_waits_longest_is_in_turn_whatever_the_scores() -> None:
    problem = a_two_sided_problem([[10], [900], [800]])
    assert (["e0"], Queue(1, 2)) == narrowed(problem, [0, 1, 1])


def test_scores_decide_between_those_who_wait_equally_long() -> None:
    problem = a_two_sided_problem([[10, 10], [500, 500], [900, 900]])
    assert (["e0", "e2"], Queue(2, 1)) == narrowed(problem, [0, 1, 1])


def test_waiting_never_costs_a_place() -> None:
    problem = a_two_sided_problem([[900, 900], [900, -1]])
    assert (["e0", "e1"], None) == narrowed(problem, [0, 1])


def test_required_pairs_stay_and_take_their_place() -> None:
    problem = a_two_sided_problem([[900, 900], [900, 900], [900, 900]])
    problem = evolve(problem, required={("mentee", "mentor"): (("e2", "m0"),)})
    assert (["e0", "e2"], Queue(2, 1)) == narrowed(problem, [0, 1, 2])


def test_nobody_is_put_before_another_where_points_come_first_or_all_wait_equally() -> None:
    problem = a_two_sided_problem([[10], [900]])
    assert (["e0", "e1"], None) == narrowed(problem, [0, 0])
    assert (["e0", "e1"], None) == narrowed(evolve(problem, objective=("total-score", "coverage")), [0, 1])


def test_who_has_somebody_already_neither_waits_nor_leaves_the_problem() -> None:
    problem = a_two_sided_problem([[10], [900], [800]])
    mentees = evolve(problem.seatings["mentee"], covered=np.array([False, True, False]))
    problem = evolve(problem, seatings={**problem.seatings, "mentee": mentees})
    assert (["e0", "e1"], Queue(1, 1)) == narrowed(problem, [0, 1, 1])


def test_many_are_put_in_order_at_once() -> None:
    numbers = np.random.default_rng(7)
    tenths = numbers.integers(0, 1000, (1500, 600)).astype(np.int16)
    tenths[numbers.random(tenths.shape) < 0.5] = -1
    ranks = numbers.integers(0, 20, 1500).tolist()
    kept, queue = narrowed(a_two_sided_problem(tenths), ranks)
    assert Queue(600, 900) == queue
    assert sorted(ranks)[:600] == sorted(ranks[int(one[1:])] for one in kept)
