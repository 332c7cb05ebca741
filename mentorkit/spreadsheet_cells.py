"""Cells that programs like spreadsheets show as they are written."""

from __future__ import annotations

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: one that would be begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def as_written(cell: str) -> str:
    """Return what was written by `harmless`, without the apostrophe that it put before."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULAS) else cell
