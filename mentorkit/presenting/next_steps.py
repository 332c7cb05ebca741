"""The next step, as a command that can be pasted; and long lists, folded."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from attrs import frozen

from mentorkit.presenting.tables import harmless

FOLDED = 10
"""How many lines of a list are shown before it is folded."""


@frozen
class Caller:
    """How somebody called us, so that the next command names the same program.

    Attributes:
        program: the program file as they wrote it.
        folder: the run folder they named, or "".
    """

    program: str = "PROGRAM.toml"
    folder: str = ""

    def command(self, words: Sequence[str]) -> str:
        """Return a command of ours on this program, `words` being its name and what follows the program file."""
        folder = ["--folder", self.folder] if self.folder else []
        return harmless(shlex.join(["mentorkit", *words[0].split(), self.program, *words[1:], *folder]))

    def publishing(self, review: bool) -> list[str]:
        """Return the commands that publish what is proposed, in order; with a review, they go through its file."""
        if not review:
            return [self.command(("publish",))]
        return [self.command(("match", "--review", "FILE")), self.command(("publish", "--review", "FILE"))]


def folded(lines: Sequence[str], everything: bool, shown: int = FOLDED, how: str = " (--all)") -> list[str]:
    """Return the first lines and how many more there are, or all of them."""
    if everything or len(lines) <= shown:
        return list(lines)
    more = f"and {len(lines) - shown:,} more" if shown else f"{len(lines):,} lines"
    return [*lines[:shown], f"  {more}{how}"]
