"""When people may meet: hours of the day in their own zone, as windows of UTC minutes.

`free_windows` is the one place that knows what a person's day looks like, but for their calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from attrs import frozen

from mentorkit.core.moments import parse_working_hours
from mentorkit.core.program import Series
from mentorkit.core.roster import Person
from mentorkit.core.working_days import MONDAY_TO_FRIDAY, WorkingDays
from mentorkit.core.zones import person_zone, to_local, to_utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Window = tuple[int, int]
"""A span of minutes, from the first to before the second: of UTC minutes since 1970, or of minutes of a local day."""


@frozen(order=True, cache_hash=True)
class Hours:
    """The part of the week in which somebody meets; people with equal hours are alike to the search for times.

    Attributes:
        week: for each weekday, Monday first, windows in minutes of the local day, ascending.
        country: the working days of the person's country: on its holidays nobody meets.
    """

    zone: str
    week: tuple[tuple[Window, ...], ...]
    country: WorkingDays = MONDAY_TO_FRIDAY


def hours_of(
    person: Person | None, series: Series, default_zone: str, country: WorkingDays = MONDAY_TO_FRIDAY
) -> Hours:
    """Return the hours of the series in the person's zone, narrowed by their `working_hours` where readable.

    The days are the series' own; where it says none, those that the person's working hours name, else the working days
    of their country.
    """
    text = person.text("working_hours") if person is not None else ""
    return _hours(person_zone(person, default_zone), text, series.hours, series.days, country)


@lru_cache(maxsize=1 << 14)
def _hours(zone: str, text: str, hours: tuple[time, time], days: frozenset[int] | None, country: WorkingDays) -> Hours:
    begins, ends = minute_of(hours[0]), minute_of(hours[1])
    own = _read_hours(text) if text else None
    if days is None:
        days = frozenset(range(7)) - frozenset(() if own and None in own else country.weekend)
    week = ((own[day] or ()) if own else ((begins, ends),) for day in range(7))
    narrowed = tuple(_narrowed(windows, begins, ends) if day in days else () for day, windows in enumerate(week))
    return Hours(zone, narrowed, country)


def _narrowed(windows: Sequence[Window], begins: int, ends: int) -> tuple[Window, ...]:
    narrowed = ((max(a, begins), min(b, ends)) for a, b in windows)
    return tuple((a, b) for a, b in narrowed if a < b)


def working_hours(person: Person | None) -> tuple[tuple[Window, ...] | None, ...] | None:
    """Return a person's working hours by weekday, Monday first, in minutes of the local day.

    None where there are none or no such hours; None for a day that they do not name.
    """
    text = person.text("working_hours") if person is not None else ""
    return _read_hours(text) if text else None


@lru_cache(maxsize=1 << 12)
def _read_hours(text: str) -> tuple[tuple[Window, ...] | None, ...] | None:
    try:
        week = parse_working_hours(text)
    except ValueError:
        return None
    return tuple(None if day is None else tuple((minute_of(a), minute_of(b)) for a, b in day) for day in week)


def minute_of(clock: time) -> int:
    """Return the minute of the day."""
    return clock.hour * 60 + clock.minute


@lru_cache(maxsize=1 << 16)
def free_windows(hours: Hours, day: date) -> tuple[Window, ...]:
    """Return when somebody with these hours is free on a day of their own calendar, ascending."""
    if day in hours.country.free:
        return ()
    windows = ((utc_minute(hours.zone, day, a), utc_minute(hours.zone, day, b)) for a, b in hours.week[day.weekday()])
    return tuple((a, b) for a, b in windows if a < b)  # one that the clocks skip is none


def common_windows(everybody: Sequence[Hours], day: date) -> tuple[Window, ...]:
    """Return when all are free on a day of the first one's calendar, which may be two days of another's."""
    windows = free_windows(everybody[0], day)
    for other in everybody[1:]:
        if not windows:
            break
        around = [window for shift in (-1, 0, 1) for window in free_windows(other, day + timedelta(days=shift))]
        windows = tuple((max(a, c), min(b, d)) for a, b in windows for c, d in around if max(a, c) < min(b, d))
    return windows


@lru_cache(maxsize=1 << 14)
def share_anything(everybody: tuple[Hours, ...], first: date, last: date) -> bool:
    """Whether there is a minute in these days, of the first one's calendar, at which all are free."""
    return any(common_windows(everybody, first + timedelta(days=n)) for n in range((last - first).days + 1))


def tightness(everybody: Sequence[Hours], earliest: date) -> int:
    """Return how many minutes everybody shares in the first week: the fewer, the sooner their turn comes."""
    days = (earliest + timedelta(days=n) for n in range(7))
    return sum(ends - begins for day in days for begins, ends in common_windows(everybody, day))


@lru_cache(maxsize=1 << 18)
def utc_minute(zone: str, day: date, minute: int) -> int:
    """Return the UTC minute of a minute of a local day."""
    return minutes_since_epoch(to_utc(datetime.combine(day, time()) + timedelta(minutes=minute), zone))


@lru_cache(maxsize=1 << 18)
def local_minute(zone: str, day: date, moment: int) -> int:
    """Return which minute of this local day a UTC minute is; negative or past 24:00 on the days around it."""
    local = to_local(moment_of(moment), zone) - datetime.combine(day, time())
    return int(local.total_seconds()) // 60


def minutes_since_epoch(moment: datetime) -> int:
    """Return the UTC minute of an aware moment."""
    return int((moment - EPOCH).total_seconds()) // 60


@lru_cache(maxsize=1 << 16)
def moment_of(minute: int) -> datetime:
    """Return the aware UTC moment of a UTC minute."""
    return EPOCH + timedelta(minutes=minute)
