"""`mentorkit plan`: what a run would do now, and what comes later."""

from __future__ import annotations

from pathlib import Path

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, limit_options, program_argument
from mentorkit.presenting.json_text import json_text


@click.command("plan")
@program_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save the plan, for `run --plan FILE`.",
)
@click.option("--all", "everything", is_flag=True, help="Show long lists whole.")
@limit_options
@folder_option
@at_option
@json_option
def command(
    program: Path,
    out: Path | None,
    everything: bool,
    folder: Path | None,
    at: str | None,
    as_json: bool,
    time_limit: float | None,
    memory_limit: int | None,
) -> None:
    """Say what a run would do now and what comes later, with the messages and hours it means per person."""
    from mentorkit.command_line.planned import planned  # what a command needs, it loads when it runs
    from mentorkit.durable_files import write_whole
    from mentorkit.opening import open_program
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.next_steps import Caller
    from mentorkit.running.replacing import check_replaceable
    from mentorkit.running.saved_plans import KEYS, plan_pieces
    from mentorkit.running.spending import spending

    opened = open_program(program, folder, at)
    if out is not None:
        check_replaceable(out, "plan", KEYS)
    found = planned(opened, spending(time_limit, memory_limit, quiet=as_json).effort())
    if out is not None:
        write_whole(out, (piece.encode() for piece in plan_pieces(found.result.plan)))
    print_diagnostics(found.diagnostics, as_json=as_json, notes=False)
    if as_json:
        click.echo(json_text(found.document()))
        return
    caller = Caller(str(program), str(folder or ""))
    click.echo(found.text(caller, everything=everything))
    if out is not None:
        again = caller.command(("run", "--plan", str(out)))
        click.echo(f"\nSaved to {out}: carry it out within 24 hours by `{again}`.")
