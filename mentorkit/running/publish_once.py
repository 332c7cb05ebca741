"""Publishing what is proposed, what a review shows, or an intake made now; nothing is sent by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attrs import evolve, frozen

from mentorkit import clock
from mentorkit.core.diagnostics import Diagnostic, errors_in
from mentorkit.core.errors import ProgramError, RefusedError
from mentorkit.core.history import History
from mentorkit.core.plan import Plan
from mentorkit.core.planning.deciding import PlanResult
from mentorkit.core.planning.publishing import make_publication
from mentorkit.core.problems import Effort
from mentorkit.guarding.ledger_guard import guarded
from mentorkit.ledger import read_history
from mentorkit.opening import Opened, placing
from mentorkit.review_files import Review, read_review, same_as_shown
from mentorkit.running.asking import Consents, ask
from mentorkit.running.results import keep_the_template, write_results


@frozen
class Published:
    """What was published, and what there is to say about it; without a matching in the plan, nothing was proposed."""

    plan: Plan
    history: History
    diagnostics: tuple[Diagnostic, ...]


def publish_once(
    opened: Opened,
    review: Path | None = None,
    *,
    fill: bool = False,
    accept_missing: bool = False,
    effort: Callable[[], Effort] = Effort,
) -> Published:
    """Publish as of the opened program's moment.

    Args:
        opened: the program and its people.
        review: a review file; exactly what it shows is published.
        fill: match now, and publish that.
        accept_missing: go on although the roster looks like a truncated export.
        effort: called for each matching, for how much it may spend.

    Raises:
        ConsentError: it does, and nobody has consented.
        ProgramError: matching found contradictions, or the review file has problems.
        RefusedError: the program is held, its ledger unknown, sign-up is open, or what is shown or proposed is stale.
        RunError: something could not be written.
    """
    shown = None if review is None else read_review(review, opened.program, opened.roster, opened.roles)
    consents = Consents(accept_missing=accept_missing)
    first = _decide(opened, read_history(opened.workspace.ledger), shown, fill, effort())
    ask(opened.program, first, consents)  # refuse before anything is made
    with guarded(opened.workspace, opened.program, opened.catalogue, clock.now()) as held:
        result = _decide(opened, held.ledger.read(), shown, fill, effort())
        ask(opened.program, result, consents)
        if result.plan.matching is not None:
            keep_the_template(opened)
            held.ledger.record_plan(result.plan)
        history = held.ledger.read()
        write_results(opened, history, opened.workspace.folder)
        return Published(result.plan, history, opened.diagnostics + held.notes + result.diagnostics)


def _decide(opened: Opened, history: History, shown: Review | None, fill: bool, effort: Effort) -> PlanResult:
    with placing(opened):
        result = make_publication(
            opened.program,
            opened.roster,
            opened.catalogue,
            history,
            opened.at,
            opened.told,
            decisions=None if shown is None else shown.decisions,
            fill=fill,
            effort=effort,
        )
    result = evolve(result, diagnostics=opened.placed(result.diagnostics))
    if errors_in(result.diagnostics):
        raise ProgramError(opened.diagnostics + result.diagnostics)
    if shown is not None and result.plan.matching is not None:
        _check_as_shown(shown, result)
    return result


def _check_as_shown(shown: Review, result: PlanResult) -> None:
    differences = same_as_shown(shown, result.plan.matching) if result.plan.matching else []
    if differences:
        more = f" (and {len(differences) - 3} more)" if len(differences) > 3 else ""
        raise RefusedError(
            f"the review file does not show what would be published: {'; '.join(differences[:3])}{more}; "
            "run `mentorkit match --review FILE` again, look at it, and publish that"
        )
