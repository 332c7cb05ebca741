from __future__ import annotations

import csv
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import PairTable, Past, PreferenceTable
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import Event, History, KnownRelationship
from mentorkit.core.matching.solving import MatchingOutcome, match, usable
from mentorkit.core.program import CriterionUse, Program, RuleUse, Use
from mentorkit.core.relationships import Matching, Member, Reason, Relationship, Spare, Unmatched, relationship_id
from mentorkit.core.roster import Person, Roster
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_criteria.equality import ColumnOptions
from mentorkit_criteria.numbers import NearOptions
from mentorkit_criteria.pair_lists import PairOptions, PastOptions
from mentorkit_criteria.reporting_line import ReportingLineOptions
from mentorkit_criteria.seniority import SeniorityGapOptions
from mentorkit_matchers.stable import StableOptions

CATALOGUE = build_catalogue()
SIDES = ("mentee", "mentor")
SKILLS = CriterionUse("skills", "overlap", 1, "wants", "skills", SIDES)
GAP = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=1))
NOTHING = History()
WHEN = datetime(2026, 6, 1, tzinfo=UTC)


def a_matching_program(*uses: CriterionUse | RuleUse, **changes: Any) -> Program:
    program = a_program(**changes)
    criteria = tuple(use for use in uses if isinstance(use, CriterionUse))
    rules = tuple(use for use in uses if isinstance(use, RuleUse))
    return evolve(program, matching=evolve(program.matching, criteria=criteria, rules=rules))


def outcome_of(
    program: Program, *people: Person, history: History = NOTHING, on: date | None = None
) -> MatchingOutcome:
    return match(program, a_roster(*people), CATALOGUE, history, on)


def pairs(matching: Matching) -> set[tuple[str, str]]:
    return {(one.people("mentee")[0], one.people("mentor")[0]) for one in matching.relationships}


def tags(text: str) -> frozenset[str]:
    return frozenset(text.split())


def mentee(person: str, **values: Any) -> Person:
    return a_person(person, "mentee", **{"wants": tags("a b"), "level": 2, **values})


def mentor(person: str, **values: Any) -> Person:
    return a_person(person, "mentor", **{"skills": tags("a"), "level": 4, **values})


def published(a: str, b: str, **known: Any) -> KnownRelationship:
    members = (Member(b, "mentor"), Member(a, "mentee"))
    return KnownRelationship(
        Relationship(relationship_id("pilot", members), members, 50.0), known.pop("state", "published"), WHEN, **known
    )


def codes(outcome: MatchingOutcome) -> list[str]:
    return [found.code for found in outcome.diagnostics]


def problems(*uses: CriterionUse | RuleUse, people: tuple[Person, ...]) -> list[str]:
    with pytest.raises(ProgramError) as raised:
        outcome_of(a_matching_program(*uses), *people)
    return [found.code for found in raised.value.diagnostics if found.is_error]


def pair_rule(kind: str, *chosen: tuple[str, str]) -> RuleUse:
    return RuleUse(kind, kind, PairOptions(PairTable(tuple((a, b, None) for a, b in chosen))))


def test_the_result_says_everything() -> None:
    people = (
        mentee("1"),
        mentee("2", wants=tags("b")),
        mentee("3", level=5),
        mentor("9", places=2),
        mentor("8", level=3, skills=tags("b")),
    )
    matching = outcome_of(a_matching_program(SKILLS, GAP), *people).matching
    assert {("1", "9"), ("2", "8")} == pairs(matching)
    assert {50.0, 100.0} == {one.score for one in matching.relationships}
    assert (Member("9", "mentor"),) in [one.members[:1] for one in matching.relationships]
    assert sorted(one.id for one in matching.relationships) == [one.id for one in matching.relationships]
    assert (Unmatched("3", "mentee", (Reason("gap", 2),)),) == matching.unmatched
    assert (Spare("9", "mentor", 1),) == matching.spare
    certificate = matching.certificate
    assert ("optimal", True, 2, 2, 150.0, 0.0) == (
        certificate.matcher,
        certificate.exact,
        certificate.matched,
        certificate.matched_bound,
        certificate.total_score_bound,
        certificate.gap,
    )


def test_reasons_count_rule_by_rule_and_name_full_partners() -> None:
    site = RuleUse("site", "same", ColumnOptions("site"))
    people = (
        mentee("1", level=3, site="Oslo"),
        mentee("2", level=5, site="Oslo", wants=tags("z")),
        mentor("7", level=6, site="Oslo"),
        mentor("8", level=4, site="Rome"),
        mentor("9", level=4, site="Rome"),
    )
    matching = outcome_of(a_matching_program(SKILLS, GAP, site), *people).matching
    expected = (Reason("gap", 2), Reason("site", 2), Reason("capacity", 1))
    assert (Unmatched("2", "mentee", expected),) == matching.unmatched


def test_nobody_on_the_other_side() -> None:
    matching = outcome_of(a_matching_program(SKILLS), mentee("1"), mentee("2", skills=tags(""))).matching
    assert () == matching.relationships
    reasons = (Reason("no-partner", 0),)
    assert (Unmatched("1", "mentee", reasons), Unmatched("2", "mentee", reasons)) == matching.unmatched
    assert (0, 0, 0.0) == (
        matching.certificate.matched,
        matching.certificate.matched_bound,
        matching.certificate.gap,
    )


def test_nobody_is_matched_with_themselves() -> None:
    both = a_person("1", "mentee", "mentor", wants=tags("a"), skills=tags("a"))
    alone = outcome_of(a_matching_program(SKILLS), both).matching
    assert (Unmatched("1", "mentee", (Reason("no-partner", 0),)),) == alone.unmatched
    assert (Spare("1", "mentor", 1),) == alone.spare
    assert {("2", "1")} == pairs(outcome_of(a_matching_program(SKILLS), both, mentee("2")).matching)


def test_what_is_published_stays_and_uses_up_places() -> None:
    people = mentee("1"), mentee("2"), mentor("8"), mentor("9", places=2)
    history = History(relationships=(published("1", "9"), published("5", "8", state="ended", ended_at=WHEN)))
    matching = outcome_of(a_matching_program(SKILLS), *people, history=history).matching
    assert (published("1", "9").relationship,) == matching.given
    assert {("2", "8")} == pairs(matching) or {("2", "9")} == pairs(matching)
    assert () == matching.unmatched
    assert 1 == matching.certificate.matched
    assert 1 == sum(spare.places for spare in matching.spare)


def test_partners_whom_published_pairs_fill_are_full_and_not_absent() -> None:
    people = mentee("1"), mentee("2"), mentee("3", level=6), mentor("9")
    known = History(relationships=(published("1", "9"),))
    unmatched = outcome_of(a_matching_program(SKILLS, GAP), *people, history=known).matching.unmatched
    assert (
        Unmatched("2", "mentee", (Reason("capacity", 1),)),
        Unmatched("3", "mentee", (Reason("gap", 1),)),
    ) == unmatched
    settled = evolve(known, occasions={"match": WHEN}, numbers={"1": 1, "2": 2, "9": 3})
    late = outcome_of(a_matching_program(SKILLS, GAP), *people, history=settled).matching.unmatched
    assert (
        Unmatched("2", "mentee", (Reason("capacity", 1),)),
        Unmatched("3", "mentee", (Reason("joined-late", 0), Reason("gap", 1))),
    ) == late


def test_a_published_pair_is_not_matched_a_second_time() -> None:
    people = mentee("1", places=2), mentor("9", places=2)
    history = History(relationships=(published("1", "9"),))
    matching = outcome_of(a_matching_program(SKILLS), *people, history=history).matching
    assert () == matching.relationships
    assert () == matching.unmatched


def test_people_may_meet_again_after_an_end_under_another_id() -> None:
    people, ended = (mentee("1"), mentor("9")), published("1", "9", state="ended", ended_at=WHEN, reason="left")
    history = History(relationships=(ended,))
    again = outcome_of(a_matching_program(SKILLS), *people, history=history).matching.relationships[0]
    assert ended.relationship.members == again.members
    assert relationship_id("pilot", again.members, 1) == again.id
    once = RuleUse("once", "not-matched-before", PastOptions())
    matching = outcome_of(a_matching_program(SKILLS, once), *people, history=history).matching
    assert (Unmatched("1", "mentee", (Reason("once", 1),)),) == matching.unmatched


def test_who_pauses_or_has_left_is_not_placed() -> None:
    people = (
        mentee("1", paused_until=date(2027, 2, 1)),
        mentee("2", paused_until=date(2027, 1, 1)),
        mentee("3", left_on=date(2026, 12, 1)),
        mentee("4"),
        mentor("8", left_on=date(2027, 6, 1)),
        mentor("9", paused_until=date(2028, 1, 1)),
    )
    matching = outcome_of(a_matching_program(SKILLS), *people, on=date(2027, 1, 2)).matching
    assert {"8"} == {one.people("mentor")[0] for one in matching.relationships}
    assert ("1", "mentee", (Reason("paused", 0),)) == (
        matching.unmatched[0].person,
        matching.unmatched[0].role,
        matching.unmatched[0].reasons,
    )
    assert "3" not in {one.person for one in matching.unmatched}
    assert () == matching.spare


def test_recorded_pauses_and_leavings_count_too() -> None:
    events = tuple(
        Event(str(number), WHEN, person, kind, "")
        for number, (person, kind) in enumerate([("1", "paused"), ("2", "paused"), ("2", "resumed"), ("9", "left")])
    )
    people = mentee("1"), mentee("2"), mentor("8"), mentor("9")
    matching = outcome_of(a_matching_program(SKILLS), *people, history=History(events=events)).matching
    assert {("2", "8")} == pairs(matching)
    assert (Unmatched("1", "mentee", (Reason("paused", 0),)),) == matching.unmatched


def test_always_stands_over_other_rules_and_never_over_always() -> None:
    people = mentee("1", wants=tags("z")), mentee("2"), mentor("8", level=1), mentor("9", skills=tags("a b"))
    always = pair_rule("always", ("8", "2"))
    matching = outcome_of(a_matching_program(SKILLS, GAP, always), *people).matching
    assert {("1", "9"), ("2", "8")} == pairs(matching)
    assert {("1", "9")} == pairs(outcome_of(a_matching_program(SKILLS, GAP), *people[:1], *people[2:]).matching)
    never = pair_rule("never", ("2", "9"))
    assert {("1", "9")} == pairs(outcome_of(a_matching_program(SKILLS, GAP, never), *people).matching)
    assert ["always-forbidden"] == problems(SKILLS, always, pair_rule("never", ("2", "8")), people=people)


def test_what_must_be_but_cannot_is_an_error() -> None:
    people = mentee("1"), mentee("2"), mentor("9")
    assert ["always-over-capacity"] == problems(pair_rule("always", ("1", "9"), ("2", "9")), people=people)
    assert ["pair-with-oneself"] == problems(pair_rule("never", ("9", "9")), people=people)
    assert ["always-without-role"] == problems(pair_rule("always", ("1", "2")), people=people)


def test_pairs_of_people_who_are_not_in_the_roster_are_named_and_harmless() -> None:
    people = mentee("1"), mentor("9")
    for rule in (pair_rule("always", ("1", "99")), pair_rule("never", ("nobody", "9"))):
        outcome = outcome_of(a_matching_program(SKILLS, rule), *people)
        assert ["pair-unknown-person"] == codes(outcome)
        assert {("1", "9")} == pairs(outcome.matching)


def test_an_always_pair_that_is_published_already_is_settled() -> None:
    program = a_matching_program(SKILLS, pair_rule("always", ("1", "9")))
    history = History(relationships=(published("1", "9"),))
    outcome = outcome_of(program, mentee("1"), mentor("9", places=2), mentee("2"), history=history)
    assert {("2", "9")} == pairs(outcome.matching)


def test_missing_values_do_not_block_unless_the_rule_says_so() -> None:
    nothing = a_person("1", "mentee", wants=tags("a"))
    outcome = outcome_of(a_matching_program(SKILLS, GAP), nothing, mentor("9"))
    assert {("1", "9")} == pairs(outcome.matching)
    assert ["rule-lacks-values"] == codes(outcome)
    assert "lacks a value for 1 of the people" in outcome.diagnostics[0].message
    strict = outcome_of(a_matching_program(SKILLS, evolve(GAP, if_missing="block")), nothing, mentor("9"))
    assert (Unmatched("1", "mentee", (Reason("gap", 1),)),) == strict.matching.unmatched


def test_columns_that_a_default_reads_may_be_absent_and_the_authors_own_may_not() -> None:
    people = mentee("1"), mentor("9")
    default = CriterionUse("erg", "same", 1, "erg", "erg", SIDES, optional=True)
    zones = RuleUse("zones", "same", ColumnOptions("site"), optional=True)
    program, notes = usable(a_matching_program(SKILLS, default, GAP, zones), a_roster(*people), CATALOGUE)
    assert (("skills",), ("gap",)) == (
        tuple(use.name for use in program.matching.criteria),
        tuple(use.name for use in program.matching.rules),
    )
    assert [("default-left-out", "note"), ("default-left-out", "note")] == [(one.code, one.severity) for one in notes]
    assert ["column-not-in-roster"] == problems(evolve(default, optional=False), people=people)
    assert ["column-not-in-roster"] == problems(evolve(zones, optional=False), people=people)


def test_a_column_must_be_of_the_kind_a_criterion_reads() -> None:
    people = mentee("1", site="Oslo"), mentor("9", site="Rome")
    near = CriterionUse("site", "near", 1, "site", "site", SIDES, options=NearOptions(span=1))
    assert ["criterion-needs-numbers"] == problems(near, people=people)
    assert ["criterion-needs-tags"] == problems(CriterionUse("l", "overlap", 1, "level", "level", SIDES), people=people)


def test_a_matcher_must_know_the_shape() -> None:
    program = a_matching_program(SKILLS)
    matchers = dict(CATALOGUE.matchers)
    implementation = type("Teams", (), {"name": "teams-only", "shapes": frozenset({"teams"})})()
    matchers["teams-only"] = evolve(matchers["optimal"], implementation=implementation)
    program = evolve(
        program, matching=evolve(program.matching, matcher=evolve(program.matching.matcher, name="teams-only"))
    )
    with pytest.raises(ProgramError, match='"teams-only" solves teams, not "two-sided"'):
        match(program, a_roster(mentee("1"), mentor("9")), evolve(CATALOGUE, matchers=matchers), History())


def many_people(seed: int, mentees: int = 40, mentors: int = 30) -> list[Person]:
    chance = random.Random(seed)

    def some() -> frozenset[str]:
        return frozenset(chance.sample("abcdefgh", 3))

    people = [mentee(f"e{number}", wants=some(), level=chance.randint(1, 4)) for number in range(mentees)]
    return people + [
        mentor(f"m{number}", skills=some(), level=chance.randint(2, 6), places=chance.randint(1, 2))
        for number in range(mentors)
    ]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_order_of_the_roster_never_matters(seed: int, shuffle: random.Random) -> None:
    people = many_people(seed)
    program = a_matching_program(SKILLS, GAP, seed=seed)
    expected = outcome_of(program, *people).matching
    shuffle.shuffle(people)
    assert expected == outcome_of(program, *people).matching


def test_another_seed_breaks_ties_otherwise() -> None:
    people = many_people(1)
    one, two = (outcome_of(a_matching_program(SKILLS, GAP, seed=seed), *people).matching for seed in (1, 2))
    assert one.certificate == two.certificate
    assert pairs(one) != pairs(two)


@pytest.mark.parametrize("name", ["adventureworks", "oracle_hr"])
def test_real_people_by_level(name: str) -> None:
    path = Path(__file__).parents[2] / "data" / "rosters" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    people = [_from_row(row) for row in rows]
    roster = Roster(tuple(people), frozenset({"level", "department", "manager_id", "location"}))
    program = a_matching_program(
        CriterionUse("department", "different", 2, "department", "department", SIDES),
        CriterionUse("location", "same", 1, "location", "location", SIDES),
        GAP,
        RuleUse("line", "outside-reporting-line", ReportingLineOptions()),
    )
    matching = match(program, roster, CATALOGUE, History()).matching
    assert 0.0 == matching.certificate.gap
    mentees = {one.id for one in people if "mentee" in one.roles}
    placed = {one for one, _ in pairs(matching)}
    assert mentees == placed | {one.person for one in matching.unmatched}
    assert placed.isdisjoint(one.person for one in matching.unmatched)
    managers = {row["id"]: row["manager_id"] for row in rows}
    for one, other in pairs(matching):
        assert roster.by_id[one].values["level"] < roster.by_id[other].values["level"]  # type: ignore[operator]
        assert other not in _above(one, managers)
        assert one not in _above(other, managers)


def _above(person: str, managers: dict[str, str]) -> list[str]:
    line = []
    while person := managers[person]:
        line.append(person)
    return line


def _from_row(row: dict[str, str]) -> Person:
    values: dict[str, Any] = {key: row[key] for key in ("department", "manager_id", "location") if row[key]}
    level = int(row["level"])
    return Person(row["id"], ("mentor" if level >= 3 else "mentee",), {"mentor": 2}, {**values, "level": level})


def test_nobody_begins_with_somebody_who_is_known_to_leave_soon() -> None:
    program = a_program()
    soon, later = date(2027, 2, 1), date(2027, 6, 1)  # of a program from 2027-01-11 to 2027-06-28
    roster = a_roster(
        a_person("m1", "mentor", left_on=soon),
        a_person("m2", "mentor", left_on=later),
        a_person("e1", "mentee"),
        a_person("e2", "mentee", left_on=soon),
    )
    found = match(program, roster, CATALOGUE, History(), date(2027, 1, 11)).matching
    assert [("m2", "e1")] == [one.people() for one in found.relationships]
    assert [("e2", ("leaving",))] == [(one.person, tuple(why.rule for why in one.reasons)) for one in found.unmatched]
    assert 1 == found.certificate.matched_bound


@pytest.mark.parametrize("required", [(), (("1", "7"),)])
def test_allowed_partners_with_a_free_place_are_not_called_full(required: tuple[tuple[str, str], ...]) -> None:
    lists = PreferenceTable((("1", "7", 1), ("7", "1", 1), ("2", "7", 1), ("8", "1", 1)))
    always = (RuleUse("always", "always", PairOptions(PairTable(tuple((a, b, None) for a, b in required)))),)
    program = a_matching_program(SKILLS, *(always if required else ()))
    stable = evolve(program, matching=evolve(program.matching, matcher=Use("stable", StableOptions(lists=lists))))
    matching = outcome_of(stable, mentee("1"), mentee("2"), mentor("7"), mentor("8"), mentor("9")).matching
    assert (Unmatched("2", "mentee", (Reason("not-chosen", 2), Reason("capacity", 1))),) == matching.unmatched
    assert "2 allowed partners with a free place, but not matched" == str(matching.unmatched[0].reasons[0])


def test_a_model_knows_the_day_and_everything_that_was_published_oldest_first() -> None:
    over = published("1", "9", state="ended", ended_at=datetime(2026, 7, 2, tzinfo=UTC), reason="left")
    running = evolve(published("2", "9"), published_at=datetime(2026, 6, 1, 23, 30, tzinfo=UTC))
    proposed = evolve(published("3", "8"), state="proposed", published_at=None)
    program = a_matching_program(SKILLS, timezone="Europe/London")
    history = History(relationships=(proposed, running, over))
    posing = match(program, a_roster(mentee("3"), mentor("9", places=3)), CATALOGUE, history, date(2026, 7, 1)).posing
    assert posing is not None
    assert ("Europe/London", date(2026, 7, 1)) == (posing.pool.timezone, posing.pool.today)
    assert [
        Past(over.relationship, date(2026, 6, 1), date(2026, 7, 2)),
        Past(running.relationship, date(2026, 6, 2)),
    ] == list(posing.pool.past)


@pytest.mark.parametrize(("until", "known"), [(date(2027, 1, 24), date(2027, 1, 24)), (date(2030, 1, 1), None)])
def test_relationships_have_the_last_day_of_their_occasion_within_the_program(until: date, known: date | None) -> None:
    offer = CATALOGUE.models["one-on-one"]

    class Short(type(offer.implementation)):  # type: ignore[misc]
        def occasions(self, options: Any, pool: Any) -> Any:
            return [evolve(one, until=until) for one in super().occasions(options, pool)]

    catalogue = evolve(CATALOGUE, models={"one-on-one": evolve(offer, implementation=Short())})
    (found,) = match(
        a_matching_program(SKILLS), a_roster(mentee("1"), mentor("9")), catalogue, NOTHING
    ).matching.relationships
    assert known == found.until
