"""What `run --watch` says of each turn: what was done, what stands in the way, and when it runs next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mentorkit.core.errors import ProgramError
from mentorkit.core.zones import utc_text
from mentorkit.presenting.diagnostics import print_diagnostics, print_error
from mentorkit.presenting.json_text import json_text
from mentorkit.presenting.next_steps import Caller
from mentorkit.presenting.outcome import outcome_json, outcome_text
from mentorkit.presenting.plan_text import moment_text
from mentorkit.running.watching import Turn


def turn_printer(program: Path, folder: Path | None, *, as_json: bool) -> Callable[[Turn], None]:
    """Return what prints a turn: as text, or as one JSON document on one line; at once, for whoever reads a log."""
    caller = Caller(str(program), str(folder or ""))

    def tell(turn: Turn) -> None:
        if turn.problem is not None:
            _tell_problem(turn, as_json)
        if turn.done is not None:
            print_diagnostics(turn.done.diagnostics, as_json=as_json, notes=False)
        click.echo(json_text(_document(turn), indent=None) if as_json else _text(turn, caller))

    return tell


def _tell_problem(turn: Turn, as_json: bool) -> None:
    if isinstance(turn.problem, ProgramError):
        print_diagnostics(turn.problem.diagnostics, as_json=as_json)
    elif turn.problem is not None:
        print_error(turn.problem, as_json=as_json)


def _document(turn: Turn) -> dict[str, Any]:
    done: dict[str, Any] = {}
    if turn.done is not None and turn.opened is not None:
        done = outcome_json(turn.done.plan, turn.done.outcome, str(turn.opened.workspace.folder))
    return {**done, "next": utc_text(turn.again), "next_for": turn.because}


def _text(turn: Turn, caller: Caller) -> str:
    zone = turn.opened.program.timezone if turn.opened else "UTC"
    following = f"next run: {moment_text(turn.again, zone)} for {turn.because}, or when a file changes"
    if turn.done is None or turn.opened is None:
        return f"nothing was done; {following}"
    opened, folder = turn.opened, str(turn.opened.workspace.folder)
    people = opened.roster, turn.done.history.numbers
    told = outcome_text(opened.program, turn.done.plan, turn.done.outcome, folder, caller, *people)
    return f"{told}\n{following}"
