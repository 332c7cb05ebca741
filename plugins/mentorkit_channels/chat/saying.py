"""What a message says, apart from how it looks: paragraphs, lists and tables of pieces of text.

It is read from the message's HTML, in which every value is escaped: what a name contains is a piece of text here, and
each service's own module takes care that it stays one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from typing import Literal

from attrs import evolve, frozen

from mentorkit.core.contracts import Outgoing

CUT = "… (The rest is too long for this channel.)"
"""What stands at the end of a message that was cut."""

Kind = Literal["heading", "text", "item", "quote", "code", "rule", "row"]

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | {"p", "li", "blockquote", "pre", "tr", "ul", "ol", "table", "hr"}
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_GAPS = re.compile(r"\s+")
_HIDDEN = frozenset({"head", "style", "script", "title"})
_LINKS = ("https://", "http://", "mailto:")


@frozen
class Piece:
    """Some text that looks the same throughout.

    Attributes:
        link: where it leads, or "".
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""


@frozen
class Block:
    """A paragraph, an item of a list, a row of a table.

    Attributes:
        mark: what stands before an item: `•` or `3.`.
        depth: how deep a list lies in others; 0: in none.
    """

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    mark: str = ""
    depth: int = 0

    @property
    def text(self) -> str:
        """The whole text, without marks."""
        return "".join(piece.text for piece in self.pieces)


def said(outgoing: Outgoing) -> tuple[Block, ...]:
    """Return what a message says, its subject first; from its text where it has no HTML."""
    subject = Block("heading", (Piece(_clean(outgoing.subject)),))
    if not outgoing.html:
        paragraphs = (part.strip() for part in outgoing.text.split("\n\n"))
        return (subject, *(Block("text", (Piece(_clean(part)),)) for part in paragraphs if part))
    reader = _Reader()
    reader.feed(outgoing.html)
    reader.close()
    reader.end_block()
    return (subject, *reader.blocks)


def fitting(blocks: Sequence[Block], size: Callable[[Sequence[Block]], int], limit: int) -> tuple[Block, ...]:
    """Return as much of a message as a service takes, with a word at its end where something is missing.

    `size` says what blocks come to; it must not fall when there are more of them or more text in them.
    """
    if size(blocks) <= limit:
        return tuple(blocks)
    low, high = 0, sum(len(block.text) for block in blocks)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(_first(blocks, middle)) <= limit else (low, middle - 1)
    return _first(blocks, low)


def _first(blocks: Sequence[Block], most: int) -> tuple[Block, ...]:
    """Return the first blocks, with `most` characters in all, and the word that something is missing."""
    kept: list[Block] = []
    for block in blocks:
        pieces: list[Piece] = []
        for piece in block.pieces:
            if most > 0:
                pieces.append(evolve(piece, text=piece.text[:most]))
            most -= len(piece.text)
        if pieces:
            kept.append(evolve(block, pieces=tuple(pieces)))
        if most <= 0:
            break
    return (*kept, Block("text", (Piece(CUT, italic=True),)))


def plain(blocks: Sequence[Block]) -> str:
    """Return a message without any marks but those of lists."""
    return "\n".join(_plain(block) for block in blocks).strip()


def _plain(block: Block) -> str:
    if block.kind == "rule":
        return "———"
    shown = "".join(piece.text + _target(piece) for piece in block.pieces)
    indent = "  " * max(block.depth - 1, 0)
    return f"{indent}{block.mark} {shown}" if block.mark else shown + ("" if block.kind in ("item", "row") else "\n")


def _target(piece: Piece) -> str:
    told = piece.link.removeprefix("mailto:")
    return f" ({told})" if told and told not in piece.text else ""


def _clean(text: str) -> str:
    """Return text without half characters and controls, which services refuse or stumble over."""
    return _ODD.sub("\ufffd", text)


class _Reader(HTMLParser):
    """Collects blocks. It knows the tags that messages are made of; what is in others is taken for plain text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._pieces: list[Piece] = []
        self._lists: list[int | None] = []
        self._mark = ""
        self._open: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in _BLOCKS:
            self.end_block()
        if tag in ("ul", "ol"):
            self._lists.append(int(told.get("start") or 1) if tag == "ol" else None)
        elif tag == "li":
            self._mark = self._next_mark()
        elif tag == "a":
            target = told.get("href") or ""
            self._links.append(target if target.startswith(_LINKS) else "")
        elif tag in ("td", "th") and self._pieces:
            self._add(" | ")
        elif tag == "br":
            self._add("\n")
        if tag == "hr":
            self.blocks.append(Block("rule"))
        elif tag != "br":
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in ("br", "hr"):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_block()
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "a" and self._links:
            self._links.pop()
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "pre" in self._open:
            self._add(data)
        elif _HIDDEN.isdisjoint(self._open) and not self._between_cells():
            begun = bool(self._pieces) and not self._pieces[-1].text.endswith((" ", "\n"))
            self._add(_GAPS.sub(" ", data) if begun else _GAPS.sub(" ", data).lstrip())

    def end_block(self) -> None:
        """Close the block that is being read, if it says anything."""
        pieces = _trimmed(self._pieces, code="pre" in self._open)
        self._pieces = []
        if pieces:
            self.blocks.append(Block(self._kind(), pieces, self._mark, len(self._lists)))
            self._mark = ""

    def _between_cells(self) -> bool:
        return "table" in self._open and {"td", "th"}.isdisjoint(self._open)

    def _kind(self) -> Kind:
        if "pre" in self._open:
            return "code"
        if "tr" in self._open:
            return "row"
        if not _HEADINGS.isdisjoint(self._open):
            return "heading"
        if self._lists:
            return "item"
        return "quote" if "blockquote" in self._open else "text"

    def _add(self, text: str) -> None:
        link = self._links[-1] if self._links else ""
        bold, italic = ("strong" in self._open or "th" in self._open), "em" in self._open
        code = "code" in self._open and "pre" not in self._open
        self._pieces.append(Piece(_clean(text), bold, italic, code, link))

    def _next_mark(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "•"
        self._lists[-1] = number + 1
        return f"{number}."


def _trimmed(pieces: Sequence[Piece], *, code: bool) -> tuple[Piece, ...]:
    """Return pieces without blanks at either end of the block, those that look alike joined."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and evolve(joined[-1], text="") == evolve(piece, text=""):
            joined[-1] = evolve(piece, text=joined[-1].text + piece.text)
        else:
            joined.append(piece)
    if joined and not code:
        joined[0] = evolve(joined[0], text=joined[0].text.lstrip())
    if joined:
        joined[-1] = evolve(joined[-1], text=joined[-1].text.rstrip())
    return tuple(piece for piece in joined if piece.text)
