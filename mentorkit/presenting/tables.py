"""Plain-text tables for terminals: columns as wide as their widest cell, nothing cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import combining, east_asian_width

_COMMANDS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Return text without what a terminal obeys: C0 and C1 controls but line breaks, and marks of direction.

    Rosters come from anybody; a name could otherwise clear the screen, or make a line read as another one. Each such
    character is shown as U+FFFD, so that whoever reads sees that something was there.
    """
    return _COMMANDS.sub("\ufffd", text)


def width(text: str) -> int:
    """Return how many terminal columns a text takes."""
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def table(rows: Sequence[Sequence[str]], header: Sequence[str] = (), indent: str = "  ") -> str:
    """Return rows as aligned text; cells that read as numbers are aligned to the right."""
    rows = [[harmless(cell).replace("\n", "\ufffd") for cell in row] for row in rows]
    shown = ([list(header)] if header else []) + rows
    if not shown:
        return ""
    widths = [max(width(row[i]) for row in shown) for i in range(len(shown[0]))]
    right = [bool(rows) and all(_is_number(row[i]) for row in rows) for i in range(len(shown[0]))]
    return "\n".join(
        (indent + "  ".join(_padded(cell, widths[i], right[i]) for i, cell in enumerate(row))).rstrip() for row in shown
    )


def _is_number(cell: str) -> bool:
    return cell.replace(".", "").replace(",", "").isdigit()


def _padded(cell: str, wide: int, right: bool) -> str:
    space = " " * (wide - width(cell))
    return space + cell if right else cell + space


def counted(number: int, word: str, plural: str = "") -> str:
    """Return `1 session` or `7 sessions`, with thousands set apart."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"
