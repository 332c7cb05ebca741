"""Diagnostics are values: a stable code, a severity, a headline, a place, help.

They are collected, never thrown one by one. Code that finds a problem names a dotted path; the reader of the file,
which knows the positions, places it. How a diagnostic looks is the business of `mentorkit.presenting`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Literal

from attrs import evolve, frozen

Severity = Literal["error", "warning", "note"]

MOST_LISTED = 50
"""How many diagnostics of one severity are listed per file: more than that nobody reads."""
LONGEST_QUOTED = 80
"""Characters of somebody's text that a message repeats: enough to find it again."""
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@frozen
class Diagnostic:
    """One thing to tell a person about their files.

    Attributes:
        code: stable, kebab-case; listed in docs/reference/diagnostics.md.
        severity: errors stop a command, warnings and notes do not.
        message: one-phrase headline that quotes the user's words.
        file: as the user would write it, or "" where no file is to blame.
        line: 1-based, or None.
        column: 1-based, in characters, or None.
        path: dotted path inside the file (`matching.rules.gap.at_least`), or "".
        help: the next step, or "".
        source_line: the line itself, without its line break, or "".
    """

    code: str
    severity: Severity
    message: str
    file: str = ""
    line: int | None = None
    column: int | None = None
    path: str = ""
    help: str = ""
    source_line: str = ""

    @property
    def is_error(self) -> bool:
        """Whether this diagnostic stops the command."""
        return self.severity == "error"

    def at(self, file: str, line: int | None = None, column: int | None = None, source_line: str = "") -> Diagnostic:
        """Return the same diagnostic, placed."""
        return evolve(self, file=file, line=line, column=column, source_line=source_line)


def error(code: str, message: str, *, path: str = "", help: str = "") -> Diagnostic:  # noqa: A002 (the field's name)
    """Return an error that is not placed yet."""
    return Diagnostic(code, "error", message, path=path, help=help)


def warning(code: str, message: str, *, path: str = "", help: str = "") -> Diagnostic:  # noqa: A002 (the field's name)
    """Return a warning that is not placed yet."""
    return Diagnostic(code, "warning", message, path=path, help=help)


def note(code: str, message: str, *, path: str = "", help: str = "") -> Diagnostic:  # noqa: A002 (the field's name)
    """Return a note that is not placed yet."""
    return Diagnostic(code, "note", message, path=path, help=help)


def as_warning(diagnostic: Diagnostic) -> Diagnostic:
    """Return an error as a warning, and anything else as it is."""
    return evolve(diagnostic, severity="warning") if diagnostic.is_error else diagnostic


def errors_in(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return only the errors, in their order."""
    return tuple(diagnostic for diagnostic in diagnostics if diagnostic.is_error)


def first_of_each_file(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return no more than `MOST_LISTED` of a severity per file, in their order, then how many more there are."""
    kept: list[Diagnostic] = []
    counts: dict[tuple[str, Severity], int] = {}
    for one in diagnostics:
        number = counts[one.file, one.severity] = counts.get((one.file, one.severity), 0) + 1
        if number <= MOST_LISTED:
            kept.append(one)
    beyond = ((*which, number - MOST_LISTED) for which, number in counts.items() if number > MOST_LISTED)
    return (*kept, *(and_more(*one) for one in beyond))


def and_more(file: str, severity: Severity, number: int) -> Diagnostic:
    """Return the diagnostic that closes a list which was cut off."""
    message = f"and {number:,} more {severity}{'s' if number > 1 else ''}" + (f" in {file}" if file else "")
    return Diagnostic("more-problems", severity, message, file, help="mend these first, then check again")


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `did you mean "…"?` for the nearest known word, or "" where none is near."""
    words = sorted(known)
    cutoff = 0.6 if len(word) < 5 else 0.7  # of three letters two in common are near, of seven four are not
    near = difflib.get_close_matches(word, words, n=1, cutoff=cutoff)
    near = near or [one for one in words if len(word) > 4 and one.startswith(word)]
    return f'did you mean "{near[0]}"?' if near else ""


def quoted(text: str) -> str:
    """Return somebody's text between quotes, as messages repeat it: on one line, and cut where it goes on and on."""
    return f'"{shortened(text)}"'


def shortened(text: str) -> str:
    """Return somebody's text as `quoted` does, without the quotes."""
    shown = text if len(text) <= LONGEST_QUOTED else text[: LONGEST_QUOTED - 1] + "…"
    return _CONTROLS.sub("\ufffd", shown)


def listed(words: Iterable[str]) -> str:
    """Return words as people list them, sorted: `a, b or c`."""
    ordered = sorted(words)
    if len(ordered) < 2:
        return "".join(ordered)
    return f"{', '.join(ordered[:-1])} or {ordered[-1]}"
