"""Measure the matcher `peers`: `python benchmarks/peers.py --people 10000 --rival`.

With `--rival`, rustworkx solves the same considered pairs: the ratio compares the same task, without the looks through
all pairs that make ours a matching of all of them.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import evolve

from mentorkit.core.contracts import Group
from mentorkit.core.history import History
from mentorkit.core.matching.certifying import bound
from mentorkit.core.matching.pooling import rule_facts
from mentorkit.core.matching.scoreboard import scores_between
from mentorkit.core.problems import Effort, MatchingProblem, Seating
from mentorkit.core.program import CriterionUse, Program, RuleUse
from mentorkit.core.roster import Person, Roster
from mentorkit.core.shapes import Peers as Details
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_criteria.reporting_line import ReportingLineOptions
from mentorkit_criteria.seniority import SeniorityGapOptions
from mentorkit_matchers.peers import Peers
from mentorkit_matchers.peers.circle import Circle, circle_of
from mentorkit_matchers.peers.double_cover import best_fractional
from mentorkit_matchers.peers.settling import Settled, first_edges, settle
from mentorkit_matchers.peers.whole import best_whole

PEERS = ("peer", "peer")


def colleagues(people: int, seed: int) -> Roster:
    """Return people with a few of 64 tags each way, levels, departments, time zones and languages."""
    chance = random.Random(seed)
    tags = [f"tag{number}" for number in range(64)]
    popularity = [1 / (number + 1) ** 0.7 for number in range(64)]
    return a_roster(*(_colleague(chance, number, tags, popularity) for number in range(people)))


def _colleague(chance: random.Random, number: int, tags: list[str], popularity: list[float]) -> Person:
    def some(most: int) -> frozenset[str]:
        return frozenset(chance.choices(tags, popularity, k=most))

    return a_person(
        str(number),
        "peer",
        level=chance.choices(range(6), (22, 28, 22, 15, 9, 4))[0],
        department=f"department {int(30 * chance.random() ** 2)}",
        location=f"city {chance.randrange(12)}",
        languages=frozenset(chance.sample(["en", "en", "en", "de", "fr", "es", "pl"], k=2)),
        manager_id=str(chance.randrange(max(1, number // 8))),
        skills=some(8),
        wants=some(4),
        interests=some(6),
    )


def a_program_of_peers(seed: int) -> Program:
    """Return a program with four criteria and four rules."""
    program = a_program(seed=seed)
    criteria = (
        CriterionUse("skills", "overlap", 50, "wants", "skills", PEERS),
        CriterionUse("interests", "similar", 30, "interests", "interests", PEERS),
        CriterionUse("location", "same", 15, "location", "location", PEERS),
        CriterionUse("level", "same", 5, "level", "level", PEERS),
    )
    rules = (
        RuleUse("level", "seniority-gap", SeniorityGapOptions(at_most=1)),
        RuleUse("outside-reporting-line", "outside-reporting-line", ReportingLineOptions()),
        RuleUse("shared-language", "shared-language"),
    )
    return evolve(program, matching=evolve(program.matching, criteria=criteria, rules=rules))


def a_problem(people: int, seed: int, effort: Effort) -> MatchingProblem:
    """Return the problem of pairing so many colleagues."""
    roster, program = colleagues(people, seed), a_program_of_peers(seed)
    group = Group("peer", roster.people)
    scores = scores_between(program, build_catalogue(), group, group, rule_facts(program, roster, History()))
    ones = np.ones(people, dtype=np.int64)
    seating = Seating("peer", True, tuple(one.id for one in roster.people), ones, np.zeros(people, dtype=np.bool_))
    return MatchingProblem(
        "peers", "match", {"peer": seating}, {PEERS: scores}, seed=seed, details=Details(), effort=effort
    )


def timed(what: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return a result, and how long it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = what()
    return result, {"wall": round(time.perf_counter() - wall, 2), "cpu": round(time.process_time() - cpu, 2)}


def against_rustworkx(circle: Circle, found: Settled) -> dict[str, Any]:
    """Return how long both take for the same pairs; the second time, when everything is compiled and loaded."""
    import rustworkx

    edges = found.edges
    for _ in range(2):
        ours, took = timed(lambda: best_whole(circle, edges, best_fractional(circle, edges)))
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(circle.size))
    weighted = zip(edges.low.tolist(), edges.high.tolist(), edges.tenths.tolist(), strict=True)
    graph.add_edges_from(list(weighted))
    theirs, rival = timed(lambda: rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int))
    tenths = sum(graph.get_edge_data(one, other) for one, other in theirs)
    return {
        "pairs_considered": len(edges),
        "ours": took,
        "rustworkx": rival,
        "ratio_cpu": round(rival["cpu"] / max(took["cpu"], 0.001), 1),
        "same_people": len(theirs) == int((ours.mates >= 0).sum()) // 2,
        "tenths": [Settled(edges, found.fractional, ours, True).worth(circle) // 2 % circle.gains["coverage"], tenths],
    }


def main() -> None:
    """Match once and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop looking for better after so long")
    parser.add_argument("--base", action="store_true", help="as if numba and OR-Tools were not installed")
    parser.add_argument("--rival", action="store_true", help="also let rustworkx solve the same pairs")
    parser.add_argument("--no-certificate", action="store_true", help="leave the second opinion out")
    asked = parser.parse_args()
    if asked.base:
        sys.modules["numba"] = sys.modules["ortools"] = None  # type: ignore[assignment]
    began = time.monotonic()
    effort = Effort(over=lambda: time.monotonic() - began > asked.seconds)
    problem = a_problem(asked.people, asked.seed, effort)
    solution, solving = timed(lambda: Peers().solve(None, problem))
    figures = {"people": asked.people, "solving": solving, "exact": solution.exact}
    figures["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if not asked.no_certificate:
        most, certifying = timed(lambda: bound(problem, solution.proof))
        figures |= {"certifying": certifying, "matched_bound": most.people, "tenths_bound": float(most.tenths)}
    if asked.rival:
        circle = circle_of(problem)
        figures["same_pairs"] = against_rustworkx(circle, settle(circle, first_edges(circle)))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
