"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mentorkit.command_line.quantities import Duration, Memory

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
GRACE = 60.0
"""Seconds that a matcher may take beyond the time that it was given, to come to an end."""


def _also_for_plugins(_context: click.Context, _option: click.Parameter, seconds: float | None) -> float | None:
    """Let a matcher that is not ours search for as long as somebody asks for, also beyond `plugins.time_limit`."""
    if seconds is not None:
        from mentorkit.supervising.doors import allow_calls

        allow_calls(seconds + GRACE)
    return seconds


time_limit_option = click.option(
    "--time-limit",
    type=Duration(),
    metavar="TIME",
    callback=_also_for_plugins,
    help="Stop searching for a better matching after so long (90s, 10m); the result then depends on the machine.",
)
memory_limit_option = click.option(
    "--memory-limit", type=Memory(), metavar="SIZE", help="Memory that a matcher should stay below (500MB, 2GB)."
)


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options `--time-limit` and `--memory-limit`: wherever something is matched."""
    return time_limit_option(memory_limit_option(command))
