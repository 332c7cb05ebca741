"""`mentorkit record`: writes down what somebody says, one event or a file of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, program_argument
from mentorkit.presenting.json_text import json_text

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.answers import ToldReading
    from mentorkit.opening import Opened


@click.command("record")
@program_argument
@click.argument("kind", required=False, metavar="[KIND]")
@click.option("--person", metavar="ID", help="Who says it, or of whom it is said.")
@click.option("--subject", metavar="S", help="A relationship, a session, or SURVEY.QUESTION; default: what is evident.")
@click.option("--value", metavar="V", help="A reason, an answer, a new time, the day on which somebody is back.")
@click.option("--id", "event_id", metavar="ID", help="The event's own id, by which it counts once; default: made.")
@click.option("--when", metavar="TIME", help="When it happened, if that was before now; as --at, of a date its end.")
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Record the events of a CSV or XLSX file: id,at,person,kind,subject,value.",
)
@click.option("--all", "everything", is_flag=True, help="Show long lists whole.")
@folder_option
@at_option
@json_option
def command(
    program: Path,
    kind: str | None,
    person: str | None,
    subject: str | None,
    value: str | None,
    event_id: str | None,
    when: str | None,
    file: Path | None,
    everything: bool,
    folder: Path | None,
    at: str | None,
    as_json: bool,
) -> None:
    """Write down an event, or a file of them, and what follows from it; nothing is sent before the next run.

    KIND is accepted, declined, met, missed, moved, answered, paused, resumed, left, ended or requested.
    """
    _check_usage(kind, person, file, {"--subject": subject, "--value": value, "--id": event_id, "--when": when})
    from mentorkit.opening import open_program
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.happening_text import Before
    from mentorkit.presenting.next_steps import Caller
    from mentorkit.presenting.recorded import recorded_json, recorded_text
    from mentorkit.running.recording import record

    opened = open_program(program, folder, at)
    reading = _told(opened, file, (kind, person, subject, value, event_id), when)
    done = record(opened, reading.told)
    about_program = tuple(one for one in opened.diagnostics if one.severity != "note")
    print_diagnostics(about_program + reading.diagnostics + done.diagnostics, as_json=as_json)
    if as_json:
        click.echo(json_text(recorded_json(done.happening, done.known)))
        return
    before = Before(opened.roster, done.before, opened.program.timezone, everything)
    caller = Caller(str(program), str(folder or ""))
    click.echo(recorded_text(done.happening, len(done.known), before, caller))


def _check_usage(kind: str | None, person: str | None, file: Path | None, details: dict[str, str | None]) -> None:
    """Refuse what goes together with nothing: one event is KIND and --person, many are --from."""
    given = [name for name, said in {"KIND": kind, "--person": person, **details}.items() if said is not None]
    if file is not None:
        if given:
            raise click.UsageError(f"--from FILE says everything of its events: leave {', '.join(given)} out")
        return
    if kind is None:
        raise click.UsageError("say what happened, KIND --person ID, or name a file of events, --from FILE")
    from mentorkit.core.diagnostics import listed, suggestion
    from mentorkit.core.happenings import EVENT_KINDS

    if kind.casefold() not in EVENT_KINDS:
        near = suggestion(kind.casefold(), EVENT_KINDS)
        raise click.UsageError(
            f'unknown kind of event "{kind}"; {near + " " if near else ""}it is {listed(EVENT_KINDS)}'
        )
    if not (person or "").strip():
        raise click.UsageError(f"say who: mentorkit record PROGRAM.toml {kind} --person ID")


def _told(opened: Opened, file: Path | None, event: tuple[str | None, ...], when: str | None) -> ToldReading:
    from mentorkit.answers import read_told, said
    from mentorkit.core.diagnostics import errors_in
    from mentorkit.core.errors import ProgramError
    from mentorkit.core.program import AnswersFile

    if file is None:
        kind, person, subject, value, event_id = (part or "" for part in event)
        reading = said(kind, person, subject, value, event_id, _happened(opened, when))
    else:
        named = AnswersFile(str(file.absolute()), str(file))
        reading = read_told([named], opened.program, opened.roster, opened.at, must_exist=True)
    if errors_in(reading.diagnostics):
        raise ProgramError(reading.diagnostics)
    return reading


def _happened(opened: Opened, when: str | None) -> datetime:
    """Return when the event happened; it becomes known at the command's own moment."""
    if when is None:
        return opened.at
    from mentorkit import clock
    from mentorkit.core.errors import RefusedError

    moment = clock.parse_moment(when, opened.program.timezone, "--when")
    if moment > opened.at:
        raise RefusedError(f"--when {when} has not come yet: record it when it has happened")
    return moment
