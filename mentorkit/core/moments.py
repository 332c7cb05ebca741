"""Calendar time as people write it: `24 weeks`, `every 4 weeks`, `match + 3 days at 09:00`, `09:00-17:00`, `mon`.

Parsing never guesses: what is not understood is a `ValueError` whose message is written for a person.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date, time, timedelta
from typing import get_args

from mentorkit.core.diagnostics import suggestion
from mentorkit.core.program import Anchor, AtMost, Intake, Length, StepCondition, Unit, When
from mentorkit.core.working_days import MONDAY_TO_FRIDAY, WorkingDays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ANCHORS: dict[str, Anchor] = {
    "opens": "opens",
    "signup-closes": "signup-closes",
    "start": "start",
    "midpoint": "midpoint",
    "end": "end",
    "match": "match",
    "ask": "ask",
    "request": "request",
    "midpoint of relationship": "relationship-midpoint",
    "relationship-end": "relationship-end",
    "member-leaves": "member-leaves",
    "member-joins": "member-joins",
    "session": "session",
}
"""What an author may write before `±`, beside `session N` and date columns, with its name."""

_UNITS = {name[: len(name) - cut]: unit for unit in get_args(Unit) for name, cut in ((unit, 0), (unit, 1))}
_LONGEST = {"days": 36_525, "weeks": 5_218, "months": 1_200, "years": 100, "business days": 26_090}
_LENGTH = re.compile(r"([0-9]{1,9}) +([a-z ]+)", re.ASCII)
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})", re.ASCII)
_OFFSET = re.compile(r"^(.*?)(?: *(\+)| +([-−])) *(.*)$", re.ASCII)  # noqa: RUF001 (people paste the real minus sign)
_DAYS_AND_HOURS = re.compile(r"([^0-9]*?)\s*([0-9].*)", re.ASCII)
_MISSED = re.compile(r"missed ([0-9]{1,4})", re.ASCII)
_COLUMN = re.compile(r"[^\W\d][\w-]*")


def parse_length(text: str) -> Length:
    """Return the span that `24 weeks`, `1 day`, `6 months`, `2 years` or `3 business days` says.

    Raises:
        ValueError: the text says no span, or one of more than a hundred years.
    """
    match = _LENGTH.fullmatch(" ".join(text.split()))
    unit = _UNITS.get(match[2]) if match else None
    if match is None or unit is None:
        raise ValueError(f'"{text}" is not a length; write a number and {_unit_words()}, such as "24 weeks"')
    amount = int(match[1])
    if amount > _LONGEST[unit]:
        raise ValueError(f'"{text}" is more than a hundred years')
    return Length(amount, unit)


def _unit_words() -> str:
    return f"one of {', '.join(get_args(Unit))}"


def parse_cadence(text: str) -> Length:
    """Return the step between sessions that `every 4 weeks`, `4 weeks` or `every week` says; at least one day.

    Raises:
        ValueError: the text says no such step.
    """
    words = " ".join(text.split()).removeprefix("every ")
    try:
        length = parse_length(f"1 {words}" if words in _UNITS else words)
    except ValueError:
        raise ValueError(f'"{text}" is not a cadence; write "every 4 weeks", or a list of such steps') from None
    if length.amount == 0:
        raise ValueError(f'"{text}" would put every session on the same day; write at least "every 1 day"')
    return length


def parse_intake(text: str) -> Intake:
    """Return the days of intakes that `every monday`, `every week`, `every 2 weeks`, `monthly` or `every 3 months` say.

    Raises:
        ValueError: the text says no such days.
    """
    words = " ".join(text.split())
    rest = words.removeprefix("every ")
    if words == "monthly":
        return Intake(every=Length(1, "months"), text=text)
    try:
        if rest == words:
            raise ValueError
        if rest.isalpha() and rest not in _UNITS:
            return Intake(weekday=next(iter(parse_weekdays([rest]))), text=text)
        every = parse_cadence(words)
        if every.unit not in ("weeks", "months"):
            raise ValueError
    except ValueError:
        told = f'"{text}" says no days of intakes'
        raise ValueError(f'{told}; write "every monday", "every 2 weeks", "monthly" or "every 3 months"') from None
    return Intake(every=every, text=text)


def add_length(day: date, length: Length, week: WorkingDays = MONDAY_TO_FRIDAY) -> date:
    """Return the day that lies `length` after `day` (before it, for negative amounts).

    Months and years keep the day of the month, clipped to the month's last. Business days are those of `week`: from a
    day off the next one after is 1 away, the last one before is -1 away, and 0 moves to the next one after.

    Raises:
        OverflowError: the result lies outside of the calendar.
    """
    if length.unit == "business days":
        return _add_business_days(day, length.amount) if not week.country else _add_worked(day, length.amount, week)
    if length.unit in ("months", "years"):
        return _add_months(day, length.amount * (12 if length.unit == "years" else 1))
    return day + timedelta(days=length.amount * (7 if length.unit == "weeks" else 1))


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _add_business_days(day: date, amount: int) -> date:
    forward = amount <= 0
    while day.weekday() > 4:
        day += timedelta(days=1 if forward else -1)
    weeks, rest = divmod(abs(amount), 5)
    step = timedelta(days=-1 if amount < 0 else 1)
    day += 7 * weeks * step
    while rest:
        day += step
        rest -= day.weekday() < 5
    return day


def _add_worked(day: date, amount: int, week: WorkingDays) -> date:
    step = timedelta(days=-1 if amount < 0 else 1)
    while amount == 0 and day not in week:
        day += step
    for _ in range(abs(amount)):
        day += step
        while day not in week:
            day += step
    return day


def parse_time(text: str) -> time:
    """Return the time of day that `09:00` says.

    Raises:
        ValueError: the text is no time of day.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f'"{text}" is not a time of day; write hours and minutes, such as "09:00"')
    return time(int(match[1]), int(match[2]))


def parse_hours(text: str) -> tuple[time, time]:
    """Return the earliest start and latest end that `09:00-17:00` says.

    Raises:
        ValueError: the text says no hours, or they end before they begin.
    """
    hours = _hours(text, "09:00-17:00")
    if hours[0] >= hours[1]:
        raise ValueError(f'"{text}" ends before it begins')
    return hours


def parse_quiet_hours(text: str) -> tuple[time, time]:
    """Return from when until when `20:00-07:00` says, which may be over midnight.

    Raises:
        ValueError: the text says no hours, or all of them.
    """
    hours = _hours(text, "20:00-07:00")
    if hours[0] == hours[1]:
        raise ValueError(f'"{text}" leaves no hour for messages; write "20:00-07:00"')
    return hours


def _hours(text: str, example: str) -> tuple[time, time]:
    begins, dash, ends = text.replace("–", "-").partition("-")  # noqa: RUF001 (word processors write the dash)
    if not dash:
        raise ValueError(f'"{text}" says no hours; write "{example}"')
    return parse_time(begins), parse_time(ends)


_PER = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}


def parse_at_most(text: str) -> AtMost:
    """Return how many messages `2 per week` allows: within any 24 hours, 7 or 30 days.

    Raises:
        ValueError: the text says no such bound.
    """
    match = re.fullmatch(r"([1-9]\d{0,3}) (?:per|a) (day|week|month)", " ".join(text.split()))
    if match is None:
        raise ValueError(f'"{text}" is no bound; write "2 per week", or another number per day, week or month')
    return AtMost(int(match[1]), _PER[match[2]], f"{match[1]} per {match[2]}")


_SECONDS = {"second": 1, "minute": 60, "hour": 3600}


def parse_patience(text: str) -> float:
    """Return the seconds of `10 minutes`, at least one and no more than a day.

    Raises:
        ValueError: the text says no such length.
    """
    match = re.fullmatch(r"([1-9]\d{0,4}) (second|minute|hour)s?", " ".join(text.split()))
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if not 1 <= seconds <= 24 * 3600:
        raise ValueError(f'"{text}" is no time to wait; write "10 minutes": seconds, minutes or hours, up to a day')
    return float(seconds)


def parse_working_hours(text: str) -> tuple[tuple[tuple[time, time], ...] | None, ...]:
    """Return the hours of each weekday, Monday first, that `09:00-17:00` or `mon-thu 09:00-15:00; fri 09:00-12:00` say.

    Each part, set off by a semicolon, holds for its days, or for all days where it names none; it can have several
    hours, set off by commas: `09:00-12:00, 13:00-15:00`. None: the text names other days, and not this one.

    Raises:
        ValueError: the text says no hours, or says them twice for a day.
    """
    hours: list[tuple[tuple[time, time], ...] | None] = [None] * 7
    for part in text.split(";"):
        match = _DAYS_AND_HOURS.fullmatch(part.strip())
        if match is None:
            raise ValueError(f'"{part.strip()}" says no hours; write "09:00-17:00" or "mon-thu 09:00-15:00"')
        for day in _span_of_days(match[1]):
            if hours[day] is not None:
                raise ValueError(f'"{text}" says twice when {WEEKDAYS[day]} is')
            hours[day] = tuple(sorted(parse_hours(one) for one in match[2].split(",")))
    return tuple(hours)


def _span_of_days(text: str) -> Iterable[int]:
    """Return the weekdays of `mon-thu, sat`; all of them where there are none."""
    if not text.strip():
        return range(7)
    days: list[int] = []
    for span in text.replace("–", "-").split(","):  # noqa: RUF001 (word processors write the dash)
        first, dash, last = span.partition("-")
        begins, ends = _weekday(first), _weekday(last) if dash else _weekday(first)
        days += [day % 7 for day in range(begins, ends + (1 if ends >= begins else 8))]
    return days


def parse_weekdays(days: Iterable[str]) -> frozenset[int]:
    """Return the weekdays that words such as `mon` or `Monday` say, 0 is Monday.

    Raises:
        ValueError: a word is no weekday, or there is none.
    """
    numbers = frozenset(_weekday(day) for day in days)
    if not numbers:
        raise ValueError('no weekday is left; name at least one, such as "mon"')
    return numbers


def _weekday(text: str) -> int:
    word = text.strip().casefold()
    full = [name.casefold() for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")]
    for names in (WEEKDAYS, full):
        if word in names:
            return names.index(word)
    raise ValueError(f'"{text}" is not a weekday; write {", ".join(WEEKDAYS[:-1])} or {WEEKDAYS[-1]}')


def parse_when(text: str, columns: Collection[str] = ()) -> When:
    """Return the moment that `ANCHOR [± N days|weeks|business days] [at HH:MM]` says.

    A word that is no anchor is a date column of the person, unless it looks like a misspelled anchor and is not among
    the known `columns`.

    Raises:
        ValueError: the text says no moment; the message names the part and the nearest anchor.
    """
    words = " ".join(text.split())
    rest, at, clock = words.rpartition(" at ")
    if not at:
        rest = words
    begin, offset = _split_offset(rest)
    anchor, session, column = _parse_anchor(begin, columns)
    return When(anchor, session, column, offset, parse_time(clock) if at else time(9), text)


UNTIL = tuple(one for one in ANCHORS if one not in ("session", "ask", "request", "member-leaves", "member-joins"))
"""What `until` can hang on, beside a day."""


def parse_until(text: str) -> When:
    """Return the day that `ANCHOR [± N days|weeks|business days]` or `2027-05-01` says.

    Raises:
        ValueError: the text says no day.
    """
    words = " ".join(text.split())
    with suppress(ValueError):
        return When("day", day=date.fromisoformat(words), text=text)
    begin, offset = _split_offset(words)
    if begin not in UNTIL:
        hint = suggestion(begin, UNTIL) or f"write {', '.join(UNTIL)} or a day such as 2027-05-01"
        raise ValueError(f'"{begin}" is no day on which something can end; {hint}')
    return When(ANCHORS[begin], offset=offset, text=text)


CONDITIONS = (
    "met",
    "not met",
    "answered NAME",
    "not answered NAME",
    "silent 14 days",
    "missed 2",
    "ended early",
    "served",
    "unserved",
)
"""What an author may write under `if`."""


def parse_step_condition(text: str) -> StepCondition:
    """Return the condition that `met`, `not answered midpoint` or `silent 14 days` says.

    Raises:
        ValueError: the text says no condition.
    """
    words = " ".join(text.split())
    whole: dict[str, StepCondition] = {
        "met": StepCondition("met", text=text),
        "not met": StepCondition("not met", text=text),
        "ended early": StepCondition("ended early", text=text),
        "served": StepCondition("served", text=text),
        "unserved": StepCondition("unserved", text=text),
    }
    if words in whole:
        return whole[words]
    begin, _, rest = words.rpartition(" ")
    if begin == "answered":
        return StepCondition("answered", of=rest, text=text)
    if begin == "not answered":
        return StepCondition("not answered", of=rest, text=text)
    if words.startswith("silent "):
        span = parse_length(words.removeprefix("silent "))
        if span.amount > 0:
            return StepCondition("silent", span=span, text=text)
    if (times := _MISSED.fullmatch(words)) and int(times[1]) > 0:
        return StepCondition("missed", times=int(times[1]), text=text)
    hint = suggestion(words, whole) or f"write {', '.join(CONDITIONS)}"
    raise ValueError(f'"{text}" is no condition; {hint}')


def _split_offset(words: str) -> tuple[str, Length]:
    match = _OFFSET.match(words)
    if match is None:
        return words, Length(0, "days")
    begin, plus, _, span = match.groups()
    try:
        length = parse_length(span)
    except ValueError:
        length = None
    if length is None or length.unit not in ("days", "weeks", "business days"):
        raise ValueError(f'"{span}" is not a distance from "{begin}"; write a number and business days, days or weeks')
    return begin, length if plus else Length(-length.amount, length.unit)


def _parse_anchor(words: str, columns: Collection[str]) -> tuple[Anchor, int | None, str]:
    if words in ANCHORS:
        return ANCHORS[words], None, ""
    if number := re.fullmatch(r"session ([0-9]{1,4})", words, re.ASCII):
        if int(number[1]) == 0:
            raise ValueError('"session 0" does not exist; sessions are counted from 1')
        return "session", int(number[1]), ""
    if words in columns:
        return "column", None, words
    near = suggestion(words, ANCHORS)
    if near or not _COLUMN.fullmatch(words):
        hint = near or f"write {', '.join(ANCHORS)}, session N or a date column"
        raise ValueError(f'"{words}" is not something a step can hang on; {hint}')
    return "column", None, words
