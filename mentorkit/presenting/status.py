"""Where a program stands: as text for a coordinator and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mentorkit.core.planning.status import Need, Status
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.zones import utc_text
from mentorkit.presenting.matching_text import called
from mentorkit.presenting.plan_text import moment_text
from mentorkit.presenting.tables import counted, table

HEADINGS = {
    "in-doubt": "in doubt: whether these arrived is unknown (`run --retry-in-doubt` sends them again)",
    "failed": "failed",
    "deferred": "waiting to be tried again",
    "held": "held",
    "no-time": "sessions without a time",
    "unmatched": "unmatched",
    "expired": "expired: tell people another way, if it still matters",
}


def status_json(status: Status) -> dict[str, Any]:
    """Return the status as a JSON document."""
    return {
        "program": status.program,
        "at": utc_text(status.at),
        "phase": status.phase,
        "relationships": dict(status.relationships),
        "sessions": dict(status.sessions),
        "messages": dict(status.messages),
        "due": status.due,
        "next_message": _iso(status.next_message),
        "next_session": _iso(status.next_session),
        "provisional": status.provisional,
        "needs": [
            {"kind": need.kind, "people": list(need.people), "subject": need.subject, "detail": need.detail}
            for need in status.needs
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return utc_text(moment) if moment else None


def status_text(status: Status, program: Program, roster: Roster) -> str:
    """Return the status as text: where it stands, then what needs somebody."""
    zone = program.timezone
    facts = [
        ("phase", status.phase),
        ("relationships", _counts(status.relationships)),
        ("sessions", _counts(status.sessions)),
        ("messages", _counts(status.messages)),
        ("due now", counted(status.due, "message")),
        ("next message", moment_text(status.next_message, zone) if status.next_message else "none"),
        ("next session", _next_session(status, zone)),
    ]
    parts = [f"{program.name}, as of {moment_text(status.at, zone)}\n{table(facts)}"]
    for kind, heading in HEADINGS.items():
        rows = [_need(need, roster) for need in status.needs if need.kind == kind]
        if rows:
            parts.append(f"{heading}\n{table(rows)}")
    if not status.needs:
        parts.append("Nothing needs you.")
    return "\n\n".join(parts)


def _need(need: Need, roster: Roster) -> tuple[str, ...]:
    about = (need.subject, need.detail)
    return (", ".join(called(person, roster) for person in need.people), *about) if need.people else about


def _next_session(status: Status, zone: str) -> str:
    if status.next_session is None:
        return "none"
    foreseen = ", if nobody else signs up" if status.provisional else ""
    return moment_text(status.next_session, zone) + foreseen


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {state.replace('_', ' ')}" for state, number in counts.items()) or "none"
