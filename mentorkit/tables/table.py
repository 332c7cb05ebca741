"""What a table is, whatever file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import frozen

from mentorkit.core.diagnostics import Diagnostic, note, warning
from mentorkit.core.enrolling.recipes import folded
from mentorkit.core.errors import MentorkitError

MAX_ROWS = 1_000_000
"""Rows of a table, whatever file it is in: a roster with more is a mistake."""


@frozen
class TableRequest:
    """Which table to open.

    Attributes:
        path: absolute path.
        shown: the path as the author wrote it.
        sheet: name of the sheet of a workbook, or "" for its first visible one.
        encoding: declared, or "" for UTF-8 with or without BOM.
        delimiter: declared, or "" to tell comma, semicolon and tab apart by the header row.
        known: folded headers one expects, by which a header row is recognized.
    """

    path: Path
    shown: str
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    known: frozenset[str] = frozenset()


@frozen
class Table:
    """A table whose rows are read as they are asked for, once.

    Attributes:
        headers: as the file has them, trimmed and NFC; "" for a column without one.
        header_line: 1-based line (CSV) or row (XLSX) of the header row.
        rows: 1-based line or row and the cells as text, as many as there are headers, not yet trimmed.
    """

    headers: tuple[str, ...]
    header_line: int
    rows: Iterator[tuple[int, list[str]]]


class TableError(MentorkitError):
    """A file that cannot be read as a table; `diagnostic` says why and what to do."""

    def __init__(self, code: str, message: str, *, help: str = "", line: int | None = None) -> None:  # noqa: A002
        self.diagnostic = Diagnostic(code, "error", message, line=line, help=help)
        super().__init__(message)


def named_by(headers: Iterable[str], known: frozenset[str]) -> int:
    """Return how many of the headers are known ones."""
    return sum(folded(header) in known for header in headers)


def commented(row: Sequence[str], width: int) -> Diagnostic:
    """Return what to say of a row that begins with `#`: a warning where it might be a person."""
    if len(row) != width or sum(map(bool, row)) < 2:
        return note("row-comment", f'a comment, not a person: "{row[0][:40]}"')
    return warning(
        "row-comment",
        f'a row that begins with # is taken for a comment, not for a person: "{row[0][:40]}"',
        help="delete the row; the first cell of a person cannot begin with #",
    )


def in_words(lines: list[int], shown: int = 8) -> str:
    """Return line numbers as people list them, `lines 4 to 9 and 12`; after `shown` spans, `and more`."""
    spans: list[tuple[int, int]] = []
    for line in lines:
        if spans and spans[-1][1] == line - 1:
            spans[-1] = (spans[-1][0], line)
        else:
            spans.append((line, line))
    words = [str(first) if first == last else f"{first} to {last}" for first, last in spans[:shown]]
    if len(spans) > shown:
        words.append("more")
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return f"line{'s' if len(lines) > 1 else ''} {listed}"
