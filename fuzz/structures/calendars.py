"""Calendars of events that nearly fit RFC 5545, and what calendars answer."""

from __future__ import annotations

from hypothesis import strategies as st

from fuzz.structures.words import odd_text

_times = st.one_of(
    st.datetimes().map(lambda one: f"{one:%Y%m%dT%H%M%S}"),
    st.sampled_from(
        ["20270112T100000", "20270330T013000", "99991231T235959", "00010101T000000", "20270112", "20270230T100000", "x"]
    ),
)
_marked = st.one_of(
    st.builds(":{}Z".format, _times),
    st.builds(":{}".format, _times),
    st.builds(
        ";TZID={}:{}".format, st.sampled_from(["Europe/Berlin", "W. Europe Standard Time", "Nowhere", '"x"']), _times
    ),
    st.builds(";VALUE=DATE:{}".format, st.sampled_from(["20270112", "99991231", "20270112T1"])),
)
_lengths = st.sampled_from(["PT1H", "P1D", "P1W", "-PT1H", "P9999999D", "PT", "P1DT2H3M", "PT86400S", "1H"])
_rules = st.lists(
    st.sampled_from(
        [
            *(
                "FREQ=DAILY",
                "FREQ=WEEKLY",
                "FREQ=MONTHLY",
                "FREQ=YEARLY",
                "FREQ=SECONDLY",
                "COUNT=5",
                "COUNT=99999",
                "COUNT=-1",
            ),
            *(
                "INTERVAL=2",
                "INTERVAL=0",
                "BYDAY=MO,WE",
                "BYDAY=-1FR",
                "BYMONTHDAY=31",
                "BYSETPOS=-1",
                "WKST=SU",
                "BYHOUR=9",
            ),
            *(
                "UNTIL=20270330T000000Z",
                "UNTIL=20270330",
                "UNTIL=99991231T235959Z",
                "BYMONTH=13",
                "BYYEARDAY=366",
                "X=Y",
            ),
        ]
    ),
    min_size=1,
    max_size=4,
).map(";".join)
_lines = st.one_of(
    st.builds("DTEND{}".format, _marked),
    st.builds("DURATION:{}".format, _lengths),
    st.builds("RRULE:{}".format, _rules),
    st.builds("RDATE{}".format, _marked),
    st.builds("EXDATE{}".format, _marked),
    st.builds("RECURRENCE-ID{}".format, _marked),
    st.sampled_from(
        ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "UID:1", "UID:2", "UID:x@pilot.mentorkit", "SUMMARY:x", "DTSTART:x"]
    ),
    st.builds("X-A:{}".format, odd_text),
)
_events = st.builds(
    lambda start, lines: "\r\n".join(["BEGIN:VEVENT", f"DTSTART{start}", *lines, "END:VEVENT"]),
    _marked,
    st.lists(_lines, max_size=5),
)
_free = st.builds(
    "BEGIN:VFREEBUSY\r\nFREEBUSY{}:{}Z/{}\r\nEND:VFREEBUSY".format,
    st.sampled_from(["", ";FBTYPE=FREE", ";FBTYPE=BUSY"]),
    _times,
    _lengths | _times,
)
_zones = st.builds(
    "BEGIN:VTIMEZONE\r\nTZID:{}\r\nBEGIN:STANDARD\r\nDTSTART:{}\r\nTZOFFSETFROM:{}\r\nTZOFFSETTO:{}\r\nEND:STANDARD\r\nEND:VTIMEZONE".format,
    st.sampled_from(["Nowhere", "Europe/Berlin"]),
    _times,
    st.sampled_from(["+0100", "-2400", "+9999", "x"]),
    st.sampled_from(["+0200", "+0000", "+1"]),
)


def _calendar(parts: list[str], head: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", head, *parts, "END:VCALENDAR", ""]).encode("utf-8", "surrogatepass")


calendars: st.SearchStrategy[bytes] = st.builds(
    _calendar,
    st.lists(st.one_of(_events, _events, _events, _free, _zones), max_size=4),
    st.sampled_from(["VERSION:2.0", "X-WR-TIMEZONE:Asia/Tokyo"]),
)
_attendees = st.builds(
    "ATTENDEE;PARTSTAT={}{}:{}".format,
    st.sampled_from(["ACCEPTED", "DECLINED", "TENTATIVE", "NEEDS-ACTION", "", '"x"']),
    st.sampled_from(["", ";CN=Dev", ';CN="a:b"', ";X"]),
    st.sampled_from(["mailto:dev@example.org", "MAILTO:x@y", "", "http://x"]),
)
_replies = st.builds(
    lambda uid, sequence, attendees: "\r\n".join(
        ["BEGIN:VEVENT", f"UID:{uid}", f"SEQUENCE:{sequence}", *attendees, "END:VEVENT"]
    ),
    st.sampled_from(["re37b691f03-1@pilot.mentorkit", "r1-1@pilot.mentorkit", "x", "@pilot.mentorkit", ""]) | odd_text,
    st.sampled_from(["2", "0", "x", "-1", "9" * 30]),
    st.lists(_attendees, max_size=2),
)
replies: st.SearchStrategy[bytes] = st.builds(
    _calendar,
    st.lists(_replies, max_size=2),
    st.sampled_from(["METHOD:REPLY", "METHOD:reply", "METHOD:REQUEST", "X:Y"]),
)
