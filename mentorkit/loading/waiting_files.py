"""Files of those who wait since an earlier program, with the columns of a run folder's `waiting.csv`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mentorkit.core.diagnostics import error, errors_in
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import Carried
from mentorkit.loading.small_tables import Header, read_rows
from mentorkit.spreadsheet_cells import as_written
from mentorkit.tables import Findings

_NEEDED = ("id", "role", "since")
_HELP = "the header row is id,role,since; a column first is not read"
_HEADER = Header("those who wait", _NEEDED, ("first",), "waiting-header", _HELP)


def read_waiting(path: Path, shown: str) -> tuple[Carried, ...]:
    """Return who waits by a CSV or XLSX file, in its order.

    Raises:
        ProgramError: it cannot be read, or its header or rows are wrong; all of it is told.
    """
    findings = Findings(shown)
    rows = read_rows(path, _HEADER, findings)
    found: dict[tuple[str, str], Carried] = {}
    for line, row in rows:
        one = _waiting(line, row, findings)
        if one and (one.person, one.role) in found:
            told = f'"{one.person}" waits as {one.role} twice'
            findings.add(error("waiting-row", told, help="take one of the two rows out"), line)
        elif one:
            found[one.person, one.role] = one
    if errors_in(findings.listed()):
        raise ProgramError(findings.listed())
    return tuple(found.values())


def _waiting(line: int, row: dict[str, str], findings: Findings) -> Carried | None:
    person, role, since = (as_written(row[column].strip()) for column in _NEEDED)
    if not person or not role:
        findings.add(error("waiting-row", "this row lacks an id or a role", help="fill in both"), line)
        return None
    try:
        return Carried(person, role, date.fromisoformat(since))
    except ValueError:
        told = f'"{since}" is not a date'
        findings.add(error("waiting-row", told, help="write dates as 2027-01-11"), line)
        return None
