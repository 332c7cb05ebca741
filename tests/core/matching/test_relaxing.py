"""What is promised to help, helps: every gain is what matching under the changed program comes to."""

from __future__ import annotations

import random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import PairTable, Relaxation
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching import first_places
from mentorkit.core.matching.changes import LEFT_OUT, rule_changes
from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.matching.relaxing import More, Opening, Remedy, what_would_help
from mentorkit.core.matching.solving import MatchingOutcome, match
from mentorkit.core.program import CriterionUse, Program, RuleUse
from mentorkit.core.relationships import Member, Relationship, relationship_id
from mentorkit.core.roster import Person, Roster
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_moment, a_person, a_program, a_roster
from mentorkit_criteria.equality import ColumnOptions
from mentorkit_criteria.pair_lists import PairOptions
from mentorkit_criteria.seniority import SeniorityGap, SeniorityGapOptions
from mentorkit_criteria.timezones import TimezoneDistance, TimezoneOptions

CATALOGUE = build_catalogue()
SKILLS = CriterionUse("skills", "overlap", 1, "wants", "skills", ("mentee", "mentor"))
GAP = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=1, at_most=2))
SITE = RuleUse("site", "same", ColumnOptions("site"), if_missing="block")
LANGUAGE = RuleUse("talk", "shared-language")
ZONES = RuleUse("zones", "timezone-distance", TimezoneOptions(at_most=1))
NOTHING = History()


def a_ruled_program(*rules: RuleUse, **changes: Any) -> Program:
    program = a_program(**changes)
    return evolve(program, matching=evolve(program.matching, criteria=(SKILLS,), rules=rules))


def solved(program: Program, roster: Roster, history: History = NOTHING, **decided: Any) -> MatchingOutcome:
    return match(program, roster, CATALOGUE, history, **decided)


def pair_rule(kind: str, *chosen: tuple[str, str]) -> RuleUse:
    return RuleUse(kind, kind, PairOptions(PairTable(tuple((a, b, None) for a, b in chosen))))


def mentee(person: str, **values: Any) -> Person:
    return a_person(person, "mentee", **{"wants": frozenset("ab"), "level": 1, **values})


def mentor(person: str, places: int = 1, **values: Any) -> Person:
    return a_person(person, "mentor", places=places, **{"skills": frozenset("a"), "level": 3, **values})


def helps(program: Program, roster: Roster, *people: Member, history: History = NOTHING) -> Any:
    return what_would_help(solved(program, roster, history), roster, CATALOGUE, people)


def test_the_cheapest_change_that_helps_is_named() -> None:
    people = mentee("1"), mentee("2", level=0), mentee("3", level=-3), mentor("8"), mentor("9", 2)
    found = helps(a_ruled_program(GAP), a_roster(*people)).everybody
    assert (
        Remedy("without the rule gap", 2, False, LEFT_OUT, "gap", {"matching.rules.gap.off": True}),
        Remedy("allow a seniority gap of 3", 1, False, 1, "gap", {"matching.rules.gap.at_most": 3}),
    ) == found


def test_more_places_are_named_where_allowed_partners_are_full() -> None:
    people = mentee("1"), mentee("2"), mentee("3"), mentee("4"), mentor("8"), mentor("9")
    found = helps(a_ruled_program(GAP), a_roster(*people)).everybody
    assert [
        ("2 more places, for 2 of the role mentor", 2, 0),
        ("one more place for mentor 9, or for one other", 1, 1),
    ] == [(one.label, one.people, one.others) for one in found]
    assert {More("8", "mentor", 1), More("9", "mentor", 1)} == set(found[0].places)
    (alone,) = helps(a_ruled_program(), a_roster(*people[:3], mentor("9", 2))).everybody
    assert ("one more place for mentor 9", 1, (More("9", "mentor", 1),)) == (alone.label, alone.people, alone.places)


def test_of_equal_gains_changes_of_rules_come_before_places() -> None:
    people = mentee("1"), mentee("2"), mentor("8"), mentor("9", level=9)
    found = helps(a_ruled_program(GAP), a_roster(*people)).everybody
    assert [("gap", 1), ("", 1)] == [(one.rule, one.people) for one in found]


def test_nothing_needs_help_where_nobody_is_unmatched() -> None:
    assert () == helps(a_ruled_program(GAP), a_roster(mentee("1"), mentor("9"))).everybody


def test_what_was_said_of_these_very_people_is_not_for_changing() -> None:
    roster = a_roster(mentee("1"), mentee("2"), mentor("8"), mentor("9", level=9))
    program = a_ruled_program(pair_rule("never", ("1", "9"), ("2", "9")), pair_rule("always", ("1", "8")))
    decided = Decisions(forbidden=(("2", "9"),))
    outcome = solved(program, roster, decisions=decided)
    assert outcome.posing is not None
    assert () == rule_changes(outcome.posing, CATALOGUE)
    found = what_would_help(outcome, roster, CATALOGUE, [Member("2", "mentee")])
    assert {"one more place for mentor 8"} == {one.label for one in found.everybody}
    assert () == found.openings[Member("2", "mentee")]


def test_a_person_is_told_what_opens_partners() -> None:
    two = Member("2", "mentee")
    people = mentee("1"), mentee("2", level=0, site="Oslo"), *(mentor(str(number), site="Oslo") for number in (6, 7, 8))
    people = *people, mentor("9"), mentor("5", level=4, site="Rome")
    found = helps(a_ruled_program(GAP, SITE), a_roster(*people), two)
    assert (Opening("allow a seniority gap of 3", 3, 1, "gap", {"matching.rules.gap.at_most": 3}),) == found.openings[
        two
    ]


def test_published_places_are_taken_as_given() -> None:
    members = Member("9", "mentor"), Member("1", "mentee")
    known = KnownRelationship(
        Relationship(relationship_id("pilot", members), members, 50.0), "published", a_moment("2026-06-01T10:00:00Z")
    )
    people = mentee("1"), mentee("2"), mentor("9", 2), mentee("3", level=-9), mentor("8")
    found = helps(a_ruled_program(GAP), a_roster(*people), history=History(relationships=(known,))).everybody
    assert [("without the rule gap", 1)] == [(one.label, one.people) for one in found]


def test_where_points_come_first_a_gain_is_over_what_could_be_placed_anyway() -> None:
    program = a_ruled_program(pair_rule("never", ("2", "8")), GAP)
    points = evolve(program, matching=evolve(program.matching, objective=("total-score", "coverage")))
    mentors = mentor("9", skills=frozenset("ab")), mentor("8", skills=frozenset("z"))
    roster = a_roster(mentee("1"), mentee("2", wants=frozenset("bc")), *mentors)
    assert [2, 1] == [solved(one, roster).matching.certificate.matched for one in (program, points)]
    assert () == helps(points, roster).everybody


def some_people(chance: random.Random) -> list[Person]:
    def cells() -> dict[str, Any]:
        found = {
            "level": chance.randint(0, 6),
            "site": chance.choice(["Oslo", "Rome", None]),
            "languages": frozenset(chance.sample(["en", "no", "it"], chance.randint(0, 2))),
            "timezone": chance.choice(["Europe/London", "Europe/Oslo", "Europe/Athens", "America/New_York"]),
        }
        return {key: value for key, value in found.items() if value is not None}

    mentees = [mentee(f"e{number}", **cells()) for number in range(chance.randint(0, 9))]
    mentors = [mentor(f"m{number}", chance.randint(1, 2), **cells()) for number in range(chance.randint(0, 6))]
    return [*mentees, *mentors]


def a_case(seed: int) -> tuple[Program, Roster]:
    chance = random.Random(seed)
    people = some_people(chance)
    roster = Roster(tuple(people), frozenset({"level", "site", "languages", "timezone", "wants", "skills"}))
    rules = chance.sample([GAP, SITE, LANGUAGE, ZONES], chance.randint(0, 3))
    ids = [[one.id for one in people if role in one.roles] for role in ("mentee", "mentor")]
    if all(ids) and chance.random() < 0.5:
        rules.append(pair_rule("always", (chance.choice(ids[0]), chance.choice(ids[1]))))
    return a_ruled_program(*rules, seed=seed), roster


def with_more(roster: Roster, more: tuple[More, ...]) -> Roster:
    extra = {(one.person, one.role): one.places for one in more}
    people = tuple(
        evolve(one, places={role: many + extra.get((one.id, role), 0) for role, many in one.places.items()})
        for one in roster.people
    )
    return evolve(roster, people=people)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_promised_gain_is_what_matching_with_the_change_comes_to(seed: int) -> None:
    program, roster = a_case(seed)
    outcome = solved(program, roster)
    assert outcome.posing is not None
    now = outcome.matching.certificate.matched
    found = what_would_help(outcome, roster, CATALOGUE).everybody
    assert sorted(found, key=lambda one: (-one.people, not one.rule, one.step)) == list(found)
    changed = {one.label: one for one in rule_changes(outcome.posing, CATALOGUE)}
    gains = {label: solved(one.program, roster).matching.certificate.matched - now for label, one in changed.items()}
    for remedy in found:
        if remedy.rule:
            assert gains[remedy.label] == remedy.people
        else:
            assert remedy.people == sum(one.places for one in remedy.places)
            assert now + remedy.people == solved(program, with_more(roster, remedy.places)).matching.certificate.matched
    for label, gain in gains.items():
        if gain and outcome.matching.unmatched:
            told = [one for one in found if one.rule == changed[label].rule and one.step <= changed[label].step]
            assert gain <= max(one.people for one in told)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_promised_partner_is_allowed_under_the_change(seed: int) -> None:
    program, roster = a_case(seed)
    outcome = solved(program, roster)
    assert outcome.posing is not None
    people = [Member(one.person, one.role) for one in outcome.matching.unmatched]
    changed = {one.label: one for one in rule_changes(outcome.posing, CATALOGUE)}
    openings = what_would_help(outcome, roster, CATALOGUE, people, measured=False).openings
    for person, found in openings.items():
        for opening in found:
            before, after = allowed(outcome, person), allowed(solved(changed[opening.label].program, roster), person)
            assert opening.partners == after - before > 0


def allowed(outcome: MatchingOutcome, person: Member) -> int:
    assert outcome.posing is not None
    scores = outcome.posing.board.pair_scores("mentee", "mentor")
    row = outcome.posing.pool.seatings["mentee"].people.index(person.person)
    return sum(scores.scores([row], [column])[0, 0] >= 0 for column in range(scores.shape[1]))  # type: ignore[arg-type]


def test_a_search_that_is_given_up_promises_no_more_than_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [*(mentee(str(number), level=0) for number in range(9)), mentor("m1", 3), mentor("m2", 3)]
    program, roster = a_ruled_program(GAP), a_roster(*people)
    whole = helps(program, roster).everybody[0]
    assert (6, False) == (whole.people, whole.at_least)
    monkeypatch.setattr(first_places, "MOST_LOOKED", 5)
    part = helps(program, roster).everybody[0]
    assert part.at_least
    assert 0 < part.people < 6


def test_where_nobody_knows_who_could_be_placed_anyway_nothing_is_said_to_be_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = a_ruled_program(GAP)
    points = evolve(program, matching=evolve(program.matching, objective=("total-score", "coverage")))
    roster = a_roster(mentee("1"), mentee("2", level=0), mentor("9"))
    assert "" == helps(points, roster).unmeasured
    monkeypatch.setattr(first_places, "MOST_LOOKED", 1)
    found = helps(points, roster)
    assert ((), "too many pairs would have to be looked at") == (found.everybody, found.unmeasured)


def test_rules_offer_small_steps() -> None:
    wider = SeniorityGap().relaxations(SeniorityGapOptions(at_least=1, at_most=3))
    assert ["allow a seniority gap of 4", "allow a seniority gap of 0"] == [one.label for one in wider[:2]]
    assert (SeniorityGapOptions(1, 4), SeniorityGapOptions(0, 3)) == (wider[0].options, wider[1].options)
    assert [] == SeniorityGap().relaxations(SeniorityGapOptions())
    assert [3.5, 4.5, 5.5] == [one.options.at_most for one in TimezoneDistance().relaxations(TimezoneOptions(2.5))]


class Stubborn:
    """A rule that offers something else than what is asked for: it forbids more."""

    name = "stubborn"
    summary = "forbids by level"
    options = SeniorityGapOptions

    def columns(self, options: Any) -> tuple[str, ...]:
        return ("level",)

    def prepare(self, options: Any, *rest: Any) -> Any:
        return SeniorityGap().prepare(options, *rest)

    def relaxations(self, options: SeniorityGapOptions) -> list[Relaxation]:
        return [Relaxation("try other levels", SeniorityGapOptions(at_least=4))]


def test_an_offer_that_forbids_what_is_matched_counts_what_it_loses() -> None:
    offer = evolve(CATALOGUE.rules["same"], implementation=Stubborn())
    catalogue = evolve(CATALOGUE, rules={**CATALOGUE.rules, "stubborn": offer})
    rule = RuleUse("levels", "stubborn", SeniorityGapOptions(at_most=2))
    people = mentee("1"), mentee("2", level=-2), mentee("3", level=-1), mentor("9", 3)
    assert [("without the rule levels", 2), ("try other levels", 1)] == tried(catalogue, rule, *people)


def tried(catalogue: Catalogue, rule: RuleUse, *people: Person) -> list[tuple[str, int]]:
    program, roster = a_ruled_program(rule), a_roster(*people)
    outcome = match(program, roster, catalogue, NOTHING)
    return [(one.label, one.people) for one in what_would_help(outcome, roster, catalogue).everybody]
