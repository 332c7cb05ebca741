"""`mentorkit init`: from a few answers to a commented program that passes `check`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mentorkit.command_line.asking_rosters import column_options, goal_option

RULES = ("other-department", "shared-language")


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".", metavar="[DIR]")
@goal_option
@click.option(
    "--roster",
    "rosters",
    metavar="FILE",
    multiple=True,
    help="The people: CSV or XLSX; ROLE=FILE for each of several sign-up sheets.",
)
@column_options
@click.option("--accept-guesses", is_flag=True, help="Take the columns as they are proposed, also where it is a guess.")
@click.option("--model", metavar="NAME", help="The mentoring model, or a scope; default: the one that `advise` names.")
@click.option("--scope", default="", metavar="NAME", help="A scope around the model, such as erg.")
@click.option(
    "--template",
    metavar="NAME",
    help="The template, which may say the model; default: the most for the goals.",
)
@click.option(
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    help='A parameter of the template, such as "rhythm=every 4 weeks"; `templates show` lists them.',
)
@click.option(
    "--option",
    "options",
    metavar="KEY=VALUE",
    multiple=True,
    help="An option of the model or of the scope around it, such as form=circles.",
)
@click.option("--name", metavar="TEXT", help="What the program is called; default: the name of DIR.")
@click.option(
    "--starts", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The first day; default: in four weeks."
)
@click.option("--weeks", type=click.IntRange(1, 520), help="How long it is; default: as long as the template says.")
@click.option("--timezone", default="", metavar="ZONE", help="For people without a zone of their own; default: UTC.")
@click.option("--coordinator", metavar="ADDRESS", help="Who hears what needs a person.")
@click.option("--sponsor", metavar="ADDRESS", help="The executive who stands behind it.")
@click.option(
    "--rule",
    "rules",
    type=click.Choice(RULES),
    multiple=True,
    help="A rule beside those of the template; repeat for several.",
)
@click.option("--keep-apart", metavar="FILE", help="Pairs who must never be matched: a CSV file with columns a and b.")
@click.option(
    "--word", "words", metavar="ROLE=WORD", multiple=True, help="What readers call a role, such as mentor=guide."
)
def command(**said: Any) -> int:
    """Start a program in DIR: goals, people, model, rules, messages.

    On a terminal it asks; every answer is also an option. Without a terminal, questions that have a default take it,
    and the others are named. DIR/program.toml passes `check`; nothing is written over a file.
    """
    from mentorkit.command_line.init_answers import Interview
    from mentorkit.command_line.init_interview import carry_out

    return carry_out(Interview(said, terminal=on_terminal()))


def on_terminal() -> bool:
    """Return whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()
