"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

program_argument = click.argument("program", type=click.Path(path_type=Path), metavar="PROGRAM.toml")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The run folder; default: NAME.run beside the program.",
)
at_option = click.option(
    "--at",
    metavar="TIME",
    help="Act as of this moment: RFC 3339, local time in the program's zone, or a date (its end).",
)
