"""What `advise` and `init` share: roster files as arguments, goals with weights, answers about columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.core.diagnostics import Diagnostic
    from mentorkit.core.proposing import Answers, Proposal, Sheet
    from mentorkit.starting.sheets import Source


def column_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that answer what a header does not say."""
    columns = click.option(
        "--column",
        "columns",
        metavar="OURS=THEIRS",
        multiple=True,
        help='Say which of their headers is which of our columns: "level=Grade"; "level=" for none.',
    )
    order = click.option(
        "--level-order",
        metavar="LOW,…,HIGH",
        help="Their grades from the lowest to the highest, where they are texts.",
    )
    dates = click.option("--date-format", metavar="FORMAT", help="How dates are written, such as DD/MM/YYYY.")
    sheet = click.option("--sheet", default="", metavar="NAME", help="The sheet of a workbook; default: the first.")
    return columns(order(dates(sheet(command))))


def goal_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option `--goal`."""
    option = click.option(
        "--goal",
        "goals",
        metavar="GOAL[=WEIGHT]",
        multiple=True,
        help="What the program is for, perhaps with a weight (career-growth=2); repeat for several.",
    )
    return option(command)


def weighed(goals: Sequence[str]) -> dict[str, float]:
    """Return goals with their weights, 1 where none is said.

    Raises:
        click.UsageError: a goal is none, or a weight no number above 0.
    """
    from mentorkit.core.declaring.declarations import Goal
    from mentorkit.core.diagnostics import suggestion

    known = get_args(Goal)
    all_goals, found = f"goals are {', '.join(known)}", dict[str, float]()
    for said in goals:
        goal, _, weight = said.partition("=")
        if goal not in known:
            raise click.UsageError(f'"{goal}" is no goal; {suggestion(goal, known) or all_goals}')
        try:
            found[goal] = float(weight or 1)
        except ValueError:
            found[goal] = 0.0
        if not 0 < found[goal] < 1000:
            raise click.UsageError(f'the weight of "{goal}" must be a number above 0, not "{weight}"')
    return found


def sources_of(rosters: Sequence[str], sheet: str) -> tuple[Source, ...]:
    """Return roster files, each a path or `ROLE=PATH`."""
    from mentorkit.starting.sheets import Source

    found = []
    for said in rosters:
        role, sign, path = said.partition("=")
        split = bool(sign) and role.isidentifier() and not Path(said).exists()
        found.append(Source(Path(path if split else said), role if split else "", sheet))
    return tuple(found)


def answers_of(columns: Sequence[str], level_order: str | None, date_format: str | None, sheet: Sheet) -> Answers:
    """Return what was answered about columns.

    Raises:
        click.UsageError: an answer names no column of ours, or a header that the files do not have.
    """
    from mentorkit.core.diagnostics import suggestion
    from mentorkit.core.enrolling.columns import OUR_WORDS
    from mentorkit.core.enrolling.recipes import folded
    from mentorkit.core.proposing import Answers

    told: dict[str, str] = {}
    headers = {folded(header): header for header in sheet.headers if header}
    for said in columns:
        ours, sign, theirs = said.partition("=")
        if not sign or ours not in OUR_WORDS:
            hint = suggestion(ours, OUR_WORDS) or f"ours are {', '.join(OUR_WORDS)}"
            raise click.UsageError(f'--column {said}: "{ours}" is no column of ours; {hint}')
        if theirs and folded(theirs) not in headers:
            hint = suggestion(theirs, sheet.headers) or f"they are {', '.join(filter(None, sheet.headers))}"
            raise click.UsageError(f'--column {said}: no header is called "{theirs}"; {hint}')
        told[ours] = headers[folded(theirs)] if theirs else ""
    order = tuple(grade.strip() for grade in level_order.split(",")) if level_order else ()
    return Answers(told, order, date_format or "")


def taken_for(proposal: Proposal) -> tuple[str, ...]:
    """Return in words which columns were taken for what, where it is not a matter of course."""
    from mentorkit.starting.first_program import said_of

    recipes = proposal.recipes()
    return tuple(
        f"{column} = {said_of(recipe)}  ({proposal.guesses[column].because}"
        f"{'' if proposal.guesses[column].sure else '; please check'})"
        for column, recipe in recipes.items()
    )


def open_questions(proposal: Proposal, file: str) -> tuple[Diagnostic, ...]:
    """Return what is not clear about columns; without something that tells people apart it is an error."""
    from mentorkit.core.diagnostics import error, warning

    found = []
    for one in proposal.open:
        tell = error if one.column == "id" and "id" not in proposal.guesses else warning
        path = f"roster.columns.{one.column}"
        found.append(tell("column-unclear", one.says, path=path, help=f"ask HR for {one.ask}").at(file))
    return tuple(found)


def guessed_columns(proposal: Proposal) -> dict[str, Mapping[str, Any]]:
    """Return the proposal for a JSON document."""
    return {
        column: {"recipe": guess.recipe, "sure": guess.sure, "because": guess.because}
        for column, guess in proposal.guesses.items()
    }
