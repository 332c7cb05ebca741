"""From cells of the roster to files beside it, and from each file to when that person is busy.

A cell is a path below a folder of the roster. Nothing is ever fetched; a calendar that cannot be read is named with its
reason and stops nothing: its person counts as free.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path, PurePosixPath

from attrs import field, frozen

from mentorkit.busy_calendars.calendar_reading import CalendarError, Found, busy_in
from mentorkit.core.busy_times import BusyTimes
from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.program import Program
from mentorkit.core.roster import Person
from mentorkit.core.zones import day_end, person_zone, to_utc

MOST_BYTES = 5_000_000
"""Calendars of more bytes are not read; a busy person's export of a year has some hundred thousand."""
SHOWN = 20
"""So many calendars are named; the rest is counted."""


@frozen
class BusyReading:
    """When people are busy, by id, and what there is to say about their calendars."""

    busy: Mapping[str, BusyTimes] = field(factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def read_busy_calendars(
    program: Program, people: Iterable[Person], folders: Sequence[Path], first: date, last: date
) -> BusyReading:
    """Return when people are busy by the files that their `busy_calendar` cells name, from `first` to `last`.

    Args:
        program: whose own sessions are no other engagement: entries that it made itself are passed over. People without
            a zone are in its zone; floating times and whole days are in the person's.
        people: who takes part.
        folders: where to look for the files, in this order.
        first: the first day that counts.
        last: the last one.
    """
    busy: dict[str, BusyTimes] = {}
    told: list[Diagnostic] = []
    for person in people:
        cell = person.text("busy_calendar")
        if not cell:
            continue
        try:
            found = _read(_located(cell, folders), program, person_zone(person, program.timezone), (first, last))
        except CalendarError as refused:
            told.append(_refused(cell, person, str(refused)))
            continue
        busy[person.id] = found.busy
        if found.left_out:
            told.append(_left_out(cell, person, found))
        if found.elsewhere:
            told.append(_elsewhere(cell, person, found))
    return BusyReading(busy, (*told[:SHOWN], *_more(told[SHOWN:])))


def _located(cell: str, folders: Sequence[Path]) -> Path:
    """Return the file that a cell names.

    Raises:
        CalendarError: it names a web address, a place outside of the roster's folders, or nothing that is there.
    """
    if "://" in cell:
        raise CalendarError("web addresses are not fetched; save the calendar as a file, and name that")
    path = PurePosixPath(cell)
    if path.is_absolute() or ".." in path.parts or "\0" in cell:
        raise CalendarError("it lies outside of the roster's folder; put it there, or below it")
    for folder in folders:
        if not _is_there(folder / cell):
            continue
        if not (folder / cell).resolve().is_relative_to(folder.resolve()):
            raise CalendarError("it is a link that leads out of the roster's folder; put the calendar itself there")
        return folder / cell
    raise CalendarError("there is no such file beside the roster")


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:  # such as a name that is too long for one
        raise CalendarError(f"it cannot be read: {error.strerror}") from None


def _read(file: Path, program: Program, zone: str, days: tuple[date, date]) -> Found:
    try:
        about = file.stat()
    except OSError as error:
        raise CalendarError(f"it cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(about.st_mode):
        raise CalendarError("it is no file")
    if about.st_size > MOST_BYTES:
        raise CalendarError(f"it has more than {MOST_BYTES:,} bytes; export the months of the program only")
    span = to_utc(datetime.combine(days[0], time()), zone), day_end(days[1], zone)
    return _remembered(file, about.st_mtime_ns, about.st_size, zone, span, f"@{program.id}.mentorkit")


@lru_cache(maxsize=4096)
def _remembered(
    file: Path,
    changed: int,  # noqa: ARG001 (what it is remembered by)
    size: int,  # noqa: ARG001 (the same)
    zone: str,
    span: tuple[datetime, datetime],
    own: str,
) -> Found:
    """Return what a file says; a simulation asks again on each of its days."""
    try:
        with file.open("rb") as calendar:
            content = calendar.read(MOST_BYTES + 1)
    except OSError as error:
        raise CalendarError(f"it cannot be read: {error.strerror}") from None
    return busy_in(content, zone, span, own)


def _refused(cell: str, person: Person, reason: str) -> Diagnostic:
    return warning(
        "calendar-not-read",
        f'the calendar "{cell}" of {person.id} (line {person.line}) is not read, and counts as free: {reason}',
        help="export it again as an iCalendar file (.ics), or empty the cell",
    )


def _left_out(cell: str, person: Person, found: Found) -> Diagnostic:
    number, first = sum(found.left_out.values()), next(iter(found.left_out))
    others = f", and {len(found.left_out) - 1} other reasons" if len(found.left_out) > 1 else ""
    return warning(
        "calendar-entries-left-out",
        f'{_entries(number)} of the calendar "{cell}" of {person.id} (line {person.line}) left out, and free: '
        f"{first}{others}",
        help="nothing, if the person is free then; else mend the entry and export the calendar again",
    )


def _elsewhere(cell: str, person: Person, found: Found) -> Diagnostic:
    return warning(
        "calendar-zone-unknown",
        f'{_entries(found.elsewhere)} of the calendar "{cell}" of {person.id} (line {person.line}) in a zone that is '
        "not known, and reckoned in the person's own",
        help="nothing, if that is where the person works; else export the calendar with the zone's IANA name",
    )


def _entries(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"


def _more(told: Sequence[Diagnostic]) -> Iterable[Diagnostic]:
    if told:
        message = f"{len(told)} more calendars could not be read, or not wholly"
        yield warning("calendar-not-read", message, help="mend those that are named, and look again")
