"""Files of pairs of people: columns `a` and `b`, and `ended` in histories."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mentorkit.core.diagnostics import error, errors_in
from mentorkit.core.errors import ProgramError
from mentorkit.tables import Findings, TableError, TableRequest, open_table

_COLUMNS = frozenset({"a", "b", "ended"})


def read_pairs(path: Path, shown: str) -> tuple[tuple[str, str, date | None], ...]:
    """Return the pairs of a CSV or XLSX file, in its order; `ended` is None where the cell is empty or absent.

    Raises:
        ProgramError: it cannot be read, or its header or rows are wrong; all of it is told.
    """
    findings = Findings(shown)
    try:
        table = open_table(TableRequest(path, shown, known=_COLUMNS), findings)
        headers = [header.strip().casefold() for header in table.headers]
        _check_headers(headers, table.header_line, findings)
        if findings.has_errors:
            raise ProgramError(findings.listed())
        rows = [(line, dict(zip(headers, cells, strict=True))) for line, cells in table.rows]
    except TableError as problem:
        raise ProgramError([problem.diagnostic.at(shown, problem.diagnostic.line)]) from None
    pairs = [_pair(line, row, findings) for line, row in rows]
    if errors_in(findings.listed()):
        raise ProgramError(findings.listed())
    return tuple(pair for pair in pairs if pair)


def _check_headers(headers: list[str], line: int, findings: Findings) -> None:
    for column in ("a", "b"):
        if headers.count(column) != 1:
            told = f"a file of pairs needs one column {column}, and this has {headers.count(column)}"
            findings.add(error("pairs-header", told, help="the header row is a,b or a,b,ended"), line)
    if unknown := [header for header in headers if header not in _COLUMNS]:
        told = f'a file of pairs has no column "{unknown[0]}"'
        findings.add(error("pairs-header", told, help="the header row is a,b or a,b,ended"), line)


def _pair(line: int, row: dict[str, str], findings: Findings) -> tuple[str, str, date | None] | None:
    first, second, ended = (row.get(column, "").strip() for column in ("a", "b", "ended"))
    if not first or not second:
        findings.add(error("pairs-row", "this pair has only one person", help="fill in both ids"), line)
        return None
    if first == second:
        findings.add(error("pairs-row", f'"{first}" is paired with themselves', help="take the row out"), line)
        return None
    try:
        return first, second, date.fromisoformat(ended) if ended else None
    except ValueError:
        told = f'"{ended}" is not a date'
        findings.add(error("pairs-row", told, help="write dates as 2027-01-11"), line)
        return None
