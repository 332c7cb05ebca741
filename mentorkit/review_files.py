"""Review files: a proposed matching as a table that a coordinator decides on, CSV or XLSX; read, written, compared."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Literal, cast, get_args

from attrs import frozen

from mentorkit.core.contracts import Role
from mentorkit.core.diagnostics import error, errors_in, suggestion
from mentorkit.core.enrolling.recipes import folded
from mentorkit.core.errors import ProgramError, RefusedError
from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.program import Program
from mentorkit.core.relationships import Matching, Member
from mentorkit.core.roster import Roster
from mentorkit.durable_files import write_whole
from mentorkit.spreadsheet_cells import as_written, harmless
from mentorkit.tables import Findings, Table, TableError, TableRequest, open_table

Decision = Literal["keep", "forbid", "pin"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
SUFFIXES = (".csv", ".xlsx")

_BETWEEN = ";"
"""What stands between the ids of one cell."""


@frozen
class Row:
    """A row of a review file: people who are together or may be, or one who has nobody.

    Attributes:
        members: by role as the model lists roles, then by person.
        relationship: id of the relationship, or "" where it is none (yet).
        decision: "" for none.
        line: 1-based line or row of the file; 0 for a row that is to be written.
    """

    members: tuple[Member, ...]
    relationship: str = ""
    decision: Decision | Literal[""] = ""
    line: int = 0

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of ids that are decided on: across roles, or all where everybody has the same role."""
        alike = len({member.role for member in self.members}) == 1
        return tuple((a.person, b.person) for a, b in combinations(self.members, 2) if alike or a.role != b.role)


@frozen
class Review:
    """What a review file shows and says.

    Attributes:
        pairs: the members of every relationship that it shows, without those it forbids, in its order.
        rows: all rows.
    """

    decisions: Decisions
    pairs: tuple[tuple[Member, ...], ...] = ()
    rows: tuple[Row, ...] = ()


def read_review(path: Path, program: Program, roster: Roster, roles: Sequence[Role]) -> Review:
    """Return what a review file of this program shows and says.

    Raises:
        ProgramError: it is no review file, or its decisions make no sense; all of it is told, with its lines.
    """
    shown = str(path)
    findings = Findings(shown)
    try:
        table = open_table(TableRequest(path.absolute(), shown, known=frozenset(map(folded, _ids(roles)))), findings)
        headers = _headers(table, program, roles, shown)
        rows = [_row(line, dict(zip(headers, cells, strict=False)), roles, findings) for line, cells in table.rows]
    except TableError as problem:
        raise ProgramError([problem.diagnostic.at(shown, problem.diagnostic.line)]) from None
    for row in rows:
        if row.decision:
            _check_people(row, roster, findings)
    _check_contradictions(rows, findings)
    if errors_in(findings.listed()):
        raise ProgramError(findings.listed())
    together = [row for row in rows if len(row.members) > 1]
    decisions = Decisions(
        required=_pairs(row for row in together if row.decision in ("keep", "pin")),
        forbidden=_pairs(row for row in together if row.decision == "forbid"),
    )
    return Review(decisions, tuple(row.members for row in together if row.decision != "forbid"), tuple(rows))


def same_as_shown(review: Review, matching: Matching) -> list[str]:
    """Return in words how a matching differs from what a review file shows; empty: it is exactly that."""
    shown, made = set(review.pairs), {one.members for one in matching.relationships}
    gone = [f"the file shows {_named(one)}, who are not matched now" for one in sorted(shown - made)]
    new = [f"{_named(one)} are matched now, which the file does not show" for one in sorted(made - shown)]
    return gone + new


def _named(members: Iterable[Member]) -> str:
    return " and ".join(f"{member.role} {member.person}" for member in members)


def _pairs(rows: Iterable[Row]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(pair for row in rows for pair in row.pairs()))


# ----------------------------------------------------------------------------------------------------------- reading


def _ids(roles: Sequence[Role]) -> tuple[str, ...]:
    return ("relationship", *(role.name for role in roles), "decision")


def _headers(table: Table, program: Program, roles: Sequence[Role], shown: str) -> list[str]:
    headers = [folded(header) for header in table.headers]
    if missing := [one for one in _ids(roles) if headers.count(folded(one)) != 1]:
        quoted = ", ".join(f'"{one}"' for one in missing)
        told = f"{shown} is no review file of {program.name}: it needs one column each of {quoted}"
        raise ProgramError(
            [error("review-file", told, help="name a new file; this one stays as it is").at(shown, table.header_line)]
        )
    return headers


def _row(line: int, cells: Mapping[str, str], roles: Sequence[Role], findings: Findings) -> Row:
    members = tuple(
        Member(person, role.name)
        for role in roles
        for person in sorted({as_written(one.strip()) for one in cells[folded(role.name)].split(_BETWEEN)} - {""})
    )
    word = folded(cells["decision"])
    if word not in ("", *DECISIONS):
        told = f'"{cells["decision"].strip()}" is no decision'
        findings.add(error("review-decision", told, help=suggestion(word, DECISIONS) or _WORDS), line)
        word = ""
    if word and len(members) < 2:
        told = f'"{word}" needs at least two people in its row'
        findings.add(
            error("review-decision", told, help="write the id of the partner into the column of their role"), line
        )
        word = ""
    relationship = as_written(cells["relationship"].strip())
    return Row(members, relationship, cast("Decision", word) or "", line)


_WORDS = "write keep, forbid or pin, or leave the cell empty"


def _check_people(row: Row, roster: Roster, findings: Findings) -> None:
    for member in row.members:
        person = roster.by_id.get(member.person)
        if person is None:
            told = f'nobody in the roster has the id "{member.person}"'
            hint = suggestion(member.person, roster.by_id) or "correct the id, or leave the decision out"
            findings.add(error("review-person", told, help=hint), row.line)
        elif member.role not in person.roles:
            told = f"{member.person} does not take part as {member.role}"
            hint = "write the id into the column of their role, or leave the decision out"
            findings.add(error("review-person", told, help=hint), row.line)


def _check_contradictions(rows: Iterable[Row], findings: Findings) -> None:
    said: dict[frozenset[str], Row] = {}
    for row in rows:
        for pair in row.pairs() if row.decision else ():
            before = said.setdefault(frozenset(pair), row)
            if (before.decision == "forbid") != (row.decision == "forbid"):
                a, b = pair
                told = f'"{row.decision}" for {a} and {b}, for whom line {before.line} says "{before.decision}"'
                findings.add(error("review-contradiction", told, help="decide on one of the two"), row.line)


# ----------------------------------------------------------------------------------------------------------- writing


def check_review_path(path: Path) -> None:
    """Refuse a name that is none of a review file.

    Raises:
        RefusedError: it ends in neither `.csv` nor `.xlsx`.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise RefusedError(f"{path} cannot be a review file: its name must end in .csv or .xlsx")


def write_review(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Replace a review file as a whole, CSV or XLSX by its name.

    Raises:
        OSError: it cannot be written.
    """
    safe = [[harmless(cell) for cell in row] for row in rows]
    write_whole(path, _csv(header, safe) if path.suffix.lower() == ".csv" else _xlsx(header, safe))


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows([header, *rows])
    return written.getvalue().encode("utf-8-sig")  # without the mark, Excel takes it for another encoding


def _xlsx(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    from datetime import UTC, datetime

    import xlsxwriter  # only reviews write workbooks

    written = io.BytesIO()
    with xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})  # the same matching, the same bytes
        sheet = book.add_worksheet("review")
        for number, row in enumerate([header, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            longest = max([len(name), *(len(row[column]) for row in rows)])
            sheet.set_column(column, column, min(longest + 2, 60))
        sheet.data_validation(
            1, len(header) - 1, max(1, len(rows)), len(header) - 1, {"validate": "list", "source": list(DECISIONS)}
        )
    return written.getvalue()
