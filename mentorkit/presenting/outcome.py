"""What a run did: as text for a coordinator and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import asdict

from mentorkit.core.happenings import EVENT_KINDS, Departure, Ending, Joining
from mentorkit.core.history import KnownSession
from mentorkit.core.outcome import Item, Outcome
from mentorkit.core.plan import Plan
from mentorkit.core.program import OUTBOX, Program
from mentorkit.core.relationships import Relationship
from mentorkit.core.requests import is_given_up
from mentorkit.core.roster import Roster
from mentorkit.core.sessions import Unplaced
from mentorkit.core.zones import utc_text
from mentorkit.presenting.happening_text import told_events
from mentorkit.presenting.matching_text import called
from mentorkit.presenting.next_steps import Caller, folded
from mentorkit.presenting.plan_text import added_sessions, held_row, moment_text
from mentorkit.presenting.tables import counted, harmless, table
from mentorkit.presenting.unplaced_text import unplaced_text

TROUBLE = {
    "failed": "failed, and not tried again unless `mentorkit ledger retry` says so",
    "unprepared": "not sent; the next run tries again",
    "deferred": "not delivered yet; a later run tries again",
    "unreached": "waiting: the recipient cannot be reached now",
    "in_doubt": "in doubt: whether these arrived is unknown; `mentorkit run --retry-in-doubt` sends them again",
    "expired": "expired: met too late, never sent",
}


def outcome_json(plan: Plan, outcome: Outcome, folder: str) -> dict[str, Any]:
    """Return what a run did as a JSON document."""
    document = asdict(outcome)
    return {
        "at": utc_text(plan.at),
        "program": plan.program,
        "folder": folder,
        "published": [one.id for one in plan.publishing],
        "proposed": [one.id for one in _proposed(plan)],
        "asked": [one.id for one in _asked(plan)],
        "withdrawn": list(plan.withdrawn),
        "unmatched": len(plan.matching.unmatched) if plan.matching and not plan.provisional else 0,
        "events": _by_kind(plan),
        "ended": [one.relationship for one in _endings(plan)],
        "left": [_seat(one) for one in plan.happening.departures],
        "joined": [_seat(one) for one in plan.rearranged.joinings],
        "sessions": len(plan.schedule.sessions),
        "passed_on": [_item(one) for one in document["passed_on"]],
        "down": [asdict(one) for one in outcome.down],
        **{name: [_item(one) for one in document[name]] for name in ("sent", *TROUBLE)},
        "held": [{"id": one.recipient.id, "reason": one.reason} for one in plan.held],
        "waiting": outcome.waiting,
        "interrupted": outcome.interrupted,
    }


def _seat(one: Departure | Joining) -> dict[str, str]:
    return {"relationship": one.relationship, "id": one.member.person, "role": one.member.role}


def _item(item: dict[str, Any]) -> dict[str, Any]:
    return {key: item[key] for key in ("key", "step", "detail", "channel")}


def _proposed(plan: Plan) -> tuple[Relationship, ...]:
    return plan.matching.relationships if plan.matching and plan.proposing and not plan.provisional else ()


def _asked(plan: Plan) -> tuple[Relationship, ...]:
    return plan.matching.relationships if plan.matching and plan.asking else ()


def _endings(plan: Plan) -> tuple[Ending, ...]:
    return plan.happening.endings + plan.rearranged.endings


def _by_kind(plan: Plan) -> dict[str, int]:
    """Return how many events became known, by kind, in the order of `EVENT_KINDS`."""
    counts = Counter(event.kind for event in told_events(plan.happening))
    return {kind: counts[kind] for kind in EVENT_KINDS if counts[kind]}


def _learned(plan: Plan) -> list[str]:
    """Return what became known and what has ended, changed or been dropped with it."""
    events = ", ".join(f"{number:,} {kind}" for kind, number in _by_kind(plan).items())
    reasons = Counter(one.reason for one in _endings(plan))
    sessions = [known for change in (plan.happening, plan.rearranged) for known in change.sessions]
    canceled = sum(known.state == "canceled" for known in sessions)
    dropped = len(plan.happening.superseded) + len(plan.rearranged.superseded)
    why = "with series or zone data" if plan.data else "with their series"
    told = [
        (len(_endings(plan)), "relationship", f" ended ({', '.join(sorted(reasons))})"),
        (len(plan.happening.departures), "member", " left what goes on without them"),
        (len(plan.rearranged.joinings), "free seat", " taken"),
        (canceled, "session", " canceled"),
        (sum(known.state == "moved" for known in plan.happening.sessions), "session", " moved"),
        (sum(known.state != "canceled" for known in _resettled(plan)), "session", f" changed {why}"),
        (len(added_sessions(plan)), "session", " added"),
        (dropped, "waiting message", " dropped"),
        (len(plan.withdrawn), "proposal", " withdrawn"),
        (sum(is_given_up(one) for one in plan.rearranged.events), "request", " expired"),
    ]
    changes = [counted(number, word) + what for number, word, what in told if number]
    return [
        *([f"  learned {counted(len(told_events(plan.happening)), 'event')}: {events}"] if events else []),
        *([f"  {', '.join(changes)}"] if changes else []),
    ]


def _resettled(plan: Plan) -> list[KnownSession]:
    """Return the sessions that change otherwise than that somebody joins what they are of."""
    joined = {one.relationship for one in plan.rearranged.joinings}
    return [known for known in plan.rearranged.sessions if known.session.relationship not in joined]


def _proposals(plan: Plan, program: Program, caller: Caller) -> list[str]:
    """Return what waits to be published, and how to go on."""
    found = _proposed(plan)
    if not found:
        return []
    steps = caller.publishing(program.matching.publish == "review")
    return [
        f"  {counted(len(found), 'relationship')} proposed, waiting to be published",
        f"  next: {', then '.join(steps)}",
    ]


def outcome_text(
    program: Program,
    plan: Plan,
    outcome: Outcome,
    folder: str,
    caller: Caller | None = None,
    roster: Roster | None = None,
    numbers: Mapping[str, int] | None = None,
) -> str:
    """Return what a run did in a few lines, then whatever needs somebody.

    Names come from the roster; `numbers` are the ledger's running numbers by person id.
    """
    people = {number: called(person, roster or Roster(())) for person, number in (numbers or {}).items()}
    published, asked = plan.publishing, _asked(plan)
    lines = [f"{harmless(program.name)}, as of {moment_text(plan.at, program.timezone)}", *_learned(plan)]
    unmatched = f"; {len(plan.matching.unmatched):,} unmatched" if plan.matching else ""
    if published:
        sessions = counted(len(plan.schedule.sessions) - len(added_sessions(plan)), "session")
        rest = "" if asked else unmatched
        lines.append(f"  published {counted(len(published), 'relationship')} with {sessions}{rest}")
    if asked:
        lines.append(f"  asked about {counted(len(asked), 'relationship')}: published once accepted{unmatched}")
    if outcome.sent:
        steps = Counter(one.step for one in outcome.sent)
        told = ", ".join(f"{number:,} {step}" for step, number in sorted(steps.items()))
        ways = Counter(one.channel for one in outcome.sent) if program.channels else {}
        by = f" ({', '.join(f'{number:,} by {name}' for name, number in sorted(ways.items()))})" if ways else ""
        lines.append(f"  delivered {counted(len(outcome.sent), 'message')}{by}: {told}")
    lines += _proposals(plan, program, caller or Caller())
    lines += [f"  {told}" for told in unplaced_text(_unplaced(plan))]
    if len(lines) == 1:
        tried = outcome.down or any(getattr(outcome, name) for name in TROUBLE if name != "expired")
        lines.append("  nothing was delivered" if tried else "  nothing was due")
    for name, heading in TROUBLE.items():
        items: tuple[Item, ...] = getattr(outcome, name)
        if items:
            named = _by_step(items) if name == "expired" else _singly(items, people)
            lines += [heading, *_some(named, name == "in_doubt", caller)]
    held = [one for one in plan.held if one.transmissions or one.reason == "missing"]
    if held:
        rows = [held_row(one, roster or Roster(())) for one in held]
        lines += ["held until they are back or recorded as left", *_some(rows, False, caller)]
    if outcome.interrupted:
        lines.append(f"interrupted; {counted(outcome.waiting, 'message')} wait for the next run")
    if outcome.passed_on:
        refused = [(*_whose(one, people), one.channel, one.detail) for one in outcome.passed_on]
        lines += [
            "refused by a channel, and tried by the next one",
            *folded(table(refused).splitlines(), False, how=" (--json)"),
        ]
    if outcome.down:
        rows = [(one.channel, counted(one.waiting, "message"), one.detail) for one in outcome.down]
        lines.append(f"down: what goes by these channels waits for the next run\n{table(rows)}")
    uses_outbox = not program.channels or any(one.kind == OUTBOX for one in program.channels)
    outbox = ", outbox/" if uses_outbox else ""
    lines.append(f"Look at {folder}: report.html, matches.csv, schedule.csv, calendars/{outbox}.")
    return "\n".join(lines)


def _some(rows: Sequence[Sequence[str]], everything: bool, caller: Caller | None) -> list[str]:
    """Return the first rows and where all of them are; what is in doubt is named whole wherever it is told."""
    where = (caller or Caller()).command(("status", "--all"))
    return folded(table(rows).splitlines(), everything, how=f" (`{where}`)")


def _unplaced(plan: Plan) -> tuple[Unplaced, ...]:
    """Return the sessions without a time: those of a proposal, as if it were published now, among them."""
    return (*plan.schedule.unplaced, *(plan.preview.unplaced if plan.proposing and not plan.provisional else ()))


def _by_step(items: Sequence[Item]) -> list[tuple[str, str]]:
    counts = Counter(one.step for one in items)
    return [(step, counted(number, "message")) for step, number in sorted(counts.items())]


def _singly(items: Sequence[Item], people: Mapping[int, str]) -> list[tuple[str, ...]]:
    return [(*_whose(one, people), one.detail) for one in items]


def _whose(item: Item, people: Mapping[int, str]) -> tuple[str, ...]:
    """Return whom a message was for, as far as that is known, and its key."""
    return (*([people[item.number]] if item.number in people else []), item.key)
