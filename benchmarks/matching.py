"""Measure matching from a roster to its certificate: `python benchmarks/matching.py --mentees 5000 --mentors 5000`."""

from __future__ import annotations

import argparse
import json
import random
import resource
import time

from attrs import evolve

from mentorkit.core.history import History
from mentorkit.core.matching.solving import match
from mentorkit.core.program import CriterionUse, Program, RuleUse
from mentorkit.core.roster import Person, Roster
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_criteria.numbers import NearOptions
from mentorkit_criteria.seniority import SeniorityGapOptions

SIDES = ("mentee", "mentor")


def a_big_roster(mentees: int, mentors: int, places: int, tags: int, seed: int) -> Roster:
    """Return people with 3 to 5 tags a side out of `tags` (a few of them popular), levels, departments and managers."""
    chance = random.Random(seed)
    names = [f"tag{number}" for number in range(tags)]
    popularity = [1 / (number + 1) ** 0.7 for number in range(tags)]
    people = [_person(chance, number, "mentee", 1, names, popularity) for number in range(mentees)]
    people += [_person(chance, mentees + number, "mentor", places, names, popularity) for number in range(mentors)]
    return a_roster(*people)


def _person(
    chance: random.Random, number: int, role: str, places: int, tags: list[str], popularity: list[float]
) -> Person:
    own = frozenset(chance.choices(tags, popularity, k=chance.randint(3, 5)))
    return a_person(
        str(number),
        role,
        places=places,
        level=chance.randint(1, 4) if role == "mentee" else chance.randint(4, 6),
        department=f"department {chance.randrange(30)}",
        location=f"city {chance.randrange(40)}",
        hire_day=chance.randrange(4_000),
        manager_id=str(chance.randrange(max(1, number // 8))),
        languages=frozenset(chance.sample(["en", "de", "fr", "es", "pl"], k=chance.randint(1, 2))),
        **{"wants" if role == "mentee" else "skills": own},
    )


def a_usual_program(seed: int) -> Program:
    """Return a program with five criteria and three rules."""
    program = a_program(seed=seed)
    criteria = (
        CriterionUse("skills", "overlap", 50, "wants", "skills", SIDES),
        CriterionUse("department", "different", 20, "department", "department", SIDES),
        CriterionUse("location", "same", 15, "location", "location", SIDES),
        CriterionUse("tenure", "near", 10, "hire_day", "hire_day", SIDES, options=NearOptions(span=2_000)),
        CriterionUse("languages", "similar", 5, "languages", "languages", SIDES),
    )
    rules = (
        RuleUse("seniority-gap", "seniority-gap", SeniorityGapOptions(at_least=1, at_most=3)),
        RuleUse("outside-reporting-line", "outside-reporting-line"),
        RuleUse("shared-language", "shared-language"),
    )
    return evolve(program, matching=evolve(program.matching, criteria=criteria, rules=rules))


def main() -> None:
    """Match once and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentees", type=int, default=5_000)
    parser.add_argument("--mentors", type=int, default=5_000)
    parser.add_argument("--places", type=int, default=1, help="places per mentor")
    parser.add_argument("--tags", type=int, default=200, help="tags in use")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    roster = a_big_roster(asked.mentees, asked.mentors, asked.places, asked.tags, asked.seed)
    catalogue = build_catalogue()
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = match(a_usual_program(asked.seed), roster, catalogue, History())
    certificate = outcome.matching.certificate
    print(
        json.dumps(
            {
                "wall_seconds": round(time.perf_counter() - wall, 2),
                "cpu_seconds": round(time.process_time() - cpu, 2),
                "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "matched": certificate.matched,
                "matched_bound": certificate.matched_bound,
                "total_score": certificate.total_score,
                "gap": certificate.gap,
                "exact": certificate.exact,
            }
        )
    )


if __name__ == "__main__":
    main()
