"""When later matchings fill free places: the days of intakes, and which of them is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import evolve

from mentorkit.core.history import History
from mentorkit.core.moments import add_length
from mentorkit.core.program import Intake, Program
from mentorkit.core.zones import to_local


def intake_due(program: Program, history: History, today: date) -> str | None:
    """Return the key of the intake that a run on this day makes, `intake-YYYY-MM-DD`; None where none is due.

    It is the latest day of an intake up to today, if it lies after the day of every matching so far. Intakes that no
    run came to are not made up for one by one.
    """
    if program.matching.intake is None or not history.occasions or today > program.ends:
        return None
    day = _latest(program.matching.intake, program.starts, today)
    key = intake_key(day)
    return key if day > _last_matching(program, history) and key not in history.occasions else None


def next_intake(program: Program, history: History, after: date) -> date | None:
    """Return the first day of an intake after a day, within the program; None where there is none.

    There is none before the first matching, nor on the day of a matching.
    """
    if program.matching.intake is None or not history.occasions:
        return None
    after = max(after, _last_matching(program, history))
    day = next(one for one in _days(program.matching.intake, program.starts, after) if one > after)
    return day if day <= program.ends else None


def occasion_now(program: Program, history: History, today: date) -> str:
    """Return what a matching made on this day is called: an intake; "" for the first one, which the model names."""
    if not history.occasions:
        return ""
    return intake_due(program, history, today) or intake_key(today)


def intake_key(day: date) -> str:
    """Return the key of the intake of a day."""
    return f"intake-{day.isoformat()}"


def _last_matching(program: Program, history: History) -> date:
    return to_local(max(history.occasions.values()), program.timezone).date()


def _latest(intake: Intake, starts: date, today: date) -> date:
    days = _days(intake, starts, today)
    day = next(days)
    for later in days:
        if later > today:
            return day
        day = later
    raise AssertionError("days of intakes never end")


def _days(intake: Intake, starts: date, around: date) -> Iterator[date]:
    """Yield the days of intakes from the last ones before a day on."""
    if intake.weekday is not None:
        day = around - timedelta(days=(around.weekday() - intake.weekday) % 7)
        while True:
            yield day
            day += timedelta(days=7)
    number = _number_before(intake, starts, around)
    while True:
        yield add_length(starts, evolve(intake.every, amount=intake.every.amount * number))
        number += 1


def _number_before(intake: Intake, starts: date, day: date) -> int:
    """Return the number of an intake on or before a day, counted from the program's start; negative before it."""
    if intake.every.unit == "months":
        months = (day.year - starts.year) * 12 + day.month - starts.month
        return months // intake.every.amount - 1
    return (day - starts).days // (7 * intake.every.amount)
