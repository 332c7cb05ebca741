"""What resolving asks of the files around a program, and where it puts the problems it finds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from attrs import define, field, frozen

from mentorkit.core.declaring.merging import Path
from mentorkit.core.declaring.structuring import Misfit, dotted
from mentorkit.core.diagnostics import Diagnostic, error, note, warning
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import Carried

Pairs = tuple[tuple[str, str, date | None], ...]
Preferences = tuple[tuple[str, str, int], ...]
Waiting = tuple[Carried, ...]
"""Everybody with a role once; a file of these may be a run folder's `waiting.csv`."""


@frozen
class FoundText:
    """A text file of the program or of one of its templates, `shown` as a user would write its path."""

    shown: str
    text: str


class ProgramFiles(Protocol):
    """The files of a program laid over those of its templates: the nearest to the program wins."""

    def said_by_program(self, path: Path) -> bool:
        """Return whether the program's own file says what stands at a path."""
        ...

    def said_by_default(self, path: Path) -> bool:
        """Return whether it comes from the model's default template, which the program does not extend."""
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """Return the names of the files in a folder, sorted; empty where there is no such folder."""
        ...

    def beside(self, name: str, original: str) -> bool:
        """Return whether a file stands where another does or nearer to the program, and not behind it."""
        ...

    def text(self, name: str) -> FoundText:
        """Return a text file.

        Raises:
            ProgramError: it cannot be read.
        """
        ...

    def toml(self, name: str) -> tuple[Mapping[str, Any], PlaceIn]:
        """Return the values of a TOML file, and who places diagnostics in it.

        Raises:
            ProgramError: it cannot be read.
        """
        ...

    def roster_file(self, path: Path, file: str) -> str:
        """Return the absolute path of a roster file named at a path.

        Raises:
            ProgramError: it lies outside of what its author may name.
        """
        ...

    def pairs(self, path: Path, file: str) -> Pairs:
        """Return the pairs of a file named at a path.

        Raises:
            ProgramError: it cannot be read, or its header or rows are wrong.
        """
        ...

    def preferences(self, path: Path, file: str) -> Preferences:
        """Return the (voter, choice, rank) of a file named at a path.

        Raises:
            ProgramError: it cannot be read, or its header or rows are wrong.
        """
        ...

    def waiting(self, path: Path, file: str) -> Waiting:
        """Return who waits by a file named at a path.

        Raises:
            ProgramError: it cannot be read, or its header or rows are wrong.
        """
        ...


class PlaceIn(Protocol):
    """Places a diagnostic in a file."""

    def __call__(self, diagnostic: Diagnostic, path: Path) -> Diagnostic:
        """Return the diagnostic, placed where the path stands."""
        ...


@define
class Problems:
    """Collects what is wrong, all at once."""

    found: list[Misfit] = field(factory=list)

    def error(self, path: Path, code: str, message: str, help: str = "") -> None:  # noqa: A002 (the field's name)
        """Add an error at a path."""
        self.found.append(Misfit(path, error(code, message, path=dotted(path), help=help)))

    def warning(self, path: Path, code: str, message: str, help: str = "") -> None:  # noqa: A002 (the field's name)
        """Add a warning at a path."""
        self.found.append(Misfit(path, warning(code, message, path=dotted(path), help=help)))

    def note(self, path: Path, code: str, message: str, help: str = "") -> None:  # noqa: A002 (the field's name)
        """Add a note at a path."""
        self.found.append(Misfit(path, note(code, message, path=dotted(path), help=help)))

    def placed(self, problem: ProgramError) -> None:
        """Add diagnostics that are placed already."""
        self.found.extend(Misfit((), diagnostic) for diagnostic in problem.diagnostics)
