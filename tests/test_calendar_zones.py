"""Zones as calendars carry them: whoever reads one, and has no other zone data, gets every session right."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from mentorkit.calendar_zones import vtimezone
from mentorkit.core.zones import known_zones, zone

CHANGING = ("Africa/Cairo", "Africa/Casablanca", "America/Vancouver", "America/Santiago", "Asia/Jerusalem")
"""Zones whose changes no yearly rule tells, or whose rule has just changed."""


def nine(day: date) -> datetime:
    """Return nine o'clock, which no zone ever skips or repeats."""
    return datetime.combine(day, time(9))


def offsets(written: bytes, moments: list[datetime]) -> list[timedelta]:
    """Return the offset that a VTIMEZONE says for wall-clock moments, reading it as RFC 5545 3.6.5 does."""
    onsets = []
    for kind in ("STANDARD", "DAYLIGHT"):
        for part in re.findall(rf"BEGIN:{kind}\r\n(.*?)END:{kind}", written.decode(), re.DOTALL):
            lines = dict(line.split(":", 1) for line in part.splitlines())
            begins = datetime.fromisoformat(lines["DTSTART"])
            to = _offset(lines["TZOFFSETTO"])
            onsets += [(one, to) for one in _each_year(begins, lines.get("RRULE"))]
    onsets.sort()
    return [next(to for begins, to in reversed(onsets) if begins <= moment) for moment in moments]


def _offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]), seconds=int(text[5:7] or 0))


def _each_year(begins: datetime, rule: str | None) -> list[datetime]:
    if rule is None:
        return [begins]
    month, nth, day = re.fullmatch(r"FREQ=YEARLY;BYMONTH=(\d+);BYDAY=(-?\d)([A-Z]{2})", rule).groups()
    found = []
    for year in range(2020, 2033):
        days = [date(year, int(month), 1) + timedelta(days=n) for n in range(31)]
        days = [one for one in days if one.month == int(month) and f"{one:%a}"[:2].upper() == day]
        chosen = days[-1] if int(nth) == -1 else days[int(nth) - 1]
        found.append(datetime.combine(chosen, begins.time()))
    return found


@pytest.mark.uncounted
@pytest.mark.parametrize("year", [2026, 2027])
def test_every_zone_of_the_world_is_right_on_every_day(year):
    wrong = []
    for name in sorted(known_zones()):
        here = zone(name)
        moments = [nine(date(year, 1, 1) + timedelta(days=n)) for n in range(365)]
        told = offsets(vtimezone(name, year), moments)
        wrong += [
            (name, one) for one, to in zip(moments, told, strict=True) if one.replace(tzinfo=here).utcoffset() != to
        ]
    assert [] == wrong


@pytest.mark.parametrize("name", CHANGING)
def test_what_no_rule_tells_is_told_change_by_change_and_never_as_a_list_of_dates(name):
    written = vtimezone(name, 2026).decode()
    assert "RRULE" not in written
    assert "RDATE" not in written


def test_a_zone_with_a_rule_is_told_by_it_from_1970_on():
    written = vtimezone("Europe/Berlin", 2027).decode()
    assert "DTSTART:19700329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n" in written
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in written


@pytest.mark.parametrize("name", ["Europe/Dublin", "Africa/Casablanca", "Africa/El_Aaiun", "Europe/Berlin"])
def test_daylight_is_ahead_of_standard_also_where_the_law_says_otherwise(name):
    """Winter in Ireland, and Ramadan in Morocco, go back from what their laws call standard time."""
    for kind, before, after in re.findall(
        r"BEGIN:(\w+)\r\nDTSTART:\w+\r\nTZOFFSETFROM:(\S+)\r\nTZOFFSETTO:(\S+)", vtimezone(name, 2026).decode()
    ):
        assert kind == "STANDARD" or _offset(before) < _offset(after)


def test_irish_summer_time_is_daylight():
    written = vtimezone("Europe/Dublin", 2027).decode()
    assert "BEGIN:DAYLIGHT\r\nDTSTART:19700329T010000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100" in written
    assert "BEGIN:STANDARD\r\nDTSTART:19701025T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000" in written


def test_a_zone_without_changes_has_one_part():
    assert 1 == vtimezone("Asia/Tokyo", 2027).count(b"BEGIN:STANDARD")


def test_an_unknown_zone_is_an_error():
    with pytest.raises(KeyError):
        vtimezone("Mars/Olympus", 2027)


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", *CHANGING]
)
def test_a_calendar_library_that_does_not_look_the_zone_up_reads_it_right(name):
    whole = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + vtimezone(name, 2027) + b"END:VCALENDAR\r\n"
    (read,) = Calendar.from_ical(whole).walk("VTIMEZONE")
    there = read.to_tz(lookup_tzid=False)
    for month in range(1, 13):
        moment = nine(date(2027, month, 15))
        expected = moment.replace(tzinfo=zone(name)).astimezone(UTC)
        assert expected == moment.replace(tzinfo=there).astimezone(UTC), (name, month)
