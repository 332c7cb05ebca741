"""The problems found in one file: all at once, but no more than a person can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mentorkit.core.diagnostics import MOST_LISTED, Diagnostic, Severity, and_more

MAX_ERRORS = MOST_LISTED
"""How many diagnostics of one severity are listed per file."""


class Findings:
    """Collects the diagnostics of one file and places them there; beyond `MAX_ERRORS` of a severity it only counts."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._kept: dict[Diagnostic, None] = {}
        self._counts: Counter[Severity] = Counter()

    @property
    def has_errors(self) -> bool:
        """Whether an error was found."""
        return self._counts["error"] > 0

    def add(self, found: Diagnostic, line: int | None = None) -> None:
        """Add a diagnostic at a line of the file, unless it was added before."""
        placed = found.at(self.file, line if line is not None else found.line)
        if placed in self._kept:
            return
        self._counts[found.severity] += 1
        if self._counts[found.severity] <= MAX_ERRORS:
            self._kept[placed] = None

    def listed(self) -> tuple[Diagnostic, ...]:
        """Return the diagnostics by line, the counted rest at the end."""
        ordered = sorted(self._kept, key=lambda found: found.line or 0)
        return (*ordered, *self._rest())

    def _rest(self) -> Iterator[Diagnostic]:
        for severity in sorted(self._counts):
            if (rest := self._counts[severity] - MAX_ERRORS) > 0:
                yield and_more(self.file, severity, rest)
