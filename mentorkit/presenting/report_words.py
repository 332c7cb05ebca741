"""Words for the figures of a report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from mentorkit.core.reporting.figures import ProgramFigures
from mentorkit.messages.naming import day_text
from mentorkit.presenting.tables import counted

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_REASONS = {
    "capacity": "every possible partner is taken",
    "no-partner": "there is nobody on the other side",
    "joined-late": "joined after the matching",
    "paused": "takes a pause",
}

_STATES = {"in_doubt": "in doubt", "at_risk": "being sent"}


def kpi_value(value: float, unit: Literal["share", "days"]) -> str:
    """Return a value in its unit: `93.8 %` or `12.5 days`, without a needless `.0`."""
    if unit == "share":
        return f"{_short(100 * value)} %"
    return f"{_short(value)} {'day' if round(value, 1) == 1 else 'days'}"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def moment_words(local: datetime) -> str:
    """Return a local moment in words."""
    return f"{day_text(local.date())}, {local:%H:%M}"


def month_words(month: str) -> str:
    """Return `Jan 2027` for `2027-01`."""
    year, _, number = month.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def short_day(day: date) -> str:
    """Return `11 Jan 2027`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def phase_words(program: ProgramFigures) -> str:
    """Return where the program stands: `starts in 12 days`, `day 38 of 140`, `ended 3 days ago`."""
    if program.today < program.starts:
        return f"starts in {counted((program.starts - program.today).days, 'day')}"
    if program.phase == "ended":
        return f"ended {counted((program.today - program.ends).days, 'day')} ago"
    return f"day {(program.today - program.starts).days + 1} of {(program.ends - program.starts).days + 1}"


def reason_words(reason: str) -> str:
    """Return why somebody is unmatched; a rule is called by its name."""
    return _REASONS.get(reason, f"rule “{reason}”")


def state_words(state: str) -> str:
    """Return a state of messages in words."""
    return _STATES.get(state, state.replace("_", " "))
