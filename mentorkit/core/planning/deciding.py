"""What a run would do at one moment: learn, match if it is time, give sessions times, lay out the timeline.

Everything that is decided is decided here; running adds nothing. What the ledger knows already is never planned again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.deliveries import WAITING
from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.happenings import Told
from mentorkit.core.history import RESERVED, History
from mentorkit.core.learning import applied, joined
from mentorkit.core.plan import Plan, Waiting
from mentorkit.core.planning.beginning import begin, plan_for
from mentorkit.core.planning.expecting import Expected, expect
from mentorkit.core.planning.following import calendar_after, foresee, lay_out, publication_moment, with_foreseen
from mentorkit.core.planning.matching_now import Matched, match_now
from mentorkit.core.planning.pacing import spread
from mentorkit.core.planning.sorting_out import SortedOut, sort_out
from mentorkit.core.problems import Effort
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import working_hours
from mentorkit.core.standing import standing
from mentorkit.core.timeline.laying_out import Sent, occurring
from mentorkit.core.timeline.to_come import parted
from mentorkit.core.zones import to_local


@frozen
class PlanResult:
    """A plan and what there is to say about it.

    Attributes:
        history: what is known once the plan's happenings are, and nothing else of it has been done.
        expected: who is missing from the roster, and who leaves by it.
    """

    plan: Plan
    diagnostics: tuple[Diagnostic, ...] = ()
    history: History = field(factory=History)
    expected: Expected = field(factory=Expected)

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids of participants the ledger knows who are not in the roster, in order of their running numbers."""
        return self.expected.missing


def make_plan(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    at: datetime,
    told: Sequence[Told] = (),
    effort: Effort = Effort(),  # noqa: B008 (frozen and empty)
) -> PlanResult:
    """Return what a run does at `at` (aware) and what comes later.

    First it is learned what happened since (`told`, and what the roster itself says); then people take seats that
    others have left, and sessions move whose keys have changed; then people are matched: in the first run after sign-up
    has closed, or in the first run of a program without a sign-up, and at intakes; a matcher spends so much `effort` on
    each problem. While sign-up is open the matching is a preview.

    Raises:
        ProgramError: program and roster do not fit each other, see `matching.match`.
        InternalError: a matcher's result fails its certificate.
    """
    at = at.astimezone(UTC)
    roles = program.model.roles
    begun = begin(program, roster, catalogue, history, at, told)
    matched = match_now(program, roster, catalogue, begun.history, at, effort)
    after = applied(begun.history, matched.ending)
    published = publication_moment(program, begun.known, at)
    times = lay_out(program, roster, roles, after, matched.settled, published, begun.resettled)
    away = standing(roster, after, to_local(at, program.timezone).date())
    occurrences = occurring(
        program, roster, roles, calendar_after(after, matched.standing, times, published, away.left, at)
    )
    begins = plan_for(program, roster, history, begun, at, occurrences)
    numbers = {**history.numbers, **{one.id: one.number for one in begins["newcomers"]}}
    sent = Sent(after.deliveries, after.transmissions)
    parts = sort_out(roster, after, away.paused, parted(occurrences, numbers, sent, at, after.assume_sent_until), at)
    waiting = _waiting(after, away.left | away.paused | _absent(roster, after), at)
    spaced = spread(program, roster, after, parts.due, waiting, at)
    foreseen = foresee(program, roster, roles, after, matched, away.left, at)
    plan = Plan(
        **begins,
        rearranged=joined(begun.rearranged, matched.ending),
        **_made(matched),
        published=published,
        schedule=times,
        **_kept_back(parts),
        due=spaced.due,
        waiting=spaced.waiting,
        paced=spaced.paced,
        later=with_foreseen(parts.later, foreseen, history, numbers, sent),
        preview=foreseen.schedule,
    )
    expected = expect(roster, history, begun.learned.happening)
    diagnostics = begun.diagnostics + matched.diagnostics + _unreadable_hours(roster, matched)
    return PlanResult(plan, diagnostics, begun.known, expected)


def _made(matched: Matched) -> dict[str, Any]:
    """Return the attributes of a plan that say what is matched."""
    same = ("matching", "occasions", "provisional", "proposing", "asking", "accepted", "withdrawn")
    return {
        **{one: getattr(matched, one) for one in same},
        "breaks": tuple(one.relationship for one in matched.broken.endings) if matched.proposing else (),
        "prices": matched.settled.prices,
    }


def _kept_back(parts: SortedOut) -> dict[str, Any]:
    """Return the attributes of a plan that say what is not sent."""
    return {one: getattr(parts, one) for one in ("suppressed", "expired", "held")}


def _absent(roster: Roster, history: History) -> frozenset[str]:
    return frozenset(one for one in history.numbers if not one.startswith(RESERVED) and one not in roster.by_id)


def _waiting(history: History, away: Collection[str], at: datetime) -> tuple[Waiting, ...]:
    """Return what interrupted or refused runs left to send, by (due, key), but for those who get nothing now."""
    left = {history.numbers[one] for one in away if one in history.numbers}
    open_ones = [
        one
        for one in history.transmissions.values()
        if one.state in WAITING and (one.not_before is None or one.not_before <= at) and one.number not in left
    ]
    return tuple(
        Waiting(one.key, one.step, one.number) for one in sorted(open_ones, key=lambda one: (one.due, one.key))
    )


def _unreadable_hours(roster: Roster, matched: Matched) -> tuple[Diagnostic, ...]:
    """Return a warning for working hours that scheduling could not use, when there is something to schedule."""
    if matched.matching is None or "working_hours" not in roster.columns:
        return ()
    bad = [one for one in roster.participants if one.text("working_hours") and working_hours(one) is None]
    if not bad:
        return ()
    first = bad[0]
    others = f", and {len(bad) - 1} more" if len(bad) > 1 else ""
    return (
        warning(
            "working-hours-unreadable",
            f'the working hours "{first.text("working_hours")}" of {first.id} (line {first.line}){others} say no hours '
            "and are not used",
            help='write "09:00-15:00" or "mon-thu 09:00-15:00; fri 09:00-12:00" in the column working_hours',
        ),
    )
