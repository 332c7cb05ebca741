"""Prices of one matching are where the next one begins: they come back whole, and never change how good it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching import match
from mentorkit.core.matching.certifying import certify
from mentorkit.core.matching.earlier_prices import kept_prices
from mentorkit.core.matching.tasks import Solved
from mentorkit.core.planning.deciding import make_plan
from mentorkit.core.problems import MatchingProblem, Solution
from mentorkit.core.program import CriterionUse, Intake, MatchingUse, Use
from mentorkit.core.proofs import Price, PriceProof
from mentorkit.core.relationships import Member
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster, a_two_sided_problem

CATALOGUE = build_catalogue()
OPTIMAL = CATALOGUE.matchers["optimal"].implementation
MONDAY = datetime(2027, 1, 11, 12, tzinfo=UTC)
SKILLS = CriterionUse("skills", "overlap", 1, "wants", "skills", ("mentee", "mentor"))
EVERY_MONDAY = Intake(weekday=0, text="every monday")


def solved(problem: MatchingProblem) -> Solved:
    solution = OPTIMAL.solve(None, problem)
    model = CATALOGUE.models["one-on-one"].implementation
    sides = {role.name: role.side for role in model.roles}
    groups, certificate = certify(problem, solution, lambda group: model.counted_pairs(None, group), sides, "optimal")
    return Solved("match", problem, solution, groups, certificate)


@pytest.mark.parametrize("objective", [("coverage", "total-score"), ("total-score", "coverage")])
@pytest.mark.parametrize("seed", range(4))
def test_prices_come_back_whole_in_the_same_problem(seed: int, objective: tuple[str, ...]) -> None:
    chance = np.random.default_rng(seed)
    problem = a_two_sided_problem(chance.integers(-1, 1001, size=(30, 9)), None, [2] * 9, objective=objective)
    one = solved(problem)
    assert isinstance(one.solution.proof, PriceProof)
    prices, gains = kept_prices([one]), one.solution.proof.gains
    parts = [prices.get(Member(person, "mentor"), Price(0, 0)) for person in problem.seatings["mentor"].people]
    assert one.solution.proof.prices.any()
    assert one.solution.proof.prices.tolist() == [
        part.covers * gains["coverage"] + part.tenths * gains["total-score"] for part in parts
    ]
    assert all(abs(part.tenths) <= 1000 for part in parts)


def test_what_costs_nothing_is_not_kept_and_other_matchers_keep_nothing() -> None:
    problem = a_two_sided_problem([[900, 10]], None, [1, 1])
    one = solved(problem)
    assert {} == kept_prices([one])
    without = Solution(one.solution.group, one.solution.seating, one.solution.person)
    assert {} == kept_prices([evolve(one, solution=without)])


class Watching:
    """The matcher `optimal`, seen at work."""

    def __init__(self) -> None:
        self.problems: list[MatchingProblem] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(OPTIMAL, name)

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:
        self.problems.append(problem)
        return OPTIMAL.solve(options, problem)


def test_the_next_matching_begins_with_the_prices_of_its_offering_side() -> None:
    watching = Watching()
    offer = evolve(CATALOGUE.matchers["optimal"], implementation=watching)
    catalogue = evolve(CATALOGUE, matchers={**CATALOGUE.matchers, "optimal": offer})
    prices = {Member("m1", "mentor"): Price(1, -20), Member("e1", "mentee"): Price(3, 0)}
    people = (a_person("m1", "mentor"), a_person("e1", "mentee"))
    outcome = match(a_program(), a_roster(*people), catalogue, History(prices=prices))
    assert [{"m1": Price(1, -20)}] == [dict(problem.head_start) for problem in watching.problems]
    assert outcome.matching == match(a_program(), a_roster(*people), CATALOGUE, History()).matching


def planned(matching: MatchingUse, size: int, history: History, at: datetime) -> Any:
    """Return the plan for so many mentees and mentors, all of whom would rather be with the first mentor."""
    program = a_program(matching=evolve(matching, criteria=(SKILLS,)), timeline=())
    people = [a_person(f"m{number}", "mentor", skills=frozenset("b" if number else "a")) for number in range(size)]
    people += [a_person(f"e{number}", "mentee", wants=frozenset("a")) for number in range(size)]
    return make_plan(program, a_roster(*people), CATALOGUE, history, at).plan


@pytest.mark.parametrize(("rematch", "costs"), [("nobody", False), ("everyone", True)])
def test_prices_are_kept_of_matchings_in_which_everybody_was_free(rematch: Any, costs: bool) -> None:
    matching = MatchingUse(Use("optimal"), intake=EVERY_MONDAY, rematch=rematch)
    first = planned(matching, 2, History(), MONDAY)
    assert {Member("m0", "mentor"): Price(0, 1000)} == first.prices
    history = History(
        ledger_id="l",
        mark=1,
        numbers={one.id: one.number for one in first.newcomers},
        occasions={"match": MONDAY},
        relationships=tuple(KnownRelationship(one, "published", MONDAY) for one in first.matching.relationships),
        prices=first.prices,
    )
    later = planned(matching, 3, history, MONDAY.replace(day=25))
    assert later.occasions
    assert costs == bool(later.prices)


def test_a_matching_that_is_only_proposed_keeps_no_prices() -> None:
    plan = planned(MatchingUse(Use("optimal"), publish="review"), 2, History(), MONDAY)
    assert plan.proposing
    assert {} == plan.prices
