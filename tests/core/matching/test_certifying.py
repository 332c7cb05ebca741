from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from attrs import evolve
from numpy.typing import NDArray

from mentorkit.core.errors import InternalError
from mentorkit.core.matching.certifying import bound, certify
from mentorkit.core.matching.certifying.best_gains import best_gains
from mentorkit.core.problems import MatchingProblem, Solution, solution_of
from mentorkit.core.proofs import PriceProof
from mentorkit.core.relationships import Certificate, Member
from mentorkit.testing import a_two_sided_problem
from mentorkit_matchers.optimal import Optimal

MENTOR, MENTEE = 0, 1
TENTHS = [[800, 300, -1], [700, 650, 10], [-1, 400, 20]]


def mentee_and_mentor(members: Sequence[Member]) -> list[tuple[Member, Member]]:
    wanting = [member for member in members if member.role == "mentee"]
    return [(one, other) for one in wanting for other in members if other.role == "mentor"]


def certified(problem: MatchingProblem, solution: Solution) -> Certificate:
    sides = {"mentor": "mentor", "mentee": "mentee"}
    return certify(problem, solution, mentee_and_mentor, sides, "best of acme 1.0")[1]  # type: ignore[arg-type]


def pairs(*chosen: tuple[int, int]) -> list[list[tuple[int, int]]]:
    return [[(MENTEE, mentee), (MENTOR, mentor)] for mentee, mentor in chosen]


def test_counts_people_and_points_again() -> None:
    certificate = certified(a_two_sided_problem(TENTHS), solution_of(pairs((0, 0), (1, 1))))
    assert Certificate("best", False, 2, 145.0) == certificate
    assert certificate.gap is None


def test_a_covered_person_scores_but_is_not_counted_again() -> None:
    problem = a_two_sided_problem(TENTHS)
    covered = evolve(problem.seatings["mentee"], covered=np.array([True, False, False]))
    problem = evolve(problem, seatings={**problem.seatings, "mentee": covered})
    assert Certificate("best", False, 1, 145.0) == certified(problem, solution_of(pairs((0, 0), (1, 1))))


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (pairs((0, 2)), "puts mentee e0 and mentor m2 together although a rule forbids it"),
        (pairs((0, 0), (1, 0)), "places mentor m0 more often than the 1 times allowed"),
        (pairs((0, 0), (0, 1)), "places mentee e0 more often than the 1 times allowed"),
        ([[(MENTEE, 0), (MENTEE, 0), (MENTOR, 0)]], "has somebody twice in one relationship"),
        (pairs((0, 0), (0, 0)), "has the same relationship twice"),
        (pairs((0, 3)), "names person 3 of role number 0, who does not exist"),
        ([[(2, 0)]], "names person 0 of role number 2"),
        ([[(MENTEE, -1)]], "names person -1"),
    ],
)
def test_a_broken_promise_is_never_a_result(chosen: list[list[tuple[int, int]]], told: str) -> None:
    with pytest.raises(InternalError, match="the matcher best of acme") as raised:
        certified(a_two_sided_problem(TENTHS), solution_of(chosen))
    assert told in str(raised.value)


def test_a_required_pair_must_be_there() -> None:
    problem = a_two_sided_problem(TENTHS, required={("mentee", "mentor"): (("e1", "m0"),)})
    assert certified(problem, solution_of(pairs((1, 0)))).matched == 1
    with pytest.raises(InternalError, match="leaves out the required pair of mentee e1 and mentor m0"):
        certified(problem, solution_of(pairs((0, 0), (1, 1))))


def test_a_result_that_is_called_best_must_be_best() -> None:
    problem = a_two_sided_problem(TENTHS)
    best = Optimal().solve(None, problem)
    assert certified(problem, best).gap == 0.0
    for worse, gap in ((pairs((0, 0), (1, 1)), None), (pairs((0, 0), (1, 2), (2, 1)), 26.0)):
        claimed = solution_of(worse, exact=True, proof=best.proof)
        with pytest.raises(InternalError, match="is called best"):
            certified(problem, claimed)
        assert gap == certified(problem, evolve(claimed, exact=False)).gap


def test_prices_that_prove_less_are_no_proof() -> None:
    problem = a_two_sided_problem(TENTHS)
    best = Optimal().solve(None, problem)
    assert best.proof is not None
    for number in range(3):
        prices = best.proof.prices.copy()
        prices[number] += 10_000
        most = bound(problem, evolve(best.proof, prices=prices))
        assert (most.people, most.tenths) > (3, 1470)
        with pytest.raises(InternalError, match="is called best"):
            certified(problem, evolve(best, proof=evolve(best.proof, prices=prices)))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_prices_the_bound_holds(seed: int) -> None:
    chance = np.random.default_rng(seed)
    problem = a_two_sided_problem(chance.integers(-1, 1001, size=(12, 8)), None, [1, 2] * 4)
    best = certified(problem, Optimal().solve(None, problem))
    proof = PriceProof(chance.integers(0, 20_000, size=8), {"coverage": 12_001, "total-score": 1})
    most = bound(problem, proof)
    assert (most.people, most.tenths / 10) >= (best.matched, best.total_score)


def prices(each: NDArray[np.int64], cover: int, score: int) -> PriceProof:
    return PriceProof(each, {"coverage": cover, "total-score": score})


@pytest.mark.parametrize(
    ("proof", "told"),
    [
        (prices(np.array([0, 0, -1]), 10_000, 1), "at least 0 per person"),
        (prices(np.array([0, 0]), 10_000, 1), "one of at least 0 per person"),
        (prices(np.array([0, 0, 0]), 3_000, 1), "neither people nor points come first"),
        (prices(np.array([0, 0, 0]), 1, 3), "neither people nor points come first"),
    ],
)
def test_what_is_no_proof_is_refused(proof: PriceProof, told: str) -> None:
    with pytest.raises(InternalError, match=told):
        certified(a_two_sided_problem(TENTHS), solution_of(pairs((0, 0)), exact=True, proof=proof))


def test_peers_count_half_and_means_are_exact() -> None:
    problem = a_two_sided_problem([[801], [700], [650]], None, [3])
    trio = solution_of([[(MENTEE, 0), (MENTEE, 1), (MENTEE, 2), (MENTOR, 0)]])
    groups, certificate = certify(
        problem, trio, mentee_and_mentor, {"mentor": "mentor", "mentee": "mentee"}, "best of acme"
    )
    assert 215.1 == certificate.total_score
    assert 71.7 == groups[0].score
    halves = certify(problem, trio, mentee_and_mentor, {"mentor": "peer", "mentee": "peer"}, "best of acme")[1]
    assert 107.55 == halves.total_score


@pytest.mark.uncounted
@pytest.mark.parametrize("seed", range(6))
def test_the_compiled_loop_says_what_blocks_say(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    chance = np.random.default_rng(seed)
    problem = a_two_sided_problem(chance.integers(-200, 1001, size=(60, 1_100)).clip(-1))
    scores = problem.pairs["mentee", "mentor"].forbid_pairs("some", chance.integers(0, 60, size=(200, 2)))
    rows, each = np.flatnonzero(chance.random(60) < 0.8), chance.integers(0, 900, size=1_100)
    asked = [(1, 0), (3, 400), (0, 0)][seed % 3]
    in_blocks = best_gains(scores, rows, each, *asked).tolist()
    monkeypatch.setattr("mentorkit.core.matching.certifying.best_gains._WORTHWHILE", 0)
    monkeypatch.setattr("mentorkit.core.matching.certifying.best_gains._KEPT_BYTES", [10**9, 1_000][seed % 2])
    monkeypatch.setattr("mentorkit.core.matching.certifying.best_gains._MADE_BYTES", 100_000)
    assert in_blocks == best_gains(scores, rows, each, *asked).tolist()


def test_a_result_that_is_called_best_must_be_best_in_every_objective() -> None:
    problem = a_two_sided_problem([[500, 500], [500, 500]], None, [2, 2], objective=("coverage", "even-load"))
    best = Optimal().solve(None, problem)
    assert certified(problem, best).exact
    crowded = solution_of(pairs((0, 0), (1, 0)), exact=True, proof=best.proof)
    with pytest.raises(InternalError, match="is called best with -4 in even-load, but -2 is proven"):
        certified(problem, crowded)
