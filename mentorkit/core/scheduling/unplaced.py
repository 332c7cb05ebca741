"""Why a session has no time, in words for the people who can change it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from mentorkit.core.moments import WEEKDAYS
from mentorkit.core.scheduling.availability import Hours, Window
from mentorkit.core.sessions import BEYOND, BEYOND_THEIRS

SHOWN = 6
"""So many people are named; of larger groups the rest is counted."""


def why_beyond(ends: date, last: date) -> str:
    """Return the reason for a session that lies behind the last day of its people, where `last` is the program's."""
    return f"{BEYOND if ends == last else BEYOND_THEIRS}, {ends}"


def why_no_common_hour(hours: dict[str, Hours], minutes: int) -> str:
    """Return the reason for a session of people who share no hour, or less than so many `minutes` where not 0."""
    little = f"less than {minutes} minutes" if minutes else "none"
    return f"no common hour: {_described(hours)} share {little}{_span(hours)}"


def why_not_free(first: date, people: Sequence[str], elsewhere: bool) -> str:
    """Return the reason for a session of people who share hours, and are in sessions, or busy `elsewhere`, in all."""
    what = "are busy by their calendars" if elsewhere else "meet others"
    return f"no free hour in the week from {first}: {_and(people)} {what} in all the hours they share"


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


@lru_cache(maxsize=1 << 12)
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
