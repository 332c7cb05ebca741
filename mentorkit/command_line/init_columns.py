"""The questions of `mentorkit init` about the roster: which files, and what their columns mean."""

from __future__ import annotations

from collections.abc import Sequence

import click
from attrs import evolve

from mentorkit.command_line.asking_rosters import answers_of, open_questions, sources_of, taken_for
from mentorkit.command_line.init_answers import Interview
from mentorkit.core.diagnostics import errors_in, suggestion
from mentorkit.core.errors import ProgramError
from mentorkit.core.proposing import Answers, Guess, Open, Proposal, Sheet, propose
from mentorkit.starting.sheets import Source, read_people


def ask_roster(asked: Interview) -> tuple[Source, ...]:
    """Return the roster's files; none where nobody names any."""
    files = list(asked.said("rosters"))
    if not files and not asked.terminal:
        asked.lacks("--roster FILE", "the people: a CSV or XLSX file with one row for each")
    while not files and asked.terminal:
        told = asked.text("Which file holds the people (CSV or XLSX)?")
        files = [told] if told and sources_of([told], "")[0].path.is_file() else []
        if told and not files:
            click.echo(f"there is no file {told}")
    return sources_of(files, asked.said("sheet"))


def ask_columns(asked: Interview, sources: Sequence[Source]) -> tuple[Sheet, Proposal]:
    """Return the people's sheet and what its columns mean, once nothing about them is open."""
    sheet = read_people(sources)
    answers = answers_of(asked.said("columns"), asked.said("level_order"), asked.said("date_format"), sheet)
    proposal = propose(sheet, answers)
    if wrong := errors_in(open_questions(proposal, str(sources[0].path))):
        raise ProgramError(wrong)
    unsure = () if asked.said("accept_guesses") else proposal.unsure
    if asked.terminal:
        click.echo("\n".join(["These columns were recognized:", *(f"  {one}" for one in taken_for(proposal))]))
        for guess in unsure:
            answers = evolve(answers, columns={**answers.columns, guess.column: _confirmed(asked, guess, sheet)})
        for one in proposal.open:
            answers = _answered(asked, one, answers, sheet)
        return sheet, propose(sheet, answers)
    for guess in unsure:
        header = " ".join(guess.headers)
        asked.lacks(f"--column {guess.column}={header}", f"or another header, or none; we guess: {guess.because}")
    for one in proposal.open:
        asked.lacks(_option_for(one), one.says)
    return sheet, proposal


def _confirmed(asked: Interview, guess: Guess, sheet: Sheet) -> str:
    header = guess.headers[0]
    examples = ", ".join(sheet.cells.get(header, ())[:3])
    if click.confirm(f'Is "{header}" ({examples}) the column {guess.column}?', default=True):
        return header
    return _header(asked, guess.column, sheet)


def _header(asked: Interview, column: str, sheet: Sheet) -> str:
    while True:
        told = asked.text(f"Which header is {column}? (empty: none)")
        if not told or told in sheet.headers:
            return told
        click.echo(suggestion(told, sheet.headers) or f"headers are {', '.join(filter(None, sheet.headers))}")


def _answered(asked: Interview, one: Open, answers: Answers, sheet: Sheet) -> Answers:
    click.echo(one.says)
    if one.column == "level" and one.header:
        told = asked.text("The grades from the lowest to the highest, with commas (empty: no levels)")
        if told:
            return evolve(answers, level_order=tuple(grade.strip() for grade in told.split(",")))
    elif one.header and "may be written" in one.says:
        return evolve(answers, date_format=asked.text("How are dates written?", "DD/MM/YYYY"))
    else:
        return evolve(answers, columns={**answers.columns, one.column: _header(asked, one.column, sheet)})
    return evolve(answers, columns={**answers.columns, one.column: ""})


def _option_for(one: Open) -> str:
    if one.column == "level":
        return "--level-order LOW,…,HIGH"
    if "may be written" in one.says:
        return "--date-format FORMAT"
    return f"--column {one.column}=HEADER (or {one.column}= for none)"
