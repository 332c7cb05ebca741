"""Markdown to HTML for mail: no raw HTML, no pictures, links to the web and to mail addresses only."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LINK = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


class Markdown(str):
    """Text of the program's own that is Markdown already, such as an agenda: it is shown without escaping."""

    __slots__ = ()


def escaped(text: str) -> str:
    """Return Markdown that shows this one line of text as it was typed.

    CommonMark reads a backslash before any ASCII punctuation as that character, in links too.
    """
    return _PUNCTUATION.sub(r"\\\1", text)


def to_html(source: str) -> str:
    """Return the HTML of Markdown, without a page around it."""
    return str(_reader().render(source))


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
    reader.validateLink = lambda url: _LINK.match(url) is not None  # type: ignore[method-assign]
    return reader
