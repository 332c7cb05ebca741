"""`mentorkit ledger`: the way on after a ledger was lost, restored or moved."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mentorkit.command_line.options import folder_option, json_option, program_argument


@click.group("ledger")
def command() -> None:
    """Adopt a ledger that was lost, restored or moved."""


@command.command("adopt")
@program_argument
@click.option(
    "--assume-sent-until",
    required=True,
    metavar="TIME",
    help="Everything due until this moment counts as sent: a date (its end), local time, or RFC 3339.",
)
@folder_option
@json_option
def adopt_ledger(program: Path, assume_sent_until: str, folder: Path | None, as_json: bool) -> None:
    """Take the ledger that is there, or a new one, for the program's own.

    Everything that was due until TIME is recorded as sent and never goes out again.
    """
    from mentorkit import clock
    from mentorkit.core.zones import utc_text
    from mentorkit.guarding.ledger_guard import adopt
    from mentorkit.opening import open_program

    opened = open_program(program, folder)
    until = clock.parse_moment(assume_sent_until, opened.program.timezone)
    adopted = adopt(opened.workspace, opened.program, opened.catalogue, assume_sent_until=until, now=clock.now())
    if as_json:
        lock = str(opened.workspace.lock_file)
        document = {"ledger": str(adopted), "assume_sent_until": utc_text(until), "lock": lock}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    click.echo(
        f"{adopted} is this program's ledger from now on; nothing that was due until {until:%Y-%m-%d %H:%M} UTC "
        f"will be sent. Commit {opened.workspace.lock_file} to version control."
    )
