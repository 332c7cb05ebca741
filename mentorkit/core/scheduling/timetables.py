"""When the sessions of a series could be for people who begin together: days by its cadence, clocks of a zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from attrs import frozen

from mentorkit.core.program import Series
from mentorkit.core.scheduling.availability import local_minute, minute_of
from mentorkit.core.scheduling.axis import QUARTER, Axis, day_number, day_of, starts_on
from mentorkit.core.scheduling.cadences import series_days, week_of
from mentorkit.core.working_days import WorkingDays

FIRSTS = 7
"""The first session lies in so many days."""


@frozen(cache_hash=True)
class Frame:
    """What the possible times of a series depend on, beside who is free.

    Attributes:
        zone: of the lead, on whose clock the series stands.
        country: of the lead; business days of the cadence are its.
        earliest: the first day on which they may meet.
        ready: the first day by which they have had time to hear of each other; better than the days before it.
        ends: the last day on which they may meet.
    """

    zone: str
    country: WorkingDays
    earliest: date
    ready: date
    ends: date
    series: Series

    def plans(self) -> Iterator[tuple[date, ...]]:
        """Yield the days of all sessions for each day on which the first may be."""
        for n in range(FIRSTS):
            yield series_days(self.earliest + timedelta(days=n), self.series, self.country)

    def weeks(self) -> tuple[tuple[date, ...], ...]:
        """Return the days among which each session may move, ascending; none where the program ends before."""
        return _weeks(self)

    def days(self) -> set[int]:
        """Return every day on which a session may be, as days since 1970."""
        days = {day for plan in self.plans() for day in plan if day <= self.ends}
        return {day_number(day) for day in days.union(*self.weeks())}


@lru_cache(maxsize=256)
def _weeks(frame: Frame) -> tuple[tuple[date, ...], ...]:
    starts = series_days(frame.earliest, frame.series, frame.country)
    return tuple(week_of(start, frame.earliest, frame.ends) for start in starts)


class Timetable:
    """A frame laid on the axis; `days` and `clocks` number its days and the quarters of the lead's day.

    Attributes:
        days: days since 1970, ascending; one more, which is never open, stands for those that are not there.
        clocks: quarters of the local day at which sessions may begin.
        moments: (days, clocks) UTC minutes; -1 where the local time does not exist.
        places: (days, clocks) on the axis.
        plans: (7, sessions) numbers of days, by the first session's.
        nominal: (7, sessions) the same as days since 1970, those past the last day too.
        weeks: (sessions, 7) numbers of days among which each session may move.
        late: (7,) whether people have had time to hear of it by the first session.
    """

    def __init__(self, frame: Frame, axis: Axis, *, wider: int = 0) -> None:
        series = frame.series
        begins, ends = (minute_of(one) for one in series.hours)
        first, last = max(begins - wider, 0), min(ends + wider, 1440) - series.minutes
        self.frame = frame
        self.clocks = range(-(-first // QUARTER), max(last, -1) // QUARTER + 1)
        days = sorted(frame.days())
        numbers = {day: number for number, day in enumerate(days)}
        absent = len(days)
        self.days = np.array([*days, -1], dtype=np.int64)
        found = [starts_on(frame.zone, day, self.clocks) for day in days]
        self.moments = np.array([*found, [-1] * len(self.clocks)], dtype=np.int64).reshape(absent + 1, len(self.clocks))
        self.places = np.where(self.moments < 0, axis.size, axis.places(self.moments // QUARTER))
        plans = [[day_number(day) for day in plan] for plan in frame.plans()]
        self.nominal = np.array(plans, dtype=np.int64)
        self.plans = np.array([[numbers.get(day, absent) for day in plan] for plan in plans], dtype=np.int64)
        self.weeks = np.full((series.count, FIRSTS), absent, dtype=np.int64)
        for number, week in enumerate(frame.weeks()):
            self.weeks[number, : len(week)] = [numbers[day_number(day)] for day in week]
        self.late = self.nominal[:, 0] < day_number(frame.ready)

    def comfort(self, zone: str) -> npt.NDArray[np.int64]:
        """Return how people in a zone like each first time, (7, clocks): 0 is best, 2 is worst."""
        minutes = self.frame.series.minutes
        rows = []
        for first in self.plans[:, 0]:
            moments, day = self.moments[first].tolist(), day_of(max(int(self.days[first]), 0))
            rows.append([2 if one < 0 else _comfort(local_minute(zone, day, one) % 1440, minutes) for one in moments])
        return np.array(rows, dtype=np.int64).reshape(FIRSTS, len(self.clocks))


def _comfort(clock: int, minutes: int) -> int:
    """Return 0 for mid-morning and afternoon on the half hour, 1 for the rest of the day, 2 for noon and the edges."""
    if clock % 30 or clock < 540 or clock + minutes > 1020 or 720 <= clock < 780:
        return 2
    return 0 if 570 <= clock <= 660 or 810 <= clock <= 930 else 1
