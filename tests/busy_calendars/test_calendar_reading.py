import csv
import warnings
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.busy_calendars.calendar_reading import CalendarError, busy_in
from mentorkit.core.busy_times import EPOCH
from mentorkit.core.zones import day_end, to_utc

DATA = Path(__file__).parents[1] / "data" / "calendars"
EXPECTED = list(csv.DictReader((DATA / "expected.csv").open(encoding="utf-8")))
YEAR = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


def moments(found):
    return [tuple(EPOCH + timedelta(minutes=one) for one in span) for span in found.busy.spans.tolist()]


def spans(text, zone="Europe/London", span=YEAR):
    found = busy_in(calendar(text), zone, span)
    return [f"{a:%m-%d %H:%M}–{b:%m-%d %H:%M}" for a, b in moments(found)]  # noqa: RUF001


def left_out(text):
    return busy_in(calendar(text), "Europe/London", YEAR).left_out


def calendar(*entries):
    """Return a calendar of entries, each given as its lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for number, entry in enumerate(entries):
        begin = "" if entry.startswith("BEGIN:") else "BEGIN:VEVENT\n"
        uid = "" if "UID:" in entry or not begin else f"UID:{number}\n"
        lines += (begin + uid + entry.strip() + ("\nEND:VEVENT" if begin else "")).splitlines()
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


# --------------------------------------------------------------------------------------- calendars as they are found


@pytest.mark.parametrize("row", EXPECTED, ids=[row["file"] for row in EXPECTED])
def test_calendars_come_to_what_the_reference_makes_of_them_or_are_refused(row):
    """Transparent entries are made opaque and endless ones an hour long here: the reference counts them as well."""
    content = (
        (DATA / row["file"]).read_bytes().replace(b"TRANSP:TRANSPARENT\r\n", b"").replace(b"TRANSP:TRANSPARENT\n", b"")
    )
    content = content.replace(b"SUMMARY:Test Event", b"DURATION:PT1H\r\nSUMMARY:Test Event")
    days = [
        datetime.fromisoformat(row[key] or "2027-01-01").replace(tzinfo=UTC) for key in ("window_start", "window_end")
    ]
    if row["status"] != "parsed":
        with pytest.raises(CalendarError, match="it is not one whole iCalendar calendar"):
            busy_in(content, "UTC", (days[0], days[1]))
        return
    found = busy_in(content, "UTC", (days[0], days[1]))
    if row["occurrences"]:
        assert int(row["occurrences"]) == len(found.busy.spans)
        assert {} == found.left_out
    elif int(row["broken_start"] or 0) or row["detail"]:
        assert found.left_out
    else:
        assert {} == found.left_out


def test_periods_of_a_freebusy_are_busy():
    content = (DATA / "issue_27_multiple_periods_in_freebusy_multiple_freebusies.ics").read_bytes()
    january = datetime(2012, 1, 1, tzinfo=UTC), datetime(2012, 2, 1, tzinfo=UTC)
    found = moments(busy_in(content, "UTC", january))
    assert 8 == len(found)
    assert (datetime(2012, 1, 3, 9, 15, tzinfo=UTC), datetime(2012, 1, 3, 10, 15, tzinfo=UTC)) == found[0]
    whole = (DATA / "issue_1633_freebusy_with_dates.ics").read_bytes()
    found = moments(
        busy_in(whole, "Europe/Berlin", (datetime(1996, 1, 1, tzinfo=UTC), datetime(1998, 1, 1, tzinfo=UTC)))
    )
    assert [(datetime(1996, 12, 31, 23, tzinfo=UTC), datetime(1997, 1, 1, 23, tzinfo=UTC))] == found


def test_free_periods_of_a_freebusy_are_free():
    entry = (
        "BEGIN:VFREEBUSY\nFREEBUSY;FBTYPE=FREE:20270705T090000Z/PT1H\nFREEBUSY:20270706T090000Z/PT1H\n"
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270707T090000Z/PT1H\nEND:VFREEBUSY"
    )
    assert ["07-06 09:00–07-06 10:00", "07-07 09:00–07-07 10:00"] == spans(entry)  # noqa: RUF001


def test_a_byte_order_mark_is_no_part_of_a_calendar():
    content = b"\xef\xbb\xbf" + calendar("DTSTART:20270705T090000Z\nDURATION:PT1H")
    assert 1 == len(moments(busy_in(content, "UTC", YEAR)))


def test_the_good_entry_beside_a_bad_one_counts():
    content = (DATA / "parsing_error.ics").read_bytes()
    found = busy_in(content, "UTC", (datetime(2008, 3, 1, tzinfo=UTC), datetime(2008, 4, 1, tzinfo=UTC)))
    assert {"its EXDATE cannot be read": 1} == found.left_out
    assert 20 * 1440 == sum(int(b - a) for a, b in found.busy.spans)  # 3 to 23 March, but for the 11th


# ------------------------------------------------------------------------------------------------------- what is busy


def test_whole_days_are_days_of_the_person():
    text = "DTSTART;VALUE=DATE:20270705\nDTEND;VALUE=DATE:20270710\nSUMMARY:Out of office"
    assert ["07-04 22:00–07-09 22:00"] == spans(text, "Europe/Berlin")  # noqa: RUF001


def test_floating_times_are_times_of_the_person():
    text = "DTSTART:20270705T090000\nDTEND:20270705T100000"
    assert ["07-05 00:00–07-05 01:00"] == spans(text, "Asia/Tokyo")  # noqa: RUF001


def test_a_duration_says_the_end_as_well():
    assert ["07-05 09:00–07-05 10:30"] == spans("DTSTART:20270705T090000Z\nDURATION:PT1H30M")  # noqa: RUF001


@pytest.mark.parametrize(
    "line",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
        "transp:transparent",
    ],
)
def test_what_is_shown_as_free_is_free(line):
    assert [] == spans(f"DTSTART:20270705T090000Z\nDTEND:20270705T100000Z\n{line}")
    assert [] == spans(f"DTSTART:20270705T090000Z\nDTEND:20270705T100000Z\nRRULE:FREQ=DAILY;COUNT=3\n{line}")


def test_a_series_keeps_its_clock_across_daylight_saving():
    text = "DTSTART;TZID=Europe/Berlin:20270315T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"
    assert ["03-15 08:00–03-15 09:00", "03-22 08:00–03-22 09:00", "03-29 07:00–03-29 08:00"] == spans(text)  # noqa: RUF001


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Europe/London", "Pacific/Auckland", "Pacific/Kiritimati"])
@pytest.mark.parametrize("clock", ["0030", "0830", "2230"])
def test_a_floating_series_is_met_on_the_first_and_the_last_day_anywhere(zone, clock):
    text = f"DTSTART:20270701T{clock}00\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    span = to_utc(datetime.combine(date(2027, 7, 5), time()), zone), day_end(date(2027, 7, 6), zone)
    begins = time(int(clock[:2]), 30)
    expected = [to_utc(datetime.combine(date(2027, 7, day), begins), zone) for day in (5, 6)]
    assert expected == [one for one, _ in moments(busy_in(calendar(text), zone, span))]


def test_hours_of_a_duration_pass_and_its_days_are_days_of_the_calendar():
    night = "DTSTART;TZID=Europe/Berlin:20270327T220000\nDURATION:PT8H"
    day = "DTSTART;TZID=Europe/Berlin:20270327T220000\nDURATION:P1D"
    assert ["03-27 21:00–03-28 05:00"] == spans(night) == spans(f"{night}\nRRULE:FREQ=DAILY;COUNT=1")  # noqa: RUF001
    assert ["03-27 21:00–03-28 20:00"] == spans(day) == spans(f"{day}\nRRULE:FREQ=DAILY;COUNT=1")  # noqa: RUF001


@pytest.mark.parametrize("end", ["DURATION:PT30M", "DTEND;TZID=Europe/Berlin:20270327T030000"])
def test_a_series_whose_clock_time_is_skipped_or_comes_twice_stays_as_long(end):
    series = f"DTSTART;TZID=Europe/Berlin:20270327T023000\n{end}\nRRULE:FREQ=DAILY;COUNT=3"
    assert ["03-27 01:30–03-27 02:00", "03-28 01:30–03-28 02:00", "03-29 00:30–03-29 01:00"] == spans(series)  # noqa: RUF001
    autumn = series.replace("20270327", "20271030")
    assert ["10-30 00:30–10-30 01:00", "10-31 00:30–10-31 01:00", "11-01 01:30–11-01 02:00"] == spans(autumn)  # noqa: RUF001


@pytest.mark.parametrize("named", ["America/New_York", "Nowhere/Atall"])
def test_floating_times_that_repeat_are_times_of_the_person_whatever_zone_the_calendar_names(named):
    text = "DTSTART:20270705T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=1"
    content = calendar(text).replace(b"PRODID:test", f"X-WR-TIMEZONE:{named}".encode())
    assert datetime(2027, 7, 5, tzinfo=UTC) == moments(busy_in(content, "Asia/Tokyo", YEAR))[0][0]


def test_a_series_in_utc_keeps_the_clock_of_the_calendars_zone_where_that_is_known():
    text = "DTSTART:20270322T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"
    for named, second in (("Europe/Berlin", 8), ("Nowhere/Atall", 9)):
        content = calendar(text).replace(b"PRODID:test", f"X-WR-TIMEZONE:{named}".encode())
        found = busy_in(content, "UTC", YEAR)
        assert {} == found.left_out
        assert datetime(2027, 3, 29, second, tzinfo=UTC) == moments(found)[1][0]


def test_zones_that_are_guessed_at_say_nothing_on_standard_error():
    text = "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20270705T090000\nDURATION:PT1H"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ["07-05 07:00–07-05 08:00"] == spans(text)  # noqa: RUF001


def test_single_times_of_a_series_are_left_out_moved_or_canceled():
    series = (
        "UID:s\nDTSTART:20270705T090000Z\nDTEND:20270705T100000Z\nRRULE:FREQ=DAILY;COUNT=5\nEXDATE:20270706T090000Z"
    )
    moved = "UID:s\nRECURRENCE-ID:20270707T090000Z\nDTSTART:20270707T150000Z\nDTEND:20270707T160000Z"
    canceled = (
        "UID:s\nRECURRENCE-ID:20270708T090000Z\nDTSTART:20270708T090000Z\nDTEND:20270708T100000Z\nSTATUS:CANCELLED"
    )
    found = moments(busy_in(calendar(series, moved, canceled), "UTC", YEAR))
    assert ["07-05 09", "07-07 15", "07-09 09"] == [f"{begins:%m-%d %H}" for begins, _ in found]


def test_a_zone_of_the_calendars_own_is_read_and_one_that_nobody_knows_is_the_persons():
    zone = (DATA / "issue_218_bad_tzid.ics").read_bytes()
    found = busy_in(zone, "Europe/London", (datetime(2017, 2, 1, tzinfo=UTC), datetime(2017, 4, 1, tzinfo=UTC)))
    assert ((datetime(2017, 2, 28, 12, tzinfo=UTC), 0)) == (moments(found)[0][0], found.elsewhere)
    unknown = (DATA / "issue_526_calendar_with_different_events.ics").read_bytes()
    found = busy_in(unknown, "Europe/Berlin", (datetime(2021, 10, 1, tzinfo=UTC), datetime(2021, 12, 1, tzinfo=UTC)))
    assert (datetime(2021, 11, 1, 15, tzinfo=UTC), 2) == (moments(found)[0][0], found.elsewhere)


def test_what_lies_around_the_span_is_cut():
    text = "DTSTART:20261231T220000Z\nDTEND:20270101T020000Z"
    assert ["01-01 00:00–01-01 02:00"] == spans(text)  # noqa: RUF001
    assert [] == spans("DTSTART:20251231T220000Z\nDTEND:20260101T020000Z")


def test_our_own_sessions_are_no_other_engagement():
    text = "UID:abc-1@pilot.mentorkit\nDTSTART:20270705T090000Z\nDTEND:20270705T100000Z"
    assert 0 == len(busy_in(calendar(text), "UTC", YEAR, "@pilot.mentorkit").busy.spans)
    assert 1 == len(busy_in(calendar(text), "UTC", YEAR, "@other.mentorkit").busy.spans)


# ------------------------------------------------------------------------------------------------- what is left out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SUMMARY:when?", "it has no DTSTART"),
        ("DTSTART:20270705T100000Z\nDTEND:20270705T090000Z", "it ends before it begins"),
        ("DTSTART;VALUE=DATE:20270705\nDTEND:20270705T090000Z", "its begin and end are not of one kind"),
        ("DTSTART:20270705T100000Z\nDTSTART:20270705T110000Z", "its DTSTART cannot be read"),
        ("DTSTART;VALUE=DATE:99991231", "it lies outside of the calendar"),
        ("DTSTART;TZID=Asia/Tokyo:00010101T000000\nDURATION:PT1H", "it lies outside of the calendar"),
        ("DTSTART:20270705T100000Z\nDURATION:P9999999D", "it lies outside of the calendar"),
        ("DTSTART;VALUE=DATE:20270705\nDURATION:P9999999D", "it lies outside of the calendar"),
        ("DTSTART:99991231T235959Z\nDURATION:PT1H", "it lies outside of the calendar"),
        ("DTSTART:20270705T100000Z\nRRULE:FREQ=SECONDLY", "it repeats more often than every day"),
        ("DTSTART:20270705T100000Z\nRRULE:FREQ=MINUTELY", "it repeats more often than every day"),
        (
            "DTSTART:20270705T100000Z\nRRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4;BYMINUTE=0,1,2,3,4,5",
            "it repeats too often on each day",
        ),
        ("DTSTART:00010101T100000Z\nRRULE:FREQ=DAILY", "it has been repeating since before 1970"),
        ("DTSTART:20270705T100000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "how it repeats cannot be understood"),
        ("DTSTART:20270705T100000Z\nRRULE:FREQ=DAILY;INTERVAL=14;BYDAY=TU", "how it repeats cannot be understood"),
        ("DTSTART:20270705T100000Z\nRRULE:FREQ=YEARLY;BYYEARDAY=366", "how it repeats cannot be understood"),
        ("DTSTART:20270705T100000Z\nRRULE:FREQ=MONTHLY;BYDAY=6MO", "how it repeats cannot be understood"),
        *(
            (f"DTSTART:20270705T100000Z\nRRULE:FREQ={rule}", "how it repeats cannot be understood")
            for rule in (
                "DAILY;INTERVAL=0",
                "DAILY;INTERVAL=1001",
                "MONTHLY;BYMONTHDAY=32",
                "YEARLY;BYMONTH=13",
                "WEEKLY;BYDAY=1MO",
                "MONTHLY;BYDAY=1MO;BYMONTHDAY=3",
                "WEEKLY;BYDAY=MO;BYSETPOS=1",
                "MONTHLY;BYMONTHDAY=3;BYSETPOS=1",
                "MONTHLY;BYDAY=MO;BYSETPOS=6",
            )
        ),
    ],
)
def test_what_cannot_be_understood_is_left_out_with_a_reason(text, reason):
    assert {reason: 1} == left_out(text)


def test_rules_as_calendars_write_them_are_expanded():
    rules = [
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    ]
    for rule in rules:
        text = f"DTSTART:20240229T100000Z\nDURATION:PT1H\nRRULE:{rule}"
        assert {} == left_out(text), rule
        assert spans(text, span=(datetime(2028, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))), rule


def test_too_many_entries_are_refused():
    daily = "DTSTART:20270705T100000Z\nDTEND:20270705T110000Z\nRRULE:FREQ=DAILY"
    many = calendar(*[daily] * 120)
    with pytest.raises(CalendarError, match=r"its entries repeat more than 20,000 times during the program"):
        busy_in(many, "UTC", YEAR)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=60))
def test_whatever_a_file_holds_it_is_read_or_refused(content, line):
    wrapped = (
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270705T100000Z\r\n" + line + b"\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    for one in (content, wrapped):
        with suppress(CalendarError):
            busy_in(one, "Europe/London", YEAR)


@settings(max_examples=40, deadline=None)
@given(
    st.dates(date(2026, 6, 1), date(2027, 12, 1)),
    st.integers(0, 95),
    st.integers(1, 5),
    st.integers(1, 30),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo"]),
)
def test_days_that_repeat_are_as_plain_arithmetic_says(first, quarter, interval, count, zone):
    clock = time(quarter // 4, quarter % 4 * 15)
    text = (
        f"DTSTART;TZID={zone}:{first:%Y%m%d}T{clock:%H%M%S}\nDURATION:PT1M\n"
        f"RRULE:FREQ=DAILY;INTERVAL={interval};COUNT={count}"
    )
    expected = [to_utc(datetime.combine(first + timedelta(days=n * interval), clock), zone) for n in range(count)]
    found = [begins for begins, _ in moments(busy_in(calendar(text), "UTC", YEAR))]
    assert [one for one in expected if YEAR[0] <= one < YEAR[1]] == found
