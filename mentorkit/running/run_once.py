"""One run of a program, whole: plan, ask what must be asked, hold the ledger, carry out, write what people read.

Everything that can refuse does so before the run folder exists or anything in it changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from attrs import evolve, frozen

from mentorkit import clock
from mentorkit.core.contracts import ChannelKind, ChannelSetting, Outgoing
from mentorkit.core.deliveries import Transmission
from mentorkit.core.diagnostics import Diagnostic, errors_in
from mentorkit.core.errors import ConsentError, ProgramError, RefusedError, RunError
from mentorkit.core.history import History
from mentorkit.core.outcome import Outcome
from mentorkit.core.plan import Plan
from mentorkit.core.planning.consents import consents_needed
from mentorkit.core.planning.deciding import PlanResult, make_plan
from mentorkit.core.program import Program
from mentorkit.core.reporting.counting import make_report
from mentorkit.core.standing import standing
from mentorkit.core.zones import to_local
from mentorkit.durable_files import write_whole
from mentorkit.guarding.ledger_guard import Guarded, guarded
from mentorkit.ledger import Ledger, read_history
from mentorkit.loading.template_chains import TEMPLATE_FILE
from mentorkit.loading.templates import keep_template
from mentorkit.messages.asked import as_asked
from mentorkit.opening import Opened
from mentorkit.presenting.html.report import report_html
from mentorkit.run_folder import write_views
from mentorkit.running.composing import make_composer
from mentorkit.running.delivering import carry_out, open_channel
from mentorkit.running.saved_plans import check_saved, load_saved

CHANNEL = "outbox"
"""The channel of a program that declares none."""


@frozen
class Consents:
    """What the caller has consented to, each by the flag of that name."""

    yes: bool = False
    accept_missing: bool = False
    catch_up: bool = False
    retry_in_doubt: bool = False


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
) -> Done:
    """Carry out what is due at the opened program's moment, or exactly a saved plan.

    Raises:
        ProgramError: matching found contradictions.
        ConsentError: a consent is needed that `consents` does not give.
        RefusedError: the program is held, its ledger unknown, the saved plan stale.
        RunError: something could not be written; nothing was sent after that.
    """
    text = None if saved is None else read_plan(saved)
    if text is not None:
        opened = evolve(opened, at=load_saved(text).at)
    kind = opened.catalogue.channels[CHANNEL].implementation
    before = read_history(opened.workspace.ledger)
    result = _plan(opened, before)
    if text is not None:
        check_saved(text, result.plan, clock.now())
    _ask(opened.program, result, consents)
    with guarded(opened.workspace, opened.program, opened.catalogue, clock.now()) as held:
        history = held.ledger.read()
        result = result if _same(history, before) else _plan(opened, history)
        _ask(opened.program, result, consents)
        _ask_for_channel(kind, opened, held.ledger, result.plan, consents)
        plan = evolve(result.plan, ledger_id=history.ledger_id, mark=history.mark)
        return _act(
            opened, held, kind, plan, opened.diagnostics + held.notes + result.diagnostics, consents, on_progress
        )


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


def _plan(opened: Opened, history: History) -> PlanResult:
    result = make_plan(opened.program, opened.roster, opened.catalogue, history, opened.at)
    if errors_in(result.diagnostics):
        raise ProgramError(opened.diagnostics + result.diagnostics)
    return result


def _same(history: History, before: History) -> bool:
    """Whether planning against `history` is planning against `before`: a ledger just made knows nothing yet."""
    return history == before or evolve(history, ledger_id=before.ledger_id, mark=before.mark) == before


def _ask(program: Program, result: PlanResult, consents: Consents) -> None:
    """Refuse what needs a consent that was not given."""
    given = {"--accept-missing": consents.accept_missing, "--catch-up": consents.catch_up}
    for needed in consents_needed(program, result):
        if not given[needed.flag]:
            raise ConsentError(f"{needed.reason}; look at `mentorkit plan`, and go on by {needed.flag}")


def _ask_for_channel(kind: ChannelKind, opened: Opened, ledger: Ledger, plan: Plan, consents: Consents) -> None:
    """Ask before anything leaves the machine for the first time, and never on another day than today."""
    if not kind.leaves_machine or not plan.due:
        return
    if abs(clock.now() - opened.at) > clock.MAX_DRIFT:
        raise RefusedError(
            f"messages by {kind.name} leave this machine, and {opened.at:%Y-%m-%d %H:%M} UTC is not now: "
            "rehearse with --simulate"
        )
    digest = hashlib.sha256(opened.program.contacts.get("coordinator", "").encode()).hexdigest()
    if not ledger.has_consent(kind.name, digest):
        if not consents.yes:
            raise ConsentError(
                f"{len(plan.due)} messages would leave this machine by {kind.name}, the first of this program: "
                "look at `mentorkit plan`, and consent by --yes"
            )
        ledger.give_consent(kind.name, digest, plan.at)


def _act(
    opened: Opened,
    held: Guarded,
    kind: ChannelKind,
    plan: Plan,
    diagnostics: tuple[Diagnostic, ...],
    consents: Consents,
    on_progress: Callable[[int, int], object],
) -> Done:
    places, before = opened.workspace, held.ledger.read()
    if not (places.kept_template / TEMPLATE_FILE).is_file():
        _keep_template(opened)
    if consents.retry_in_doubt:
        held.ledger.retry_doubts(plan.at)
        plan = evolve(plan, mark=held.ledger.tail().number)
    channel = open_channel(kind, None, ChannelSetting(str(places.folder.resolve())))
    outcome = carry_out(
        plan,
        held.ledger,
        kind,
        channel,
        late_composer(opened, held.ledger.read),
        on_progress=on_progress,
        after_claim=held.remember,
        before_leaving=held.before_leaving,
        people=opened.roster.by_id,
        gone=_gone(opened, before, plan.at),
    )
    history = held.ledger.read()
    write_results(opened, history, places.folder)
    return Done(plan, outcome, history, diagnostics)


def _gone(opened: Opened, history: History, at: datetime) -> frozenset[int]:
    """Return the running numbers of those who have left."""
    left = standing(opened.roster, history, to_local(at, opened.program.timezone).date()).left
    return frozenset(history.numbers[one] for one in left if one in history.numbers)


def _keep_template(opened: Opened) -> None:
    if not opened.loaded.chain.heads:  # the model brings none, and the program extends none
        return
    try:
        keep_template(opened.loaded, opened.workspace.kept_template)
    except OSError as problem:
        raise RunError(
            f"{problem.filename or opened.workspace.kept_template} cannot be written: {problem.strerror}; "
            "nothing was sent"
        ) from problem


def late_composer(opened: Opened, read: Callable[[], History]) -> Callable[[Transmission], Outgoing | None]:
    """Return a composer that reads the ledger at its first message: only then does it know what the plan published."""
    ready: list[Callable[[Transmission], Outgoing | None]] = []

    def compose(transmission: Transmission) -> Outgoing | None:
        if not ready:
            history = read()
            sessions = [known.session for known in history.sessions if known.state != "canceled"]
            ready.append(make_composer(opened.program, opened.roles, opened.roster, history.relationships, sessions))
        return ready[0](transmission)

    return compose


def write_results(opened: Opened, history: History, folder: Path) -> None:
    """Write what people read of a run: CSV files, calendars and the report.

    Raises:
        RunError: something cannot be written; the ledger has everything, and the next run writes them again.
    """
    asked = as_asked(opened.program, opened.roles)
    report = make_report(asked, opened.roles, opened.roster, opened.catalogue, history, opened.at)
    try:
        write_views(folder, opened.program, opened.roles, opened.roster, history, written=opened.at)
        write_whole(folder / "report.html", report_html(report).encode())
    except OSError as problem:
        raise RunError(
            f"{problem.filename or folder} cannot be written: {problem.strerror}; what was sent is in the ledger, "
            "and the next run writes calendars, CSV files and report"
        ) from problem
