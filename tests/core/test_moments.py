from contextlib import suppress
from datetime import date, time

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.moments import (
    add_length,
    parse_cadence,
    parse_hours,
    parse_intake,
    parse_length,
    parse_step_condition,
    parse_time,
    parse_until,
    parse_weekdays,
    parse_when,
    parse_working_hours,
)
from mentorkit.core.program import Intake, Length, StepCondition, When

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("24 weeks", Length(24, "weeks")),
        ("1 day", Length(1, "days")),
        ("6  months", Length(6, "months")),
        ("1 year", Length(1, "years")),
        ("3 business days", Length(3, "business days")),
        ("0 days", Length(0, "days")),
    ],
)
def test_lengths_read_as_people_write_them(text: str, length: Length) -> None:
    assert length == parse_length(text)


@pytest.mark.parametrize(
    "text", ["", "weeks", "24", "24 fortnights", "-3 days", "1.5 weeks", "\uff12 weeks", "101 years"]
)
def test_what_is_no_length_is_quoted(text: str) -> None:
    with pytest.raises(ValueError, match=f'"{text}"'):
        parse_length(text)


@given(st.integers(0, 100), st.sampled_from(["days", "weeks", "months", "years", "business days"]))
def test_a_length_reads_back_from_its_text(amount: int, unit: str) -> None:
    length = Length(amount, unit)  # type: ignore[arg-type]
    assert length == parse_length(str(length))


@pytest.mark.parametrize("text", ["every 4 weeks", "4 weeks", " every  4 weeks "])
def test_a_cadence_may_begin_with_every(text: str) -> None:
    assert Length(4, "weeks") == parse_cadence(text)


def test_a_cadence_may_leave_out_one() -> None:
    assert Length(1, "months") == parse_cadence("every month")


def test_a_cadence_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="same day"):
        parse_cadence("every 0 days")


@pytest.mark.parametrize(
    ("day", "length", "expected"),
    [
        (date(2027, 1, 31), Length(1, "months"), date(2027, 2, 28)),
        (date(2028, 2, 29), Length(1, "years"), date(2029, 2, 28)),
        (date(2027, 3, 31), Length(-1, "months"), date(2027, 2, 28)),
        (date(2027, 1, 11), Length(24, "weeks"), date(2027, 6, 28)),
        (date(2027, 1, 8), Length(1, "business days"), date(2027, 1, 11)),
        (date(2027, 1, 9), Length(1, "business days"), date(2027, 1, 11)),
        (date(2027, 1, 9), Length(0, "business days"), date(2027, 1, 11)),
        (date(2027, 1, 10), Length(-1, "business days"), date(2027, 1, 8)),
        (date(2027, 1, 11), Length(-1, "business days"), date(2027, 1, 8)),
        (date(2027, 1, 11), Length(10, "business days"), date(2027, 1, 25)),
    ],
)
def test_lengths_add_to_days(day: date, length: Length, expected: date) -> None:
    assert expected == add_length(day, length)


@given(DAYS, st.integers(-60, 60).filter(bool))
def test_business_days_never_end_on_a_weekend_and_count_the_days_between(day: date, amount: int) -> None:
    end = add_length(day, Length(amount, "business days"))
    first, last = sorted((day, end))
    counted = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    beyond_start = [one for one in counted if one != day and one.weekday() < 5]
    assert end.weekday() < 5
    assert abs(amount) == len(beyond_start)


def test_a_day_outside_of_the_calendar_overflows() -> None:
    with pytest.raises(OverflowError):
        add_length(date(9990, 1, 1), Length(100, "years"))
    with pytest.raises(OverflowError):
        add_length(date(9999, 12, 31), Length(1, "days"))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("match + 0 days at 09:00", When("match")),
        ("midpoint", When("midpoint")),
        ("end - 1 week", When("end", offset=Length(-1, "weeks"))),
        ("start+2 business days at 14:30", When("start", offset=Length(2, "business days"), at=time(14, 30))),
        ("midpoint of relationship", When("relationship-midpoint")),
        ("relationship-end \u2212 3 days", When("relationship-end", offset=Length(-3, "days"))),
        ("signup-closes -3 days", When("signup-closes", offset=Length(-3, "days"))),
        ("session - 1 day", When("session", offset=Length(-1, "days"))),
        ("session 3 at 08:00", When("session", session=3, at=time(8))),
        ("hire_date + 30 days", When("column", column="hire_date", offset=Length(30, "days"))),
    ],
)
def test_moments_read_as_people_write_them(text: str, when: When) -> None:
    parsed = parse_when(text)
    assert text == parsed.text
    assert (when.anchor, when.session, when.column) == (parsed.anchor, parsed.session, parsed.column)
    assert (when.offset, when.at) == (parsed.offset, parsed.at)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mach + 3 days", 'did you mean "match"'),
        ("sessions", 'did you mean "session"'),
        ("session 0", "counted from 1"),
        ("match + 3", '"3" is not a distance'),
        ("match + 3 months", '"3 months" is not a distance'),
        ("match at 9", '"9" is not a time of day'),
        ("the day after", "a date column"),
        ("", "a date column"),
    ],
)
def test_what_is_no_moment_says_which_part(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_when(text)


def test_a_known_column_may_look_like_an_anchor() -> None:
    assert "opened" == parse_when("opened + 1 day", columns={"opened"}).column


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert text == parse_when(text).text


def test_hours_need_an_end_after_their_start() -> None:
    assert (time(9), time(17)) == parse_hours("09:00-17:00")
    for text in ("17:00-09:00", "09:00", "09:00-09:00", "9-17"):
        with pytest.raises(ValueError, match='"'):
            parse_hours(text)


def test_times_have_two_digits_each() -> None:
    assert time(23, 59) == parse_time("23:59")
    for text in ("24:00", "9:00", "09:60", "0900", ""):
        with pytest.raises(ValueError, match="time of day"):
            parse_time(text)


def test_weekdays_are_short_or_long() -> None:
    assert frozenset({0, 4}) == parse_weekdays(["mon", "Friday", "MON"])
    with pytest.raises(ValueError, match='"mun" is not a weekday'):
        parse_weekdays(["mun"])
    with pytest.raises(ValueError, match="at least one"):
        parse_weekdays([])


@pytest.mark.parametrize(
    ("text", "intake"),
    [
        ("every monday", Intake(0, text="every monday")),
        ("every  Sun", Intake(6, text="every  Sun")),
        ("every week", Intake(every=Length(1, "weeks"), text="every week")),
        ("every 6 weeks", Intake(every=Length(6, "weeks"), text="every 6 weeks")),
        ("monthly", Intake(every=Length(1, "months"), text="monthly")),
        ("every 3 months", Intake(every=Length(3, "months"), text="every 3 months")),
    ],
)
def test_days_of_intakes_read_as_people_write_them(text: str, intake: Intake) -> None:
    assert intake == parse_intake(text)


@pytest.mark.parametrize(
    "text", ["", "monday", "daily", "every day", "every 2 days", "every moonday", "every 0 weeks", "every year"]
)
def test_no_other_days_are_days_of_intakes(text: str) -> None:
    with pytest.raises(ValueError, match='write "every monday"'):
        parse_intake(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("end - 2 weeks", When("end", offset=Length(-2, "weeks"))),
        ("midpoint of relationship", When("relationship-midpoint")),
        ("2027-05-01", When("day", day=date(2027, 5, 1))),
    ],
)
def test_until_says_a_day(text: str, expected: When) -> None:
    assert evolve(expected, text=text) == parse_until(text)


@pytest.mark.parametrize("text", ["session", "hire_date", "ends", "end at 09:00", "2027-02-30", ""])
def test_what_is_no_day_to_end_on_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no day on which something can end|is not a distance"):
        parse_until(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("met", StepCondition("met")),
        ("not  met", StepCondition("not met")),
        ("answered midpoint", StepCondition("answered", of="midpoint")),
        ("not answered midpoint", StepCondition("not answered", of="midpoint")),
        ("silent 2 weeks", StepCondition("silent", span=Length(2, "weeks"))),
        ("missed 2", StepCondition("missed", times=2)),
        ("ended early", StepCondition("ended early")),
    ],
)
def test_conditions_read_as_people_write_them(text: str, expected: StepCondition) -> None:
    assert evolve(expected, text=text) == parse_step_condition(text)


@pytest.mark.parametrize(
    "text", ["", "meet", "silent", "silent 0 days", "silent long", "answered", "not ended early", "missed", "missed 0"]
)
def test_what_is_no_condition_is_quoted(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no condition|is not a length"):
        parse_step_condition(text)


def days(numbers, hours):
    return dict.fromkeys(numbers, hours)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00-17:00", days(range(7), ["09:00-17:00"])),
        ("mon-thu 09:00-15:00; fri 09:00-12:00", {**days(range(4), ["09:00-15:00"]), 4: ["09:00-12:00"]}),
        ("Sun-Thu 08:00-16:00", days([6, 0, 1, 2, 3], ["08:00-16:00"])),
        ("mon, wed 13:00-15:00, 09:00-12:00", days([0, 2], ["09:00-12:00", "13:00-15:00"])),
        ("fri–mon 09:00-10:00", days([4, 5, 6, 0], ["09:00-10:00"])),  # noqa: RUF001
    ],
)
def test_working_hours_may_differ_by_day(text, expected):
    found = {
        day: [f"{a:%H:%M}-{b:%H:%M}" for a, b in hours]
        for day, hours in enumerate(parse_working_hours(text))
        if hours is not None
    }
    assert expected == found


@pytest.mark.parametrize("text", ["", "mon", "mon 09:00", "moon 09:00-10:00", "09:00-10:00; mon 09:00-10:00", ";"])
def test_what_says_no_working_hours_is_refused(text):
    with pytest.raises(ValueError, match=r"says|weekday|hours|time"):
        parse_working_hours(text)
