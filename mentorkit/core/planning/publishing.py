"""What `publish` does at one moment: it publishes what is proposed, or what a review decided, or fills free places now.

It sends nothing. What follows from a publication, a run sends. Where a model asks people first, they are asked from the
moment of the publication on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from attrs import evolve

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.errors import RefusedError
from mentorkit.core.happenings import Told
from mentorkit.core.history import History
from mentorkit.core.learning import applied, joined
from mentorkit.core.matching.coming_due import matching_due
from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.matching.intakes import intake_key
from mentorkit.core.plan import Plan
from mentorkit.core.planning.beginning import Begun, begin, plan_for
from mentorkit.core.planning.deciding import PlanResult
from mentorkit.core.planning.expecting import expect
from mentorkit.core.planning.following import lay_out, publication_moment
from mentorkit.core.planning.matching_now import Matched, match_for, signup_open
from mentorkit.core.problems import Effort
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.zones import day_end, to_local

AGAIN = "`mentorkit run` proposes anew"


def make_publication(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    at: datetime,
    told: Sequence[Told] = (),
    *,
    decisions: Decisions | None = None,
    fill: bool = False,
    effort: Effort = Effort(),  # noqa: B008 (frozen and empty)
) -> PlanResult:
    """Return what to publish at `at` (aware); the plan has no matching where there is nothing.

    Args:
        program: resolved.
        roster: everybody.
        catalogue: where model, matcher and rules come from.
        history: what the ledger knows.
        at: the moment of publication.
        told: what answers files say happened.
        decisions: what a review decided; None: exactly what the ledger holds as proposed.
        fill: match now and publish that, whatever the calendar of intakes says, and fill free seats first.
        effort: how much a matcher may spend on each problem.

    Raises:
        ProgramError: program and roster do not fit each other.
        RefusedError: sign-up is open, the program is over, or what is proposed is not what would be proposed today.
    """
    at = at.astimezone(UTC)
    if signup_open(program, at):
        raise RefusedError(f"sign-up is open until the end of {program.signup_closes}: nothing can be published before")
    if at >= day_end(program.ends, program.timezone):
        raise RefusedError(f"the program ended on {program.ends}: nothing is published any more")
    begun = begin(program, roster, catalogue, history, at, told, "decided" if fill else "not")
    if decisions is None and not fill and not begun.history.proposed:
        return _publication(program, roster, history, begun, Matched(), at)
    today = to_local(at, program.timezone).date()
    known = begun.history
    due = matching_due(program, roster, known, today)
    as_run = due is not None and (not due.between or (decisions is None and not fill))
    occasion = due.occasion if due and as_run else intake_key(today)
    only = due.only if due and as_run else None
    anew = due is not None and not due.between
    decided = decisions or Decisions()
    matched = match_for(program, roster, catalogue, known, at, occasion, decided, anew=anew, only=only, effort=effort)
    if decisions is None and not fill:
        _check_as_proposed(begun.history, matched)
    matched = evolve(matched, asking=program.model.asking is not None)
    return _publication(program, roster, history, begun, matched, at)


def _check_as_proposed(history: History, matched: Matched) -> None:
    proposed = {known.relationship.id for known in history.proposed}
    today = {one.id for one in matched.matching.relationships} if matched.matching else set()
    if proposed != today:
        raise RefusedError(
            f"people or rules have changed since these relationships were proposed: {len(today - proposed)} of those "
            f"that would be proposed today are new, {len(proposed - today)} are no longer among them; {AGAIN}, or "
            "publish a review file"
        )


def _publication(
    program: Program,
    roster: Roster,
    history: History,
    begun: Begun,
    matched: Matched,
    at: datetime,
) -> PlanResult:
    roles = program.model.roles
    after = applied(begun.history, matched.broken)
    published = publication_moment(program, begun.known, at)
    times = lay_out(program, roster, roles, after, matched, published, begun.resettled)
    plan = Plan(
        **plan_for(program, roster, history, begun, at),
        rearranged=joined(begun.rearranged, matched.broken),
        matching=matched.matching,
        occasions=matched.occasions,
        asking=matched.asking,
        withdrawn=matched.withdrawn,
        prices=matched.prices,
        published=published,
        schedule=times,
    )
    expected = expect(roster, history, begun.learned.happening)
    return PlanResult(plan, begun.diagnostics + matched.diagnostics, begun.known, expected)
