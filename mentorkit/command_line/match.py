"""`mentorkit match`: solves, explains, writes review files; the ledger stays as it is."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, limit_options, program_argument

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.command_line.explanations import Explained
    from mentorkit.core.history import History
    from mentorkit.core.matching.solving import MatchingOutcome
    from mentorkit.core.matching.trading import Trade
    from mentorkit.core.reporting.auditing import Audit
    from mentorkit.core.roster import Roster
    from mentorkit.opening import Opened
    from mentorkit.running.spending import Spending


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
@click.option(
    "--versus", "others", metavar="ID", multiple=True, help="With --explain: why they are not with this other person."
)
@click.option("--explain-unmatched", is_flag=True, help="Explain everybody who is unmatched.")
@click.option(
    "--audit",
    "audited",
    metavar="COLUMN",
    multiple=True,
    help="Compare match rates and scores by the values of this column.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save the matching to FILE with everything that proves it, for --verify.",
)
@click.option(
    "--verify",
    "verified",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Prove the matching in FILE again from program and roster; match nothing.",
)
@click.option(
    "--trade-off", "traded", is_flag=True, help="Say what each objective costs the next one; solves once more for each."
)
@click.option("--timings", is_flag=True, help="Say on standard error what the time went to.")
@limit_options
@folder_option
@at_option
@json_option
def command(
    program: Path,
    from_ledger: bool,
    review: Path | None,
    explained: tuple[str, ...],
    others: tuple[str, ...],
    explain_unmatched: bool,
    audited: tuple[str, ...],
    out: Path | None,
    verified: Path | None,
    traded: bool,
    timings: bool,
    folder: Path | None,
    at: str | None,
    as_json: bool,
    time_limit: float | None,
    memory_limit: int | None,
) -> int:
    """Solve the matching afresh and explain it; touch nothing."""
    from mentorkit.command_line.audits import audits, refuse_unread
    from mentorkit.command_line.explanations import explain
    from mentorkit.command_line.match_files import save, verify
    from mentorkit.command_line.trade_offs import trades
    from mentorkit.opening import open_program
    from mentorkit.presenting.audit import audit_text
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.matching_text import matching_text
    from mentorkit.presenting.trade_off import trade_off_text
    from mentorkit.running.replacing import check_replaceable
    from mentorkit.running.saved_matchings import KEYS
    from mentorkit.running.spending import spending
    from mentorkit.running.stopping import stop_when_asked

    if verified is not None:
        _refuse_beside_verify()
        verify(program, verified, folder, as_json=as_json)
        return 0
    if review is not None and (out is not None or traded):
        raise click.UsageError("--out and --trade-off are about what is matched afresh: leave --review out")
    opened = open_program(program, folder, at, will_match=True)
    _refuse_strangers((*explained, *others), opened)
    _refuse_comparing(explained, others)
    refuse_unread(audited, opened)
    if out is not None:
        check_replaceable(out, "matching", KEYS)
    with stop_when_asked(_hear_it) as stop:
        spent = spending(time_limit, memory_limit, quiet=as_json, stop=stop)
        outcome, history = _solve(opened, from_ledger, review, spent)
        costs = trades(opened, history, outcome, spent) if traded else None
    if out is not None:
        save(opened, outcome, out, from_ledger=from_ledger)
    print_diagnostics(opened.diagnostics + opened.placed(outcome.diagnostics), as_json=as_json, notes=False)
    told = (
        explain(opened, outcome, history, explained, others, unmatched=explain_unmatched)
        if explained or explain_unmatched
        else None
    )
    found = audits(opened, outcome.matching, audited)
    if as_json:
        click.echo(json.dumps(_document(opened, outcome, told, found, costs), ensure_ascii=False, indent=2))
        return _end(spent, timings=timings)
    click.echo(matching_text(outcome.matching, opened.roles, opened.roster) if told is None else told.text(opened))
    for text in (*map(audit_text, found), *([trade_off_text(costs)] if costs is not None else [])):
        click.echo("\n" + text)
    _say_what_was_written(program, out, review, folder)
    return _end(spent, timings=timings)


def _say_what_was_written(program: Path, out: Path | None, review: Path | None, folder: Path | None) -> None:
    """Name the files that were written, with the commands that go on from there."""
    if out is not None:
        call = shlex.join(["mentorkit", "match", str(program), "--verify", str(out), *_folder(folder)])
        click.echo(f"\nSaved to {out}: `{call}` proves it again.")
    if review is not None:
        call = shlex.join(["mentorkit", "publish", str(program), "--review", str(review), *_folder(folder)])
        click.echo(
            f"\nWritten to {review}: write keep, forbid or pin into its column decision and run this again, "
            f"or publish what it shows by `{call}`."
        )


def _refuse_beside_verify() -> None:
    """Raise UsageError for options that have no say when a saved matching is proven: the file says how it was posed."""
    from click.core import ParameterSource

    context = click.get_current_context()
    given = [
        option.opts[-1]
        for option in context.command.params
        if option.name not in ("program", "verified", "folder", "as_json")
        and context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(f"--verify goes by what the file says: leave {' and '.join(given)} out")


def _folder(folder: Path | None) -> list[str]:
    return ["--folder", str(folder)] if folder else []


def _refuse_strangers(people: tuple[str, ...], opened: Opened) -> None:
    from mentorkit.core.errors import RefusedError

    for person in people:
        if person not in opened.roster.by_id:
            near = _meant(person, opened.roster)
            raise RefusedError(f"nobody in the roster has the id {person!r}{'; ' + near if near else ''}")


def _refuse_comparing(explained: tuple[str, ...], others: tuple[str, ...]) -> None:
    """Refuse to compare nobody, or somebody with themselves."""
    if others and not explained:
        raise click.UsageError("--versus says why somebody is not with another person: name them by --explain ID")
    for person in set(explained) & set(others):
        raise click.UsageError(f"--versus {person}: that is the person who is explained; name another one")


def _meant(word: str, roster: Roster) -> str:
    """Return whom somebody means who gave a name, or misspelled an id."""
    from mentorkit.core.diagnostics import listed, suggestion

    named = [one for one in roster.people if one.name.casefold() == word.strip().casefold()]
    if len(named) == 1:
        return f"did you mean the id {named[0].id} ({named[0].name})?"
    if named:
        return f"{len(named)} people have that name, with the ids {listed(one.id for one in named)}"
    return suggestion(word, roster.by_id)


def _solve(opened: Opened, from_ledger: bool, review: Path | None, spent: Spending) -> tuple[MatchingOutcome, History]:
    """Match, and return what was known before."""
    from mentorkit.core.history import History
    from mentorkit.ledger import read_history
    from mentorkit.running.match_once import known_by_now, match_afresh, match_for_review

    history = read_history(opened.workspace.ledger) if from_ledger or review is not None else History()
    if review is None:
        return match_afresh(opened, history, spent.effort()), history
    history = known_by_now(opened, history)
    return match_for_review(opened, history, review, spent.effort()), history


def _hear_it() -> None:
    """Say, from within a signal handler, that the first signal was heard; nothing there may touch a buffer."""
    os.write(2, b"\nstopping: what is found by now is printed; once more ends at once\n")


def _end(spent: Spending, *, timings: bool) -> int:
    """Say what the time went to, and return the exit code."""
    if timings:
        parts = ", ".join(f"{part} {seconds:.2f} s" for part, seconds in spent.spent.items())
        click.echo(f"{parts}", err=True)
    if spent.stop.asked:
        click.echo("interrupted: this is the best that was found until then", err=True)
    return 130 if spent.stop.asked else 0


def _document(
    opened: Opened,
    outcome: MatchingOutcome,
    explained: Explained | None,
    audits: Sequence[Audit],
    costs: Sequence[Trade] | None,
) -> dict[str, Any]:
    from mentorkit.presenting.audit import audit_json
    from mentorkit.presenting.matching_json import match_json
    from mentorkit.presenting.trade_off import trade_off_json

    document = match_json(outcome.matching, opened.roles)
    if explained is not None:
        document |= explained.document()
    if audits:
        document["audit"] = [audit_json(one) for one in audits]
    if costs is not None:
        document["trade_off"] = trade_off_json(costs)
    return document
