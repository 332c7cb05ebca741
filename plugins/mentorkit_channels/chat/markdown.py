"""Messages in the Markdown of a service, in which nothing that a value contains is a mark."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

from attrs import frozen

from mentorkit_channels.chat.saying import Block, Piece

_LINES = re.compile(r"\s*\n\s*")
_NOT_IN_LINKS = re.compile(r"[()<>\[\]\s\\*_`~|]")
_FENCES = re.compile(r"`{3,}")


@frozen
class Dialect:
    """How one service writes it.

    Attributes:
        escaped: makes a line of text show as it is.
        italic: mark on both sides of what is emphasized.
    """

    escaped: Callable[[str], str]
    italic: str = "*"

    def written(self, blocks: Sequence[Block]) -> str:
        """Return a message; blank lines part what is no list."""
        lines: list[str] = []
        for before, block in zip((None, *blocks), blocks, strict=False):
            together = before is not None and before.kind == block.kind and block.kind in ("item", "row", "quote")
            if before is not None and not together:
                lines.append("")
            lines.append(self._block(block))
        return "\n".join(lines)

    def _block(self, block: Block) -> str:
        if block.kind == "rule":
            return "---"
        if block.kind == "code":
            return f"```\n{_FENCES.sub(_parted, block.text)}\n```"
        if block.kind == "heading":
            return f"**{_one_line(''.join(self.escaped(piece.text) for piece in block.pieces))}**"
        inner = "".join(map(self._piece, block.pieces))
        if block.kind == "item":
            mark = block.mark.replace("•", "-") or " "
            return f"{'    ' * (block.depth - 1)}{mark} {_one_line(inner)}"
        return f"> {_one_line(inner)}" if block.kind == "quote" else inner

    def _piece(self, piece: Piece) -> str:
        core = piece.text.strip()
        if not core:
            return piece.text
        before, _, after = piece.text.partition(core)
        shown = self._shown(piece, core)
        if piece.link:
            shown = f"[{shown}]({_NOT_IN_LINKS.sub(_percent, piece.link)})"
        return before + shown + after

    def _shown(self, piece: Piece, text: str) -> str:
        if piece.code and "`" not in text:
            return f"`{text}`"
        shown = "\n".join(map(self.escaped, text.split("\n")))
        if "\n" in text:
            return shown  # marks do not reach over lines everywhere
        shown = f"{self.italic}{shown}{self.italic}" if piece.italic else shown
        return f"**{shown}**" if piece.bold else shown


def _one_line(text: str) -> str:
    return _LINES.sub(" ", text)


def _percent(found: re.Match[str]) -> str:
    return quote(found[0], safe="")


def _parted(found: re.Match[str]) -> str:
    return "\u200b".join(found[0])
