"""Plans as files: JSON with ids, times, scores and digests, no names and no texts.

A saved plan is never read back into action: `run --plan` makes the plan of the saved moment again from the inputs and
acts only when the two are the same to the byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import frozen

from mentorkit.core.acceptance import EXPIRED
from mentorkit.core.deliveries import Held, Recipient, Transmission
from mentorkit.core.errors import RefusedError
from mentorkit.core.happenings import Departure, Ending, Happening, Joining
from mentorkit.core.history import COMPLETED, Event, KnownSession, RosterSeen
from mentorkit.core.plan import Paced, Plan
from mentorkit.core.relationships import Matching, Member, Relationship, Unmatched
from mentorkit.core.sessions import Session, Unplaced
from mentorkit.core.zones import utc_text
from mentorkit.running.saved_characters import check_whole

FORMAT = 1
KEYS = frozenset({"format", "digest", "ledger", "mark"})
"""By which a saved plan is told from other JSON."""
LIFE = timedelta(hours=24)
"""How old a saved plan may be."""
OWN_REASONS = ("left", "declined", "rematched", "withdrawn", "ended", COMPLETED, EXPIRED)
"""Reasons for an end that are our own words; what somebody wrote stays out of the file."""

_UNEXPLAINED = (
    "although program, people and what is installed are the same: the file was edited, or a plugin comes to something "
    "else each time"
)
_AGAIN = "make a new one with `mentorkit plan --out FILE`"


@frozen
class SavedPlan:
    """What a saved plan says about itself.

    Attributes:
        at: the moment it acts as of, UTC, aware.
        document: everything it holds, as JSON values.
    """

    at: datetime
    program: str
    digest: str
    ledger_id: str
    mark: int
    document: dict[str, Any]


def dump_plan(plan: Plan) -> str:
    """Return a plan as JSON text: keys sorted, one line for each part, the same plan the same bytes."""
    return "".join(plan_pieces(plan))


def plan_pieces(plan: Plan) -> Iterator[str]:
    """Yield that text piece by piece, for plans that hardly anybody wants in memory as a whole."""
    document = {
        "format": FORMAT,
        "at": utc_text(plan.at),
        "program": plan.program,
        "digest": plan.digest,
        "ledger": plan.ledger_id,
        "mark": plan.mark,
        "newcomers": [{"id": one.id, "number": one.number} for one in plan.newcomers],
        "roster": None if plan.roster is None else _roster(plan.roster),
        **_changes(plan),
        **_matching(plan),
        "breaks": list(plan.breaks),
        "taking_part": dict(plan.taking_part),
        "identities": _short_digest(_compact(dict(plan.identities)) if plan.identities else ""),
        "prices": _short_digest(_compact(_prices(plan)) if plan.prices else ""),
        "series": dict(sorted(plan.series.items())),
        **({"data": dict(sorted(plan.data.items()))} if plan.data else {}),
        "sessions": map(_session, plan.schedule.sessions),
        "unplaced": [_unplaced(one) for one in plan.schedule.unplaced],
        "preview": map(_session, plan.preview.sessions),
        "preview_unplaced": [_unplaced(one) for one in plan.preview.unplaced],
        "due": map(_transmission, plan.due),
        "waiting": [one.key for one in plan.waiting],
        **({"paced": [_paced(one) for one in plan.paced]} if plan.paced else {}),
        **({"ways": dict(sorted(plan.ways.items()))} if plan.ways else {}),
        "expired": [_transmission(one) for one in plan.expired],
        "suppressed": [_transmission(one) for one in plan.suppressed],
        "held": [_held(one) for one in plan.held],
        "later": map(_announced, plan.later),
    }
    for number, key in enumerate(sorted(document)):
        yield f"{',' if number else '{'}\n {_compact(key)}: "
        yield from _part(document[key])
    yield "\n}\n"


def _prices(plan: Plan) -> list[list[Any]]:
    return [[one.person, one.role, price.covers, price.tenths] for one, price in plan.prices.items()]


def _part(value: Any) -> Iterator[str]:
    """Yield a list with a line for each element, so that two plans can be compared line by line."""
    if not isinstance(value, (list, map)):
        yield _compact(value)
        return
    begun = False
    for one in value:
        yield f"{',' if begun else '['}\n  {_compact(one)}"
        begun = True
    yield "\n ]" if begun else "[]"


_compact = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
"""Writes a JSON value on one line: an encoder made once, for values by the million."""


def load_saved(text: str) -> SavedPlan:
    """Return what a saved plan says.

    Raises:
        RefusedError: the text is no saved plan, or one of another format.
    """
    try:
        document = json.loads(text)
        check_whole(text, document)
        if document["format"] != FORMAT:
            raise RefusedError(f"the plan has format {document['format']}, this mentorkit reads {FORMAT}; {_AGAIN}")
        at = datetime.fromisoformat(document["at"])
        program, digest, ledger, mark = (document[key] for key in ("program", "digest", "ledger", "mark"))
        if at.tzinfo is None or [type(one) for one in (program, digest, ledger, mark)] != [str, str, str, int]:
            raise TypeError
        return SavedPlan(at.astimezone(UTC), program, digest, ledger, mark, document)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise RefusedError(f"this is not a plan that mentorkit saved; {_AGAIN}") from None


def check_fresh(saved: SavedPlan, program: str, now: datetime) -> None:
    """Refuse a plan that is another program's, older than 24 hours, or of a moment that has not come.

    Raises:
        RefusedError: with the reason.
    """
    if saved.program != program:
        raise RefusedError(f'the plan is of program "{saved.program}", not of "{program}"')
    if saved.at > now:
        raise RefusedError(f"the plan is for {utc_text(saved.at)}, which has not come yet; run it then, or {_AGAIN}")
    if now - saved.at > LIFE:
        raise RefusedError(f"the plan is of {utc_text(saved.at)}, more than 24 hours ago; {_AGAIN}")


def check_saved(text: str, plan: Plan, now: datetime) -> SavedPlan:
    """Return the saved plan if `plan`, made again from the inputs as of its moment, is the same to the byte.

    Raises:
        RefusedError: it is no saved plan, too old, or anything differs; the message names what.
    """
    saved = load_saved(text)
    check_fresh(saved, plan.program, now)
    if not _is_text_of(plan, text):
        again = json.loads(dump_plan(plan))
        raise RefusedError(f"the plan is stale: {_difference(saved.document, again)}; {_AGAIN}")
    return saved


def _is_text_of(plan: Plan, text: str) -> bool:
    place = 0
    for piece in plan_pieces(plan):
        if not text.startswith(piece, place):
            return False
        place += len(piece)
    return place == len(text)


def _difference(saved: dict[str, Any], again: dict[str, Any]) -> str:
    if saved["ledger"] not in ("", again["ledger"]):
        return "it was made against another ledger"
    if saved["mark"] != again["mark"]:
        return (
            f"the ledger has gone on since, from entry {saved['mark']} to {again['mark']}: the plan was carried out "
            "already, or another run came first"
        )
    parts = [key for key in sorted({*saved, *again} - {"digest"}) if saved.get(key) != again.get(key)]
    if parts:
        told = f"made again from today's files, it differs in {', '.join(parts)}"
        return told if saved["digest"] != again["digest"] else f"{told}, {_UNEXPLAINED}"
    return "the program, the roster or what is installed has changed since, or the file was edited"


def _changes(plan: Plan) -> dict[str, Any]:
    """Return what became known with all that follows, and what the plan itself changes of what is published."""
    return {
        **_happening(plan.happening, ""),
        **_happening(plan.rearranged, "rearranged_"),
    }


def _happening(happening: Happening, prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}events": [_event(one) for one in happening.events],
        f"{prefix}endings": [_ending(one) for one in happening.endings],
        f"{prefix}departures": [_departure(one) for one in happening.departures],
        f"{prefix}joinings": [_joining(one) for one in happening.joinings],
        f"{prefix}changed_sessions": [_changed(one) for one in happening.sessions],
        f"{prefix}superseded": list(happening.superseded),
    }


def _event(event: Event) -> dict[str, Any]:
    """Return an event; what somebody wrote in it is there as a digest only."""
    return {
        "id": event.id,
        "at": utc_text(event.at),
        "person": event.person,
        "kind": event.kind,
        "subject": _short_digest(event.subject) if event.kind == "requested" else event.subject,
        "value": _short_digest(event.value),
    }


def _short_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


def _ending(ending: Ending) -> dict[str, Any]:
    return {
        "relationship": ending.relationship,
        "at": utc_text(ending.at),
        "noted": utc_text(ending.noted),
        "reason": ending.reason if ending.reason in OWN_REASONS else _short_digest(ending.reason),
    }


def _departure(departure: Departure) -> dict[str, Any]:
    return {
        **_seat(departure.relationship, departure.member, departure.at),
        "reason": departure.reason,
        "event": departure.event,
    }


def _joining(joining: Joining) -> dict[str, Any]:
    return _seat(joining.relationship, joining.member, joining.at)


def _seat(relationship: str, member: Member, at: datetime) -> dict[str, Any]:
    return {"relationship": relationship, "id": member.person, "role": member.role, "at": utc_text(at)}


def _changed(known: KnownSession) -> dict[str, Any]:
    return {
        **_session(known.session),
        "state": known.state,
        "sequence": known.sequence,
        "moves": known.moves,
        "changed": None if known.changed is None else utc_text(known.changed),
    }


def _roster(seen: RosterSeen) -> dict[str, Any]:
    return {
        "at": utc_text(seen.at),
        "digest": seen.digest,
        "people": seen.people,
        "participants": seen.participants,
        "columns": list(seen.columns),
    }


def _matching(plan: Plan) -> dict[str, Any]:
    matching = plan.matching
    return {
        "provisional": plan.provisional,
        "proposing": plan.proposing,
        "asking": plan.asking,
        "accepted": [_relationship(one) for one in plan.accepted],
        "withdrawn": list(plan.withdrawn),
        "published": None if plan.published is None else utc_text(plan.published),
        "occasions": list(plan.occasions),
        "certificate": None if matching is None else _certificate(matching),
        "relationships": [] if matching is None else [_relationship(one) for one in matching.relationships],
        "unmatched": [] if matching is None else [_unmatched(one) for one in matching.unmatched],
    }


def _certificate(matching: Matching) -> dict[str, Any]:
    one = matching.certificate
    return {"matcher": one.matcher, "exact": one.exact, "matched": one.matched, "total_score": one.total_score}


def _relationship(one: Relationship) -> dict[str, Any]:
    members = [{"id": member.person, "role": member.role} for member in one.members]
    fixed = {
        "slot": one.slot or None,
        "at": utc_text(one.at) if one.at else None,
        "until": one.until.isoformat() if one.until else None,
    }
    said = {key: value for key, value in fixed.items() if value is not None}
    return {"id": one.id, "occasion": one.occasion, "score": one.score, "members": members, **said}


def _unmatched(one: Unmatched) -> dict[str, Any]:
    return {"id": one.person, "role": one.role}


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "local": session.local.isoformat(timespec="minutes"),
        "zone": session.zone,
        "starts": utc_text(session.starts),
        "minutes": session.minutes,
        "people": list(session.people),
    }


def _unplaced(unplaced: Unplaced) -> dict[str, Any]:
    return {"relationship": unplaced.relationship, "series": unplaced.series, "number": unplaced.number}


def _transmission(transmission: Transmission) -> dict[str, Any]:
    return {
        "key": transmission.key,
        "to": _recipient(transmission.recipient),
        "due": utc_text(transmission.due),
        "expires": utc_text(transmission.expires),
        "deliveries": [delivery.key for delivery in transmission.deliveries],
    }


def _paced(paced: Paced) -> dict[str, Any]:
    return {"key": paced.key, "to": paced.number, "until": utc_text(paced.until), "reason": paced.reason}


def _announced(transmission: Transmission) -> dict[str, Any]:
    return {"key": transmission.key, "to": transmission.recipient.id}


def _held(held: Held) -> dict[str, Any]:
    return {"to": _recipient(held.recipient), "reason": held.reason, "transmissions": list(held.transmissions)}


def _recipient(recipient: Recipient) -> dict[str, Any]:
    return {"number": recipient.number, "id": recipient.id, "role": recipient.role, "kind": recipient.kind}
