"""The command line: one file per command, loaded when it is called, behind one error boundary."""

from __future__ import annotations

import importlib
import shlex
from collections.abc import Mapping
from typing import Any

import click

COMMANDS: Mapping[str, str] = {
    "init": "Start a program: goals, people, model, rules, messages.",
    "advise": "Say which mentoring model is best for your goals and people.",
    "check": "Name every problem in program, template, roster, messages and plugins.",
    "show": "Print the resolved program.",
    "match": "Solve the matching afresh and explain it; touch nothing.",
    "publish": "Publish what is proposed, or an intake made now.",
    "plan": "Say what a run would do now and what comes later.",
    "run": "Carry out what is due.",
    "record": "Write down what happened: who met, left, pauses, answered.",
    "status": "Say where the program stands and what needs you.",
    "report": "Write the report: HTML, JSON or CSV.",
    "plugins": "List what is installed: models, matchers, criteria, rules, channels.",
    "templates": "List and show program templates.",
    "ledger": "Verify the ledger, settle doubts, retry failures, adopt a lost one.",
}
"""Names and one-line helps, in the order of a program's life, so that `--help` loads no command."""


class ReaderGoneError(Exception):
    """Whoever read standard output has closed the pipe. Not an `OSError`: of that, click would make a failure."""


class LazyGroup(click.Group):
    """A group whose commands are modules of this package, imported when they are called."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Parse the arguments, which may print a help.

        Raises:
            ReaderGoneError: nobody reads it.
        """
        try:
            return super().make_context(info_name, args, parent, **extra)
        except BrokenPipeError as gone:
            raise ReaderGoneError from gone

    def invoke(self, ctx: click.Context) -> Any:
        """Call the command.

        Raises:
            ReaderGoneError: nobody reads what it prints.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError as gone:
            raise ReaderGoneError from gone

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"mentorkit.command_line.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; who names only a program is told what can be done with it."""
        if args[0].endswith(".toml"):
            program = shlex.quote(args[0])
            ctx.fail(f"say what to do with {program}: `mentorkit check {program}`, or `mentorkit run {program}`")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="A program is a TOML file; `mentorkit run program.toml` carries out what is due and is run again tomorrow.",
)
@click.version_option(package_name="mentorkit")
def cli() -> None:
    """Workplace mentoring programs as files: declare, match, plan, run."""
