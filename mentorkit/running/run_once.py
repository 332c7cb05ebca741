"""One run of a program, whole: plan, ask what must be asked, hold the ledger, carry out, write what people read.

Everything that can refuse does so before the run folder exists or anything in it changes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from attrs import evolve, frozen

from mentorkit import clock
from mentorkit.core.contracts import Outgoing
from mentorkit.core.deliveries import Transmission
from mentorkit.core.diagnostics import Diagnostic, errors_in
from mentorkit.core.errors import ProgramError, RefusedError
from mentorkit.core.facilitating import facilitators
from mentorkit.core.history import RESERVED, History
from mentorkit.core.learning import applied
from mentorkit.core.outcome import Outcome
from mentorkit.core.plan import Plan
from mentorkit.core.planning.deciding import PlanResult, make_plan
from mentorkit.core.problems import Effort
from mentorkit.core.standing import standing
from mentorkit.core.zones import to_local
from mentorkit.guarding.ledger_guard import Guarded, guarded
from mentorkit.invitations import make_inviter
from mentorkit.ledger import read_history
from mentorkit.opening import Opened, placing
from mentorkit.running.asking import Consents, ask, ask_for_channels, nobody_has_consented
from mentorkit.running.channels import opened_channels, with_channels
from mentorkit.running.composing import make_composer
from mentorkit.running.delivering import carry_out
from mentorkit.running.results import keep_the_template, write_results
from mentorkit.running.saved_plans import check_saved, load_saved


@frozen
class Done:
    """What a run did, and what there is to say about it."""

    plan: Plan
    outcome: Outcome
    history: History
    diagnostics: tuple[Diagnostic, ...]


def run_once(
    opened: Opened,
    consents: Consents,
    saved: Path | None = None,
    on_progress: Callable[[int, int], object] = lambda _done, _all: None,
    effort: Callable[[], Effort] = Effort,
    patience: float = 0.0,
) -> Done:
    """Carry out what is due at the opened program's moment, or exactly a saved plan.

    `effort` is called for each matching, for how much it may spend; `patience`: seconds to wait for another run.

    Raises:
        ProgramError: matching found contradictions.
        ConsentError: a consent is needed that `consents` does not give.
        RefusedError: the program is held, its ledger unknown, the saved plan stale.
        RunError: something could not be written; nothing was sent after that.
    """
    text = None if saved is None else read_plan(saved)
    if text is not None:
        opened = evolve(opened, at=load_saved(text).at)
    before = read_history(opened.workspace.ledger)
    result = _plan(opened, before, effort())
    if text is not None:
        check_saved(text, result.plan, clock.now())
    ask(opened.program, result, consents)
    if not before.ledger_id:  # what would be refused makes no ledger, which would be another one than a saved plan's
        ask_for_channels(opened, result.plan, nobody_has_consented, consents, saved=text is not None)
    with guarded(opened.workspace, opened.program, opened.catalogue, clock.now(), patience) as held:
        history = held.ledger.read()
        if not _same(history, before):
            result = _plan(opened, history, effort())
            if text is not None:  # the ledger has moved on since it was looked at, maybe while this run waited
                check_saved(text, result.plan, clock.now())
        ask(opened.program, result, consents)
        known = held.ledger.has_consent
        for new in ask_for_channels(opened, result.plan, known, consents, saved=text is not None).items():
            held.ledger.give_consent(*new, result.plan.at)
        plan = evolve(result.plan, ledger_id=history.ledger_id, mark=held.ledger.tail().number)
        return _act(opened, held, plan, opened.diagnostics + held.notes + result.diagnostics, consents, on_progress)


def read_plan(path: Path) -> str:
    """Return the text of a saved plan.

    Raises:
        RefusedError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as problem:
        raise RefusedError(
            f"there is no plan {path}; save one by `mentorkit plan PROGRAM.toml --out {path}`"
        ) from problem
    except OSError as problem:
        raise RefusedError(f"the plan {path} cannot be read: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise RefusedError(f"{path} is not a plan that mentorkit saved: it is no text") from problem


def _plan(opened: Opened, history: History, effort: Effort) -> PlanResult:
    with placing(opened):
        result = make_plan(opened.program, opened.roster, opened.catalogue, history, opened.at, opened.told, effort)
    result = evolve(
        result,
        plan=with_channels(result.plan, opened, history),
        diagnostics=opened.placed(result.diagnostics),
    )
    if errors_in(result.diagnostics):
        raise ProgramError(opened.diagnostics + result.diagnostics)
    return result


def _same(history: History, before: History) -> bool:
    """Whether planning against `history` is planning against `before`: a ledger just made knows nothing yet."""
    return history == before or evolve(history, ledger_id=before.ledger_id, mark=before.mark) == before


def _act(
    opened: Opened,
    held: Guarded,
    plan: Plan,
    diagnostics: tuple[Diagnostic, ...],
    consents: Consents,
    on_progress: Callable[[int, int], object],
) -> Done:
    places, before = opened.workspace, held.ledger.read()
    known = applied(before, plan.happening)
    keep_the_template(opened)
    if consents.retry_in_doubt:
        held.ledger.retry_doubts(plan.at)
        plan = evolve(plan, mark=held.ledger.tail().number)
    with opened_channels(opened) as channels:
        outcome = carry_out(
            plan,
            held.ledger,
            channels,
            late_composer(opened, held.ledger.read),
            on_progress=on_progress,
            after_claim=held.remember,
            before_leaving=held.before_leaving,
            people=opened.roster.by_id,
            contacts=opened.program.contacts,
            gone=_gone(opened, known, plan.at),
            held=_held(opened, known, plan.at) | {one.key for one in plan.paced},
            bounced=opened.bounced,
            digest=opened.program.pacing.digest,
            now=clock.now,
        )
    history = held.ledger.read()
    write_results(opened, history, places.folder)
    return Done(plan, outcome, history, diagnostics)


def _gone(opened: Opened, history: History, at: datetime) -> frozenset[int]:
    """Return the running numbers of those who have left."""
    left = standing(opened.roster, history, to_local(at, opened.program.timezone).date()).left
    return frozenset(history.numbers[one] for one in left if one in history.numbers)


def _held(opened: Opened, history: History, at: datetime) -> frozenset[str]:
    """Return the keys of what an earlier run left for people who pause or are missing from the roster."""
    paused = standing(opened.roster, history, to_local(at, opened.program.timezone).date()).paused
    away = {number for one, number in history.numbers.items() if one in paused or one not in opened.roster.by_id}
    people = away - {number for one, number in history.numbers.items() if one.startswith(RESERVED)}
    return frozenset(one.key for one in history.transmissions.values() if one.number in people)


def late_composer(opened: Opened, read: Callable[[], History]) -> Callable[[Transmission], Outgoing | None]:
    """Return a composer that reads the ledger at its first message: only then does it know what the plan published."""
    ready: list[Callable[[Transmission], Outgoing | None]] = []

    def compose(transmission: Transmission) -> Outgoing | None:
        if not ready:
            history = read()
            sessions = [known.session for known in history.sessions if known.state != "canceled"]
            leads = facilitators(opened.program, opened.catalogue, history.relationships, sessions)
            people = opened.roster, history.relationships, sessions, leads, history.events
            invite = make_inviter(opened.program, opened.roles, opened.roster, history, leads)
            canceled = [known.session for known in history.sessions if known.state == "canceled"]
            ready.append(make_composer(opened.program, opened.roles, *people, invite, canceled))
        return ready[0](transmission)

    return compose
