"""Small files beside a program, with a fixed header: pairs of people, and those who wait."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import evolve, frozen

from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.tables import Findings, TableError, TableRequest, open_table


@frozen
class Header:
    """What the columns of a kind of file are.

    Attributes:
        kind: what such a file is of, as in "a file of pairs".
        needed: columns that are there once each.
        optional: columns that may be there.
        code: of what is wrong with it.
        help: how it is written.
    """

    kind: str
    needed: Sequence[str]
    optional: Sequence[str]
    code: str
    help: str


def read_rows(path: Path, header: Header, findings: Findings) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV or XLSX file: 1-based line and cells by column, in its order.

    Raises:
        ProgramError: it cannot be read, or its header is wrong; all of it is told.
    """
    known = frozenset({*header.needed, *header.optional})
    try:
        table = open_table(TableRequest(path, findings.file, known=known), findings)
        names = [name.strip().casefold() for name in table.headers]
        _check(names, header, table.header_line, findings)
        if findings.has_errors:
            raise ProgramError(findings.listed())
        return [(line, dict(zip(names, cells, strict=False))) for line, cells in table.rows]  # cells beyond are empty
    except TableError as problem:
        refused = problem.diagnostic
        if refused.code == "file-empty":
            refused = evolve(refused, help=header.help)  # advice on tables is about people
        raise ProgramError([refused.at(findings.file, refused.line)]) from None


def _check(names: Sequence[str], header: Header, line: int, findings: Findings) -> None:
    for column in header.needed:
        if names.count(column) != 1:
            told = f"a file of {header.kind} needs one column {column}, and this has {names.count(column)}"
            findings.add(error(header.code, told, help=header.help), line)
    if unknown := [name for name in names if name not in (*header.needed, *header.optional)]:
        told = f'a file of {header.kind} has no column "{unknown[0]}"'
        findings.add(error(header.code, told, help=header.help), line)
