from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from mentorkit.core.conditions import Condition
from mentorkit.core.enrolling.column_uses import check_columns
from mentorkit.core.program import Length, Privacy, Program, Question, RosterUse, Series, Step, When
from mentorkit.core.roster import Roster
from mentorkit.testing import a_message, a_person, a_program

HIRED = Step("probation", When("column", column="hire_date"), ("mentee",), a_message())
SURVEY = evolve(HIRED, name="pulse", questions=(Question("q", "How is it?"),))


def a_roster(*cells: object) -> Roster:
    """Return people with these cells as their `hire_date`, None for an empty one."""
    people = tuple(
        a_person(str(at), "mentee", **({} if cell is None else {"hire_date": cell}))  # type: ignore[arg-type]
        for at, cell in enumerate(cells)
    )
    return Roster(people, frozenset({"id", "name", "email", "hire_date"}))


def told(program: Program, roster: Roster, *, own: bool = True, headers: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in check_columns(program, roster, headers, lambda _: own)[1]]


@pytest.mark.parametrize("cells", [(None, None), (date(2026, 12, 1), None), (date(2026, 12, 1), "soon"), ()])
def test_a_column_with_dates_or_nothing_in_it_can_be_hung_on(cells: tuple[object, ...]) -> None:
    program = a_program(timeline=(HIRED,))
    assert (program, ()) == check_columns(program, a_roster(*cells), (), lambda _: True)


def test_a_column_of_texts_cannot_be_hung_on() -> None:
    assert [("column-not-dates", "timeline.probation.when")] == told(
        a_program(timeline=(HIRED,)), a_roster("soon", None)
    )


def test_a_survey_is_blamed_where_it_is_written() -> None:
    roster = Roster((a_person("1", "mentee"),), frozenset({"id"}))
    assert [("column-missing", "surveys.pulse.when")] == told(a_program(timeline=(SURVEY,)), roster)


def test_a_step_of_a_template_without_its_column_is_left_out() -> None:
    roster = Roster((a_person("1", "mentee"),), frozenset({"id"}))
    program, found = check_columns(a_program(timeline=(HIRED,)), roster, (), lambda _: False)
    assert ((), [("step-left-out", "note")]) == (program.timeline, [(one.code, one.severity) for one in found])


def test_a_further_series_is_blamed_for_its_place() -> None:
    series = Series("coffee", 1, (Length(1, "weeks"),), place_column="cafe")
    assert [("column-missing", "series.coffee.place.column")] == told(
        a_program(series=(series,), timeline=()), a_roster()
    )


def test_a_header_that_nothing_reads_is_there_to_be_sensitive() -> None:
    program = a_program(timeline=(), privacy=Privacy(sensitive=("Date of  birth",)))
    assert [] == told(program, a_roster(), headers=("date of birth",))
    assert [("column-absent", "privacy.sensitive")] == told(program, a_roster(), headers=("salary",))


@pytest.mark.parametrize(
    ("condition", "cells", "fits"),
    [
        (Condition(at_least=3), ("four", None), False),
        (Condition(at_least=3), ("2", None), True),
        (Condition(at_most=3), (4, "x"), True),
        (Condition(at_least=date(2027, 1, 1)), (4,), False),
        (Condition(at_least=date(2027, 1, 1)), (date(2020, 1, 1),), True),
        (Condition(within_days=3), ("soon",), False),
        (Condition(longer_ago_days=3), ("long ago",), False),
        (Condition(longer_ago_days=3), (date(1970, 1, 1),), True),
        (Condition(within_days=3), (date(1970, 1, 1),), True),
        (Condition(any_of=frozenset({"soon"})), ("soon",), True),
        (Condition(at_least=3), (None,), True),
    ],
)
def test_a_bound_needs_one_cell_that_compares(condition: Condition, cells: tuple[object, ...], fits: bool) -> None:
    program = a_program(timeline=(), roster=RosterUse((), roles={"mentee": {"hire_date": condition}}))
    wanted = [] if fits else [("condition-unfit", "roster.roles.mentee.hire_date")]
    assert wanted == told(program, a_roster(*cells))


def test_a_column_to_audit_by_must_be_there() -> None:
    program = a_program(timeline=())
    program = evolve(program, matching=evolve(program.matching, audit=("hire_date", "shoe")))
    assert [("column-missing", "matching.audit")] == told(program, a_roster(None))
    assert [("column-absent", "matching.audit")] == told(program, a_roster(None), own=False)
