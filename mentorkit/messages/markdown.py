"""Markdown to HTML for mail (no raw HTML, no pictures, links to the web and to mail addresses only), and to text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Self

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_WITHIN = frozenset({"list_item_close", "th_close", "td_close", "tr_close"})
_EMPTY_LINES = re.compile(r"\n{3,}")
_BRACKETS = re.compile(r"(?:\\.)|(?P<opened>\[)", re.DOTALL)
MAX_BRACKETS = 1_000
MAX_TABLE_LINES = 1_000
_LINK = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


class Markdown(str):
    """Text of the program's own that is Markdown already, such as an agenda: it is shown without escaping.

    Attributes:
        source: what HTML is made of: the same text, but with the values in it escaped.
    """

    __slots__ = ("source",)

    source: str

    def __new__(cls, text: str = "", source: str | None = None) -> Self:
        """Return a text to read, with what HTML is made of (default: the text itself)."""
        made = super().__new__(cls, text)
        made.source = text if source is None else source
        return made


def escaped(text: str) -> str:
    """Return Markdown that shows this one line of text as it was typed.

    CommonMark reads a backslash before any ASCII punctuation as that character, in links too.
    """
    return _PUNCTUATION.sub(r"\\\1", text)


def beyond_bounds(source: str) -> str:
    """Return in words what of this Markdown would take a reader of it too long, or "".

    A bracket that opens no link is looked for again from each one before it, and a table's lines cost much more than
    others do. Escaped brackets, as those of values are, count for nothing.
    """
    few = source.count("[") <= MAX_BRACKETS
    if not few and sum(bool(found["opened"]) for found in _BRACKETS.finditer(source)) > MAX_BRACKETS:
        return f'it has more than {MAX_BRACKETS:,} "["'
    if sum("|" in line for line in source.splitlines()) > MAX_TABLE_LINES:
        return f'it has more than {MAX_TABLE_LINES:,} lines with "|"'
    return ""


def to_html(source: str) -> str:
    """Return the HTML of Markdown, without a page around it."""
    return str(_reader().render(source))


def to_plain(source: str) -> str:
    """Return Markdown as text without marks, for what shows no Markdown: a dash or number begins each list item."""
    lines: list[str] = []
    depth, mark = 0, ""
    for token in _reader().parse(source):
        depth += token.nesting * token.type.startswith("list_item")
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline":
            lines.append("  " * (depth - 1) + mark * bool(depth) + _inline_text(token.children or ()))
            mark = "  "
        elif token.type in ("fence", "code_block"):
            lines += [*token.content.splitlines(), ""]
        elif _ends_block(token, depth):
            lines.append("")
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _ends_block(token: Token, depth: int) -> bool:
    within = token.hidden or token.type in _WITHIN or (depth and "list" in token.type)
    return token.nesting < 0 and not within


def _inline_text(parts: Sequence[Token]) -> str:
    pieces: list[str] = []
    links: list[str] = []
    for part in parts:
        if part.type == "link_open":
            links.append(str(part.attrs["href"]))
        elif part.type == "link_close":
            address = links.pop()
            pieces.append("" if "".join(pieces).endswith(address.removeprefix("mailto:")) else f" ({address})")
        elif part.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        else:
            pieces.append(part.content)
    return "".join(pieces)


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
    reader.validateLink = lambda url: _LINK.match(url) is not None  # type: ignore[method-assign]
    return reader
