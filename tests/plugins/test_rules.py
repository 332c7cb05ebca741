from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from mentorkit.core.contracts import Group, PairTable, RuleFacts
from mentorkit.core.roster import Person
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person

RULES = build_catalogue().rules
FACTS = RuleFacts(date(2027, 1, 11))


def blocked(
    kind: str,
    wanting: list[Person],
    offering: list[Person],
    facts: RuleFacts = FACTS,
    roles: tuple[str, str] = ("mentee", "mentor"),
    **options: Any,
) -> list[list[bool]]:
    rule = RULES[kind].implementation
    groups = (Group(role, tuple(people)) for role, people in zip(roles, (wanting, offering), strict=True))
    ruling = rule.prepare(rule.options(**options) if rule.options else None, *groups, facts)
    whole = ruling.blocked(np.arange(len(wanting)), np.arange(len(offering)))
    last = ruling.blocked(np.array([len(wanting) - 1]), np.arange(len(offering))[::-1])
    assert whole[-1:, ::-1].tolist() == last.tolist(), "a block is a part of the whole"
    result: list[list[bool]] = whole.tolist()
    return result


def lacking(kind: str, person: Person, facts: RuleFacts = FACTS, **options: Any) -> bool:
    rule = RULES[kind].implementation
    group = Group("mentee", (person,))
    ruling = rule.prepare(rule.options(**options) if rule.options else None, group, group, facts)
    assert ruling.lacking is not None
    return bool(ruling.lacking[0][0])


def with_level(*levels: float) -> list[Person]:
    return [a_person(f"l{number}", level=level) for number, level in enumerate(levels)]


def test_seniority_is_mentor_minus_mentee() -> None:
    mentors = with_level(1, 2, 3, 4, 5)
    assert [[True, True, False, False, True]] == blocked("seniority-gap", with_level(2), mentors, at_least=1, at_most=2)
    assert [[False, False, True, True, True]] == blocked("seniority-gap", with_level(2), mentors, at_most=0)
    assert [[False, True, True, True, True]] == blocked("seniority-gap", with_level(2), mentors, at_most=-1)


def test_seniority_between_two_of_one_role_is_absolute() -> None:
    people, peers = with_level(1, 2, 3, 4), ("peer", "peer")
    assert [[True, False, False, False]] == blocked("seniority-gap", with_level(3), people, roles=peers, at_most=1)
    assert [[False, True, True, True]] == blocked("seniority-gap", with_level(3), people, roles=peers, at_least=2)


@pytest.mark.parametrize(
    ("kind", "options", "column"),
    [
        ("seniority-gap", {"at_least": 1}, "level"),
        ("same", {"column": "site"}, "site"),
        ("different", {"column": "site"}, "site"),
        ("shared-language", {}, "languages"),
    ],
)
def test_who_lacks_a_value_is_told(kind: str, options: dict[str, Any], column: str) -> None:
    rule = RULES[kind].implementation
    assert (column,) == rule.columns(rule.options(**options) if rule.options else None)
    assert lacking(kind, a_person("a"), **options)
    assert not lacking(kind, a_person("a", **{column: 3}), **options)


LINE = {
    "3": "2",
    "2": "1",
    "4": "1",
    "5": "4",
    "loop-a": "loop-b",
    "loop-b": "loop-c",
    "loop-c": "loop-a",
    "x": "loop-b",
}


@pytest.mark.parametrize(
    ("person", "same_line"),
    [
        ("1", "2 3 4 5"),
        ("2", "1 3"),
        ("3", "1 2"),
        ("5", "1 4"),
        ("loop-a", "loop-b loop-c x"),
        ("x", "loop-a loop-b loop-c"),
        ("alone", ""),
    ],
)
def test_the_reporting_line_is_followed_at_any_distance_and_around_loops(person: str, same_line: str) -> None:
    others = [a_person(one) for one in ("1", "2", "3", "4", "5", "loop-a", "loop-b", "loop-c", "x", "alone")]
    others = [one for one in others if one.id != person]
    found = blocked("outside-reporting-line", [a_person(person)], others, evolve(FACTS, managers=LINE))
    assert same_line.split() == [one.id for one, in_line in zip(others, found[0], strict=True) if in_line]


@pytest.mark.parametrize(
    ("distance", "person", "near"),
    [
        (1, "1", "2 4"),
        (1, "2", "1 3"),
        (1, "3", "2"),
        (2, "3", "1 2"),
        (20, "1", "2 3 4 5"),
        (1, "loop-a", "loop-b loop-c"),
        (1, "x", "loop-b"),
        (2, "x", "loop-b loop-c"),
        (20, "x", "loop-a loop-b loop-c"),
        (1, "alone", ""),
        (1, "own", ""),
    ],
)
def test_a_distance_keeps_only_that_many_levels_apart(distance: int, person: str, near: str) -> None:
    names = ("1", "2", "3", "4", "5", "loop-a", "loop-b", "loop-c", "x", "alone", "own")
    others = [a_person(one) for one in names if one != person]
    facts = evolve(FACTS, managers=LINE | {"own": "own", "1": "elsewhere"})
    for wanting, offering in (([a_person(person)], others), (others, [a_person(person)])):
        found = np.array(blocked("outside-reporting-line", wanting, offering, facts, distance=distance)).reshape(-1)
        assert near.split() == [one.id for one, blocks in zip(others, found.tolist(), strict=True) if blocks]


@pytest.mark.parametrize("distance", [None, 1, 2, 20])
def test_the_listed_pairs_of_a_line_are_those_that_are_blocked(distance: int | None) -> None:
    rule = RULES["outside-reporting-line"].implementation
    facts = evolve(FACTS, managers=LINE)
    one, other = ("1", "3", "loop-a", "alone", "x"), ("2", "3", "4", "5", "loop-b", "loop-c")
    groups = (Group("mentee", tuple(map(a_person, one))), Group("mentor", tuple(map(a_person, other))))
    ruling = rule.prepare(rule.options(distance=distance), *groups, facts)
    whole = ruling.blocked(np.arange(len(one)), np.arange(len(other)))
    assert ruling.pairs is not None
    assert np.argwhere(whole).tolist() == ruling.pairs.tolist()


@pytest.mark.parametrize("distance", [0, 21])
def test_a_distance_is_at_least_one_level(distance: int) -> None:
    with pytest.raises(ValueError, match="distance"):
        RULES["outside-reporting-line"].implementation.options(distance=distance)


def test_a_very_long_reporting_line_is_no_trouble() -> None:
    managers = {str(number): str(number + 1) for number in range(30_000)}
    people = [a_person(str(number)) for number in (5, 29_999)], [a_person("17000"), a_person("elsewhere")]
    found = blocked("outside-reporting-line", *people, evolve(FACTS, managers=managers))
    assert [[True, False], [True, False]] == found


def test_only_people_outside_of_any_line_lack_a_manager() -> None:
    facts = evolve(FACTS, managers=LINE)
    lack = [lacking("outside-reporting-line", a_person(one), facts) for one in ("1", "3", "alone")]
    assert [False, False, True] == lack


def test_same_and_different_columns() -> None:
    mentors = [a_person("m0", site="OSLO"), a_person("m1", site="Rome"), a_person("m2", site=frozenset({"oslo"}))]
    assert [[False, True, False]] == blocked("same", [a_person("e", site="Oslo")], mentors, column="site")
    assert [[True, False, True]] == blocked("different", [a_person("e", site="Oslo")], mentors, column="site")
    assert ("site",) == RULES["same"].implementation.columns(RULES["same"].implementation.options(column="site"))


def test_one_common_language_is_enough() -> None:
    spoken = [frozenset({"en", "de"}), frozenset({"fr"}), frozenset({"de", "pl"})]
    mentors = [a_person(f"m{number}", languages=one) for number, one in enumerate(spoken)]
    mentees = [a_person("e0", languages=frozenset({"de"})), a_person("e1", languages=frozenset({"fr", "en"}))]
    assert [[False, True, False], [False, False, True]] == blocked("shared-language", mentees, mentors)


def test_hours_apart_are_those_of_the_day_the_program_starts() -> None:
    zones = {"e": "Europe/London", "m0": "America/New_York", "m1": "Asia/Kolkata", "m2": "Europe/London"}
    mentors = [a_person("m0"), a_person("m1"), a_person("m2")]
    winter, change = (evolve(FACTS, zones=zones, starts=day) for day in (date(2027, 1, 11), date(2027, 3, 20)))
    assert [[True, True, False]] == blocked("timezone-distance", [a_person("e")], mentors, winter, at_most=4.5)
    assert [[False, True, False]] == blocked("timezone-distance", [a_person("e")], mentors, change, at_most=4.5)
    assert [[False, False, False]] == blocked("timezone-distance", [a_person("e")], mentors, winter, at_most=5.5)


def pair_table(*pairs: tuple[str, str, date | None]) -> PairTable:
    return PairTable(pairs)


def test_never_and_always_name_pairs_in_either_order() -> None:
    people = [a_person("e0"), a_person("e1")], [a_person("m0"), a_person("m1")]
    table = pair_table(("m1", "e0", None), ("e1", "m0", None), ("e0", "e1", None))
    assert [[False, True], [True, False]] == blocked("never", *people, pairs=table)
    assert [[False, False], [False, False]] == blocked("always", *people, pairs=table)
    always, never = (RULES[kind].implementation for kind in ("always", "never"))
    groups = Group("mentee", tuple(people[0])), Group("mentor", tuple(people[1]))
    assert (("e0", "m1"), ("e1", "m0")) == always.prepare(always.options(table), *groups, FACTS).required
    assert (False, True) == tuple(
        rule.prepare(rule.options(table), *groups, FACTS).overrides for rule in (always, never)
    )


def test_the_past_counts_from_lists_and_from_the_ledger() -> None:
    people = [a_person("e")], [a_person(f"m{number}") for number in range(5)]
    listed = pair_table(("e", "m0", None), ("m1", "e", date(2026, 6, 1)), ("e", "m2", date(2024, 1, 1)))
    facts = evolve(FACTS, past=(("m3", "e", date(2025, 1, 10)), ("e", "m4", None)))
    assert [[True] * 5] == blocked("not-matched-before", *people, facts, pairs=listed)
    assert [[True, True, False, False, True]] == blocked(
        "not-matched-before", *people, facts, pairs=listed, within="2 years"
    )
    with pytest.raises(ValueError, match='"two years" is not a length'):
        RULES["not-matched-before"].implementation.options(within="two years")
