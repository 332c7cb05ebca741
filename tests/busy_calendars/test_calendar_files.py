import os
from datetime import date

import pytest

from mentorkit.busy_calendars import read_busy_calendars
from mentorkit.busy_calendars.calendar_files import MOST_BYTES, SHOWN
from mentorkit.testing import a_person, a_program

EVENT = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270705T090000\r\nDTEND:20270705T100000\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def read(folder, *people, **changes):
    return read_busy_calendars(a_program(**changes), people, [folder], date(2027, 1, 1), date(2027, 12, 31))


def message(folder, cell):
    reading = read(folder, a_person("17", "mentor", busy_calendar=cell))
    assert {} == reading.busy
    (told,) = reading.diagnostics
    assert "warning" == told.severity
    begin = f'the calendar "{cell}" of 17 (line 0) is not read, and counts as free: '
    assert told.message.startswith(begin)
    return told.message.removeprefix(begin)


def test_calendars_lie_beside_the_roster_and_count_in_the_persons_zone(tmp_path):
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "17.ics").write_bytes(EVENT)
    people = [
        a_person("17", "mentor", busy_calendar="calendars/17.ics", timezone="Asia/Tokyo"),
        a_person("18", "mentor", busy_calendar="calendars/17.ics"),
        a_person("19", "mentor"),
    ]
    reading = read(tmp_path, *people, timezone="UTC")
    assert ((), {"17", "18"}) == (reading.diagnostics, set(reading.busy))
    assert 9 * 60 == reading.busy["18"].spans[0][0] - reading.busy["17"].spans[0][0]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (
            "https://calendar.example.org/17.ics",
            "web addresses are not fetched; save the calendar as a file, and name that",
        ),
        (
            "webcal://calendar.example.org/17.ics",
            "web addresses are not fetched; save the calendar as a file, and name that",
        ),
        ("/etc/passwd", "it lies outside of the roster's folder; put it there, or below it"),
        ("../other/17.ics", "it lies outside of the roster's folder; put it there, or below it"),
        ("17.ics", "there is no such file beside the roster"),
        (".", "it is no file"),
        ("notes.txt", "it is not one whole iCalendar calendar"),
        ("empty.ics", "it is not one whole iCalendar calendar"),
        ("latin.ics", "it is not one whole iCalendar calendar"),
        ("pipe", "it is no file"),
        ("huge.ics", "it has more than 5,000,000 bytes; export the months of the program only"),
    ],
)
def test_a_calendar_that_is_not_read_is_named_with_its_person_and_the_reason(tmp_path, cell, reason):
    (tmp_path / "notes.txt").write_text("not a calendar")
    (tmp_path / "empty.ics").touch()
    (tmp_path / "latin.ics").write_bytes(b"\xff\xfe\x00B\x00E")
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge.ics").open("wb") as huge:
        huge.truncate(MOST_BYTES + 1)
    assert reason == message(tmp_path, cell)


def test_entries_that_are_left_out_are_counted_and_the_others_count(tmp_path):
    bad = b"BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:secret\r\nEND:VEVENT\r\nEND:VCALENDAR"
    (tmp_path / "17.ics").write_bytes(EVENT.replace(b"END:VCALENDAR", bad))
    reading = read(tmp_path, a_person("17", "mentor", busy_calendar="17.ics"))
    assert 1 == len(reading.busy["17"].spans)
    assert ['1 entry of the calendar "17.ics" of 17 (line 0) left out, and free: it has no DTSTART'] == [
        one.message for one in reading.diagnostics
    ]


def test_a_zone_that_nobody_knows_is_told(tmp_path):
    (tmp_path / "17.ics").write_bytes(EVENT.replace(b"DTSTART:", b"DTSTART;TZID=Mars/Olympus:"))
    reading = read(tmp_path, a_person("17", "mentor", busy_calendar="17.ics"))
    assert [
        '1 entry of the calendar "17.ics" of 17 (line 0) in a zone that is not known, and reckoned in the person\'s own'
    ] == [one.message for one in reading.diagnostics]


def test_of_many_bad_calendars_some_are_named(tmp_path):
    people = [a_person(str(n), "mentor", busy_calendar=f"{n}.ics") for n in range(SHOWN + 30)]
    told = read(tmp_path, *people).diagnostics
    assert (SHOWN + 1, "30 more calendars could not be read, or not wholly") == (len(told), told[-1].message)


def test_a_calendar_that_has_changed_is_read_again(tmp_path):
    person = a_person("17", "mentor", busy_calendar="17.ics")
    (tmp_path / "17.ics").write_bytes(EVENT)
    before = read(tmp_path, person).busy
    (tmp_path / "17.ics").write_bytes(EVENT.replace(b"T100000", b"T1130000"[:-1]))
    assert before != read(tmp_path, person).busy
