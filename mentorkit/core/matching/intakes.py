"""When later matchings are: the days of intakes and of a model's rounds, and which of them is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import evolve

from mentorkit.core.history import History
from mentorkit.core.matching.rounds import next_round, round_due
from mentorkit.core.moments import add_length
from mentorkit.core.program import Intake, Program
from mentorkit.core.zones import to_local

INTAKE = "intake-"
"""What the keys of intakes begin with."""


def intake_due(program: Program, history: History, today: date) -> str | None:
    """Return the key of the intake that a run on this day makes, `intake-YYYY-MM-DD`; None where none is due.

    Of a model in rounds it is the key of the round that is due, the first one among them.
    It is the latest day of an intake up to today, if it lies after the day of every matching so far. Intakes that no
    run came to are not made up for one by one.
    """
    if program.model.rounds:
        due = round_due(program, history, today)
        return due.key if due else None
    if program.matching.intake is None or not history.occasions or today > program.ends:
        return None
    day = _latest(program.matching.intake, program.starts, today)
    key = intake_key(day)
    return key if day > _last_matching(program, history) and key not in history.occasions else None


def intakes_behind(program: Program, history: History, today: date) -> tuple[str, ...]:
    """Return the intakes that the first matching of a ledger in place of a lost one stands for: the latest up to today.

    Everybody who is there by now is matched in it, so that intake is not made once more.
    """
    if not history.in_place_of_another or program.matching.intake is None:
        return ()
    day = _latest(program.matching.intake, program.starts, today)
    return (intake_key(day),) if day > program.starts else ()


def next_intake(program: Program, history: History, after: date) -> date | None:
    """Return the first day of an intake or a round after a day, within the program; None where there is none.

    There is no intake before the first matching, nor on the day of a matching.
    """
    if program.model.rounds:
        coming = next_round(program, history, after)
        return coming.on if coming else None
    if program.matching.intake is None or not history.occasions:
        return None
    after = max(after, _last_matching(program, history))
    day = next(one for one in _days(program.matching.intake, program.starts, after) if one > after)
    return day if day <= program.ends else None


def occasion_now(program: Program, history: History, today: date) -> str:
    """Return what a matching made on this day is called: an intake or a round; "" for the first one of other models."""
    if not history.occasions and not program.model.rounds:
        return ""
    return intake_due(program, history, today) or intake_key(today)


def intake_key(day: date) -> str:
    """Return the key of the intake of a day."""
    return f"{INTAKE}{day.isoformat()}"


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
