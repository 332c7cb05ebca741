"""The questions of `mentorkit init`: each is answered by its option, by somebody at the terminal, or by its default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import click
from attrs import evolve

from mentorkit import clock
from mentorkit.command_line.asking_rosters import weighed
from mentorkit.command_line.init_answers import Interview
from mentorkit.command_line.init_choices import (
    Chosen,
    ask_model,
    ask_rules,
    ask_template,
    ask_words,
    ask_zone,
    roles_of,
)
from mentorkit.command_line.init_columns import ask_columns, ask_roster
from mentorkit.command_line.init_settings import ask_parameters, options_of, parameters_of
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.declaring.declarations import Goal
from mentorkit.core.errors import RefusedError
from mentorkit.core.mail_addresses import is_mail_address
from mentorkit.core.problems import Effort
from mentorkit.core.proposing import Proposal, Sheet
from mentorkit.plugin_loading import build_catalogue
from mentorkit.presenting.report_words import goal_words
from mentorkit.running.spending import spending
from mentorkit.starting.beginning import begin, checked, refuse_existing
from mentorkit.starting.choosing import beginning_with
from mentorkit.starting.first_program import Start
from mentorkit.starting.sheets import Source
from mentorkit.starting.trying import Question, first_start

_TRIAL_SECONDS = 10.0


def carry_out(asked: Interview) -> int:
    """Ask what is not said yet, write the program, and say what to do next.

    Raises:
        click.UsageError: answers are missing and there is nobody to ask.
        ProgramError: what was said does not make a program that could run.
        RefusedError: there is a program already.
    """
    folder: Path = asked.said("folder")
    refuse_existing(folder)
    catalogue = build_catalogue()
    goals, sources = _goals(asked), ask_roster(asked)
    sheet, proposal = ask_columns(asked, sources) if sources else (Sheet((), ()), Proposal({}, (), ()))
    coordinator = _address(asked, "coordinator", "Who hears what needs a person (mail address)?", needed=True)
    asked.refuse_gaps()
    question = _question(asked, goals, sources, sheet, proposal)
    chosen = ask_model(asked, question, catalogue)
    start = _start(asked, question, catalogue, chosen)
    roles = roles_of(catalogue, chosen.model, start.extends.partition(" ")[0])
    rules, words = ask_rules(asked), ask_words(asked, roles)
    start = evolve(start, coordinator=coordinator, rules=rules, words=words)
    start, _ = checked(start)
    file = begin(start, folder)
    shown = os.path.relpath(file)
    click.echo(f"Written: {shown}\nNext: mentorkit check {shown}; mentorkit plan {shown}; nothing is sent before `run`")
    return 0


def _goals(asked: Interview) -> dict[str, float]:
    if asked.said("goals"):
        return weighed(asked.said("goals"))
    if not asked.terminal:
        asked.lacks("--goal GOAL", f"what the program is for: {', '.join(get_args(Goal))}")
        return {}
    for number, goal in enumerate(get_args(Goal), 1):
        click.echo(f"  {number:>2}  {goal:<20} {goal_words(goal)[1]}")
    while True:
        words = asked.text("What is the program for? Numbers or names, with commas").replace(",", " ").split()
        try:
            if words:
                return weighed([_numbered(word) for word in words])
        except click.UsageError as problem:
            click.echo(problem.format_message())


def _numbered(word: str) -> str:
    goals = get_args(Goal)
    return str(goals[int(word) - 1]) if word.isdecimal() and 0 < int(word) <= len(goals) else word


def _address(asked: Interview, key: str, question: str, *, needed: bool = False) -> str:
    told = asked.said(key)
    if told is None and asked.terminal:
        while True:
            told = asked.text(question)
            if is_mail_address(told) or not (told or needed):
                break
            click.echo(f'"{told}" is no mail address')
    if told is None and needed:
        asked.lacks(f"--{key} ADDRESS", "who hears what needs a person")
    if told and not is_mail_address(told):
        raise click.UsageError(f'--{key}: "{told}" is no mail address')
    return told or ""


def _question(
    asked: Interview, goals: Mapping[str, float], sources: tuple[Source, ...], sheet: Sheet, proposal: Proposal
) -> Question:
    sponsor = _address(asked, "sponsor", "Which executive stands behind it (mail address; empty: none)?")
    limit = spending(_TRIAL_SECONDS, None, quiet=not asked.terminal)

    def effort() -> Effort:
        return limit.effort()

    return Question(
        goals, sources, sheet, proposal, _first_day(asked), effort, weeks=asked.said("weeks"), sponsor=sponsor
    )


def _first_day(asked: Interview) -> date:
    if asked.said("starts") is not None:
        day: date = asked.said("starts").date()
        return day
    soon = clock.now().date() + timedelta(weeks=4)
    monday = soon + timedelta(days=-soon.weekday() % 7)
    while asked.terminal:
        try:
            return date.fromisoformat(asked.text("When does it start?", monday.isoformat()))
        except ValueError:
            click.echo("write a day as 2027-01-11")
    return monday


def _start(asked: Interview, question: Question, catalogue: Catalogue, chosen: Chosen) -> Start:
    start = first_start(question, catalogue.models[chosen.model], chosen.scope)
    folder: Path = asked.said("folder")
    usual = folder.absolute().name.replace("-", " ").replace("_", " ").strip().capitalize() or "Mentoring"
    name = asked.said("name") or (asked.text("What is it called?", usual) if asked.terminal else usual)
    template = ask_template(asked, catalogue, chosen)
    start = beginning_with(start, template, question.proposal.guesses, catalogue)
    if start.taking_part.refused:
        raise RefusedError(f"{chosen.model} cannot run on this roster: {start.taking_part.refused}")
    settings = parameters_of(template, catalogue)
    parameters = ask_parameters(asked, settings)
    options, scope_options = options_of(asked, catalogue, chosen.model, chosen.scope)
    return evolve(
        start,
        name=name,
        weeks=asked.said("weeks"),
        timezone=ask_zone(asked),
        sponsor=question.sponsor,
        settings=settings,
        parameters=parameters,
        options=options,
        scope_options=scope_options,
    )
