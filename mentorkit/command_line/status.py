"""`mentorkit status`: where the program stands and what needs its coordinator."""

from __future__ import annotations

from pathlib import Path

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, program_argument
from mentorkit.presenting.json_text import json_text


@click.command("status")
@program_argument
@click.option("--all", "everything", is_flag=True, help="Show long lists whole.")
@folder_option
@at_option
@json_option
def command(program: Path, everything: bool, folder: Path | None, at: str | None, as_json: bool) -> int:
    """Say where the program stands and what needs you, each with the next step.

    Ends with 1 when anything failed, is in doubt, or could not be sent.
    """
    from attrs import evolve

    from mentorkit import clock
    from mentorkit.core.diagnostics import errors_in
    from mentorkit.core.errors import ProgramError
    from mentorkit.core.planning.deciding import make_plan
    from mentorkit.core.planning.status import make_status
    from mentorkit.guarding.ledger_guard import misgivings
    from mentorkit.ledger import read_history
    from mentorkit.opening import open_program
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.next_steps import Caller
    from mentorkit.presenting.status import status_text
    from mentorkit.presenting.status_json import status_json
    from mentorkit.running.channels import with_channels

    opened = open_program(program, folder, at)
    history = read_history(opened.workspace.ledger)
    result = make_plan(opened.program, opened.roster, opened.catalogue, history, opened.at, opened.told)
    found = opened.diagnostics + opened.placed(result.diagnostics) + misgivings(opened.workspace, history.ledger_id)
    if errors_in(found):
        raise ProgramError(found)
    print_diagnostics(found, as_json=as_json, notes=False)
    result = evolve(result, plan=with_channels(result.plan, opened, history))
    by_clock = clock.is_now(opened.at)
    status = make_status(opened.program, opened.roster, opened.catalogue, result, by_clock=by_clock)
    caller = Caller(str(program), str(folder or ""))
    if as_json:
        click.echo(json_text(status_json(status, caller)))
    else:
        click.echo(status_text(status, opened.program, opened.roster, caller, everything))
    return 1 if status.open_trouble else 0
