"""`mentorkit check`: every problem of the inputs at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, program_argument
from mentorkit.presenting.json_text import json_text

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.core.diagnostics import Diagnostic


@click.command("check")
@program_argument
@folder_option
@at_option
@json_option
def command(program: Path, folder: Path | None, at: str | None, as_json: bool) -> int:
    """Name every problem in program, template, roster, messages and plugins.

    Ends with 0 when nothing stands in the way of a run (warnings do not), with 2 otherwise.
    """
    from mentorkit.core.diagnostics import errors_in
    from mentorkit.presenting.diagnostics import diagnostics_json, print_diagnostics

    found = _problems(program, folder, at)
    failed = bool(errors_in(found))
    if as_json:
        click.echo(json_text(diagnostics_json(found)))
    else:
        print_diagnostics(found, as_json=False)
        if not failed:
            click.echo(f"{program}: ready to run")
    return 2 if failed else 0


def _problems(program: Path, folder: Path | None, at: str | None) -> tuple[Diagnostic, ...]:
    from mentorkit.core.errors import ProgramError
    from mentorkit.opening import open_program
    from mentorkit.running.channels import whom_none_reaches
    from mentorkit.running.kept_secrets import secrets_that_are_missing, secrets_that_others_read

    try:
        opened = open_program(program, folder, at, strict_answers=True)
        kept = secrets_that_are_missing(opened) + secrets_that_others_read(opened)
        return opened.diagnostics + kept + whom_none_reaches(opened)
    except ProgramError as reason:
        return reason.diagnostics
