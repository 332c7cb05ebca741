"""`mentorkit ledger`: whether it adds up, what a person knows of doubts and failures, the way on after it was lost."""

from __future__ import annotations

from pathlib import Path

import click

from mentorkit.command_line.options import folder_option, json_option, program_argument
from mentorkit.presenting.json_text import json_text


@click.group("ledger")
def command() -> None:
    """Verify the ledger, settle doubts, retry failures, or adopt one that was lost."""


@command.command("verify")
@program_argument
@folder_option
@json_option
def verify_ledger(program: Path, folder: Path | None, as_json: bool) -> None:
    """Check that the ledger is sound, whole and the right one; nothing is changed.

    The file, every entry's hash with the one before, what the tables say beside what the log says, the ledger that the
    lock file names, and how far this machine remembers that it had got.
    """
    from mentorkit.guarding.verifying import verify
    from mentorkit.presenting.ledger import verified_json, verified_text
    from mentorkit.workspace import workspace

    places = workspace(program, folder)
    found = verify(places)
    told = json_text(verified_json(found, places)) if as_json else ""
    click.echo(told or verified_text(found, places))


@command.command("settle")
@program_argument
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@click.option("--sent", "found", flag_value="sent", help="They have arrived: count them as sent.")
@click.option("--not-sent", "found", flag_value="not-sent", help="They have not: the next run sends them again.")
@folder_option
@json_option
def settle_doubts(program: Path, keys: tuple[str, ...], found: str | None, folder: Path | None, as_json: bool) -> None:
    """Say of messages in doubt whether they arrived, once somebody has looked.

    KEY is what `mentorkit status` and `mentorkit run` name them by.
    """
    from mentorkit.opening import open_program
    from mentorkit.running.settling import settle

    if found not in ("sent", "not-sent"):
        raise click.UsageError("say --sent or --not-sent")
    settled = settle(open_program(program, folder), keys, "sent" if found == "sent" else "not-sent")
    if as_json:
        click.echo(json_text({"settled": list(settled), "as": found}))
        return
    what = "counts as sent" if found == "sent" else "is due again"
    click.echo("\n".join(f"{key} {what}" for key in settled))


@command.command("retry")
@program_argument
@click.option("--person", "people", metavar="ID", multiple=True, help="Only theirs (repeatable); default: everybody's.")
@folder_option
@json_option
def retry_failed(program: Path, people: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Try again what has failed, once somebody has mended what was wrong.

    Messages that were refused, or have come back, are due again, unless they have expired or lost their reason; and
    addresses at which nobody was reached are tried again.
    """
    from mentorkit.opening import open_program
    from mentorkit.presenting.ledger import retried_json, retried_text
    from mentorkit.presenting.next_steps import Caller
    from mentorkit.running.retrying import retry

    opened = open_program(program, folder)
    done = retry(opened, people)
    caller = Caller(str(program), str(folder or ""))
    click.echo(json_text(retried_json(done)) if as_json else retried_text(done, opened.roster, caller))


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
        click.echo(json_text(document))
        return
    click.echo(
        f"{adopted} is this program's ledger from now on; nothing that was due until {until:%Y-%m-%d %H:%M} UTC "
        f"will be sent. Commit {opened.workspace.lock_file} to version control."
    )
