"""Measure circles of peers: `python -m benchmarks.circles --people 1000`.

Every two of a circle count, in both directions, so that no bound that looks at pairs alone can be reached.
"""

from __future__ import annotations

import argparse
import json
import time
from itertools import combinations

import numpy as np

from mentorkit.core.matching.certifying import certify
from mentorkit.core.problems import MatchingProblem
from mentorkit.testing import a_circle_problem
from mentorkit_matchers.circles import CirclesMatcher


def the_problem(people: int, seed: int) -> MatchingProblem:
    """Return people with 3 to 5 of 60 tags, a few of them popular, and one of 12 departments.

    A pair has points for what they have in common, for being of different departments and by chance; one in a hundred
    is out of the question.
    """
    chance = np.random.default_rng(seed)
    popularity = 1 / (np.arange(60) + 1) ** 0.7
    tags = np.zeros((people, 60), dtype=np.int64)
    for own in tags:
        own[chance.choice(60, chance.integers(3, 6), replace=False, p=popularity / popularity.sum())] = 1
    common = tags @ tags.T
    alike = common / (tags.sum(axis=1)[:, None] + tags.sum(axis=1) - common)
    departments = chance.integers(0, 12, people)
    differ = departments[:, None] != departments
    tenths = np.rint(700 * alike + 200 * differ + 100 * chance.random((people, people))).astype(np.int64)
    tenths[chance.random((people, people)) < 0.01] = -1
    return a_circle_problem(tenths, (3, 8), 5, seed=seed)


def main() -> None:
    """Solve once and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    problem = the_problem(asked.people, asked.seed)
    wall, cpu = time.perf_counter(), time.process_time()
    solution = CirclesMatcher().solve(None, problem)
    spent = {"wall": round(time.perf_counter() - wall, 2), "cpu": round(time.process_time() - cpu, 2)}
    _, certificate = certify(
        problem, solution, lambda circle: list(combinations(circle, 2)), {"peer": "peer"}, "circles"
    )
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
