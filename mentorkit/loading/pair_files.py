"""Files of pairs of people: columns `a` and `b`, and `ended` in histories."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mentorkit.core.diagnostics import error, errors_in
from mentorkit.core.errors import ProgramError
from mentorkit.loading.small_tables import Header, read_rows
from mentorkit.tables import Findings

_HEADER = Header("pairs", ("a", "b"), ("ended",), "pairs-header", "the header row is a,b or a,b,ended")


def read_pairs(path: Path, shown: str) -> tuple[tuple[str, str, date | None], ...]:
    """Return the pairs of a CSV or XLSX file, in its order; `ended` is None where the cell is empty or absent.

    Raises:
        ProgramError: it cannot be read, or its header or rows are wrong; all of it is told.
    """
    findings = Findings(shown)
    rows = read_rows(path, _HEADER, findings)
    pairs = [_pair(line, row, findings) for line, row in rows]
    if errors_in(findings.listed()):
        raise ProgramError(findings.listed())
    return tuple(pair for pair in pairs if pair)


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
