"""Where a program stands, as a JSON document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from attrs import asdict

from mentorkit.core.planning.needs import Need
from mentorkit.core.planning.status import Status
from mentorkit.core.zones import utc_text
from mentorkit.presenting.next_steps import Caller
from mentorkit.presenting.round_text import round_json


def status_json(status: Status, caller: Caller | None = None) -> dict[str, Any]:
    """Return the status as a JSON document."""
    caller = caller or Caller()
    return {
        "program": status.program,
        "at": utc_text(status.at),
        "phase": status.phase,
        "relationships": dict(status.relationships),
        "sessions": dict(status.sessions),
        "messages": dict(status.messages),
        "due": status.due,
        "paced": dict(status.paced),
        "next_message": _iso(status.next_message),
        "next_session": _iso(status.next_session),
        "provisional": status.provisional,
        "next_intake": status.next_intake.isoformat() if status.next_intake else None,
        "next_round": round_json(status.next_round) if status.next_round else None,
        "needs": [_need(need, caller) for need in status.needs],
        "absent": [
            {"id": person, "role": known.role, "partners": list(known.partners)}
            for person, known in status.absent.items()
        ],
        "free": [
            {"role": role, "people": room.people, "places": room.places} for role, room in status.free.rooms.items()
        ],
        "placeable": sorted(status.free.placeable),
        "placeable_together": status.free.together,
        "next_run": asdict(status.next_run),
        "if_published": status.if_published,
        "week": [{"day": one.day.isoformat(), "step": one.step, "messages": one.messages} for one in status.week],
        "data": dict(status.data),
        "workload": [
            {"id": person, "messages": load.messages, "hours": round(load.hours, 2)}
            for person, load in status.workload.people.items()
        ],
    }


def _need(need: Need, caller: Caller) -> dict[str, Any]:
    return {
        "kind": need.kind,
        "people": list(need.people),
        "others": list(need.others),
        "subject": need.subject,
        "subjects": list(need.subjects),
        "amount": need.amount,
        "since": _iso(need.since),
        "detail": need.detail,
        "next": caller.command(need.command) if need.command else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return utc_text(moment) if moment else None
