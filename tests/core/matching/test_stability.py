from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from mentorkit.core.errors import InternalError
from mentorkit.core.matching.certifying import certify
from mentorkit.core.problems import MatchingProblem, Solution, solution_of
from mentorkit.core.proofs import PreferenceProof
from mentorkit.testing import a_two_sided_problem
from mentorkit_models.one_on_one import OneOnOne

MODEL = OneOnOne()
LISTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
RANKS = np.array([[1, 1], [2, 2], [1, 2], [2, 1]])
NOT_BY_SCORE = (np.zeros(2, dtype=np.bool_), np.zeros(2, dtype=np.bool_))
BY_SCORE = (np.ones(2, dtype=np.bool_), np.ones(2, dtype=np.bool_))
DESCENDING = np.array([[1, 1], [2, 2], [2, 2], [1, 1]])
PROOF = PreferenceProof(LISTS, RANKS, NOT_BY_SCORE)


def extra(pairs: list[tuple[int, int]], proof: PreferenceProof = PROOF, **changes: object) -> object:
    """Certify a matching of mentees and mentors by index, which both of two mentors, or mentees, rank the same."""
    problem = evolve(a_two_sided_problem([[900, 100], [800, 700]]), **changes)
    solution = evolve(solution_of([[(1, row), (0, column)] for row, column in pairs]), proof=proof)
    return certified(problem, solution)


def certified(problem: MatchingProblem, solution: Solution) -> object:
    sides = {role.name: role.side for role in MODEL.roles}
    counted = lambda members: MODEL.counted_pairs(None, members)  # noqa: E731
    return certify(problem, solution, counted, sides, "m of tests")[1].extra


def test_it_is_said_that_nobody_would_rather_be_together() -> None:
    assert {"blocking_pairs": 0, "listed_pairs": 4} == extra([(0, 0), (1, 1)])


def test_a_pair_that_would_rather_be_together_breaks_the_promise() -> None:
    with pytest.raises(InternalError, match="while e0 and m0 would both rather be together"):
        extra([(0, 1), (1, 0)])
    with pytest.raises(InternalError, match="while e1 and m1 would both rather"):
        extra([(0, 0)])
    equal = evolve(PROOF, ranks=np.ones((4, 2), dtype=np.int64))
    assert extra([(0, 1), (1, 0)], equal)


def test_required_pairs_are_nobodys_choice() -> None:
    required = {("mentee", "mentor"): (("e0", "m1"),)}
    rest = evolve(PROOF, pairs=LISTS[[0, 2, 3]], ranks=RANKS[[0, 2, 3]])
    assert {"blocking_pairs": 0, "listed_pairs": 3} == extra([(0, 1), (1, 0)], rest, required=required)
    with pytest.raises(InternalError, match="lists a required pair"):
        extra([(0, 1), (1, 0)], required=required)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"pairs": LISTS[:3], "ranks": RANKS[:3]}, "e1 and m1, who are not listed"),
        ({"pairs": LISTS[[0, 1, 2, 3, 3]], "ranks": RANKS[[0, 1, 2, 3, 3]]}, "lists a pair twice"),
        ({"pairs": LISTS + 1}, "people who do not exist"),
        ({"ranks": RANKS[:, :1]}, "another form"),
        ({"by_score": (np.zeros(1, dtype=np.bool_), np.zeros(2, dtype=np.bool_))}, "does not say of everybody"),
        ({"ranks": DESCENDING, "by_score": BY_SCORE}, "does not follow the scores"),
    ],
)
def test_lists_are_what_they_are_said_to_be(changes: dict[str, object], told: str) -> None:
    with pytest.raises(InternalError, match=told):
        extra([(0, 0), (1, 1)], evolve(PROOF, **changes))


def test_lists_by_score_follow_it_and_name_nobody_whom_a_rule_forbids() -> None:
    by_score = evolve(PROOF, by_score=BY_SCORE)
    problem = a_two_sided_problem([[900, 100], [800, 700]])
    solution = evolve(solution_of([[(1, 0), (0, 0)], [(1, 1), (0, 1)]]), proof=by_score)
    assert certified(problem, solution)
    forbidden = a_two_sided_problem([[900, -1], [800, 700]])
    with pytest.raises(InternalError, match="lists a pair that a rule forbids"):
        certified(forbidden, solution)
