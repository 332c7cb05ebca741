"""A calendar that somebody has exported."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from fuzz.target import Target
from mentorkit.busy_calendars.calendar_reading import CalendarError, busy_in

_SPAN = datetime(2027, 1, 11, tzinfo=UTC), datetime(2027, 4, 5, tzinfo=UTC)


def run(data: bytes) -> None:
    """Read it: when somebody is busy lies within what was asked for, in order, and no two spans touch."""
    for zone in ("Europe/London", "Pacific/Apia"):
        try:
            found = busy_in(data, zone, _SPAN, "@pilot.mentorkit")
        except CalendarError:
            continue
        spans = found.busy.spans.tolist()
        first, last = (int(one.timestamp()) // 60 for one in _SPAN)
        assert all(first <= begins < ends <= last for begins, ends in spans)
        assert all(one[1] < other[0] for one, other in pairwise(spans))
        assert all(number > 0 and reason for reason, number in found.left_out.items())
        assert found == busy_in(data, zone, _SPAN, "@pilot.mentorkit")


TARGET = Target(
    "calendar",
    run,
    seeds=("tests/data/calendars/*.ics", "fuzz/desk/busy.ics"),
    words=(
        *("BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "DTSTART:20270112T100000Z"),
        *("\r\nDTEND;TZID=Europe/Berlin:20270112T110000", "\r\nDURATION:PT1H", "\r\nRRULE:FREQ=DAILY;COUNT=9", "FREQ="),
        *("\r\nRDATE:", "\r\nEXDATE:", "\r\nRECURRENCE-ID:20270112T100000Z", "\r\nTRANSP:TRANSPARENT", "VALUE=DATE"),
        *("BEGIN:VFREEBUSY\r\n", "\r\nFREEBUSY:20270112T100000Z/PT1H", "BEGIN:VTIMEZONE\r\n", "TZOFFSETFROM:+0100\r\n"),
        *("\r\n ", "UNTIL=99991231T235959Z", "BYDAY=-1FR", "INTERVAL=0", "P9999999D", "-P1D", "\r\nUID:1", "99991231"),
    ),
    seconds=10,
)
