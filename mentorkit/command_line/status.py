"""`mentorkit status`: where the program stands and what needs its coordinator."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, program_argument


@click.command("status")
@program_argument
@folder_option
@at_option
@json_option
def command(program: Path, folder: Path | None, at: str | None, as_json: bool) -> int:
    """Say where the program stands and what needs you.

    Ends with 1 when anything failed or is in doubt.
    """
    from mentorkit.core.matching.waiting import why_waiting
    from mentorkit.core.planning.deciding import make_plan
    from mentorkit.core.planning.status import make_status
    from mentorkit.core.zones import to_local
    from mentorkit.guarding.ledger_guard import misgivings
    from mentorkit.ledger import read_history
    from mentorkit.opening import open_program
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.status import status_json, status_text

    opened = open_program(program, folder, at)
    history = read_history(opened.workspace.ledger)
    found = opened.diagnostics + misgivings(opened.workspace, history.ledger_id)
    print_diagnostics(found, as_json=as_json, notes=False)
    result = make_plan(opened.program, opened.roster, opened.catalogue, history, opened.at)
    today = to_local(opened.at, opened.program.timezone).date()
    waiting = why_waiting(opened.program, opened.roles, opened.roster, opened.catalogue, history, today)
    status = make_status(opened.program, history, result.plan, waiting)
    if as_json:
        click.echo(json.dumps(status_json(status), ensure_ascii=False, indent=2))
    else:
        click.echo(status_text(status, opened.program, opened.roster))
    return 1 if status.open_trouble else 0
