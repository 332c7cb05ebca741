"""Meetings in slots and rounds: `python -m benchmarks.slots [--json] [--quick]`, beside HiGHS on the same meetings.

HiGHS gets the whole problem as one program in whole numbers: every allowed meeting is a variable.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from benchmarks.measuring import Stages, tell
from mentorkit.core.contracts import Side
from mentorkit.core.matching.certifying import certify
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.relationships import Member
from mentorkit.core.shapes import Peers
from mentorkit.testing import a_peer_problem, a_slots_problem

SLOTS = 8

HIGHS_SECONDS = 120
"""After which HiGHS says what it has."""

FIRST_MEETING = 1_000_000
"""What a first meeting is worth to HiGHS in tenths, so that people come before points."""

RUNS = (
    ("flash", "mentorkit", 100),
    ("flash", "HiGHS", 100),
    ("flash", "mentorkit", 1_000),
    ("flash", "HiGHS", 1_000),
    ("flash", "mentorkit", 3_000),
    ("flash", "mentorkit", 10_000),
    ("event", "mentorkit", 200),
    ("event", "mentorkit", 1_000),
    ("rotation", "mentorkit", 1_000),
    ("rotation", "mentorkit", 10_000),
)
QUICK = 200
"""Up to how many people a quick run goes."""


def a_flash_day(mentees: int, seed: int = 0) -> MatchingProblem:
    """Return a day of eight slots: 35 mentors for 100 mentees who want two meetings each, by topics and three more."""
    chance = np.random.default_rng(seed)
    mentors = mentees * 35 // 100
    popular = 1 / np.arange(1, 61) ** 0.7
    wants, knows = (_tags(chance, size, most, popular / popular.sum()) for size, most in ((mentees, 4), (mentors, 7)))
    tenths = 600 * (wants @ knows.T) / wants.sum(axis=1, keepdims=True)
    for values, points in ((20, 150), (4, 150), (1_000, 100)):
        left, right = chance.integers(0, values, mentees), chance.integers(0, values, mentors)
        tenths += points * (1 - abs(left[:, None] - right) / (values - 1))
    tenths = np.where(chance.random(tenths.shape) < 0.05, -1, np.rint(tenths)).astype(np.int16)
    there = chance.random((mentees, SLOTS)) < 0.6, chance.random((mentors, SLOTS)) < 0.75
    return a_slots_problem(tenths, *there, [2] * mentees)


def _tags(chance: np.random.Generator, people: int, most: int, popular: Any) -> Any:
    tags = np.zeros((people, len(popular)), dtype=np.float32)
    for one in tags:
        one[chance.choice(len(popular), chance.integers(most // 2, most + 1), p=popular, replace=False)] = 1
    return tags


def an_event(people: int) -> MatchingProblem:
    """Return an event of eight rounds with as many mentors as mentees."""
    tenths = np.random.default_rng(1).integers(0, 1_001, (people, people))
    return a_slots_problem(tenths, *(np.ones((people, SLOTS), dtype=bool) for _ in range(2)), rotate=True)


def a_coffee_round(people: int) -> MatchingProblem:
    """Return the third round of a circle in which a hundredth has left and as many have joined since the second."""
    from attrs import evolve

    from mentorkit_matchers.rotation import Rotation

    problem = a_peer_problem(np.random.default_rng(2).integers(0, 1_001, (people, people), dtype=np.int16))
    rounds: tuple[Any, ...] = ()
    for _ in range(2):
        found = Rotation().solve(None, evolve(problem, details=Peers("leave-out", rounds)))
        ids = [f"p{number}" for number in found.person.tolist()]
        rounds = (*rounds, tuple(zip(ids[::2], ids[1::2], strict=True)))
    changed = people // 100
    names = (*(f"n{number}" for number in range(changed)), *(f"p{number}" for number in range(changed, people)))
    seatings = {"peer": evolve(problem.seatings["peer"], people=names)}
    return evolve(problem, seatings=seatings, details=Peers("leave-out", rounds))


def counted(members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
    """Return the pairs of a meeting, the mentee first."""
    return [(a, b) if a.role == "mentee" else (b, a) for a, b in combinations(members, 2)]


def ours(case: str, size: int, instance: str, problem: MatchingProblem) -> None:
    """Solve, certify and tell."""
    from mentorkit_matchers.rotation import Rotation
    from mentorkit_matchers.slots import Slots

    stages = Stages()
    matcher = Rotation() if case == "rotation" else Slots()
    with stages.stage("solving"):
        solution = matcher.solve(None, problem)
    sides: dict[str, Side] = {"mentor": "mentor", "mentee": "mentee", "peer": "peer"}
    with stages.stage("certifying"):
        _, found = certify(problem, solution, counted, sides, f"{matcher.name} of benchmarks")
    bound = {} if found.total_score_bound is None else {"bound": found.total_score_bound}
    met_before = f"{found.extra['repeats']} pairs met before" if case == "rotation" else ""
    note = {"note": met_before} if met_before else {}
    figures = {"placed": found.matched, "total_score": found.total_score, **bound, **note}
    tell("slots", instance, size, "mentorkit", **stages.figures(), **figures)


def highs(size: int, instance: str, problem: MatchingProblem) -> None:
    """Solve the whole problem in whole numbers and tell."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix, hstack, vstack

    pairs = problem.pairs["mentee", "mentor"]
    mentees, mentors = problem.seatings["mentee"].open, problem.seatings["mentor"].open
    assert mentees is not None
    assert mentors is not None
    tenths = pairs.scores(*map(np.arange, pairs.shape)).astype(np.int64)
    row, column, slot = np.nonzero(mentees[:, None, :] & mentors[None] & (tenths >= 0)[:, :, None])
    count, one = len(row), np.ones(len(row))

    def together(keys: Any) -> Any:
        _, number = np.unique(keys, return_inverse=True)
        return csr_matrix((one, (number, np.arange(count))), shape=(number.max() + 1, count))

    places = csr_matrix((one, (row, np.arange(count))), shape=(size, count))
    once = vstack([together(row * 10**6 + column), together(row * 100 + slot), together(column * 100 + slot)])
    covers = csr_matrix((size, size))
    identity = csr_matrix((np.ones(size), (np.arange(size), np.arange(size))))
    matrix = vstack(
        [
            hstack([once, csr_matrix((once.shape[0], size))]),
            hstack([places, covers]),
            hstack([-places, identity]),
        ]
    )
    limits = np.concatenate([np.ones(once.shape[0]), np.full(size, 2), np.zeros(size)])
    gains = np.concatenate([tenths[row, column], np.full(size, FIRST_MEETING)])
    stages = Stages()
    with stages.stage("solving"):
        found = milp(
            -gains.astype(float),
            integrality=np.ones(count + size, dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix.tocsr(), ub=limits),
            options={"time_limit": HIGHS_SECONDS, "mip_rel_gap": 0.0},
        )
    if found.x is None:
        tell("slots", instance, size, "HiGHS", failed=f"nothing found in {HIGHS_SECONDS} seconds")
        return
    chosen = found.x[:count] > 0.5
    note = {} if found.status == 0 else {"note": f"stopped after {HIGHS_SECONDS} seconds"}
    figures = {"placed": len(np.unique(row[chosen])), "total_score": int(tenths[row, column][chosen].sum()) / 10}
    tell("slots", instance, size, "HiGHS", **stages.figures(), **figures, **note)


def measure(case: str, engine: str, size: int) -> None:
    """Pose one instance, solve it and tell."""
    instance = {
        "flash": f"{size:,} mentees with two of {SLOTS} slots",
        "event": f"an event of {SLOTS} rounds with {size:,} on each side",
        "rotation": f"the third round of {size:,} peers, a hundredth of them new",
    }[case]
    problem = {"flash": a_flash_day, "event": an_event, "rotation": a_coffee_round}[case](size)
    if engine == "HiGHS":
        highs(size, instance, problem)
    else:
        ours(case, size, instance, problem)


def main() -> None:
    """Measure one instance, or all of them in a process each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print measurements, which is all this ever prints")
    parser.add_argument("--quick", action="store_true", help=f"only instances of up to {QUICK} people")
    parser.add_argument("--one", nargs=3, metavar=("CASE", "ENGINE", "SIZE"), help="measure this one")
    asked = parser.parse_args()
    if asked.one:
        case, engine, size = asked.one
        measure(case, engine, int(size))
        return
    for case, engine, number in RUNS:
        if number <= QUICK or not asked.quick:
            one = [sys.executable, "-m", "benchmarks.slots", "--one", case, engine, str(number)]
            subprocess.run(one, check=True)


if __name__ == "__main__":
    main()
