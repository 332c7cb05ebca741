"""`mentorkit match`: solves, explains, writes review files; the ledger stays as it is."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, program_argument

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.core.history import History
    from mentorkit.core.matching.decisions import Decisions
    from mentorkit.core.matching.explaining import Explanation
    from mentorkit.core.matching.solving import MatchingOutcome
    from mentorkit.core.reporting.auditing import Audit
    from mentorkit.core.roster import Roster
    from mentorkit.opening import Opened


@click.command("match")
@program_argument
@click.option("--from-ledger", is_flag=True, help="Take published relationships as given and fill free places.")
@click.option(
    "--review",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what a run would match to FILE (.csv or .xlsx), with the decisions that it holds.",
)
@click.option("--explain", "explained", metavar="ID", multiple=True, help="Explain the matches of this person.")
@click.option("--explain-unmatched", is_flag=True, help="Explain everybody who is unmatched.")
@click.option(
    "--audit",
    "audited",
    metavar="COLUMN",
    multiple=True,
    help="Compare match rates and scores by the values of this column.",
)
@folder_option
@at_option
@json_option
def command(
    program: Path,
    from_ledger: bool,
    review: Path | None,
    explained: tuple[str, ...],
    explain_unmatched: bool,
    audited: tuple[str, ...],
    folder: Path | None,
    at: str | None,
    as_json: bool,
) -> None:
    """Solve the matching afresh and explain it; touch nothing."""
    from mentorkit.command_line.audits import audits, refuse_unread
    from mentorkit.core.history import History
    from mentorkit.core.matching.explaining import explain_person
    from mentorkit.ledger import read_history
    from mentorkit.opening import open_program
    from mentorkit.presenting.audit import audit_text
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.explanation import explanation_text
    from mentorkit.presenting.matching_text import matching_text

    opened = open_program(program, folder, at)
    _refuse_strangers(explained, opened)
    refuse_unread(audited, opened)
    history = read_history(opened.workspace.ledger) if from_ledger or review is not None else History()
    history = history if review is None else _known_by_now(opened, history)
    outcome = _solve(opened, history) if review is None else _reviewed(opened, history, review)
    print_diagnostics(opened.diagnostics + outcome.diagnostics, as_json=as_json, notes=False)
    whom = list(explained) + ([one.person for one in outcome.matching.unmatched] if explain_unmatched else [])
    explanations = [
        explain_person(opened.program, opened.roster, opened.catalogue, outcome.matching, person, history)
        for person in dict.fromkeys(whom)
    ]
    found = audits(opened, outcome.matching, audited)
    if as_json:
        click.echo(json.dumps(_document(opened, outcome, explanations, found), ensure_ascii=False, indent=2))
    elif explained or explain_unmatched:
        click.echo("\n\n".join(explanation_text(one, opened.roster) for one in explanations) or "Nobody is unmatched.")
    else:
        click.echo(matching_text(outcome.matching, opened.roles, opened.roster))
    if not as_json:
        for one in found:
            click.echo("\n" + audit_text(one))
    if review is not None and not as_json:
        call = shlex.join(["mentorkit", "publish", str(program), "--review", str(review), *_folder(folder)])
        click.echo(
            f"\nWritten to {review}: write keep, forbid or pin into its column decision and run this again, "
            f"or publish what it shows by `{call}`."
        )


def _folder(folder: Path | None) -> list[str]:
    return ["--folder", str(folder)] if folder else []


def _known_by_now(opened: Opened, history: History) -> History:
    """Return the history as a run at this moment would have it before it matches: with answers and who has left."""
    from mentorkit.answers import read_told
    from mentorkit.core.diagnostics import errors_in
    from mentorkit.core.errors import ProgramError
    from mentorkit.core.learning import applied, learn

    reading = read_told(opened.program.answers, opened.program, opened.at)
    learned = learn(opened.program, opened.roster, opened.catalogue, history, reading.told, opened.at)
    found = reading.diagnostics + learned.diagnostics
    if errors_in(found):
        raise ProgramError(opened.diagnostics + found)
    return applied(history, learned.happening)


def _reviewed(opened: Opened, history: History, file: Path) -> MatchingOutcome:
    """Match as a run at this moment would, under the decisions of a review file, and write it again."""
    from mentorkit.presenting.review_table import review_header, review_rows
    from mentorkit.review_files import check_review_path, read_review, write_review

    check_review_path(file)
    program, roster, roles = opened.program, opened.roster, opened.roles
    review = read_review(file, program, roster, roles) if file.exists() else None
    outcome = _solve_as_run(opened, history, review.decisions if review else None, file)
    rows = review_rows(program, roster, opened.catalogue, roles, outcome.matching, review)
    write_review(file, review_header(roles), rows)
    return outcome


def _solve_as_run(opened: Opened, history: History, decisions: Decisions | None, file: Path) -> MatchingOutcome:
    """Match as of the moment; raise ProgramError where rules and decisions contradict each other."""
    from attrs import evolve

    from mentorkit.core.diagnostics import errors_in
    from mentorkit.core.errors import ProgramError
    from mentorkit.core.matching.intakes import intake_due, occasion_now
    from mentorkit.core.matching.solving import match
    from mentorkit.core.zones import to_local

    today = to_local(opened.at, opened.program.timezone).date()
    due = intake_due(opened.program, history, today) is not None
    try:
        return match(
            opened.program,
            opened.roster,
            opened.catalogue,
            history,
            today,
            decisions=decisions,
            occasion=occasion_now(opened.program, history, today),
            rematch=due and opened.program.matching.rematch == "everyone",
        )
    except ProgramError as problem:
        told = [evolve(one, file=str(file)) if one.code.startswith("review-") else one for one in problem.diagnostics]
        raise ProgramError([*opened.diagnostics, *told] if errors_in(told) else told) from None


def _refuse_strangers(people: tuple[str, ...], opened: Opened) -> None:
    from mentorkit.core.errors import RefusedError

    for person in people:
        if person not in opened.roster.by_id:
            near = _meant(person, opened.roster)
            raise RefusedError(f"nobody in the roster has the id {person!r}{'; ' + near if near else ''}")


def _meant(word: str, roster: Roster) -> str:
    """Return whom somebody means who gave a name, or misspelled an id."""
    from mentorkit.core.diagnostics import listed, suggestion

    named = [one for one in roster.people if one.name.casefold() == word.strip().casefold()]
    if len(named) == 1:
        return f"did you mean the id {named[0].id} ({named[0].name})?"
    if named:
        return f"{len(named)} people have that name, with the ids {listed(one.id for one in named)}"
    return suggestion(word, roster.by_id)


def _solve(opened: Opened, history: History) -> MatchingOutcome:
    """Match as of the moment; raise ProgramError where the rules contradict each other."""
    from mentorkit.core.diagnostics import errors_in
    from mentorkit.core.errors import ProgramError
    from mentorkit.core.matching.solving import match
    from mentorkit.core.zones import to_local

    today = to_local(opened.at, opened.program.timezone).date()
    outcome = match(opened.program, opened.roster, opened.catalogue, history, on=today)
    if errors_in(outcome.diagnostics):
        raise ProgramError(opened.diagnostics + outcome.diagnostics)
    return outcome


def _document(
    opened: Opened, outcome: MatchingOutcome, explanations: list[Explanation], audits: Sequence[Audit]
) -> dict[str, Any]:
    from mentorkit.presenting.audit import audit_json
    from mentorkit.presenting.explanation import explanation_json
    from mentorkit.presenting.matching_json import match_json

    document = match_json(outcome.matching, opened.roles)
    if explanations:
        document["explanations"] = [explanation_json(one) for one in explanations]
    if audits:
        document["audit"] = [audit_json(one) for one in audits]
    return document
