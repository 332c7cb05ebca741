"""Where a program stands and what needs its coordinator: read from the history and today's plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from attrs import frozen

from mentorkit.core.history import History
from mentorkit.core.phases import STATES, Phase, phase, relationship_state
from mentorkit.core.plan import Plan
from mentorkit.core.program import Program
from mentorkit.core.relationships import Unmatched

NeedKind = Literal["in-doubt", "failed", "deferred", "held", "unmatched", "no-time", "expired"]


@frozen
class Need:
    """One thing that waits for a person.

    Attributes:
        people: ids of whom it is about.
        subject: a transmission's key, a relationship's id, or the step that expired, or "".
        detail: the reason, in words.
    """

    kind: NeedKind
    people: tuple[str, ...]
    subject: str
    detail: str


@frozen
class Status:
    """Where a program stands at one moment.

    Attributes:
        phase: where `at` lies in the program's life.
        relationships: count by state, see `phases.relationship_state`.
        sessions: count by state; `over` counts planned ones whose time has passed.
        messages: count by state of transmission.
        due: how many messages a run would send now.
        next_message: when the next one is due after `at`, UTC.
        next_session: when the next session begins after `at`, UTC; while sign-up is open, one that is foreseen.
        provisional: whether sign-up is open, so that what comes after it is foreseen from the people there are now.
        needs: most urgent first.
    """

    at: datetime
    program: str
    phase: Phase
    relationships: Mapping[str, int]
    sessions: Mapping[str, int]
    messages: Mapping[str, int]
    due: int
    next_message: datetime | None
    next_session: datetime | None
    needs: tuple[Need, ...]
    provisional: bool = False

    @property
    def open_trouble(self) -> bool:
        """Whether anything failed or is in doubt."""
        return any(need.kind in ("failed", "in-doubt") for need in self.needs)


def make_status(program: Program, history: History, plan: Plan, waiting: Sequence[Unmatched]) -> Status:
    """Return where the program stands as of the plan's moment.

    Args:
        program: the resolved program.
        history: what the ledger knows.
        plan: what a run would do now.
        waiting: served participants without a relationship.
    """
    known_sessions = [known.session for known in history.sessions if known.state != "canceled"]
    sessions = known_sessions or plan.preview.sessions
    upcoming = [session.starts for session in sessions if session.starts > plan.at]
    return Status(
        at=plan.at,
        program=program.id,
        phase=phase(program, history, plan.at),
        relationships=_relationship_counts(program, history, plan.at),
        sessions=_session_counts(history, plan.at),
        messages=_sorted_counts(Counter(known.state for known in history.transmissions.values())),
        due=len(plan.due) + len(plan.waiting),
        next_message=plan.later[0].due if plan.later else None,
        next_session=min(upcoming, default=None),
        needs=(
            *_troubles(history),
            *(Need("held", (one.recipient.id,), "", "missing from the roster") for one in plan.held),
            *_without_time(program, history),
            *(Need("unmatched", (one.person,), "", "; ".join(map(str, one.reasons))) for one in waiting),
            *_expired(history, plan),
        ),
        provisional=plan.provisional,
    )


def _sorted_counts(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _relationship_counts(program: Program, history: History, at: datetime) -> dict[str, int]:
    counts = Counter(relationship_state(program, known, at) for known in history.relationships)
    return {state: counts[state] for state in STATES if counts[state]}


def _session_counts(history: History, at: datetime) -> dict[str, int]:
    over = sum(known.state in ("planned", "moved") and known.session.starts <= at for known in history.sessions)
    counts = Counter(str(known.state) for known in history.sessions)
    return {**_sorted_counts(counts), **({"over": over} if over else {})}


def _troubles(history: History) -> list[Need]:
    names = {number: name for name, number in history.numbers.items()}
    kinds: dict[str, NeedKind] = {"in_doubt": "in-doubt", "failed": "failed", "deferred": "deferred"}
    found = [
        Need(kinds[known.state], (names.get(known.number, f"person {known.number}"),), known.key, known.detail)
        for known in history.transmissions.values()
        if known.state in kinds
    ]
    return sorted(found, key=lambda need: (list(kinds.values()).index(need.kind), need.subject))


def _expired(history: History, plan: Plan) -> list[Need]:
    """Return the steps that were met too late, those of today's plan among them, by name."""
    known = [one.step for one in history.transmissions.values() if one.state == "expired"]
    steps = Counter([*known, *(one.step for one in plan.expired)])
    return [
        Need("expired", (), step, f"{number} message{'s' if number != 1 else ''} met too late and never sent")
        for step, number in sorted(steps.items())
    ]


def _without_time(program: Program, history: History) -> list[Need]:
    held = Counter(known.session.relationship for known in history.sessions)
    wanted = sum(series.count for series in program.series)
    return [
        Need(
            "no-time",
            known.relationship.people(),
            known.relationship.id,
            f"{wanted - held[known.relationship.id]} of {wanted} sessions have no time",
        )
        for known in history.published
        if held[known.relationship.id] < wanted
    ]
