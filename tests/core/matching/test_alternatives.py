"""Alternatives and what they cost: against matching with the pair required, and prices never promise too much."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import PairTable
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching import costing
from mentorkit.core.matching.alternatives import Versus, best_alternatives, versus
from mentorkit.core.matching.costing import Cost
from mentorkit.core.matching.solving import MatchingOutcome, match
from mentorkit.core.program import Carried, CriterionUse, Program, RuleUse
from mentorkit.core.relationships import Member, Relationship, relationship_id
from mentorkit.core.roster import Person, Roster
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_moment, a_person, a_program, a_roster
from mentorkit_criteria.pair_lists import PairOptions
from mentorkit_criteria.seniority import SeniorityGapOptions

CATALOGUE = build_catalogue()
SKILLS = CriterionUse("skills", "overlap", 1, "wants", "skills", ("mentee", "mentor"))
GAP = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=1))
NOTHING = History()


def a_ruled_program(*rules: RuleUse, **changes: Any) -> Program:
    program = a_program(**changes)
    return evolve(program, matching=evolve(program.matching, criteria=(SKILLS,), rules=rules))


def pair_rule(kind: str, *chosen: tuple[str, str]) -> RuleUse:
    return RuleUse(kind, kind, PairOptions(PairTable(tuple((a, b, None) for a, b in chosen))))


def mentee(person: str, wants: str = "ab", **values: Any) -> Person:
    return a_person(person, "mentee", **{"wants": frozenset(wants), "level": 1, **values})


def mentor(person: str, skills: str = "a", places: int = 1, **values: Any) -> Person:
    return a_person(person, "mentor", places=places, **{"skills": frozenset(skills), "level": 3, **values})


def solved(program: Program, *people: Person, history: History = NOTHING, **more: Any) -> MatchingOutcome:
    return match(program, a_roster(*people), CATALOGUE, history, **more)


def test_the_best_other_partner_and_what_it_costs_everybody() -> None:
    people = mentee("1", "abcd"), mentee("2", "a"), mentor("8", "ab"), mentor("9", "a")
    outcome = solved(a_ruled_program(), *people)
    (found,) = best_alternatives(outcome, CATALOGUE, "1")
    assert (Member("1", "mentee"), Member("9", "mentor"), 25.0, 50.0) == (
        found.member,
        found.partner,
        found.score,
        found.now,
    )
    assert Cost("exact", 0, 25.0) == found.cost
    (mentors,) = best_alternatives(outcome, CATALOGUE, "9")
    assert (Member("1", "mentee"), 25.0, 100.0) == (mentors.partner, mentors.score, mentors.now)


def test_a_pair_can_cost_somebody_their_place() -> None:
    people = mentee("1", "a"), mentee("2", "b", level=2), mentor("8", "a", level=2), mentor("9", "b", level=3)
    (found,) = best_alternatives(solved(a_ruled_program(GAP), *people), CATALOGUE, "1")
    assert ("9", Cost("exact", 1, 200.0)) == (found.partner.person, found.cost)


def test_who_is_unmatched_or_has_no_other_partner_has_no_alternative() -> None:
    outcome = solved(a_ruled_program(GAP), mentee("1"), mentee("2", level=9), mentor("9"))
    assert () == best_alternatives(outcome, CATALOGUE, "1")
    assert () == best_alternatives(outcome, CATALOGUE, "2")


def test_pairs_that_must_be_leave_no_alternative() -> None:
    program = a_ruled_program(pair_rule("always", ("1", "8")))
    outcome = solved(program, mentee("1"), mentee("2"), mentor("8"), mentor("9"))
    assert () == best_alternatives(outcome, CATALOGUE, "1")
    assert () == best_alternatives(outcome, CATALOGUE, "9")
    assert "8" == _versus(outcome, "2", "8").full


def _versus(outcome: MatchingOutcome, person: str, other: str, **values: Any) -> Versus:
    assert outcome.posing is not None
    people = {one.id: one for group in outcome.posing.board.groups.values() for one in group.people}
    absent = [one for one in values.get("absent", ()) if one.id not in people]
    (found,) = versus(outcome, a_roster(*people.values(), *absent), CATALOGUE, person, other)
    return found


def test_why_not_another_person() -> None:
    never = pair_rule("never", ("1", "6"))
    people = mentee("1", "ab"), mentee("2", "b"), mentor("6", level=0), mentor("8", "ab"), mentor("9", "b")
    outcome = solved(a_ruled_program(GAP, never), *people)
    assert _versus(outcome, "1", "8").together
    assert ("gap", "never") == _versus(outcome, "1", "6").rules
    assert ("roles", "") == (_versus(outcome, "1", "2").absent, _versus(outcome, "1", "2").who)
    other = _versus(outcome, "9", "1")
    assert (Member("9", "mentor"), Member("1", "mentee")) == (other.member, other.other)
    assert other.pair is not None
    assert (50.0, Cost("exact", 0, 50.0)) == (other.pair.score, other.cost)


def test_why_somebody_is_not_compared_at_all() -> None:
    paused = mentor("7", paused_until=date(2028, 1, 1))
    left = mentor("6", left_on=date(2026, 1, 1))
    leaving = mentor("5", left_on=date(2027, 2, 1))
    nothing = a_person("4")
    people = mentee("1"), mentor("9"), paused, left, leaving, nothing
    outcome = solved(a_ruled_program(), *people, on=date(2027, 1, 11))
    expected = {"7": "paused", "6": "left", "5": "leaving", "4": "roles"}
    assert expected == {one: _versus(outcome, "1", one, absent=people).absent for one in expected}


def test_published_people_have_no_place_to_give() -> None:
    members = Member("9", "mentor"), Member("2", "mentee")
    known = KnownRelationship(
        Relationship(relationship_id("pilot", members), members, 50.0), "published", a_moment("2026-06-01T10:00:00Z")
    )
    people = mentee("1"), mentee("2"), mentor("8"), mentor("9")
    outcome = solved(a_ruled_program(), *people, history=History(relationships=(known,)))
    found = _versus(outcome, "1", "9", absent=people)
    assert ("no-place", "9") == (found.absent, found.who)
    assert _versus(outcome, "2", "9", absent=people).together


def test_who_is_behind_others_in_line_is_told_so() -> None:
    program = a_ruled_program()
    waiting = (Carried("1", "mentee", date(2026, 1, 1)),)
    program = evolve(program, matching=evolve(program.matching, carried=waiting))
    outcome = solved(program, mentee("1"), mentee("2"), mentor("9"), on=date(2027, 1, 11))
    found = _versus(outcome, "2", "9")
    assert ("in-line", "2") == (found.absent, found.who)
    assert found.pair is not None


def a_case(seed: int) -> tuple[Program, Roster]:
    chance = random.Random(seed)

    def some(most: int) -> str:
        return "".join(chance.sample("abcdef", chance.randint(1, most)))

    people = [
        *(mentee(f"e{number}", some(4), level=chance.randint(0, 3)) for number in range(chance.randint(1, 7))),
        *(
            mentor(f"m{number}", some(3), chance.randint(1, 2), level=chance.randint(1, 4))
            for number in range(chance.randint(1, 5))
        ),
    ]
    return a_ruled_program(GAP, seed=seed), a_roster(*people)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_a_cost_is_what_matching_with_the_pair_comes_to_and_prices_never_tell_more(seed: int) -> None:
    program, roster = a_case(seed)
    outcome = match(program, roster, CATALOGUE, NOTHING)
    now = outcome.matching.certificate
    for person in roster.people:
        for found in best_alternatives(outcome, CATALOGUE, person.id):
            pair = pair_rule("always", (found.member.person, found.partner.person))
            changed = evolve(program, matching=evolve(program.matching, rules=(GAP, pair)))
            then = match(changed, roster, CATALOGUE, NOTHING).matching.certificate
            assert found.cost is not None
            assert (now.matched - then.matched, round(now.total_score - then.total_score, 1)) == (
                found.cost.people,
                found.cost.points,
            )
            least = _least(outcome, found.member.person)
            assert least.people <= found.cost.people
            assert found.cost.people or least.points <= found.cost.points
            allowed = [one for other in roster.people for one in _scores(outcome, roster, person.id, other.id)]
            assert found.score == max(allowed)


def _least(outcome: MatchingOutcome, person: str) -> Cost:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(costing, "MOST_SOLVED", 0)
        (found,) = best_alternatives(outcome, CATALOGUE, person)
    assert found.cost is not None
    assert "at-least" == found.cost.kind
    return found.cost


def _scores(outcome: MatchingOutcome, roster: Roster, person: str, other: str) -> list[float]:
    if person == other:
        return []
    return [one.pair.score for one in versus(outcome, roster, CATALOGUE, person, other) if one.pair is not None]


def test_prices_tell_a_least_cost_that_is_often_the_cost() -> None:
    exact, least = 0.0, 0.0
    for seed in range(40):
        program, roster = a_case(seed)
        outcome = match(program, roster, CATALOGUE, NOTHING)
        for person in roster.people:
            for found in best_alternatives(outcome, CATALOGUE, person.id):
                if found.cost and not found.cost.people:
                    exact += found.cost.points
                    least += _least(outcome, person.id).points
    assert exact * 0.5 < least < exact


def test_nobody_tells_a_cost_where_nothing_is_proven() -> None:
    program = a_ruled_program()
    program = evolve(
        program, matching=evolve(program.matching, matcher=evolve(program.matching.matcher, name="random"))
    )
    outcome = solved(program, mentee("1"), mentee("2"), mentor("8"), mentor("9"))
    (found,) = best_alternatives(outcome, CATALOGUE, "1")
    assert found.cost is None
