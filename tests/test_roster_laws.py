"""What holds for every roster: written in any way it reads the same, and its order decides nothing."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.catalogue import Catalogue, Offer, Origin
from mentorkit.core.contracts import Role
from mentorkit.core.program import RosterSource, RosterUse
from mentorkit.roster_files import RosterReading, read_roster
from mentorkit.testing import a_program

HEADERS = ("id", "name", "department", "level", "hire_date", "skills", "capacity")
Sheet = list[dict[str, Any]]


@frozen
class Peers:
    """A model that takes everybody."""

    name: str = "one-on-one"
    roles: tuple[Role, ...] = (Role("peer", "peer", served=True),)

    def columns(self, options: Any) -> tuple[str, ...]:
        return ()


CATALOGUE = Catalogue(models={"one-on-one": Offer(Peers(), Origin("tests", "1", "models"))})  # type: ignore[dict-item]

words = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="#\ufeff"), min_size=1, max_size=8)
texts = st.lists(words, max_size=3).map(" ".join)
tags = st.frozensets(words.map(lambda word: word.replace(";", "")).filter(bool), max_size=3)
sheets: st.SearchStrategy[Sheet] = st.lists(
    st.fixed_dictionaries(
        {
            "id": words.filter(lambda text: text.strip(",;\t") != ""),
            "name": texts,
            "department": texts.map(lambda text: text.replace(" ", "\n")),
            "level": st.none() | st.integers(-9, 99) | st.sampled_from([0.5, 2.25]),
            "hire_date": st.none() | st.dates(date(1950, 1, 1)),
            "skills": tags,
            "capacity": st.none() | st.integers(0, 20),
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: _nfc(row["id"]).casefold(),
)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def as_text(value: Any) -> str:
    if value is None:
        return ""
    return ";".join(value) if isinstance(value, frozenset) else str(value)


def write_text(path: Path, sheet: Sheet, delimiter: str, encoding: str, line_end: str) -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        out = csv.writer(stream, delimiter=delimiter, lineterminator=line_end)
        out.writerow(HEADERS)
        out.writerows([as_text(row[header]) for header in HEADERS] for row in sheet)


def write_workbook(path: Path, sheet: Sheet) -> None:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("People")
    page.append(HEADERS)
    for row in sheet:
        page.append([typed(page, row[header]) for header in HEADERS])
    book.save(path)


def typed(page: Any, value: Any) -> Any:
    """Return a cell that keeps texts such as `=1` or `007` texts."""
    if isinstance(value, (int, float, date)) or value is None:
        return value
    cell = openpyxl.cell.WriteOnlyCell(page, as_text(value))
    cell.data_type = "s"
    return cell


def read(path: Path, **options: Any) -> RosterReading:
    source = RosterSource(str(path), path.name, **options)
    return read_roster(a_program(roster=RosterUse((source,))), CATALOGUE, today=date(2027, 1, 11))


def expected(sheet: Sheet) -> list[tuple[str, dict[str, Any]]]:
    people = []
    for row in sheet:
        values = {header: row[header] for header in HEADERS[1:]}
        values["name"], values["department"] = _nfc(row["name"]), _nfc(row["department"])
        values["skills"] = frozenset(_nfc(tag).casefold() for tag in row["skills"])
        people.append(
            (_nfc(row["id"]), {name: value for name, value in values.items() if value not in (None, "", frozenset())})
        )
    return people


def people_of(reading: RosterReading) -> list[tuple[str, dict[str, Any]]]:
    return [(person.id, dict(person.values)) for person in reading.roster.people]


@settings(max_examples=60, deadline=None)
@given(
    sheets,
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_people_written_as_text_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, sheet: Sheet, delimiter: str, encoding: str, line_end: str
) -> None:
    path = tmp_path_factory.mktemp("roster") / "people.csv"
    write_text(path, sheet, delimiter, encoding, line_end)
    reading = read(path, encoding="" if encoding.startswith("utf-8") else encoding)
    assert expected(sheet) == people_of(reading)
    assert () == reading.diagnostics


@settings(max_examples=40, deadline=None)
@given(sheets)
def test_people_written_as_a_workbook_are_read_back(tmp_path_factory: pytest.TempPathFactory, sheet: Sheet) -> None:
    folder = tmp_path_factory.mktemp("roster")
    write_workbook(folder / "people.xlsx", sheet)
    write_text(folder / "people.csv", sheet, ",", "utf-8", "\n")
    reading = read(folder / "people.xlsx")
    assert expected(sheet) == people_of(reading)
    assert () == reading.diagnostics
    assert read(folder / "people.csv").roster.digest == reading.roster.digest


@settings(max_examples=40, deadline=None)
@given(sheets, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_but_the_order(
    tmp_path_factory: pytest.TempPathFactory, sheet: Sheet, random: Any
) -> None:
    folder = tmp_path_factory.mktemp("roster")
    shuffled: Sequence[dict[str, Any]] = random.sample(sheet, len(sheet))
    write_text(folder / "one.csv", sheet, ",", "utf-8", "\n")
    write_text(folder / "two.csv", list(shuffled), ";", "utf-8", "\r\n")
    one, two = read(folder / "one.csv").roster, read(folder / "two.csv").roster
    assert one.digest == two.digest
    assert {person.id: person.roles for person in one.people} == {person.id: person.roles for person in two.people}


CELLS = st.sampled_from(
    ["", " ", "1", "2", "A", "a", "x", "mentor", "2027-01-01", "31.12.2026", "a@b.org", "4", "#", '"']
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(["id", "ID", "name", "level", "left_on", "email", "manager_id", "", "erg"]), max_size=6),
    st.lists(st.lists(CELLS, max_size=7), max_size=8),
    st.sampled_from([",", ";", "\t"]),
)
def test_whatever_stands_in_a_file_nothing_is_raised_and_ids_stay_unique(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str], rows: list[list[str]], delimiter: str
) -> None:
    path = tmp_path_factory.mktemp("roster") / "people.csv"
    path.write_text("\n".join(delimiter.join(row) for row in [headers, *rows]), encoding="utf-8")
    reading = read(path)
    ids = [person.id.casefold() for person in reading.roster.people]
    assert len(ids) == len(set(ids))
    assert all(found.message and found.code for found in reading.diagnostics)
    assert reading.roster.people or any(found.is_error for found in reading.diagnostics)
