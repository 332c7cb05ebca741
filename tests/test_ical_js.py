"""Invitations as ical.js reads them in Node: it has no zone data of its own, and misreads what many calendars carry."""

import json
import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from mentorkit.core.zones import known_zones, to_utc, zone
from mentorkit.testing import a_moment
from servers import needing
from tests.test_invitations import PUBLISHED, a_known, invite

READING = Path(__file__).parent / "ical_js" / "reading.mjs"
CHANGING = ("Europe/Berlin", "Africa/Cairo", "America/Vancouver", "Asia/Jerusalem", "America/Santiago")
NINE = time(9)


def read(*calendars: bytes) -> list[dict]:
    """Return what ical.js reads from calendars."""
    node = needing.program("node")
    asked = json.dumps([one.decode() for one in calendars])
    return json.loads(
        subprocess.run([node, READING], input=asked, capture_output=True, text=True, check=True, timeout=120).stdout
    )


def request(local: datetime, name: str) -> bytes:
    return invite(a_known(local.isoformat(), name)).invitation.content


def days_around_changes(name: str) -> list[date]:
    """Return the days before and after each change of clocks of a zone, from 2026 to 2028."""
    here, days = zone(name), [date(2026, 1, 1) + timedelta(days=n) for n in range(3 * 365)]
    changes = [
        one
        for one in days
        if datetime.combine(one, NINE, here).utcoffset()
        != datetime.combine(one + timedelta(days=1), NINE, here).utcoffset()
    ]
    return [day for change in changes for day in (change, change + timedelta(days=1))]


def test_nine_in_berlin_is_eight_before_the_clocks_change_and_seven_after():
    days = [datetime.combine(date(2027, 3, day), NINE) for day in (27, 29)]
    found = read(*(request(one, "Europe/Berlin") for one in days))
    assert ["2027-03-27T08:00:00Z", "2027-03-29T07:00:00Z"] == [one["starts"] for one in found]
    assert ["2027-03-27T09:00:00Z", "2027-03-29T08:00:00Z"] == [one["ends"] for one in found]
    wrong = request(days[1], "Europe/Berlin").replace(b"TZOFFSETTO:+0200", b"TZOFFSETTO:+0300")
    assert "2027-03-29T06:00:00Z" == read(wrong)[0]["starts"]  # it believes nothing but what is in the calendar


@pytest.mark.parametrize("name", CHANGING)
def test_sessions_around_every_change_are_read_right(name):
    days = [datetime.combine(day, NINE) for day in days_around_changes(name)]
    assert len(days) >= 2
    found = [one["starts"] for one in read(*(request(day, name) for day in days))]
    assert [f"{to_utc(day, name):%Y-%m-%dT%H:%M:%SZ}" for day in days] == found


def test_every_zone_of_the_world_is_read_right_in_winter_and_in_summer():
    days = [datetime.combine(date(2027, month, 15), NINE) for month in (1, 7)]
    asked = [(name, day) for name in sorted(known_zones()) for day in days]
    found = read(*(request(day, name) for name, day in asked))
    wrong = [
        (name, day, one["starts"])
        for (name, day), one in zip(asked, found, strict=True)
        if a_moment(one["starts"]) != to_utc(day, name)
    ]
    assert [] == wrong
    assert len(asked) > 1000


def test_a_request_a_change_and_a_cancellation_are_one_event():
    first = invite(a_known())
    changed = invite(a_known("2027-04-06T11:00", sequence=1, state="moved", changed=PUBLISHED))
    canceled = invite(a_known("2027-04-06T11:00", sequence=2, state="canceled", changed=PUBLISHED), canceled=True)
    found = read(*(one.invitation.content for one in (first, changed, canceled)))
    assert 1 == len({one["uid"] for one in found})
    assert [("REQUEST", 0, "CONFIRMED", 2), ("REQUEST", 1, "CONFIRMED", 2), ("CANCEL", 2, "CANCELLED", 1)] == [
        (one["method"], one["sequence"], one["status"], one["attendees"]) for one in found
    ]
    assert ["2027-04-05T08:00:00Z", "2027-04-06T10:00:00Z", "2027-04-06T10:00:00Z"] == [one["starts"] for one in found]
