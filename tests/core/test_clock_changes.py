"""What the clocks of the whole world do from 2024 to 2030, and that times of day are read as the reference says."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from mentorkit.core.moments import add_length
from mentorkit.core.program import Length, Series
from mentorkit.core.scheduling.axis import day_number, starts_on, utc_minutes
from mentorkit.core.scheduling.cadences import series_days
from mentorkit.core.zones import day_end, known_zones, to_utc

FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (wall-clock times and UTC alike are counted from here)
UTC_EPOCH = EPOCH.replace(tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@cache
def zones():
    """Return one zone of all that are alike: many names are links to others."""
    alike = {}
    for name in sorted(known_zones() - {"localtime"}):
        alike.setdefault(files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes(), name)
    return list(alike.values())


@cache
def changes():
    """Return (zone, day) wherever the offset is another one at noon UTC than the noon before."""
    noons = [datetime.combine(FIRST + timedelta(days=n), time(12), UTC) for n in range((LAST - FIRST).days + 1)]
    found = []
    for name in zones():
        zone = ZoneInfo(name)
        offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
        found += [(name, noon.date()) for noon, a, b in zip(noons[1:], offsets, offsets[1:], strict=False) if a != b]
    return found


def passed(name, day):
    """Return how the clocks of a zone pass some days around one: wall-clock time to its moments in UTC, in order."""
    zone, moments = ZoneInfo(name), {}
    start = datetime.combine(day - timedelta(days=2), time(), UTC)
    for number in range(96 * 5):
        moment = start + number * QUARTER
        moments.setdefault(moment.astimezone(zone).replace(tzinfo=None), []).append(moment)
    return moments


@pytest.mark.uncounted
def test_all_times_of_day_are_read_as_the_reference_says_wherever_and_whenever_the_clocks_change():
    """And sessions begin at no time that is skipped, and at the first of two."""
    skipped = repeated = 0
    for name, day in changes():
        moments = passed(name, day)
        offsets = [(local - EPOCH) - (first - UTC_EPOCH) for local, (first, *_) in moments.items()]
        gap = offsets[-1] - offsets[0]
        for one in (day - timedelta(days=1), day, day + timedelta(days=1)):
            starts = starts_on(name, day_number(one), range(96))
            for number, start in enumerate(starts):
                local = datetime.combine(one, time(number // 4, number % 4 * 15))
                there = moments.get(local)
                skipped, repeated = skipped + (there is None), repeated + (there is not None and len(there) > 1)
                assert (moments[local + gap] if there is None else there)[0] == to_utc(local, name), (name, local)
                assert (-1 if there is None else (there[0] - UTC_EPOCH).total_seconds() // 60) == start, (name, local)
    assert skipped > 500
    assert repeated > 500


def test_minutes_of_several_days_come_to_what_each_does():
    for name, day in changes()[::5]:
        days = [day + timedelta(days=n) for n in (-1, 0, 1)]
        numbers = np.array([day_number(one) for one in days])
        for minute in (0, 59, 125, 540, 1020, 1439):
            expected = [to_utc(datetime.combine(one, time()) + timedelta(minutes=minute), name) for one in days]
            found = utc_minutes(name, numbers, minute).tolist()
            assert expected == [UTC_EPOCH + timedelta(minutes=one) for one in found]


def test_a_day_that_a_country_skips_has_no_time_and_messages_of_it_come_a_day_later():
    """Samoa had no 30 December 2011."""
    skipped = date(2011, 12, 30)
    assert [-1] * 96 == starts_on("Pacific/Apia", day_number(skipped), range(96))
    nine = [to_utc(datetime.fromisoformat(f"2011-12-{day}T09:00"), "Pacific/Apia") for day in (30, 31)]
    assert nine[0] == nine[1]
    assert day_end(date(2011, 12, 29), "Pacific/Apia") == day_end(skipped, "Pacific/Apia")


def test_series_from_the_thirty_first_keep_to_the_end_of_the_month():
    monthly = Series("sessions", 6, (Length(1, "months"),))
    days = series_days(date(2027, 1, 31), monthly)
    assert ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30"] == [f"{one:%m-%d}" for one in days]
    mixed = Series("sessions", 5, (Length(2, "weeks"), Length(1, "months")))
    days = series_days(date(2027, 12, 17), mixed)
    assert ["12-17", "12-31", "01-31", "02-29", "03-31"] == [f"{one:%m-%d}" for one in days]


def test_leap_days_and_the_end_of_a_year():
    yearly = Series("sessions", 5, (Length(1, "years"),))
    days = series_days(date(2024, 2, 29), yearly)
    assert ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"] == [one.isoformat() for one in days]
    assert date(2028, 2, 29) == add_length(date(2028, 2, 28), Length(1, "days"))
    assert date(2027, 1, 1) == add_length(date(2026, 12, 31), Length(1, "business days"))
    assert date(2027, 1, 4) == add_length(date(2027, 1, 1), Length(1, "business days"))
