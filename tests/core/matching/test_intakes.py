from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.history import History
from mentorkit.core.matching.intakes import intake_due, next_intake
from mentorkit.core.program import Intake, Length, Program
from mentorkit.testing import a_program

MONDAYS = Intake(weekday=0)
EVERY_6_WEEKS = Intake(every=Length(6, "weeks"))
MONTHLY = Intake(every=Length(1, "months"))


def program(intake: Intake | None, **changes: date) -> Program:
    one = a_program(**changes)
    return evolve(one, matching=evolve(one.matching, intake=intake))


def matched(*days: date) -> History:
    moments = [datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in days]
    return History(occasions={f"occasion-{number}": moment for number, moment in enumerate(moments)})


@pytest.mark.parametrize(
    ("intake", "today", "due"),
    [
        (MONDAYS, date(2027, 1, 11), None),  # the day of the matching
        (MONDAYS, date(2027, 1, 17), None),
        (MONDAYS, date(2027, 1, 18), "intake-2027-01-18"),
        (MONDAYS, date(2027, 2, 4), "intake-2027-02-01"),
        (EVERY_6_WEEKS, date(2027, 2, 21), None),
        (EVERY_6_WEEKS, date(2027, 2, 23), "intake-2027-02-22"),
        (MONTHLY, date(2027, 4, 10), "intake-2027-03-11"),
        (MONTHLY, date(2028, 4, 10), None),  # the program is over
        (None, date(2027, 4, 10), None),
    ],
)
def test_the_latest_intake_after_the_last_matching_is_due(intake: Intake | None, today: date, due: str | None) -> None:
    assert due == intake_due(program(intake), matched(date(2027, 1, 11)), today)


def test_none_is_due_before_the_first_matching_nor_twice() -> None:
    assert None is intake_due(program(MONDAYS), History(), date(2027, 2, 4))
    assert None is next_intake(program(MONDAYS), History(), date(2027, 2, 4))
    made = History(occasions={"intake-2027-02-01": datetime(2027, 1, 20, tzinfo=UTC)})
    assert None is intake_due(program(MONDAYS), made, date(2027, 2, 4))


def test_months_are_counted_from_the_start_and_clipped_at_their_ends() -> None:
    one = program(MONTHLY, starts=date(2027, 1, 31), ends=date(2027, 12, 31))
    history = matched(date(2026, 10, 1))
    assert [date(2026, 10, 31), date(2026, 11, 30), date(2027, 2, 28), date(2027, 3, 31)] == [
        next_intake(one, history, after)
        for after in (date(2026, 10, 1), date(2026, 11, 1), date(2027, 2, 1), date(2027, 2, 28))
    ]


def test_no_intake_comes_after_the_end() -> None:
    one = program(MONTHLY)
    assert None is next_intake(one, matched(date(2027, 1, 11)), one.ends - timedelta(days=2))


@given(
    st.sampled_from([MONDAYS, EVERY_6_WEEKS, MONTHLY, Intake(every=Length(2, "months"))]),
    st.dates(date(2026, 6, 1), date(2027, 6, 1)),
    st.integers(0, 300),
)
def test_the_next_intake_is_due_on_its_day_and_none_between(intake: Intake, first: date, later: int) -> None:
    one, history = program(intake), matched(first)
    after = first + timedelta(days=later)
    day = next_intake(one, history, after)
    if day is not None:
        assert day > after
        assert f"intake-{day}" == intake_due(one, history, day)
        before = [intake_due(one, history, after + timedelta(days=n)) for n in range((day - after).days)]
        assert len(set(before)) <= 1
