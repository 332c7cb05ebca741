"""What was said to `mentorkit init`, by options or at the terminal, and what nobody said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from attrs import define, field


@define
class Interview:
    """What was said, and what nobody said; `missing` names the options that would say it."""

    options: Mapping[str, Any]
    terminal: bool
    missing: list[str] = field(factory=list)

    def said(self, key: str) -> Any:
        """Return an option's value."""
        return self.options[key]

    def lacks(self, option: str, why: str) -> None:
        """Note that an answer is missing."""
        self.missing.append(f"{option}  {why}")

    def refuse_gaps(self) -> None:
        """Stop where answers are missing.

        Raises:
            click.UsageError: some are; it names all of them.
        """
        if self.missing:
            told = "\n".join(f"  {one}" for one in self.missing)
            raise click.UsageError(f"there is no terminal to ask at, so say:\n{told}")

    def text(self, question: str, default: str = "") -> str:
        """Ask at the terminal."""
        return str(click.prompt(question, default=default, show_default=bool(default))).strip()
