"""Why a session has no time, in words for the people who can change it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from mentorkit.core.moments import WEEKDAYS
from mentorkit.core.program import Program, Series
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import Hours, Window, common_windows
from mentorkit.core.scheduling.circles import hours_in
from mentorkit.core.scheduling.searching import Shape
from mentorkit.core.sessions import BEYOND, BEYOND_THEIRS

SHOWN = 6
"""So many people are named; of larger groups the rest is counted."""


def why_unplaced(
    shape: Shape, number: int, people: Sequence[str], ends: date, roster: Roster, series: Series, program: Program
) -> str:
    """Return the reason why session `number` (1-based) of these people, whose last day is `ends`, found no time."""
    week = shape.weeks[number - 1]
    if not week:
        return f"{BEYOND if ends == program.ends else BEYOND_THEIRS}, {ends}"
    if any(shape.openings[day] for day in week):
        return f"no free hour in the week from {week[0]}: {_and(people)} meet others in all the hours they share"
    hours = {person: hours_in(roster, person, series, program.timezone) for person in people}
    shared = [b - a for day in week for a, b in common_windows(shape.everybody, day)]
    if shared:
        return f"no common hour: {_described(hours)} share less than {series.minutes} minutes{_span(hours)}"
    return f"no common hour: {_described(hours)} share none{_span(hours)}"


def why_not_then(local: datetime, late: bool, ends: date, last: date, others: Sequence[str]) -> str:
    """Return why a session cannot be at the time that the matching fixed for it; "" where it can.

    Args:
        local: that time on the clock of those who meet.
        late: whether it was past when they were published.
        ends: their last day.
        last: the program's.
        others: who of them meets others then.
    """
    given = f"the time that the matching gave it, {local:%Y-%m-%d %H:%M},"
    if local.date() > ends:
        return f"{BEYOND if ends == last else BEYOND_THEIRS}, {ends}"
    if late:
        return f"{given} was past when it was published"
    if others:
        return f"{given} is taken: {_and(others)} {'meets' if len(others) == 1 else 'meet'} others then"
    return ""


def _described(hours: dict[str, Hours]) -> str:
    alike = len({one.week for one in hours.values()}) == 1
    return _and([f"{person} ({one.zone}{'' if alike else f', {_clock(one)}'})" for person, one in hours.items()])


def _span(hours: dict[str, Hours]) -> str:
    spans = sorted({_clock(one) for one in hours.values()})
    return f" of {spans[0]}" if len(spans) == 1 else ""


def _clock(hours: Hours) -> str:
    """Return hours in words: `09:00–17:00`, or by days where they differ."""  # noqa: RUF002 (as it is written)
    days: dict[tuple[Window, ...], list[str]] = {}
    for name, windows in zip(WEEKDAYS, hours.week, strict=True):
        if windows:
            days.setdefault(windows, []).append(name)
    if len(days) <= 1:
        return _spans(next(iter(days), ()))
    return " and ".join(f"{', '.join(names)} {_spans(windows)}" for windows, names in days.items())


def _spans(windows: Sequence[Window]) -> str:
    """Return windows of a day as they are written, with a dash."""
    return ", ".join(f"{_time(a)}–{_time(b)}" for a, b in windows) or "no hours"  # noqa: RUF001


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _and(words: Sequence[str]) -> str:
    shown = list(words) if len(words) <= SHOWN else [*words[: SHOWN - 1], f"{len(words) - SHOWN + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
