"""Files of preferences: columns `voter`, `choice` and `rank`; equal ranks of a voter are equally good."""

from __future__ import annotations

from pathlib import Path

from mentorkit.core.diagnostics import error, errors_in
from mentorkit.core.errors import ProgramError
from mentorkit.loading.small_tables import Header, read_rows
from mentorkit.tables import Findings

_COLUMNS = ("voter", "choice", "rank")
_HEADER = Header("preferences", _COLUMNS, (), "preferences-header", "the header row is voter,choice,rank")


def read_preferences(path: Path, shown: str) -> tuple[tuple[str, str, int], ...]:
    """Return (voter, choice, rank) of a CSV or XLSX file, in its order.

    Raises:
        ProgramError: it cannot be read, or its header or rows are wrong; all of it is told.
    """
    findings = Findings(shown)
    found: dict[tuple[str, str], int] = {}
    for line, row in read_rows(path, _HEADER, findings):
        voter, choice, rank = (row[column].strip() for column in _COLUMNS)
        if (voter, choice) in found:
            told = f'"{voter}" ranks "{choice}" twice'
            findings.add(error("preferences-row", told, help="take one of the two rows out"), line)
        elif _is_sound(voter, choice, rank, line, findings):
            found[voter, choice] = int(rank)
    if errors_in(findings.listed()):
        raise ProgramError(findings.listed())
    return tuple((*pair, rank) for pair, rank in found.items())


def _is_sound(voter: str, choice: str, rank: str, line: int, findings: Findings) -> bool:
    if not voter or not choice:
        findings.add(error("preferences-row", "this row names only one person", help="fill in both ids"), line)
    elif voter == choice:
        findings.add(error("preferences-row", f'"{voter}" chooses themselves', help="take the row out"), line)
    elif not (rank.isascii() and rank.isdigit() and 0 < int(rank) < 1_000_000):
        told = f'"{rank}" is no rank'
        findings.add(error("preferences-row", told, help="write whole numbers; 1 is the best"), line)
    else:
        return True
    return False
