"""`mentorkit publish`: publishes what is proposed, what a review shows, or an intake made now; sends nothing."""

from __future__ import annotations

from pathlib import Path

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, limit_options, program_argument
from mentorkit.presenting.json_text import json_text


@click.command("publish")
@program_argument
@click.option(
    "--review",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Publish exactly what this review file shows, or refuse.",
)
@click.option("--fill", is_flag=True, help="Match now those who wait with those who have free places.")
@click.option(
    "--accept-missing", is_flag=True, help="Go on although more than a tenth of the participants are missing."
)
@limit_options
@folder_option
@at_option
@json_option
def command(
    program: Path,
    review: Path | None,
    fill: bool,
    accept_missing: bool,
    folder: Path | None,
    at: str | None,
    as_json: bool,
    time_limit: float | None,
    memory_limit: int | None,
) -> None:
    """Publish what is proposed. It sends nothing: the next run tells people."""
    if review is not None and fill:
        raise click.UsageError("--review publishes what the file shows: leave --fill out")
    from mentorkit.opening import open_program
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.publication import publication_json, publication_text
    from mentorkit.running.publish_once import publish_once
    from mentorkit.running.spending import spending

    opened = open_program(program, folder, at)
    spent = spending(time_limit, memory_limit, quiet=as_json)
    done = publish_once(opened, review, fill=fill, accept_missing=accept_missing, effort=spent.effort)
    print_diagnostics(done.diagnostics, as_json=as_json, notes=False)
    if as_json:
        click.echo(json_text(publication_json(done.plan, opened.roles)))
    else:
        click.echo(publication_text(done.plan, opened.program, opened.roles, opened.roster, str(program)))
