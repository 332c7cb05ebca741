"""Match rates and scores by a column: right where they are shown, and nothing to subtract where they are not."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.program import ColumnRecipe, CriterionUse, Privacy, Program, RosterSource, RosterUse, RuleUse
from mentorkit.core.relationships import Certificate, Matching, Member, Reason, Relationship, Unmatched
from mentorkit.core.reporting.auditing import Audit, AuditGroup, Use, audit
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_criteria.equality import ColumnOptions
from mentorkit_criteria.reporting_line import ReportingLineOptions

CATALOGUE = build_catalogue()


def audited(
    *people: tuple[Any, float | None], column: str = "site", program: Program | None = None, given_first: int = 0
) -> Audit:
    """Audit mentees given as (cell, score), None where they are unmatched; everybody has a mentor of their own."""
    mentees = [
        a_person(f"e{number}", "mentee", **({} if cell is None else {column: cell}))
        for number, (cell, _) in enumerate(people)
    ]
    mentors = [a_person(f"m{number}", "mentor", site="Mentorville") for number in range(len(people))]
    together = [
        Relationship(f"r{number}", (Member(f"m{number}", "mentor"), Member(f"e{number}", "mentee")), score)
        for number, (_, score) in enumerate(people)
        if score is not None
    ]
    alone = [
        Unmatched(f"e{number}", "mentee", (Reason("gap", 1),)) for number, one in enumerate(people) if one[1] is None
    ]
    certificate = Certificate("optimal", True, len(together), 0.0)
    new, old = together[given_first:], together[:given_first]
    matching = Matching(tuple(new), tuple(alone), (), certificate, tuple(old))
    return audit(program or a_program(), a_roster(*mentees, *mentors), CATALOGUE, ["mentee"], matching, column)


def test_rates_and_scores_are_counted_by_value_of_the_served_people() -> None:
    oslo = [("Oslo", 50.0)] * 4 + [("oslo", None)] * 2
    rome = [("Rome", 80.0)] * 5
    found = audited(*oslo, *rome, *[(None, 61.0)] * 5, given_first=3)
    expected = (
        AuditGroup("Oslo", 6, 4, None),
        AuditGroup("Rome", 5, 5, None),
        AuditGroup(None, 5, 5, 61.0),
    )
    assert expected == found.groups
    assert 4 / 6 == found.groups[0].match_rate
    assert (0, AuditGroup(None, 16, 14, round((4 * 50 + 5 * 80 + 5 * 61) / 14, 1))) == (found.withheld, found.everybody)


def test_who_is_in_a_circle_without_a_mentor_is_matched_and_lowers_no_mean() -> None:
    people = [a_person(f"e{number}", "mentee", site="Oslo") for number in range(9)]
    with_mentor = (Member("m", "mentor"), *(Member(f"e{number}", "mentee") for number in range(5)))
    circle = tuple(Member(f"e{number}", "mentee") for number in range(5, 9))
    together = Relationship("r1", with_mentor, 60.0), Relationship("r2", circle, 0.0)
    matching = Matching(together, (), (), Certificate("groups", True, 9, 300.0))
    roster = a_roster(*people, a_person("m", "mentor"))
    found = audit(a_program(), roster, CATALOGUE, ["mentee"], matching, "site")
    assert (AuditGroup("Oslo", 9, 9, 60.0),) == found.groups


def test_groups_of_fewer_than_five_people_are_not_shown_and_take_another_with_them() -> None:
    found = audited(*[("a", 50.0)] * 4, *[("b", 50.0)] * 6, *[("c", 50.0)] * 9)
    assert ([("c", 9)], 2) == ([(one.value, one.people) for one in found.groups], found.withheld)


def test_fewer_people_than_may_be_shown_are_not_shown_at_all() -> None:
    found = audited(*[("a", 50.0)] * 2, *[("b", None)] * 2)
    assert (None, (), 2) == (found.everybody, found.groups, found.withheld)


def test_the_program_says_how_few_are_too_few() -> None:
    strict = evolve(a_program(), privacy=Privacy(small_cells=10))
    people = [("a", 50.0)] * 9 + [("b", 50.0)] * 12 + [("c", 50.0)] * 30
    assert ["c"] == [one.value for one in audited(*people, program=strict).groups]
    assert ["a", "b", "c"] == [one.value for one in audited(*people).groups]


def test_many_numbers_are_joined_to_ranges_and_dates_to_years() -> None:
    few = audited(*[(level, 50.0) for level in (1, 1, 1, 1, 1, 2, 2, 3, 3, 3)], column="level")
    assert [("1", 5), ("2 to 3", 5)] == [(one.value, one.people) for one in few.groups]
    many = audited(*[(float(pay), 50.0) for pay in range(100, 150)], column="pay")
    assert ["100 to 109", "110 to 119", "120 to 129", "130 to 139", "140 to 149"] == [one.value for one in many.groups]
    hired = [(date(2020 + number % 2, 1 + number % 12, 1), 50.0) for number in range(12)]
    assert [("2020", 6), ("2021", 6)] == [(one.value, one.people) for one in audited(*hired, column="hired").groups]


def by_grade(*scales: tuple[str, ...]) -> list[str | None]:
    sources = tuple(RosterSource("", "", columns={"grade": ColumnRecipe(("Grade",), order=one)}) for one in scales)
    program = evolve(a_program(), roster=RosterUse(sources))
    people = [(grade, 50.0) for grade in (1, 1, 1, 1, 1, 2, 2, 3, 3, 3)]
    return [one.value for one in audited(*people, column="grade", program=program).groups]


def test_steps_of_a_scale_are_said_in_the_words_of_the_program() -> None:
    assert ["AO", "EO to HEO"] == by_grade(("AO", "EO", "HEO"))
    assert ["AO", "EO to HEO"] == by_grade(("AO", "EO", "HEO"), ("AO", "EO", "HEO"))
    assert ["1", "2 to 3"] == by_grade(("AO", "EO", "HEO"), ("EO", "HEO", "SEO")), "files differ in their words"


def test_few_people_with_numbers_are_counted_as_withheld_and_not_lost() -> None:
    found = audited((1, 50.0), (2, 50.0), *[(None, 50.0)] * 7, column="level")
    assert ((), 2) == (found.groups, found.withheld)


def test_it_is_said_what_reads_the_column() -> None:
    program = a_program()
    criterion = CriterionUse("place", "same", 1, "site", "site")
    rules = (
        RuleUse("near", "same", ColumnOptions("site")),
        RuleUse("line", "outside-reporting-line", ReportingLineOptions()),
    )
    program = evolve(program, matching=evolve(program.matching, criteria=(criterion,), rules=rules))
    assert (Use("criterion", "place"), Use("rule", "near")) == audited(("a", 1.0), program=program).used_by
    assert () == audited(("a", 1.0)).used_by


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from([None, 40.0, 90.0])), max_size=60))
def test_nobody_can_subtract_a_group_or_a_score_that_is_not_shown(people: list[tuple[str, float | None]]) -> None:
    found = audited(*people)
    if found.everybody is None:
        assert len(people) < 5
        return
    hidden = len(people) - sum(one.people for one in found.groups)
    assert all(one.people >= 5 for one in found.groups)
    assert (found.withheld == 0) == (hidden == 0)
    if hidden:
        assert found.withheld >= 2 or not found.groups
        assert hidden >= 5
    unscored = found.everybody.matched - sum(one.matched for one in found.groups if one.mean_score is not None)
    assert all(one.matched >= 5 for one in found.groups if one.mean_score is not None)
    assert unscored == 0 or unscored >= 5 or all(one.mean_score is None for one in found.groups)
