"""Cells that programs like spreadsheets show as they are written."""

from __future__ import annotations

import re

FORMULAS = "=+-@\t\r\n\0＝＋－＠"  # noqa: RUF001 (as some spreadsheets take them for the plain ones)
"""With what a cell begins that some spreadsheet may take for a formula."""
_BEGINS = re.compile(rf"(\A|;)(?='*[{re.escape(FORMULAS)}])")
_MARKED = re.compile(rf"(\A|;)'(?='*[{re.escape(FORMULAS)}])")


def harmless(cell: str) -> str:
    """Return a cell in which no spreadsheet finds a formula: before what would be one stands an apostrophe.

    So it is after each semicolon, too, at which spreadsheets of half of Europe begin a cell, whatever is quoted.
    """
    return _BEGINS.sub(r"\1'", cell)


def as_written(cell: str) -> str:
    """Return what was written by `harmless`, or a part of it between semicolons, without the apostrophes put there."""
    return _MARKED.sub(r"\1", cell)
