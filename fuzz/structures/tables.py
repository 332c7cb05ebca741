"""Tables of people, events and decisions: cells that are nearly right, in CSV of all kinds and in workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from hypothesis import strategies as st

from fuzz.structures.words import addresses, any_of, dates, hours, moments, numbers, odd_text, picked, weekdays, zones
from mentorkit.core.happenings import EVENT_KINDS

Cells = Mapping[str, st.SearchStrategy[str]]

_ids = picked("1", "2", "4", "5", "6", "007", "a", "A", "ä", "a\u0308")
_tags = st.lists(picked("python", "leadership", "Sales", " sales "), max_size=3).map(";".join)
_PEOPLE: Cells = {
    "id": _ids | st.integers(1, 40).map(str),
    "name": picked("Ada Osei", "Eva Novák", "O'Neil, Ann", '"Q"'),
    "email": any_of(addresses),
    "Grade": picked("Junior", "Senior", "Lead", "lead", ""),
    "department": picked("Sales", "Engineering", ""),
    "Skills": any_of(_tags),
    "wants": any_of(_tags),
    "timezone": any_of(zones),
    "manager_id": _ids | st.just(""),
    "Hired": any_of(st.dates().map(lambda day: f"{day:%d.%m.%Y}"), dates) | st.just(""),
    "Site": picked("Munich HQ", "Madrid", "Oslo", ""),
    "working_hours": any_of(hours, st.builds("{} {}".format, weekdays, hours)) | st.just(""),
    "capacity": any_of(numbers) | st.just(""),
    "Score": any_of(numbers) | st.just(""),
    "language": picked("en", "de", "pt-BR", ""),
    "busy_calendar": picked("busy.ics", "../busy.ics", "/etc/passwd", "http://x.example", "calendars/", ""),
    "left_on": any_of(dates) | st.just(""),
    "paused_until": any_of(dates) | st.just(""),
    "channel": picked("email", "outbox", ""),
    "erg": any_of(_tags),
    "erg_consent": picked("yes", "no", ""),
}
_EVENTS: Cells = {
    "id": picked("a1", "a2", "mentorkit:x", "") | st.integers(1, 20).map(str),
    "at": any_of(moments) | st.just("2027-01-12T10:00"),
    "person": _ids,
    "kind": picked(*EVENT_KINDS, "Met", "none"),
    "subject": picked(
        "", "re37b691f03", "re37b691f03-1", "re37b691f03-2", "midpoint.useful", "midpoint.why", "announcement", "python"
    ),
    "value": any_of(moments, numbers) | st.just(""),
}
_SMALL: Sequence[Cells] = (
    {"voter": _ids, "choice": _ids, "rank": any_of(numbers)},
    {"a": _ids, "b": _ids, "ended": any_of(dates) | st.just("")},
    {"id": _ids, "role": picked("mentor", "mentee"), "since": any_of(dates)},
)
_DECISIONS: Cells = {
    "relationship": picked("", "re37b691f03", "'=1"),
    "mentor": st.lists(_ids, max_size=2).map(";".join),
    "mentee": st.lists(_ids, max_size=2).map(";".join),
    "decision": picked("", "keep", "forbid", "pin", "Keep", "kep"),
}
_SIGN_UPS: Cells = {
    "Employee number": st.integers(1, 99).map(str),
    "First name": picked("Ada", "Ben"),
    "Last name": picked("Osei", "Ruiz"),
    "E-mail": any_of(addresses),
    "I want to be a": picked("mentor", "mentee", "both", ""),
    "Start date": any_of(dates, st.dates().map(lambda day: f"{day:%d/%m/%Y}")),
    "Grade": picked("1", "2", "AO", "G7"),
    "Time zone": any_of(zones),
    "Topics (max 3)": any_of(_tags),
    "Line manager": st.integers(1, 99).map(str),
    "How many?": any_of(numbers),
}


@st.composite
def _grids(draw: st.DrawFn, cells: Cells) -> list[list[str]]:
    """Return a header row with most of the columns, in any order, and rows that mostly fit it."""
    left_out = draw(st.sets(st.sampled_from(sorted(cells)), max_size=2))
    columns = [column for column in draw(st.permutations(list(cells))) if column not in left_out]
    header = [draw(st.sampled_from([column, column, column, column.upper(), f" {column} "])) for column in columns]
    rows = draw(st.lists(st.tuples(*(cells[column] for column in columns)), max_size=6))
    grid = [header, *map(list, rows)]
    if draw(st.integers(0, 9)) == 0:
        grid.insert(draw(st.integers(0, len(grid))), draw(st.lists(odd_text, max_size=4)))
    return grid


def _texts(cells: Cells) -> st.SearchStrategy[bytes]:
    """Return CSV files."""
    return st.builds(
        _written,
        _grids(cells),
        st.sampled_from(",,,;\t|"),
        st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"]),
        st.sampled_from(["\n", "\r\n", "\r"]),
    )


def _written(grid: list[list[str]], delimiter: str, encoding: str, line_end: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end, escapechar="\\").writerows(grid)
    return out.getvalue().encode(encoding, "replace")


def _books(cells: Cells) -> st.SearchStrategy[bytes]:
    """Return workbooks with typed cells, sheets beside, hidden ones and merged cells."""
    types = st.lists(
        st.sampled_from(["text", "text", "number", "date", "yes", "formula", "blank"]), min_size=1, max_size=9
    )
    return st.builds(_booked, _grids(cells), types, st.booleans(), st.booleans(), st.booleans())


def _booked(grid: list[list[str]], types: list[str], epoch_1904: bool, beside: bool, merged: bool) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": epoch_1904}) as book:
        if beside:
            book.add_worksheet("First").hide() if merged else book.add_worksheet("Aside")
        sheet = book.add_worksheet("People")
        if beside:
            sheet.activate()
            sheet.set_first_sheet()
        form = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, cells in enumerate(grid):
            for column, text in enumerate(cells):
                _put(sheet, form, row, column, text, types[(row * 7 + column) % len(types)] if row else "text")
        if merged:
            sheet.merge_range(len(grid) + 1, 0, len(grid) + 2, 1, "merged")
    return out.getvalue()


def _put(sheet: Any, form: Any, row: int, column: int, text: str, kind: str) -> None:
    if kind == "number" and text.isascii() and text.isdigit():
        sheet.write_number(row, column, int(text))
    elif kind == "date":
        sheet.write_datetime(row, column, date(2015, 2, 1 + row % 28), form)
    elif kind == "yes":
        sheet.write_boolean(row, column, len(text) % 2 == 0)
    elif kind == "formula":
        sheet.write_formula(row, column, "=1/0", value="#DIV/0!" if len(text) % 2 else text)
    elif kind == "text":
        sheet.write_string(row, column, text)


rosters = _texts(_PEOPLE)
roster_books = _books(_PEOPLE)
sheets = st.one_of(_texts(_SIGN_UPS), _texts(_PEOPLE), _books(_SIGN_UPS))
answers = st.one_of(_texts(_EVENTS), _texts(_EVENTS), _texts(_EVENTS), _books(_EVENTS))
small_tables = st.one_of(*(_texts(cells) for cells in _SMALL))
reviews = st.one_of(_texts(_DECISIONS), _texts(_DECISIONS), _books(_DECISIONS))
