"""Diagnostics on standard error: as text `FILE:LINE:COL: error[CODE]: headline`, or as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.errors import ConsentError, MentorkitError, PluginError, RefusedError, RunError
from mentorkit.presenting.json_text import json_text
from mentorkit.presenting.tables import harmless

LONGEST = 1000
"""Characters of one line on the screen; whoever needs more of what they wrote has the file, or `--json`."""
WIDEST = 160
"""Characters of a line of a file that are shown, around what is wrong."""
COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}


def diagnostic_text(diagnostic: Diagnostic) -> str:
    """Return one diagnostic as text of one to four lines, colored where the terminal takes it."""
    place = ":".join(str(part) for part in (diagnostic.file, diagnostic.line, diagnostic.column) if part)
    label = click.style(f"{diagnostic.severity}[{diagnostic.code}]", fg=COLORS[diagnostic.severity], bold=True)
    told = f"{label}: {_on_one_line(diagnostic.message)}"
    lines = [f"{_on_one_line(place)}: {told}" if place else told]
    if diagnostic.source_line.strip():
        line, column = _around(diagnostic.source_line.rstrip(), diagnostic.column)
        lines.append(f"    | {harmless(line)}")
        if column:
            lines.append("    | " + " " * (column - 1) + "^")
    if diagnostic.help:
        lines.append(f"    help: {_on_one_line(diagnostic.help)}")
    return "\n".join(lines)


def _on_one_line(text: str) -> str:
    """Return text in which no word of a file can pass for a line of ours."""
    line = harmless(text[: LONGEST + 1]).replace("\n", "\ufffd")
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _around(line: str, column: int | None) -> tuple[str, int | None]:
    """Return as much of a line as fits around a column, 1-based, and where that column is then."""
    line = line.replace("\t", " ")  # one column wide, so that the mark below it fits
    if len(line) <= WIDEST:
        return line, column
    begin = max(0, min((column or 1) - WIDEST // 2, len(line) - WIDEST))
    shown = line[begin : begin + WIDEST]
    if begin:
        shown = "…" + shown[1:]
    if begin + WIDEST < len(line):
        shown = shown[:-1] + "…"
    return shown, column and column - begin


def diagnostics_json(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """Return diagnostics as a JSON document: `{"problems": […]}`."""
    keys = ("code", "severity", "file", "line", "column", "path", "message", "help")
    return {"problems": [{key: getattr(diagnostic, key) for key in keys} for diagnostic in diagnostics]}


def print_diagnostics(
    diagnostics: Sequence[Diagnostic], *, as_json: bool, notes: bool = True, err: bool = True
) -> None:
    """Print diagnostics to standard error (or output); nothing where there are none.

    Without `notes` these are only counted, as long as nothing is wrong: who runs a program every morning has read them.
    """
    diagnostics = _each_once(diagnostics)
    if not diagnostics:
        return
    if as_json:
        click.echo(json_text(diagnostics_json(diagnostics)), err=err)
        return
    shown = [one for one in diagnostics if notes or one.severity != "note"]
    for diagnostic in shown:
        click.echo(diagnostic_text(diagnostic), err=err)
    if len(shown) == len(diagnostics):
        click.echo(summary(diagnostics), err=err)
    else:
        click.echo(f"{summary(diagnostics)}; `mentorkit check` shows the notes", err=err)


def _each_once(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Leave out what is said again, and what was said with its place when it comes again without one."""
    placed = {(one.code, one.message) for one in diagnostics if one.file}
    return [one for one in dict.fromkeys(diagnostics) if one.file or (one.code, one.message) not in placed]


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """Return how many there are: `2 errors, 1 warning`."""
    counts = {severity: sum(d.severity == severity for d in diagnostics) for severity in COLORS}
    return ", ".join(f"{count} {severity}{'s' if count != 1 else ''}" for severity, count in counts.items() if count)


CODES: dict[type[MentorkitError], str] = {
    PluginError: "plugin",
    ConsentError: "consent",
    RunError: "run",
    RefusedError: "refused",
}
HELPS = {
    "plugin": "mend or remove that plugin, or install another version of it; `mentorkit plugins list` lists them",
    "consent": "without a consent nothing is sent and nothing is changed; whoever may decide runs it again",
}
"""The next step, where the message itself cannot know it."""


def print_error(reason: MentorkitError, *, as_json: bool, err: bool = True) -> None:
    """Print an error that no line of a file is to blame for."""
    code = next((code for kind, code in CODES.items() if isinstance(reason, kind)), "refused")
    next_step = reason.next_step if isinstance(reason, PluginError) else ""
    diagnostic = Diagnostic(code, "error", str(reason), help=next_step or HELPS.get(code, ""))
    if as_json:
        print_diagnostics([diagnostic], as_json=True, err=err)
    else:
        click.echo(diagnostic_text(diagnostic), err=err)
