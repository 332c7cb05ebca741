"""Measure teams of an executive, a manager and a junior: `python -m benchmarks.teams --teams 400`.

All three are served, so that every two of a team count: no two roles can be matched on their own, and the bound is one
that nobody can reach.
"""

from __future__ import annotations

import argparse
import json
import time
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.matching.certifying import certify
from mentorkit.core.problems import MatchingProblem
from mentorkit.testing import a_team_problem
from mentorkit_matchers.teams import TeamsMatcher

ROLES = ("executive", "manager", "junior")


def _drawn(chance: np.random.Generator) -> NDArray[np.int64]:
    """Return which of 60 tags somebody has: 3 to 5, a few of them popular."""
    popularity = 1 / (np.arange(60) + 1) ** 0.7
    tags = chance.choice(60, chance.integers(3, 6), replace=False, p=popularity / popularity.sum())
    return np.isin(np.arange(60), tags).astype(np.int64)


def the_problem(teams: int, seed: int) -> MatchingProblem:
    """Return people with tags and one of 12 departments; a tenth of the pairs is out of the question."""
    chance = np.random.default_rng(seed)
    tags = {role: np.array([_drawn(chance) for _ in range(teams)]) for role in ROLES}
    departments = {role: chance.integers(0, 12, teams) for role in ROLES}
    tenths = {}
    for first, second in combinations(ROLES, 2):
        common = tags[first] @ tags[second].T / tags[first].sum(axis=1)[:, None]
        differ = departments[first][:, None] != departments[second]
        tenths[first, second] = np.rint(700 * common + 200 * differ + 100 * chance.random((teams, teams))).astype(
            np.int64
        )
        tenths[first, second][chance.random((teams, teams)) < 0.1] = -1
    return a_team_problem(dict.fromkeys(ROLES, 1), tenths, ROLES, seed=seed)


def main() -> None:
    """Solve once and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teams", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    problem = the_problem(asked.teams, asked.seed)
    wall, cpu = time.perf_counter(), time.process_time()
    solution = TeamsMatcher().solve(None, problem)
    spent = {"wall": round(time.perf_counter() - wall, 2), "cpu": round(time.process_time() - cpu, 2)}
    sides: Any = dict.fromkeys(ROLES, "mentor")
    _, certificate = certify(problem, solution, lambda team: list(combinations(team, 2)), sides, "teams")
    figures = {
        "solving": spent,
        "matched": [certificate.matched, certificate.matched_bound],
        "total_score": [certificate.total_score, certificate.total_score_bound],
        "percent_below_bound": round(100 * (1 - certificate.total_score / (certificate.total_score_bound or 1)), 2),
        "extra": dict(certificate.extra),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
