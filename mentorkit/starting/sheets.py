"""Reads the headers and the first cells of rosters that no program describes yet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from attrs import frozen

from mentorkit.core.diagnostics import Diagnostic, error
from mentorkit.core.enrolling.columns import OUR_WORDS
from mentorkit.core.enrolling.recipes import clean
from mentorkit.core.errors import ProgramError
from mentorkit.core.proposing import Sheet
from mentorkit.tables import Findings, TableError, TableRequest, open_table

ROWS = 20_000
"""How many rows of a file are looked at."""


@frozen
class Source:
    """A roster file as somebody named it.

    Attributes:
        role: everybody in it takes part as this; "": it does not say.
        sheet: of a workbook; "": the first one.
    """

    path: Path
    role: str = ""
    sheet: str = ""


def read_sheets(sources: Sequence[Source]) -> tuple[Sheet, tuple[Diagnostic, ...]]:
    """Return the headers of all files with the rows below them, and what is wrong with single rows.

    Raises:
        ProgramError: a file cannot be read as a table at all.
    """
    tables = [_read(source) for source in sources]
    headers = tuple(dict.fromkeys(header for own, _, _ in tables for header in own))
    rows, files = [], []
    for number, (own, cells, _) in enumerate(tables):
        if own == headers:
            rows += cells
        else:
            place = {header: at for at, header in enumerate(own)}
            rows += [[row[place[header]] if header in place else "" for header in headers] for row in cells]
        files += [number] * len(cells)
    found = tuple(one for _, _, problems in tables for one in problems)
    return Sheet(headers, rows, files), found


def read_people(sources: Sequence[Source]) -> Sheet:
    """Return the headers of all files with the rows below them, of which there are some.

    Raises:
        ProgramError: a file cannot be read as a table, or holds nobody; it carries what is wrong with its rows.
    """
    sheet, found = read_sheets(sources)
    if sheet.rows:
        return sheet
    files = " and ".join(str(source.path) for source in sources)
    nobody = error("roster-empty", f"there is nobody in {files}", help="the rows below the headers are people")
    raise ProgramError((nobody.at(files), *found))


def _read(source: Source) -> tuple[tuple[str, ...], list[list[str]], tuple[Diagnostic, ...]]:
    shown = str(source.path)
    findings = Findings(shown)
    request = TableRequest(source.path.absolute(), shown, source.sheet, known=frozenset(OUR_WORDS))
    try:
        table = open_table(request, findings)
        rows = [[clean(cell) for cell in row] for _, row in islice(table.rows, ROWS)]
    except TableError as refused:
        raise ProgramError([refused.diagnostic.at(shown, refused.diagnostic.line)]) from None
    return table.headers, rows, findings.listed()
