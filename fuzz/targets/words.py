"""Single words of people: lengths, cadences, hours, moments, conditions, dates, mail addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from fuzz.target import Target
from mentorkit.clock import parse_moment
from mentorkit.core.conditions import holds, number_in
from mentorkit.core.declaring.condition_parsing import parse_condition
from mentorkit.core.enrolling.recipes import clean
from mentorkit.core.errors import RefusedError
from mentorkit.core.mail_addresses import is_mail_address
from mentorkit.core.moments import (
    add_length,
    parse_at_most,
    parse_cadence,
    parse_hours,
    parse_intake,
    parse_length,
    parse_quiet_hours,
    parse_step_condition,
    parse_time,
    parse_until,
    parse_weekdays,
    parse_when,
    parse_working_hours,
)
from mentorkit.core.written_dates import date_in, date_pattern, is_day, written_day, written_moment

_DAYS = (date.min, date(2027, 1, 11), date(2028, 2, 29), date.max)
_TEXTS: tuple[Callable[[str], Any], ...] = (
    *(parse_cadence, parse_hours, parse_intake, parse_quiet_hours, parse_step_condition, parse_time, parse_until),
    *(parse_when, parse_working_hours, written_day, lambda text: parse_weekdays(text.split(","))),
    *(lambda text: written_moment(text, "Europe/London"), lambda text: written_moment(text, "Pacific/Apia")),
)


def run(data: bytes) -> None:
    """Read a text as each of them: a value, or a refusal in words."""
    text = data.decode("utf-8", "surrogateescape")
    for read in _TEXTS:
        try:
            read(text)
        except ValueError:
            continue
    _check_length(text)
    _check_bound(text)
    _check_moment(text)
    _check_format(text)
    if is_mail_address(text):
        assert text.count("@") == 1
        assert text.isprintable()
        assert not set(text) & set(" ,;<>")
    number_in(text)


def _check_length(text: str) -> None:
    try:
        length = parse_length(text)
    except ValueError:
        return
    assert length == parse_length(str(length))
    for day in _DAYS:
        try:
            add_length(day, length)
        except OverflowError:
            continue


def _check_bound(text: str) -> None:
    try:
        bound = parse_at_most(text)
    except ValueError:
        pass
    else:
        assert bound == parse_at_most(bound.text)
    condition = parse_condition(text)
    assert text != clean(text) or not text or holds(condition, text, _DAYS[1])
    for key in ("within", "longer_ago"):
        try:
            condition = parse_condition({key: text})
        except ValueError:
            continue
        for day in _DAYS:
            holds(condition, date(2027, 1, 1), day)
            holds(condition, text, day)


def _check_moment(text: str) -> None:
    for zone in ("Europe/London", "Pacific/Kiritimati"):
        try:
            assert parse_moment(text, zone).tzinfo is not None
        except RefusedError:
            continue


def _check_format(text: str) -> None:
    """Read a text as a format of dates, and a date in usual formats."""
    pattern = date_pattern(text)
    if pattern is not None:
        pattern.fullmatch("11.01.2027")
    for declared in ("DD.MM.YYYY", "M/D/YY", "YYYYMMDD", "DD-MM-YY"):
        known = date_pattern(declared)
        found = known.fullmatch(text) if known else None
        if found:
            try:
                date_in(found)
            except ValueError:
                continue
    assert not is_day(text) or len(text) == len("2027-01-11")


TARGET = Target(
    "words",
    run,
    words=(
        *(
            "every ",
            "weeks",
            "days",
            "business days",
            "months",
            "years",
            "monday",
            "monthly",
            "match + 3 days at 09:00",
        ),
        *(
            "session 3 - 1 day",
            "midpoint of relationship",
            "not answered x",
            "silent 14 days",
            "missed 2",
            "2 per week",
        ),
        *("20:00-07:00", "mon-thu 09:00-15:00; fri 09:00-12:00", "2027-03-02T16:00:00Z", "+14:00", "-12:00", "23:59"),
        *("0001-01-01", "9999-12-31", "DD.MM.YYYY", "ada@example.org", "T", "–", "−", "٣", "²"),  # noqa: RUF001
    ),
    longest=200,
)
