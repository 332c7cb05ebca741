from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from mentorkit.core.conditions import Condition
from mentorkit.core.history import History
from mentorkit.core.matching.explaining import CriterionPart, RuleNote, explain_person
from mentorkit.core.matching.solving import match
from mentorkit.core.program import CriterionUse, Program, RuleUse
from mentorkit.core.relationships import Matching, Member, Reason
from mentorkit.core.roster import Roster
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_criteria.numbers import NearOptions
from mentorkit_criteria.seniority import SeniorityGapOptions

CATALOGUE = build_catalogue()
SIDES = ("mentee", "mentor")


def a_scored_program() -> Program:
    only_sales = {"department": Condition(any_of=frozenset({"sales"}))}
    criteria = (
        CriterionUse("skills", "overlap", 3, "wants", "skills", SIDES),
        CriterionUse("site", "same", 3, "site", "site", SIDES),
        CriterionUse("age", "near", 3, "age", "age", SIDES, options=NearOptions(span=9)),
        CriterionUse("sales", "same", 50, "site", "site", SIDES, only_if=only_sales),
    )
    rules = (RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=1)),)
    program = a_program()
    return evolve(program, matching=evolve(program.matching, criteria=criteria, rules=rules))


def some_people() -> Roster:
    def mentee(person: str, **values: Any) -> Any:
        return a_person(person, "mentee", wants=frozenset({"a", "b", "c"}), department="legal", **values)

    return a_roster(
        mentee("1", site="Oslo", age=30, level=1),
        mentee("2", site="Rome", age=30, level=1),
        mentee("3", site="Rome", age=30, level=7),
        a_person("9", "mentor", skills=frozenset({"a"}), site="Oslo", age=31, level=4),
        a_person("5"),
    )


def matched() -> tuple[Program, Roster, Matching]:
    program, roster = a_scored_program(), some_people()
    return program, roster, match(program, roster, CATALOGUE, History()).matching


def test_points_add_up_to_the_published_score() -> None:
    program, roster, matching = matched()
    explained = explain_person(program, roster, CATALOGUE, matching, "1")
    pair = explained.relationships[0].pairs[0]
    assert (Member("1", "mentee"), Member("9", "mentor")) == (pair.wants, pair.offers)
    assert 74.1 == pair.score == explained.relationships[0].relationship.score
    assert (
        CriterionPart("skills", "overlap", 3, pytest.approx(1 / 3), 11.1),  # type: ignore[arg-type]
        CriterionPart("site", "same", 3, 1.0, 33.4),
        CriterionPart("age", "near", 3, pytest.approx(8 / 9), 29.6),  # type: ignore[arg-type]
        CriterionPart("sales", "same", 0.0, 1.0, 0.0),
    ) == pair.parts
    assert 741 == sum(round(10 * part.points) for part in pair.parts)
    assert (RuleNote("gap", "seniority-gap"),) == explained.rules
    assert () == explained.unmatched
    assert explained.relationships[0] == explain_person(program, roster, CATALOGUE, matching, "9").relationships[0]


def test_who_is_unmatched_hears_which_rules_block_and_who_is_full() -> None:
    program, roster, matching = matched()
    reasons = {one: explain_person(program, roster, CATALOGUE, matching, one).unmatched[0].reasons for one in "23"}
    assert {"2": (Reason("capacity", 1),), "3": (Reason("gap", 1),)} == reasons


def test_somebody_without_a_role_and_somebody_unknown() -> None:
    program, roster, matching = matched()
    explained = explain_person(program, roster, CATALOGUE, matching, "5")
    assert ((), (), ()) == (explained.roles, explained.relationships, explained.unmatched)
    with pytest.raises(KeyError):
        explain_person(program, roster, CATALOGUE, matching, "6")
