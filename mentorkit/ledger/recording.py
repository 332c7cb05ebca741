"""Writing a plan into the ledger: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from mentorkit.core.deliveries import Delivery, State, Transmission
from mentorkit.core.errors import RefusedError
from mentorkit.core.history import CONTACT
from mentorkit.core.plan import Newcomer, Plan
from mentorkit.core.relationships import Relationship
from mentorkit.core.sessions import Session
from mentorkit.ledger import logbook
from mentorkit.ledger.logbook import Entry
from mentorkit.ledger.reading import assumed_sent
from mentorkit.ledger.schema import (
    deliveries,
    members,
    occasions,
    people,
    relationships,
    session_people,
    sessions,
    transmissions,
)

ASSUMED = "assumed sent before this ledger was adopted"
MET_TOO_LATE = "met too late"


def record_plan(connection: Connection, ledger: str, plan: Plan) -> frozenset[str]:
    """Write everything a plan does; return the keys of transmissions that have expired by it.

    Raises:
        RefusedError: the ledger has moved on since the plan was made, or is another one.
    """
    _check_fresh(connection, ledger, plan)
    log = [
        *_add_people(connection, plan),
        *([] if plan.provisional else _add_matching(connection, plan)),
        *([] if plan.provisional else _add_sessions(connection, plan.schedule.sessions)),
        *_add_transmissions(connection, plan),
    ]
    logbook.append(connection, ledger, plan.at, log)
    return frozenset(entry.subject for entry in log if (entry.what, entry.after) == ("transmission", "expired"))


def _check_fresh(connection: Connection, ledger: str, plan: Plan) -> None:
    now = logbook.tail(connection, ledger).number
    if plan.mark != now or plan.ledger_id not in (ledger, "" if now == 0 else ledger):
        raise RefusedError(
            f"the plan is stale: it was made when the ledger stood at entry {plan.mark}, and it stands at {now} now; "
            "plan again"
        )


def _insert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        connection.execute(insert(table), rows)


def _add_people(connection: Connection, plan: Plan) -> Iterator[Entry]:
    _insert(connection, people, (person_row(newcomer, plan.at) for newcomer in plan.newcomers))
    for newcomer in plan.newcomers:
        yield Entry("person", str(newcomer.number), "", "known")


def person_row(newcomer: Newcomer, at: datetime) -> dict[str, Any]:
    """Return the row of a person or a contact."""
    kind = "contact" if newcomer.id.startswith(CONTACT) else "person"
    return {"number": newcomer.number, "kind": kind, "external": newcomer.id.removeprefix(CONTACT), "seen": at}


def _numbers(connection: Connection) -> dict[str, int]:
    """Return running numbers of people by id; contacts take part in nothing."""
    rows = connection.execute(select(people).where(people.c.kind == "person", people.c.external.is_not(None)))
    return {str(row.external): row.number for row in rows}


def _add_matching(connection: Connection, plan: Plan) -> Iterator[Entry]:
    if plan.matching is None:
        return
    numbers = _numbers(connection)
    new, published = plan.matching.relationships, plan.published or plan.at
    _insert(connection, occasions, ({"key": key, "at": published} for key in plan.occasions))
    _insert(connection, relationships, (_relationship_row(one, published) for one in new))
    _insert(connection, members, (row for one in new for row in _member_rows(one, numbers)))
    for key in plan.occasions:
        yield Entry("occasion", key, "", "matched")
    for one in new:
        yield Entry("relationship", one.id, "", "published")


def _relationship_row(one: Relationship, at: datetime) -> dict[str, Any]:
    return {"id": one.id, "occasion": one.occasion, "state": "published", "score": one.score, "published_at": at}


def _member_rows(one: Relationship, numbers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for position, member in enumerate(one.members):
        yield {
            "relationship": one.id,
            "position": position,
            "number": numbers[member.person],
            "role": member.role,
        }


def _add_sessions(connection: Connection, new: tuple[Session, ...]) -> Iterator[Entry]:
    if not new:
        return
    numbers = _numbers(connection)
    _insert(connection, sessions, (_session_row(session) for session in new))
    there = (
        {"session": session.id, "position": position, "number": numbers[person]}
        for session in new
        for position, person in enumerate(session.people)
    )
    _insert(connection, session_people, there)
    for session in new:
        yield Entry("session", session.id, "", "planned")


def _session_row(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "relationship": session.relationship,
        "series": session.series,
        "number": session.number,
        "local": session.local.isoformat(),
        "zone": session.zone,
        "starts": session.starts,
        "minutes": session.minutes,
        "place": session.place,
        "state": "planned",
    }


def _add_transmissions(connection: Connection, plan: Plan) -> Iterator[Entry]:
    assumed = assumed_sent(connection)
    planned: list[tuple[Transmission, State, str]] = [
        *((one, *_what_becomes_of(one, "due", "", assumed)) for one in plan.due),
        *((one, *_what_becomes_of(one, "expired", MET_TOO_LATE, assumed)) for one in plan.expired),
    ]
    rows = (_transmission_row(one, state, detail, plan.at) for one, state, detail in planned)
    _insert(connection, transmissions, rows)
    _insert(connection, deliveries, (_delivery_row(part, one.key) for one, _, _ in planned for part in one.deliveries))
    for one, state, _ in planned:
        yield Entry("transmission", one.key, "", state)


def _what_becomes_of(one: Transmission, state: State, detail: str, assumed: datetime | None) -> tuple[State, str]:
    return ("superseded", ASSUMED) if assumed is not None and one.due <= assumed else (state, detail)


def _transmission_row(one: Transmission, state: State, detail: str, at: datetime) -> dict[str, Any]:
    return {
        "key": one.key,
        "step": one.step,
        "number": one.recipient.number,
        "role": one.recipient.role,
        "due": one.due,
        "expires": one.expires,
        "zone": one.zone,
        "state": state,
        "detail": detail,
        "changed": at,
    }


def _delivery_row(part: Delivery, transmission: str) -> dict[str, Any]:
    return {
        "key": part.key,
        "transmission": transmission,
        "step": part.step,
        "occurrence": part.occurrence,
        "number": part.recipient.number,
        "role": part.recipient.role,
        "relationship": part.relationship or None,
    }
