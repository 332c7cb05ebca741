"""XLSX workbooks, by calamine: measured before they are opened, because a few kilobytes can claim billions of cells."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from attrs import frozen
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from mentorkit.core.diagnostics import listed, note, suggestion
from mentorkit.core.enrolling.recipes import clean, folded
from mentorkit.tables.findings import Findings
from mentorkit.tables.table import MAX_ROWS, Table, TableError, TableRequest, commented, in_words, named_by

MAX_COLUMNS = 1_000
_MAX_CELLS = 20_000_000
_MAX_UNPACKED = 2**30
_MAX_RATIO = 200
_SMALL = 32 * 2**20
_CHUNK = 2**20

# Where a cell or row with something in it says it stands; white space and quotes are evened out before.
_PLACE = re.compile(rb' r *= *"([A-Za-z]{0,9}\d{1,19})"[^<>]*(?<!/)>')
_EVEN = bytes.maketrans(b"\t\r\n'", b'   "')
_DIGITS = b"0123456789"
_UNPACKING = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, ValueError, OverflowError, RuntimeError),
)
"""What unpacking raises for damaged archives, each of the ways of packing its own."""
_LETTERS = bytes(range(ord("A"), ord("Z") + 1)) + bytes(range(ord("a"), ord("z") + 1))


def open_workbook(request: TableRequest, findings: Findings) -> Table:
    """Return the table on a sheet of a workbook.

    Raises:
        TableError: it is no workbook, too large, or has no such sheet.
    """
    _measure(request)
    try:
        with CalamineWorkbook.from_path(request.path) as workbook:
            sheet = _sheet(workbook, request, findings)
    except PasswordError:
        raise _unreadable(request, "it has a password") from None
    except (CalamineError, OSError, ValueError) as problem:
        raise _unreadable(request, str(problem)) from None
    rows = _rows(sheet, request, findings)
    line, headers = next(rows)
    return Table(tuple(clean(header) for header in headers), line, rows)


def _in_one_phrase(problem: Exception) -> str:
    return "names in it are no text" if isinstance(problem, UnicodeError) else str(problem)


def _unreadable(request: TableRequest, why: str) -> TableError:
    return TableError(
        "workbook-unreadable",
        f"{request.shown} cannot be read as a workbook: {why}",
        help="open it in a spreadsheet program and save it as .xlsx without a password, or as CSV in UTF-8",
    )


def _sheet(workbook: CalamineWorkbook, request: TableRequest, findings: Findings) -> CalamineSheet:
    visible = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    if request.sheet:
        by_folded = {folded(name): name for name in workbook.sheet_names}
        name = by_folded.get(folded(request.sheet))
        if name is None:
            raise TableError(
                "sheet-unknown",
                f'{request.shown} has no sheet "{request.sheet}"',
                help=suggestion(request.sheet, workbook.sheet_names) or f"it has {listed(workbook.sheet_names)}",
            )
        return workbook.get_sheet_by_name(name)
    if not visible:
        raise TableError(
            "sheet-unknown", f"{request.shown} has no visible sheet", help="name one beside `file`: sheet = …"
        )
    if len(visible) > 1:
        others = listed(visible[1:])
        findings.add(
            note("sheet-chosen", f'read the first sheet, "{visible[0]}", and not {others}', help="name one: sheet = …")
        )
    return workbook.get_sheet_by_name(visible[0])


def _rows(sheet: CalamineSheet, request: TableRequest, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """Yield the header row and then every person's row, each with its number in the sheet."""
    header_seen = False
    width = 0
    empty: list[int] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        row = [cell if cell.__class__ is str else _text(cell) for cell in cells]
        if not any(map(str.strip, row)):
            if header_seen:
                empty.append(number)
        elif header_seen:
            if row[0][:1] == "#":
                findings.add(commented(row, width), number)
            else:
                yield number, row
        elif not row[0].startswith("#") or named_by(row, request.known):
            header_seen, width = True, len(row)
            yield number, row
    if not width:
        raise TableError(
            "file-empty",
            f'the sheet "{sheet.name}" of {request.shown} has no header row',
            help="the first row must hold the headers, then one row per person",
        )
    if empty:
        findings.add(
            note("rows-empty", f"{len(empty)} empty row{'s'[: len(empty) > 1]} skipped: {in_words(empty)}"), empty[0]
        )


def _text(cell: object) -> str:
    """Return a typed cell as text: 1234.0 as `1234`, dates in ISO form, booleans as yes and no."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


@frozen
class _Extent:
    rows: int = 0
    columns: int = 0


def _measure(request: TableRequest) -> None:
    """Refuse a workbook that would take more memory than a roster can need."""
    try:
        with zipfile.ZipFile(request.path) as archive:
            _measure_packing(archive, request)
            for member in archive.infolist():
                if member.filename.endswith((".xml", ".XML")):
                    _refuse_vast(_extent(archive, member), member.filename, request)
    except _UNPACKING as problem:
        raise _unreadable(request, _in_one_phrase(problem)) from None


def _measure_packing(archive: zipfile.ZipFile, request: TableRequest) -> None:
    unpacked = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    if unpacked > _MAX_UNPACKED or (unpacked > _SMALL and unpacked > _MAX_RATIO * packed):
        raise TableError(
            "workbook-too-large",
            f"{request.shown} would unpack to {unpacked // 2**20:,} MB",
            help="export only the people and columns that the program needs, or use CSV",
        )


def _extent(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> _Extent:
    rows, columns, rest = 0, 0, b""
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            text = rest + chunk.translate(_EVEN)
            places = _PLACE.findall(text)
            if places:
                rows = max(rows, *(int(place) for place in {place.lstrip(_LETTERS) for place in places}))
                columns = max(columns, *(_column(letters) for letters in {place.rstrip(_DIGITS) for place in places}))
            opened = text.rfind(b"<")
            rest = text[opened:] if opened >= 0 and len(text) - opened < _CHUNK else b""
    return _Extent(rows, columns)


def _column(letters: bytes) -> int:
    """Return the 1-based number of a column's letters (A is 1, AA is 27)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _refuse_vast(extent: _Extent, part: str, request: TableRequest) -> None:
    if extent.rows > MAX_ROWS or extent.columns > MAX_COLUMNS or extent.rows * extent.columns > _MAX_CELLS:
        raise TableError(
            "workbook-too-large",
            f"{request.shown} claims {extent.rows:,} rows and {extent.columns:,} columns ({part})",
            help=f"at most {MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns and {_MAX_CELLS:,} cells are read: "
            "delete stray cells far below or to the right of the table, or use CSV",
        )
