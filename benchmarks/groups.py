"""Measure groups beside a linear bound: `python -m benchmarks.groups --mentees 996 --mentors 166 --bound`.

The bound is that of a linear program in which a mentee may be in parts of several groups, and mentees of one department
or level in a group cost what lines through the exact costs say; rules among mentees do not count. It knows the best
pairs of each mentee alone, as many as `--choices` says.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from typing import Any

import numpy as np
from attrs import evolve
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

from benchmarks.instances import SIDES, TAGS, a_big_roster, a_usual_program
from mentorkit.core.history import History
from mentorkit.core.matching.certifying import certify
from mentorkit.core.matching.posing import posed
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.program import Program, RuleUse
from mentorkit.core.shapes import Groups
from mentorkit.plugin_loading import build_catalogue
from mentorkit_criteria.reporting_line import ReportingLineOptions
from mentorkit_criteria.seniority import SeniorityGapOptions
from mentorkit_matchers.all_pairs import Search, all_pairs
from mentorkit_matchers.groups import GroupsMatcher

SPREAD = {"department": 21.0, "level": 9.0}


def a_group_program(seed: int) -> Program:
    """Return the usual program with rules that make sense in groups, and the usual seed."""
    program = a_usual_program(seed)
    rules = (
        RuleUse("seniority-gap", "seniority-gap", SeniorityGapOptions(at_least=1, at_most=4), between=SIDES),
        RuleUse("shared-language", "shared-language", between=SIDES),
        RuleUse("outside-reporting-line", "outside-reporting-line", ReportingLineOptions()),
    )
    return evolve(program, matching=evolve(program.matching, rules=rules))


def the_problem(mentees: int, mentors: int, most_mentors: int, seed: int) -> MatchingProblem:
    """Return a problem of groups of 5 to 7 mentees from a roster made by chance."""
    roster = a_big_roster(mentees, mentors, 1, TAGS, seed)
    pool = posed(a_group_program(seed), roster, build_catalogue(), History()).pool
    between = (("mentee", "mentor"), ("mentee", "mentee"), ("mentor", "mentor"))
    return MatchingProblem(
        "groups",
        "match",
        pool.seatings,
        {pair: pool.pair_scores(*pair) for pair in between},
        objective=pool.objective,
        seed=seed,
        details=Groups(mentees=(5, 7), mentors=(1, most_mentors), target=6, spread=SPREAD),
    )


def linear_bound(problem: MatchingProblem, placed: int, size: int, choices: int) -> float:
    """Return the most points of so many people, or parts of them, in groups of at most one size."""
    pairs = problem.pairs["mentee", "mentor"]
    people, groups = pairs.shape
    look = all_pairs(pairs, problem.effort)
    nothing = np.full(people, -1, dtype=np.int64)
    found = look.better(Search(np.zeros(groups, dtype=np.int64), nothing, choices)).once()
    mentee, mentor = found.rows, found.columns
    count, numbers = len(found), np.arange(len(found))
    ones = np.ones(count)
    blocks: list[Any] = []
    costs, most, limits, same = [-look.of(mentee, mentor) / 10], [ones], [], 0
    for column, points in SPREAD.items():
        _, code = np.unique([str(one) for one in problem.seatings["mentee"].values(column)], return_inverse=True)
        kinds, kind = np.unique(code[mentee] * groups + mentor, return_inverse=True)
        blocks.append((csr_array((ones, (kind, numbers)), shape=(len(kinds), count)), same))
        same += len(kinds)
        costs.append(np.full(len(kinds), points / (size - 1)))
        most.append(np.full(len(kinds), np.inf))
    rows = []
    for block, start in blocks:
        alike = csr_array(
            (np.ones(block.shape[0]), (np.arange(block.shape[0]), start + np.arange(block.shape[0]))),
            shape=(block.shape[0], same),
        )
        for many in (1, 2, 3):
            rows.append(hstack([2 * many * block, -alike]))
            limits.append(np.full(block.shape[0], many * (many + 1.0)))
    each = [
        csr_array((ones, (who, numbers)), shape=(total, count)) for who, total in ((mentee, people), (mentor, groups))
    ]
    solve: Any = linprog
    best = solve(
        np.concatenate(costs),
        A_ub=vstack([*rows, *(hstack([part, csr_array((part.shape[0], same))]) for part in each)]),
        b_ub=np.concatenate([*limits, np.ones(people), np.full(groups, size)]),
        A_eq=csr_array(np.r_[ones, np.zeros(same)][None, :]),
        b_eq=[placed],
        bounds=np.stack([np.zeros(count + same), np.concatenate(most)], axis=1),
        method="highs-ds",
    )
    return float(placed * sum(SPREAD.values()) - best.fun)


def main() -> None:
    """Solve once and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentees", type=int, default=996)
    parser.add_argument("--mentors", type=int, default=166)
    parser.add_argument("--most-mentors", type=int, default=1, help="mentors of a group")
    parser.add_argument("--bound", action="store_true", help="compare with the linear bound; six mentees a mentor")
    parser.add_argument("--choices", type=int, default=24, help="pairs of a mentee that the linear bound knows")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    problem = the_problem(asked.mentees, asked.mentors, asked.most_mentors, asked.seed)
    wall, cpu = time.perf_counter(), time.process_time()
    solution = GroupsMatcher().solve(None, problem)
    solved = {"wall": round(time.perf_counter() - wall, 2), "cpu": round(time.process_time() - cpu, 2)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    cpu = time.process_time()
    sides: Any = {"mentor": "mentor", "mentee": "mentee"}
    _, certificate = certify(
        problem,
        solution,
        lambda group: [(a, b) for a in group if a.role == "mentee" for b in group if b.role == "mentor"],
        sides,
        "groups",
    )
    points = certificate.total_score + float(certificate.extra.get("spread", 0))
    figures: dict[str, Any] = {
        "solving": solved,
        "certifying_cpu": round(time.process_time() - cpu, 2),
        "peak_megabytes": peak,
        "matched": [certificate.matched, certificate.matched_bound],
        "total_score": [certificate.total_score, certificate.total_score_bound],
        "extra": dict(certificate.extra),
    }
    if asked.bound:
        cpu = time.process_time()
        bound = linear_bound(problem, certificate.matched, 6, asked.choices)
        figures |= {"points": points, "linear_bound": round(bound, 1), "percent": round(100 * points / bound, 3)}
        figures["bound_cpu"] = round(time.process_time() - cpu, 1)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
