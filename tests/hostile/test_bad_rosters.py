"""Rosters as exports and enemies make them, each through the command line."""

from __future__ import annotations

import json
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from hostile.desk import NOON, PEOPLE, PROGRAM, Desk

DATA = Path(__file__).parent.parent / "data" / "hostile"
ADA = "1,Ada Osei,ada@example.org,4,Engineering,python;leadership,,Europe/London,,mentor\n"
DEV = "4,Dev Patel,dev@example.org,2,Engineering,,leadership;python,Europe/London,1,mentee\n"


# -------------------------------------------------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "words"),
    [
        pytest.param("\n4,", "\n1,", "id-duplicate", 4, ['the id "1" is taken already, in line 2'], id="twice"),
        pytest.param("\n1,Ada", "\nA4,Ada", "id-duplicate", 4, ["differ only in case"], id="twice but for case"),
        pytest.param("\n1,Ada", "\na4 ,Ada", "id-duplicate", 4, ["in line 2"], id="twice but for a space"),
        pytest.param(
            "\n1,Ada", "\na4\u200b,Ada", "id-duplicate", 4, ["in line 2"], id="twice but for what nobody sees"
        ),
        pytest.param("\n4,", "\n,", "id-missing", 4, [], id="no id"),
        pytest.param("ada@example.org", "ada@example.org\\", "cell-not-mail", 2, ["email"], id="backslash"),
        pytest.param(
            "ada@example.org", '"Eve, Inc <a@x.org>, b@x.org"', "cell-not-mail", 2, ["email"], id="two in one"
        ),
        pytest.param("ada@example.org", "a@x.org;b@x.org", "cell-not-mail", 2, [], id="two by semicolon"),
        pytest.param("ada@example.org", '"a@x.org\r\nBcc: b@x.org"', "cell-not-mail", 2, [], id="CR LF"),
        pytest.param("ada@example.org", '"a@x.org\nDATA"', "cell-not-mail", 2, [], id="LF"),
        pytest.param("ada@example.org", "a@x.org\u2028b", "cell-not-mail", 2, [], id="line separator"),
        pytest.param("ada@example.org", "<a@x.org>", "cell-not-mail", 2, [], id="angle brackets"),
        pytest.param("ada@example.org", '"""a b""@x.org"', "cell-not-mail", 2, [], id="quoted local part"),
        pytest.param("ada@example.org", "a@[127.0.0.1]", "cell-not-mail", 2, [], id="address of a machine"),
        pytest.param("ada@example.org", "@relay.org:a@x.org", "cell-not-mail", 2, [], id="source route"),
        pytest.param("ada@example.org", "a@x.org\u202e", "cell-not-mail", 2, [], id="direction override"),
        pytest.param("ada@example.org", "a" * 300 + "@x.org", "cell-not-mail", 2, [], id="beyond 254 characters"),
        pytest.param("Europe/Madrid", "Europe/Mardid", "cell-not-a-zone", 3, ["Europe/Madrid"], id="misspelled zone"),
        pytest.param("Europe/Madrid", "../../etc/passwd", "cell-not-a-zone", 3, [], id="zone that is a path"),
        pytest.param(",4,Sales", ",nan,Sales", "cell-not-a-number", 3, ["level"], id="level nan"),
        pytest.param(",4,Sales", "," + "9" * 5000 + ",Sales", "cell-not-a-number", 3, ["level"], id="5000 digits"),
        pytest.param(",mentee\n5", ",mentee;boss\n5", "role-unknown", 4, ["boss"], id="unknown role"),
    ],
)
def test_people_who_cannot_be(desk: Desk, old: str, new: str, code: str, line: int, words: list[str]) -> None:
    assert old in PEOPLE
    desk.write({"people.csv": PEOPLE.replace("\n4,", "\na4,").replace(old.replace("\n4,", "\na4,"), new)})
    desk.refuses(code, f"people.csv:{line}", *words)


def test_ids_that_are_composed_in_two_ways_are_one(desk: Desk) -> None:
    composed = [unicodedata.normalize(form, "é1") for form in ("NFC", "NFD")]
    assert composed[0] != composed[1]
    desk.write({"people.csv": PEOPLE.replace("\n1,", f"\n{composed[0]},").replace("\n4,", f"\n{composed[1]},")})
    desk.refuses("id-duplicate", "people.csv:4")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(",2,mentee", ",2,mentee", (), id="zones of several countries"),
        pytest.param("dev@", "ADA@", ("2 people share the address", "check that they are different"), id="shared mail"),
        pytest.param(
            "dev@",
            "ada+2@",
            ("2 people probably share a mailbox, ada@example.org, ada+2@example.org: 1, 4",),
            id="a mailbox by a plus tag",
        ),
        pytest.param(",1,mentee", ",9,mentee", ('not in the roster: "9" (manager of 4)',), id="missing manager"),
        pytest.param(",1,mentee", ",4,mentee", ("4 manages themselves",), id="self-manager"),
        pytest.param(",,mentor\n2", ",4,mentor\n2", ("managers in a circle: 1 → 4 → 1",), id="manager loop"),
        pytest.param("\n1,", "\n007,", (), id="leading zeros"),
        pytest.param("Ada Osei", "=HYPERLINK(1)", (), id="a name like a formula"),
    ],
)
def test_what_is_odd_stops_nobody_and_is_said(desk: Desk, old: str, new: str, words: tuple[str, ...]) -> None:
    assert old in PEOPLE
    desk.write({"people.csv": PEOPLE.replace(old, new)})
    desk.takes(*words)


def test_addresses_that_are_composed_in_two_ways_are_one(desk: Desk) -> None:
    composed = [unicodedata.normalize(form, "adé@example.org") for form in ("NFC", "NFD")]
    assert composed[0] != composed[1]
    desk.write({"people.csv": PEOPLE.replace("ada@example.org", composed[0]).replace("dev@example.org", composed[1])})
    desk.takes("2 people share the address adé@example.org: 1, 4")


NO_ADDRESSES = ['"a@x.org\r\nBcc: b@x.org"', '"Eve, Inc <a@x.org>, b@x.org"', "a@x.org;b@x.org", "a@x.org\u2028b", "a"]


@pytest.mark.parametrize("column", ["email", "assistant_email"])
def test_every_column_of_addresses_holds_one_address_or_none(desk: Desk, column: str) -> None:
    header, *rows = PEOPLE.replace("email", "mail").splitlines()
    cells = [*NO_ADDRESSES, *["ada@example.org"] * 5]
    written = "".join(f"{row},{cell}\n" for row, cell in zip(rows, cells, strict=False))
    desk.write({"people.csv": f"{header},{column}\n{written}"})
    found = [one for one in desk("check", "pilot.toml", "--json").problems() if one["code"] == "cell-not-mail"]
    assert len(NO_ADDRESSES) == len(found)
    assert all(one["message"].startswith(f"{column}: ") for one in found)
    desk.refuses("cell-not-mail", "people.csv:2")


def test_half_a_character_is_no_address(desk: Desk) -> None:
    desk.write({"people.csv": PEOPLE.encode().replace(b"ada@", b"ad\xed\xa0\x80@")})
    desk.refuses("file-encoding", "people.csv:2")


# --------------------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("content", "code", "line", "words"),
    [
        pytest.param("", "file-empty", None, [], id="empty"),
        pytest.param(PEOPLE.encode("utf-16"), "file-encoding", 1, ["UTF-16", "utf-16"], id="UTF-16"),
        pytest.param(PEOPLE.replace("Osei", "Oseï").encode("latin-1"), "file-encoding", 2, ["0xEF"], id="Latin-1"),
        pytest.param(PEOPLE.replace("Osei", "Os\0i"), "file-encoding", 2, ["NUL"], id="NUL"),
        pytest.param(PEOPLE.encode() + b"7,\xed\xa0\x80,,,,,,,,\n", "file-encoding", 7, [], id="lone surrogate"),
        pytest.param(PEOPLE.replace(",mentor\n2", ",mentor,x\n2"), "row-ragged", 2, ["11 cells"], id="a cell too many"),
        pytest.param(PEOPLE.replace(",,mentor\n2", ",mentor\n2"), "row-ragged", 2, ["9 cells"], id="a cell too few"),
        pytest.param(PEOPLE.replace("Ada Osei", '"Ada Osei'), "csv-malformed", 2, ["never ends"], id="an open quote"),
        pytest.param(PEOPLE.replace("Ada Osei", '"' + "x" * 200_000 + '"'), "csv-malformed", 2, [], id="a vast cell"),
        pytest.param(PEOPLE.replace("name,", "id,", 1), "header-duplicate", 1, ["id"], id="a header twice"),
        pytest.param(PEOPLE.replace("id,", "nr,", 1), "column-missing", 1, ['no column "id"'], id="no id column"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(200), "file-encoding", None, [], id="a picture"),
    ],
)
def test_files_that_are_no_table(
    desk: Desk, content: str | bytes, code: str, line: int | None, words: list[str]
) -> None:
    desk.write({"people.csv": content})
    problem = desk.refuses(code, "people.csv", *words)
    assert line in (None, problem["line"])


def test_semicolons_are_taken(desk: Desk) -> None:
    desk.write({"people.csv": PEOPLE.replace(";", " | ").replace(",", ";")})
    desk.takes()


def test_a_hundred_wrong_rows_are_told_at_once_and_no_more_than_fifty_of_them(desk: Desk) -> None:
    desk.write({"people.csv": PEOPLE + "".join(f"x{n},X,nobody{n},,,,,,,mentee\n" for n in range(100))})
    found = [one for one in desk("check", "pilot.toml", "--json").problems() if one["code"] == "cell-not-mail"]
    assert 50 == len(found)
    desk.refuses("cell-not-mail", "people.csv:7")


def test_more_rows_than_a_roster_can_have_are_refused_at_the_first_of_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentorkit.tables.delimited.MAX_ROWS", 4)
    desk.refuses("file-too-large", "people.csv:6", "has more than 4 rows", "export only the people")
    monkeypatch.setattr("mentorkit.tables.delimited.MAX_ROWS", 5)
    desk.takes()
    book(desk)
    monkeypatch.setattr("mentorkit.tables.workbooks.MAX_ROWS", 5)
    desk.refuses("workbook-too-large", "people.xlsx", "claims 6 rows", "at most 5 rows")


def test_a_file_that_is_no_file_is_not_read(desk: Desk) -> None:
    for name in ("/dev/zero", "/etc/passwd", "../people.csv", "https://example.org/people.csv", "people", "x" * 3000):
        desk.write({"pilot.toml": PROGRAM.replace("people.csv", name)})
        checked = desk("check", "pilot.toml", "--json")
        assert 2 == checked.code
        assert all(one["help"] or one["message"] for one in checked.problems())


# ------------------------------------------------------------------------------------------------------ workbooks

ROWS = [tuple(cell or None for cell in line.split(",")) for line in PEOPLE.splitlines()]
IN_A_BOOK = PROGRAM.replace("people.csv", "people.xlsx")


def book(desk: Desk, change: Callable[[Any], object] = lambda sheet: None) -> Path:
    """Write the people as a workbook, changed."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in ROWS:
        sheet.append([int(cell) if cell and cell.isdigit() else cell for cell in row])
    change(sheet)
    path = desk.folder / "people.xlsx"
    made.save(path)
    desk.write({"pilot.toml": IN_A_BOOK})
    return path


def rewritten(path: Path, old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> None:
    """Change the XML of a part."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_plain_workbook_is_taken(desk: Desk) -> None:
    book(desk)
    desk.takes()


def test_merged_cells_leave_people_without_ids(desk: Desk) -> None:
    book(desk, lambda sheet: sheet.merge_cells("A2:A3"))
    desk.refuses("id-missing", "people.xlsx:3")


def test_a_formula_that_was_never_computed_is_no_cell(desk: Desk) -> None:
    """Whoever writes workbooks without computing them leaves formulas without values: an id is missing then."""

    def change(sheet: Any) -> None:
        sheet["A2"] = "=1+0"

    book(desk, change)
    desk.refuses("id-missing", "people.xlsx:2")


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_are_days_whatever_the_epoch_of_the_book(desk: Desk, epoch: datetime | None) -> None:
    def change(sheet: Any) -> None:
        if epoch is not None:
            sheet.parent.epoch = epoch
        for row, cell in enumerate(["left_on", date(2026, 2, 28), None, None, None, None], start=1):
            sheet.cell(row, 11, cell)

    book(desk, change)
    ran = desk("match", "pilot.toml", "--json", *NOON)
    assert 0 == ran.code, ran.err
    assert {"2"} == {
        member["id"]
        for one in json.loads(ran.out)["relationships"]
        for member in one["members"]
        if member["role"] == "mentor"
    }


def test_a_serial_number_is_no_date(desk: Desk) -> None:
    def change(sheet: Any) -> None:
        for row, cell in enumerate(["left_on", 46081], start=1):
            sheet.cell(row, 11, cell)

    book(desk, change)
    desk.refuses("cell-not-a-date", "people.xlsx:2", "46081")


def test_a_sheet_beside_is_said_and_a_hidden_one_is_not_read(desk: Desk) -> None:
    def change(sheet: Any) -> None:
        for title, state in (("Old", "hidden"), ("Notes", "visible"), ("Older", "veryHidden")):
            other = sheet.parent.create_sheet(title, 0 if state != "visible" else None)
            other.append(["not", "people"])
            other.sheet_state = state

    book(desk, change)
    desk.takes('read the first sheet, "Sheet", and not Notes')


def test_ids_that_were_numbers_have_lost_their_zeros_and_are_not_who_managers_name(desk: Desk) -> None:
    def change(sheet: Any) -> None:
        sheet["I4"] = "0001"

    book(desk, change)
    desk.takes('not in the roster: "0001" (manager of 4)')


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "vast": (
        "</row></sheetData>",
        '<c r="XFD1048576"><v>1</v></c></row></sheetData>',
        "workbook-too-large",
    ),
    "packed": ("</sheetData>", "</sheetData>" + " " * 60_000_000, "workbook-too-large"),
    "surrogate": ("</sheetData>", '<row><c t="str"><v>&#xD800;</v></c></row></sheetData>', "workbook-unreadable"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_workbook_that_would_explode_is_refused_with_little_memory(desk: Desk, bomb: str) -> None:
    old, new, code = BOMBS[bomb]
    rewritten(book(desk), old, new)
    ran = desk.apart("check", "pilot.toml")
    assert 2 == ran.code, ran.err
    assert f"people.xlsx: error[{code}]" in ran.err
    assert "Traceback" not in ran.err


def test_a_billion_laughs_are_no_text(desk: Desk) -> None:
    """Entities of a document are not expanded at all: what they would come to is in no cell."""
    path = book(desk)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    doctype = f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{LAUGHS}]>'
    rewritten(path, "<worksheet", f"{doctype}<worksheet")
    cell = sheet[sheet.index("<sheetData>") : sheet.index("<sheetData>") + 60]
    rewritten(path, "</sheetData>", '<row r="7"><c r="A7" t="str"><v>&l9;</v></c></row></sheetData>')
    ran = desk.apart("check", "pilot.toml")
    assert 2 == ran.code, (ran.err, cell)
    assert "people.xlsx" in ran.err
    assert "lollol" not in ran.err


def test_a_vast_file_of_text_is_read_with_little_memory_or_refused(desk: Desk) -> None:
    """A row that never ends, a hundred thousand columns, and a file of nothing but line ends."""
    for content in ("id," * 100_000, "id\n" + "x" * 5_000_000, "\n" * 5_000_000, '"' * 5_000_000):
        desk.write({"people.csv": content})
        ran = desk.apart("check", "pilot.toml")
        assert 2 == ran.code, ran.err[-2000:]
        assert "people.csv" in ran.err
        assert "Traceback" not in ran.err
        assert max(map(len, ran.err.splitlines())) < 2000


# ------------------------------------------------------------------------------------------------ collected files


@pytest.mark.parametrize("path", sorted(DATA.glob("csv_*.csv")), ids=lambda path: path.stem[4:])
def test_collected_files_are_read_or_refused_in_their_place(desk: Desk, path: Path) -> None:
    desk.write({"people.csv": path.read_bytes()})
    checked = desk("check", "pilot.toml", "--json")
    assert 2 == checked.code, checked.out
    assert {"people.csv", "pilot.toml", ""} >= {one["file"] for one in checked.problems()}
    assert checked.problems()
    ran = desk("run", "pilot.toml", "--yes", *NOON)
    assert 2 == ran.code
    assert {"pilot.toml", "people.csv"} == set(desk.files())
