"""`mentorkit advise`: which mentoring model is best for some goals and the people of a roster."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.command_line.asking_rosters import column_options, goal_option
from mentorkit.command_line.options import json_option
from mentorkit.command_line.quantities import Duration
from mentorkit.presenting.json_text import json_text

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.core.advising import Advice
    from mentorkit.starting.trying import Question

_SECONDS = 10.0


@click.command("advise")
@click.argument("rosters", nargs=-1, required=True, metavar="ROSTER…")
@goal_option
@click.option("--weeks", type=click.IntRange(1, 520), help="How many weeks the program may take.")
@click.option(
    "--hours-per-mentor",
    "hours",
    type=click.FloatRange(0, 200),
    help="How many hours a month each mentor has for it.",
)
@click.option("--sponsor", default="", metavar="ADDRESS", help="The executive who stands behind it.")
@click.option(
    "--starts", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The first day; default: in four weeks."
)
@column_options
@click.option(
    "--time-limit",
    type=Duration(),
    default=_SECONDS,
    metavar="TIME",
    help="How long each matching on trial may take (90s, 10m); default: 10 seconds.",
)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a page to FILE.")
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Start the program with the best model in DIR.",
)
@json_option
def command(**options: Any) -> int:
    """Say which mentoring model is best for these goals and these people, and why.

    ROSTER is a CSV or XLSX file, or ROLE=FILE for each of several sign-up sheets. Every installed model is asked, and
    matched on trial. Nothing is written but what --html and --write name.
    """
    if not options["goals"]:
        raise click.UsageError("say what the program is for, such as --goal career-growth; several are fine")
    return _advise(options)


def _advise(options: dict[str, Any]) -> int:
    from mentorkit.command_line.asking_rosters import guessed_columns, open_questions, taken_for
    from mentorkit.core.diagnostics import errors_in
    from mentorkit.core.errors import ProgramError
    from mentorkit.plugin_loading import build_catalogue
    from mentorkit.presenting.advice import advice_json, advice_text
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.starting.beginning import refuse_existing
    from mentorkit.starting.trying import ask

    if options["folder"]:
        refuse_existing(options["folder"])
    question = _question(options)
    found = open_questions(question.proposal, options["rosters"][0])
    if errors_in(found):
        raise ProgramError(found)
    try:
        advice = ask(question, build_catalogue())
    except ProgramError as problem:
        raise ProgramError((*problem.diagnostics, *found)) from None
    print_diagnostics(found, as_json=options["as_json"])
    _write(options, question, advice)
    if options["as_json"]:
        document = advice_json(advice, guessed_columns(question.proposal))
        click.echo(json_text(document))
    else:
        click.echo(advice_text(advice, taken_for(question.proposal)))
    return 0


def _question(options: dict[str, Any]) -> Question:
    from mentorkit.command_line.asking_rosters import answers_of, sources_of, weighed
    from mentorkit.core.proposing import propose
    from mentorkit.running.spending import spending
    from mentorkit.starting.sheets import read_people
    from mentorkit.starting.trying import Question

    goals = weighed(options["goals"])
    sources = sources_of(options["rosters"], options["sheet"])
    sheet = read_people(sources)
    answers = answers_of(options["columns"], options["level_order"], options["date_format"], sheet)
    return Question(
        goals=goals,
        sources=sources,
        sheet=sheet,
        proposal=propose(sheet, answers),
        on=_first_day(options["starts"]),
        effort=spending(options["time_limit"], None, quiet=options["as_json"]).effort,
        weeks=options["weeks"],
        hours=options["hours"],
        sponsor=options["sponsor"],
    )


def _first_day(said: datetime | None) -> date:
    """Return the day that was said, else the Monday after the next four weeks."""
    from datetime import timedelta

    from mentorkit import clock

    if said is not None:
        return said.date()
    soon = clock.now().date() + timedelta(weeks=4)
    return soon + timedelta(days=-soon.weekday() % 7)


def _write(options: dict[str, Any], question: Question, advice: Advice) -> None:
    """Write the page and the program that were asked for, and say so on standard error."""
    from mentorkit.core.errors import RefusedError

    if options["html"]:
        from mentorkit.durable_files import write_whole
        from mentorkit.presenting.html.advice import advice_html

        write_whole(options["html"], advice_html(advice).encode())
        click.echo(f"Written: {options['html']}", err=True)
    if options["folder"]:
        if advice.best is None:
            raise RefusedError("no model fits as things stand, so no program is written")
        _begin(options, question, advice)


def _begin(options: dict[str, Any], question: Question, advice: Advice) -> None:
    from attrs import evolve

    from mentorkit.plugin_loading import build_catalogue
    from mentorkit.presenting.advice import passed_over_told
    from mentorkit.starting.beginning import begin, checked
    from mentorkit.starting.choosing import beginning_with
    from mentorkit.starting.trying import first_start

    best, folder, catalogue = advice.best, options["folder"], build_catalogue()
    assert best is not None  # `_write` has looked
    name = folder.absolute().name.replace("-", " ").replace("_", " ").capitalize()
    remarks = (
        f"{best.name}: `mentorkit advise` gives it {best.points:.1f} points for {', '.join(advice.goals)}.",
        "Look at it with `mentorkit check` and `mentorkit plan`; nothing is sent before `mentorkit run`.",
    )
    start = first_start(question, catalogue.models[best.model], best.scope)
    start = evolve(
        beginning_with(start, best.template, question.proposal.guesses, catalogue),
        name=name,
        weeks=options["weeks"],
        sponsor=options["sponsor"],
        remarks=remarks,
    )
    start, _ = checked(start)
    for line in passed_over_told(best):
        click.echo(f"Template {best.template}, {line}", err=True)
    click.echo(f"Written: {begin(start, folder)}", err=True)
