"""Of every conflict a smallest set of rules: without any one of them there would be none."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import PairTable
from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.matching.solving import match
from mentorkit.core.program import Program, RuleUse
from mentorkit.core.roster import Person
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_criteria.equality import ColumnOptions
from mentorkit_criteria.pair_lists import PairOptions
from mentorkit_criteria.seniority import SeniorityGapOptions

CATALOGUE = build_catalogue()
TONGUES = frozenset({"en"})
GAP = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=1))
SITE = RuleUse("site", "same", ColumnOptions("site"))
TALK = RuleUse("talk", "shared-language")
TEAM = RuleUse("team", "different", ColumnOptions("team"))


def a_ruled_program(*rules: RuleUse) -> Program:
    program = a_program()
    return evolve(program, matching=evolve(program.matching, rules=rules))


def pair_rule(name: str, kind: str, *chosen: tuple[str, str]) -> RuleUse:
    return RuleUse(name, kind, PairOptions(PairTable(tuple((a, b, None) for a, b in chosen))))


def mentee(person: str, **values: Any) -> Person:
    return a_person(person, "mentee", **{"level": 1, "site": "Oslo", "team": "x", "languages": TONGUES, **values})


def mentor(person: str, places: int = 1, **values: Any) -> Person:
    return a_person(
        person, "mentor", places=places, **{"level": 3, "site": "Oslo", "team": "y", "languages": TONGUES, **values}
    )


def conflicts(*rules: RuleUse, people: tuple[Person, ...], **more: Any) -> list[Diagnostic]:
    with pytest.raises(ProgramError) as raised:
        match(a_ruled_program(*rules), a_roster(*people), CATALOGUE, History(), **more)
    return [one for one in raised.value.diagnostics if one.is_error]


def test_the_two_rules_of_a_pair_that_must_be_and_must_not_be_are_named() -> None:
    people = mentee("1", level=9), mentor("9")
    together, apart = pair_rule("together", "always", ("1", "9")), pair_rule("apart", "never", ("9", "1"))
    (found,) = conflicts(GAP, together, apart, people=people)
    assert 'the rule "together" wants 1 and 9 together, and "apart" keeps them apart' == found.message
    assert ("always-forbidden", "matching.rules.together") == (found.code, found.path)


def test_rules_that_want_too_many_pairs_only_together_are_named_together() -> None:
    people = *(mentee(str(number)) for number in range(1, 5)), mentor("9", 2)
    one, two = pair_rule("one", "always", ("1", "9")), pair_rule("two", "always", ("2", "9"), ("1", "9"))
    three = pair_rule("three", "always", ("3", "9"))
    (found,) = conflicts(one, two, three, people=people)
    assert '3 pairs must be matched with mentor 9, who has 2 free: "two" and "three" together want too many' == (
        found.message
    )
    assert "matching.rules.two" == found.path
    (alone,) = conflicts(one, pair_rule("all", "always", ("1", "9"), ("2", "9"), ("3", "9")), people=people)
    assert ("3 pairs must be matched with mentor 9, who has 2 free", "matching.rules.all") == (
        alone.message,
        alone.path,
    )


def test_places_of_the_side_that_wants_count_too_and_a_review_is_named_with_rules() -> None:
    people = mentee("1"), mentor("8"), mentor("9")
    (found,) = conflicts(
        pair_rule("one", "always", ("1", "9")), people=people, decisions=Decisions(required=(("1", "8"),))
    )
    assert '2 pairs must be matched with mentee 1, who has 1 free: "one" and "review" together want too many' == (
        found.message
    )


def nobody(*rules: RuleUse, people: tuple[Person, ...]) -> list[Diagnostic]:
    outcome = match(a_ruled_program(*rules), a_roster(*people), CATALOGUE, History())
    return [one for one in outcome.diagnostics if one.code == "nobody-allowed"]


def test_the_fewest_rules_that_leave_nobody_are_named() -> None:
    people = mentee("1"), mentee("2", site="Rome"), mentor("8", level=0), mentor("9", site="Bern", team="x")
    (found,) = nobody(TALK, GAP, SITE, TEAM, people=people)
    assert 'the rules "gap" and "site" together forbid every pair' in found.message
    assert ("warning", "matching.rules.gap") == (found.severity, found.path)
    (alone,) = nobody(TEAM, GAP, people=(mentee("1", level=7), mentee("2", level=8), mentor("9")))
    assert 'the rule "gap" forbids every pair' in alone.message


def test_nothing_is_said_where_somebody_could_be_matched_or_nobody_is_there() -> None:
    assert [] == nobody(GAP, people=(mentee("1"), mentor("9")))
    assert [] == nobody(GAP, people=(mentee("1"), mentee("2")))
    both = a_person("1", "mentee", "mentor", level=1)
    assert [] == nobody(GAP, people=(both,))


def test_nothing_is_said_of_rules_that_no_author_wrote() -> None:
    program, roster = a_ruled_program(), a_roster(mentee("1"), mentor("9"))
    outcome = match(program, roster, CATALOGUE, History(), decisions=Decisions(forbidden=(("1", "9"),)))
    assert ((), ()) == (outcome.matching.relationships, outcome.diagnostics)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_the_named_rules_leave_nobody_and_no_fewer_do(seed: int) -> None:
    chance = random.Random(seed)

    def cells() -> dict[str, Any]:
        return {"level": chance.randint(0, 2), "site": chance.choice("abc"), "team": chance.choice("xy")}

    size = chance.randint(1, 3)
    people = [mentee(f"e{number}", **cells()) for number in range(size)]
    people += [mentor(f"m{number}", **cells()) for number in range(chance.randint(1, 3))]
    apart = pair_rule("apart", "never", ("e0", "m0"), ("e1", "m0"))
    rules = [GAP, SITE, TEAM, apart]
    roster = a_roster(*people)
    found = [one for one in nobody(*rules, people=tuple(people)) if one.path]
    leaving = [
        some
        for number in range(1, 5)
        for some in combinations(rules, number)
        if not match(a_ruled_program(*some), roster, CATALOGUE, History()).matching.relationships
    ]
    assert bool(leaving) == bool(found)
    if found:
        named = tuple(rule for rule in rules if f'"{rule.name}"' in found[0].message)
        assert named == leaving[0]
