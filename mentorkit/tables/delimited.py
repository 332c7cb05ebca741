"""CSV files: text of comma-, semicolon- or tab-separated cells (RFC 4180), read as a stream."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from mentorkit.core.diagnostics import Diagnostic, note, suggestion
from mentorkit.core.diagnostics import error as an_error
from mentorkit.core.enrolling.recipes import clean
from mentorkit.tables.findings import Findings
from mentorkit.tables.table import MAX_ROWS, Table, TableError, TableRequest, commented, in_words, named_by

_DELIMITERS = (",", ";", "\t")
_COMMON_ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1", "cp1250", "cp1251", "mac-roman", "shift-jis", "gb18030")
# Text encodings whose decoders refuse what they cannot read; unicode-escape, utf-7, rot13 and the like are none.
_TEXT_ENCODING = re.compile(
    r"utf-(8|16|32)(-(le|be|sig))?|cp\d+|iso8859-\d+|ascii|mac-\w+|koi8-\w|gb\w+|big5\w*|shift_jis\w*|euc_\w+"
    r"|iso2022_\w+|hz|johab|ptcp154|tis-620|kz1048"
)
_BLANK = " \t,;"
_LINE_BREAK = re.compile("\r\n|\r|\n")


def open_delimited(request: TableRequest, findings: Findings) -> Table:
    """Return the table in a CSV file.

    Raises:
        TableError: the encoding is unknown or wrong, there is no header row, a quoted cell never ends.
    """
    source = _Text(request.path, request.shown, _encoding(request))
    delimiter, headers = _header_row(source, _delimiters(request), request.known)
    rows = _rows(source, delimiter, headers, findings)
    line, _ = next(rows)
    return Table(tuple(clean(header) for header in headers), line, _bounded(rows, request))


def _bounded(rows: Iterator[tuple[int, list[str]]], request: TableRequest) -> Iterator[tuple[int, list[str]]]:
    for number, (line, row) in enumerate(rows, start=1):
        if number > MAX_ROWS:
            raise TableError(
                "file-too-large",
                f"{request.shown} has more than {MAX_ROWS:,} rows",
                help="export only the people that the program is for",
                line=line,
            )
        yield line, row


class _Text:
    """A file as decoded lines; every iteration opens it afresh."""

    def __init__(self, path: Path, shown: str, encoding: str) -> None:
        self.path, self.shown, self.encoding = path, shown, encoding

    def __iter__(self) -> Iterator[str]:
        try:
            with self.path.open(encoding=self.encoding, newline="") as stream:
                for number, line in enumerate(stream, start=1):
                    if "\0" in line:
                        raise TableError(
                            "file-encoding",
                            f"line {number} of {self.shown} holds a NUL character: it is not {self.encoding} text",
                            help='save the file as "CSV UTF-8", or declare what it is: encoding = "utf-16"',
                            line=number,
                        )
                    yield line
        except UnicodeError:
            raise self._undecodable() from None

    def _undecodable(self) -> TableError:
        name = "UTF-8" if self.encoding == "utf-8-sig" else self.encoding
        line, what = _first_bad_line(self.path.read_bytes(), self.encoding)
        return TableError(
            "file-encoding",
            f"line {line} of {self.shown} is not {name}{what}",
            help='save the file as "CSV UTF-8", or declare its encoding beside `file`, such as encoding = "cp1252"',
            line=line,
        )


def _first_bad_line(data: bytes, encoding: str) -> tuple[int, str]:
    """Return the line at which decoding fails, and the byte in words."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as problem:
        before = problem.object[: problem.start].decode(encoding, "replace")
        return len(_LINE_BREAK.findall(before)) + 1, f" (byte 0x{problem.object[problem.start]:02X})"
    return 1, ""  # UTF-16 without a byte-order mark is refused by streams only


def _encoding(request: TableRequest) -> str:
    if not request.encoding:
        _refuse_wide_text(request)
        return "utf-8-sig"
    try:
        name = codecs.lookup(request.encoding).name
    except (LookupError, ValueError):
        name = ""
    if not _TEXT_ENCODING.fullmatch(name):
        raise TableError(
            "encoding-unknown",
            f'unknown encoding "{request.encoding}" for {request.shown}',
            help=suggestion(request.encoding.lower(), _COMMON_ENCODINGS)
            or 'known are "utf-8", "cp1252", "utf-16" and so on',
        )
    return "utf-8-sig" if name == "utf-8" else name


def _refuse_wide_text(request: TableRequest) -> None:
    with request.path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise TableError(
            "file-encoding",
            f"{request.shown} is UTF-16, not UTF-8",
            help='save the file as "CSV UTF-8", or declare its encoding beside `file`: encoding = "utf-16"',
            line=1,
        )


def _delimiters(request: TableRequest) -> tuple[str, ...]:
    if not request.delimiter:
        return _DELIMITERS
    if len(request.delimiter) != 1 or request.delimiter in '"\r\n\0 ':
        raise TableError(
            "delimiter-unknown",
            f'"{request.delimiter}" cannot be the delimiter of {request.shown}',
            help='a delimiter is one character, such as "," or ";" or "\\t" or "|"',
        )
    return (request.delimiter,)


def _header_row(source: _Text, delimiters: tuple[str, ...], known: frozenset[str]) -> tuple[str, list[str]]:
    """Return the delimiter under which the header row names most known headers, then has most cells."""
    found = [(delimiter, _first_row(source, delimiter, known)) for delimiter in delimiters]
    readable = [(delimiter, row) for delimiter, row in found if row is not None]
    if not readable:
        raise TableError(
            "csv-malformed",
            f"the header row of {source.shown} cannot be read: check its quotes",
            help="every quoted header needs a closing quote, with the delimiter right after it",
            line=1,
        )
    delimiter, headers = max(readable, key=lambda each: (named_by(each[1], known), len(each[1])))
    if not headers:
        raise TableError(
            "file-empty",
            f"{source.shown} has no header row",
            help="the first row must hold the headers, then one row per person",
        )
    return delimiter, headers


def _first_row(source: _Text, delimiter: str, known: frozenset[str]) -> list[str] | None:
    """Return the header row under a delimiter, empty where there is none; None where its quotes make no sense."""
    try:
        rows = csv.reader(source, delimiter=delimiter, strict=True)
        return next((row for row in rows if _is_header(row, known)), [])
    except csv.Error:
        return None


def _is_header(row: list[str], known: frozenset[str]) -> bool:
    if not any(cell.strip(_BLANK) for cell in row):
        return False
    return not row[0].lstrip().startswith("#") or named_by(row, known) > 0


def _rows(source: _Text, delimiter: str, headers: list[str], findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """Yield the header row and then every person's row, each with the line it begins on."""
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    width, header_seen, last = len(headers), False, 0
    empty: list[int] = []
    while True:
        try:
            row = next(reader, None)
        except csv.Error as problem:
            findings.add(_malformed(str(problem)), last + 1)
            last = reader.line_num
            continue
        if row is None:
            break
        line, last = last + 1, reader.line_num
        if not header_seen:
            header_seen = row == headers
            if header_seen:
                yield line, row
            continue
        if not any(map(str.strip, row)):
            empty.append(line)
        elif row[0][:1] == "#":
            findings.add(commented(row, width), line)
        elif len(row) == width or (len(row) > width and not any(row[width:])):
            yield line, row
        else:
            findings.add(_ragged(row, width), line)
    if empty:
        findings.add(
            note("rows-empty", f"{len(empty)} empty row{'s'[: len(empty) > 1]} skipped: {in_words(empty)}"), empty[0]
        )


def _ragged(row: list[str], width: int) -> Diagnostic:
    cells = f"{len(row)} cell{'s'[: len(row) > 1]}"
    return an_error(
        "row-ragged",
        f"the row has {cells} where the header has {width}",
        help="put a cell that contains the delimiter into double quotes; leave no cell out",
    )


def _malformed(problem: str) -> Diagnostic:
    if "unexpected end" in problem:
        what = "a quoted cell that begins in this row never ends"
    elif "limit" in problem:
        what = "a cell has more than 131,072 characters: a closing quote is probably missing"
    else:
        what = "a quoted cell has text after its closing quote"
    return an_error("csv-malformed", what, help='write a quote inside a quoted cell twice: "5"" pipe"')
