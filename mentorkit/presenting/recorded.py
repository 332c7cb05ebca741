"""What `mentorkit record` wrote down and what follows from it: as text for a coordinator and as JSON."""

from __future__ import annotations

from typing import Any

from mentorkit.core.happenings import Happening
from mentorkit.core.history import Event, KnownSession
from mentorkit.core.zones import utc_text
from mentorkit.presenting.happening_text import Before, following_text, known_text
from mentorkit.presenting.next_steps import Caller
from mentorkit.presenting.tables import counted


def recorded_text(happening: Happening, known: int, before: Before, caller: Caller) -> str:
    """Return what was recorded, what follows, and the next step.

    Args:
        happening: what is new.
        known: how many events were recorded already.
        before: what was before.
        caller: who called.
    """
    parts = [
        known_text(happening, before).replace("became known:", "recorded:", 1),
        f"{counted(known, 'event')} recorded already" if known else "",
        following_text(happening, before),
    ]
    told = [part for part in parts if part] or ["There are no events to record."]
    if _concerns_people(happening):
        plan, run = caller.command(["plan"]), caller.command(["run"])
        told.append(f"tell people: {run} ({plan} shows what it sends)")
    return "\n".join(told)


def _concerns_people(happening: Happening) -> bool:
    """Return whether something changes that people count on, beyond what they said themselves."""
    changed = any(known.state not in ("held", "missed") for known in happening.sessions)
    return bool(happening.endings or happening.departures or happening.superseded or changed)


def recorded_json(happening: Happening, known: tuple[str, ...]) -> dict[str, Any]:
    """Return what was recorded and what follows as a JSON document."""
    return {
        "recorded": [_event(event) for event in happening.events],
        "known": list(known),
        "ended": [
            {"relationship": one.relationship, "at": utc_text(one.at), "reason": one.reason}
            for one in happening.endings
        ],
        "left": [
            {"relationship": one.relationship, "id": one.member.person, "at": utc_text(one.at), "reason": one.reason}
            for one in happening.departures
        ],
        "sessions": [_session(known) for known in happening.sessions],
        "superseded": list(happening.superseded),
    }


def _event(event: Event) -> dict[str, str]:
    return {
        "id": event.id,
        "at": utc_text(event.at),
        "person": event.person,
        "kind": event.kind,
        "subject": event.subject,
        "value": event.value,
    }


def _session(known: KnownSession) -> dict[str, Any]:
    session = known.session
    return {
        "id": session.id,
        "relationship": session.relationship,
        "state": known.state,
        "starts_utc": utc_text(session.starts),
        "local": session.local.isoformat(),
        "timezone": session.zone,
        "minutes": session.minutes,
        "people": list(session.people),
    }
