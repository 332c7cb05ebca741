"""The days on which a series' sessions lie by its cadence, and the week within which each may move."""

from __future__ import annotations

from datetime import date, timedelta

from mentorkit.core.moments import add_length
from mentorkit.core.program import Length, Series
from mentorkit.core.working_days import MONDAY_TO_FRIDAY, WorkingDays

WEEK = timedelta(days=6)


def series_days(first: date, series: Series, country: WorkingDays = MONDAY_TO_FRIDAY) -> tuple[date, ...]:
    """Return the nominal days of a series that begins on `first`: the cadence's last step repeats.

    Steps of one unit that follow each other are counted from the day before the first of them, so that months from the
    31st come back to it after a shorter one.
    """
    days, base, since = [first], first, Length(0, "days")
    for number in range(series.count - 1):
        step = series.cadence[min(number, len(series.cadence) - 1)]
        if step.unit != since.unit:
            base, since = days[-1], Length(0, step.unit)
        since = Length(since.amount + step.amount, step.unit)
        days.append(add_length(base, since, country))
    return tuple(days[: series.count])


def week_of(start: date, earliest: date, ends: date) -> tuple[date, ...]:
    """Return the seven days of a session; where they run past the last day, `ends`, the last seven before it."""
    if start > ends + WEEK:
        return ()
    last = min(start + WEEK, ends)
    first = max(last - WEEK, earliest)
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
