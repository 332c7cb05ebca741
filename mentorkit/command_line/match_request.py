"""What `mentorkit match` is asked for: refused where it makes no sense, else carried out."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click
from attrs import frozen
from click.core import ParameterSource

from mentorkit.command_line.audits import audits, refuse_unread
from mentorkit.command_line.explanations import explain
from mentorkit.command_line.match_files import save, verify
from mentorkit.command_line.matched import Matched
from mentorkit.command_line.trade_offs import trades
from mentorkit.core.diagnostics import listed, suggestion
from mentorkit.core.errors import RefusedError
from mentorkit.core.history import History
from mentorkit.core.matching.solving import MatchingOutcome
from mentorkit.core.roster import Roster
from mentorkit.ledger import read_history
from mentorkit.opening import Opened, open_program
from mentorkit.presenting.diagnostics import print_diagnostics
from mentorkit.presenting.json_text import json_text
from mentorkit.running.match_once import known_by_now, match_afresh, match_for_review
from mentorkit.running.replacing import check_replaceable
from mentorkit.running.saved_matchings import KEYS
from mentorkit.running.spending import Spending, spending
from mentorkit.running.stopping import stop_when_asked


@frozen(kw_only=True)
class MatchRequest:
    """What was asked for.

    Attributes:
        from_ledger: whether published relationships are taken as given.
        review: the file to write for review.
        explained: ids of those whose matches are explained.
        others: ids of those whom these are not with, to say why.
        audited: columns by whose values match rates and scores are compared, beside the program's own.
        out: the file to save the matching to.
        verified: the saved matching to prove again; nothing is matched then.
        traded: whether to say what objectives cost.
        time_limit: seconds.
        memory_limit: megabytes of a million bytes.
    """

    program: Path
    from_ledger: bool
    review: Path | None
    explained: tuple[str, ...]
    others: tuple[str, ...]
    explain_unmatched: bool
    audited: tuple[str, ...]
    out: Path | None
    verified: Path | None
    traded: bool
    timings: bool
    folder: Path | None
    at: str | None
    as_json: bool
    time_limit: float | None
    memory_limit: int | None


def carry_out(request: MatchRequest) -> int:
    """Match, or prove a matching again, and print what was asked for; return the exit code."""
    if request.verified is not None:
        _refuse_beside_verify()
        verify(request.program, request.verified, request.folder, as_json=request.as_json)
        return 0
    opened = _opened(request)
    with stop_when_asked(_hear_it) as stop:
        spent = spending(request.time_limit, request.memory_limit, quiet=request.as_json, stop=stop)
        outcome, history = _solve(opened, request, spent)
        costs = trades(opened, history, outcome, spent) if request.traded else None
    if request.out is not None:
        save(opened, outcome, request.out, from_ledger=request.from_ledger)
    print_diagnostics(opened.diagnostics + opened.placed(outcome.diagnostics), as_json=request.as_json, notes=False)
    people, unmatched = request.explained, request.explain_unmatched
    asked = people or unmatched
    told = explain(opened, outcome, history, people, request.others, unmatched=unmatched) if asked else None
    found = Matched(opened, outcome.matching, told, audits(opened, outcome.matching, request.audited), costs)
    if request.as_json:
        click.echo(json_text(found.document()))
    else:
        click.echo(found.text())
        _say_what_was_written(request)
    return _end(spent, timings=request.timings)


def _opened(request: MatchRequest) -> Opened:
    """Return what is to be matched.

    Raises:
        UsageError: options that do not go together.
        RefusedError: somebody or something is named that is not in the roster, or a file would be lost.
    """
    if request.review is not None and (request.out is not None or request.traded):
        raise click.UsageError("--out and --trade-off are about what is matched afresh: leave --review out")
    opened = open_program(request.program, request.folder, request.at, will_match=True)
    _refuse_strangers((*request.explained, *request.others), opened)
    _refuse_comparing(request.explained, request.others)
    refuse_unread(request.audited, opened)
    if request.out is not None:
        check_replaceable(request.out, "matching", KEYS)
    return opened


def _refuse_beside_verify() -> None:
    """Raise UsageError for options that have no say when a saved matching is proven: the file says how it was posed."""
    context = click.get_current_context()
    given = [
        option.opts[-1]
        for option in context.command.params
        if option.name not in ("program", "verified", "folder", "as_json")
        and context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(f"--verify goes by what the file says: leave {' and '.join(given)} out")


def _refuse_strangers(people: tuple[str, ...], opened: Opened) -> None:
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
    named = [one for one in roster.people if one.name.casefold() == word.strip().casefold()]
    if len(named) == 1:
        return f"did you mean the id {named[0].id} ({named[0].name})?"
    if named:
        return f"{len(named)} people have that name, with the ids {listed(one.id for one in named)}"
    return suggestion(word, roster.by_id)


def _solve(opened: Opened, request: MatchRequest, spent: Spending) -> tuple[MatchingOutcome, History]:
    """Match, and return what was known before."""
    known = request.from_ledger or request.review is not None
    history = read_history(opened.workspace.ledger) if known else History()
    if request.review is None:
        return match_afresh(opened, history, spent.effort()), history
    history = known_by_now(opened, history)
    return match_for_review(opened, history, request.review, spent.effort()), history


def _hear_it() -> None:
    """Say, from within a signal handler, that the first signal was heard; nothing there may touch a buffer."""
    os.write(2, b"\nstopping: what is found by now is printed; once more ends at once\n")


def _say_what_was_written(request: MatchRequest) -> None:
    """Name the files that were written, with the commands that go on from there."""
    folder = ["--folder", str(request.folder)] if request.folder else []
    if request.out is not None:
        call = shlex.join(["mentorkit", "match", str(request.program), "--verify", str(request.out), *folder])
        click.echo(f"\nSaved to {request.out}: `{call}` proves it again.")
    if request.review is not None:
        call = shlex.join(["mentorkit", "publish", str(request.program), "--review", str(request.review), *folder])
        click.echo(
            f"\nWritten to {request.review}: write keep, forbid or pin into its column decision and run this again, "
            f"or publish what it shows by `{call}`."
        )


def _end(spent: Spending, *, timings: bool) -> int:
    """Say what the time went to, and return the exit code."""
    if timings:
        parts = ", ".join(f"{part} {seconds:.2f} s" for part, seconds in spent.spent.items())
        click.echo(f"{parts}", err=True)
    if spent.stop.asked:
        click.echo("interrupted: this is the best that was found until then", err=True)
    return 130 if spent.stop.asked else 0
