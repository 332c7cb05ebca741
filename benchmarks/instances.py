"""What is matched: rosters by chance in any size, a real one, and the programs for them.

People have 3 to 5 tags a side out of 200 (a few of them popular), levels, departments, cities, a day of hire, managers
and languages; about every third pair is allowed, and scores have about a thousand distinct values.
"""

from __future__ import annotations

import csv
import random
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.catalogue import Catalogue, Offer, Origin
from mentorkit.core.conditions import Value
from mentorkit.core.contracts import Cells, FloatArray, MatchingProblem, Member, Occasion, Pool, Relationship, Role
from mentorkit.core.history import History
from mentorkit.core.matching.posing import posed
from mentorkit.core.program import CriterionUse, ModelUse, Program, RuleUse, Use
from mentorkit.core.roster import Person, Roster
from mentorkit.core.shapes import Peers
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_criteria.numbers import NearOptions
from mentorkit_criteria.reporting_line import ReportingLineOptions
from mentorkit_criteria.seniority import SeniorityGapOptions

ROSTERS = Path(__file__).parent.parent / "tests" / "data" / "rosters"
SIDES = ("mentee", "mentor")
PEERS = ("peer", "peer")
TAGS = 200
LANGUAGES = ("en", "de", "fr", "es", "pl")


def a_big_roster(mentees: int, mentors: int, places: int, tags: int = TAGS, seed: int = 1) -> Roster:
    """Return mentees with one place each, and mentors; equal texts are held once, as they are of a roster's file."""
    chance = random.Random(seed)
    people = [_person(chance, number, "mentee", 1, tags) for number in range(mentees)]
    people += [_person(chance, mentees + number, "mentor", places, tags) for number in range(mentors)]
    return a_roster(*people)


def many_peers(size: int, tags: int = TAGS, seed: int = 1) -> Roster:
    """Return people who want and offer something each."""
    chance = random.Random(seed)
    return a_roster(*(_person(chance, number, "peer", 1, tags) for number in range(size)))


def _person(chance: random.Random, number: int, role: str, places: int, tags: int) -> Person:
    popularity = [1 / (tag + 1) ** 0.7 for tag in range(tags)]
    own, wanted = (
        frozenset(_held(f"tag{tag}") for tag in chance.choices(range(tags), popularity, k=chance.randint(3, 5)))
        for _ in range(2)
    )
    levels = {"mentee": (1, 4), "mentor": (4, 6), "peer": (1, 6)}[role]
    return a_person(
        str(number),
        role,
        places=places,
        level=chance.randint(*levels),
        department=_held(f"department {chance.randrange(30)}"),
        location=_held(f"city {chance.randrange(40)}"),
        hire_day=chance.randrange(4_000),
        desk=f"{chance.randrange(1_000)} {chance.randrange(1_000)}",
        manager_id=str(chance.randrange(max(1, number // 8))),
        languages=_held(frozenset(chance.sample(LANGUAGES, k=chance.randint(1, 2)))),
        skills=own,
        wants=wanted,
    )


@cache
def _held(value: Value) -> Value:
    """Return the first of equal values: reading a file holds them once, too."""
    return value


def a_usual_program(seed: int = 1) -> Program:
    """Return a one-on-one program with five criteria and three rules."""
    return _with(
        a_program(seed=seed),
        (
            CriterionUse("skills", "overlap", 50, "wants", "skills", SIDES),
            CriterionUse("department", "different", 20, "department", "department", SIDES),
            CriterionUse("location", "same", 15, "location", "location", SIDES),
            CriterionUse("tenure", "near", 10, "hire_day", "hire_day", SIDES, options=NearOptions(span=2_000)),
            CriterionUse("languages", "similar", 5, "languages", "languages", SIDES),
        ),
        (
            RuleUse("seniority-gap", "seniority-gap", SeniorityGapOptions(at_least=1, at_most=3)),
            RuleUse("outside-reporting-line", "outside-reporting-line", ReportingLineOptions()),
            RuleUse("shared-language", "shared-language"),
        ),
    )


def a_program_of_pairs(seed: int = 1) -> Program:
    """Return the same with criteria that no small table holds: tags alike, and a plugin's own about places of work."""
    program = a_usual_program(seed)
    criteria = (
        CriterionUse("skills", "similar", 50, "wants", "skills", SIDES),
        CriterionUse("walk", "walk", 35, "desk", "desk", SIDES),
        *program.matching.criteria[3:],
    )
    return _with(program, criteria, program.matching.rules)


def a_program_of_peers(seed: int = 1) -> Program:
    """Return a program in which peers want and offer the same things."""
    return _with(
        evolve(a_program(seed=seed), model=ModelUse(Use("bench-peers"), roles=PeersModel.roles)),
        (
            CriterionUse("skills", "overlap", 60, "wants", "skills", PEERS),
            CriterionUse("department", "different", 20, "department", "department", PEERS),
            CriterionUse("level", "near", 20, "level", "level", PEERS, options=NearOptions(span=5)),
        ),
        (
            RuleUse("outside-reporting-line", "outside-reporting-line", ReportingLineOptions()),
            RuleUse("shared-language", "shared-language"),
        ),
    )


def english_heritage() -> Roster:
    """Return a whole public body in 2013: whoever is at level 4 and above is a mentor with up to three places."""
    with (ROSTERS / "uk_english_heritage_2013.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return a_roster(*(_post(row) for row in rows))


def _post(row: dict[str, str]) -> Person:
    level = int(row["level"])
    role, places = ("mentor", 3) if level >= 4 else ("mentee", 1)
    cells = {column: row[column] for column in ("department", "title", "grade", "manager_id") if row[column]}
    return a_person(row["id"], role, places=places, level=level, **cells)


def a_program_for_heritage(seed: int = 1) -> Program:
    """Return a program for people of whom departments, grades and reporting lines are known."""
    return _with(
        a_program(seed=seed),
        (
            CriterionUse("department", "different", 50, "department", "department", SIDES),
            CriterionUse("title", "different", 10, "title", "title", SIDES),
            CriterionUse("level", "near", 40, "level", "level", SIDES, options=NearOptions(span=5)),
        ),
        (
            RuleUse("seniority-gap", "seniority-gap", SeniorityGapOptions(at_least=1, at_most=4)),
            RuleUse("outside-reporting-line", "outside-reporting-line", ReportingLineOptions()),
        ),
    )


def _with(program: Program, criteria: tuple[CriterionUse, ...], rules: tuple[RuleUse, ...]) -> Program:
    return evolve(program, matching=evolve(program.matching, criteria=criteria, rules=rules))


class Walk:
    """A plugin's own criterion: how near two desks are to each other; it depends on both places at once."""

    name = "walk"
    summary = "how short the walk between two desks is"
    options: ClassVar[type[Any] | None] = None
    directed = False
    needs = "anything"

    def similarity(self, options: Any, wanting: Cells, offering: Cells) -> FloatArray:  # noqa: ARG002 (it has none)
        """Return 1 for the same desk and 0 from 500 steps on."""
        here, there = (
            np.array([list(map(int, str(one).split())) for one in cells.values]) for cells in (wanting, offering)
        )
        steps = np.sqrt(((here[:, None, :] - there[None, :, :]) ** 2.0).sum(axis=2))
        near: FloatArray = np.maximum(0.0, 1 - steps / 500)
        return near


class PeersModel:
    """Pairs of equals, for problems of shape `peers`."""

    name = "bench-peers"
    summary = "pairs of equals"
    options: ClassVar[type[Any] | None] = None
    roles = (Role("peer", "peer", served=True),)
    shape = "peers"
    matcher = "peers"
    template = ""

    def occasions(self, options: Any, pool: Pool) -> list[Occasion]:  # noqa: ARG002 (it has none)
        """Return one problem."""
        problem = MatchingProblem(
            "peers",
            "match",
            pool.seatings,
            {PEERS: pool.pair_scores(*PEERS)},
            {PEERS: pool.required(*PEERS)},
            pool.objective,
            pool.seed,
            Peers(),
        )
        return [Occasion("match", problem)]

    def counted_pairs(self, options: Any, members: tuple[Member, ...]) -> list[tuple[Member, Member]]:  # noqa: ARG002 (it has none)
        """Return every two."""
        return [(one, other) for number, one in enumerate(members) for other in members[number + 1 :]]

    def on_leaving(self, options: Any, relationship: Relationship, person: str) -> str:  # noqa: ARG002 (always the same)
        """Return that a pair ends."""
        return "end"


@frozen
class Posing:
    """A problem with the roles' sides and which pairs count."""

    problem: MatchingProblem
    catalogue: Catalogue
    model: Any

    @property
    def sides(self) -> dict[str, Any]:
        """The side of each role."""
        return {role.name: role.side for role in self.model.roles}

    def counted_pairs(self, members: Any) -> Any:
        """Return which pairs of a group count."""
        return self.model.counted_pairs(None, members)


def a_catalogue() -> Catalogue:
    """Return what is installed, with a criterion and a model of the benchmark's own."""
    origin = Origin("benchmarks", "0", "benchmarks")
    known = build_catalogue()
    return evolve(
        known,
        criteria={**known.criteria, Walk.name: Offer(Walk(), origin)},
        models={**known.models, PeersModel.name: Offer(PeersModel(), origin)},  # type: ignore[dict-item]
    )


def posing(program: Program, roster: Roster, catalogue: Catalogue) -> Posing:
    """Return what a program poses for a roster, scores prepared."""
    (occasion,) = posed(program, roster, catalogue, History()).occasions
    return Posing(occasion.problem, catalogue, catalogue.models[program.model.use.name].implementation)
