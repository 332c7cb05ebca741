"""Events, and what they do to relationships, sessions and transmissions at once.

Only what an event says by itself happens here: a session was held or missed, a relationship was declined or ended.
What follows from it (who is told, who is matched anew) is planned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from mentorkit.core.errors import RefusedError
from mentorkit.core.history import CONTACT, Event
from mentorkit.core.plan import Newcomer
from mentorkit.ledger import logbook
from mentorkit.ledger.logbook import Entry
from mentorkit.ledger.protocol import supersede
from mentorkit.ledger.reading import portions
from mentorkit.ledger.recording import person_row
from mentorkit.ledger.schema import deliveries, events, people, relationships, sessions, transmissions

_SESSION_STATE = {"met": "held", "missed": "missed"}
_ENDS = ("declined", "ended")


def add_events(connection: Connection, ledger: str, new: Sequence[Event], at: datetime) -> tuple[str, ...]:
    """Write events that are not there yet and do what they say; return the ids of those that were new.

    Raises:
        RefusedError: an id is there already with another content.
    """
    known = _known(connection, [event.id for event in new])
    numbers = _numbers(connection, ledger, new, at)
    added: dict[str, Event] = {}
    for event in new:
        earlier = added.get(event.id) or known.get(event.id)
        if earlier is None:
            added[event.id] = event
        elif earlier != event:
            raise RefusedError(
                f'event "{event.id}" is recorded already, with another content; give it an id of its own'
            )
    _write(connection, ledger, tuple(added.values()), numbers, at)
    for event in added.values():
        _do(connection, ledger, event, at)
    return tuple(added)


def _known(connection: Connection, ids: Sequence[str]) -> dict[str, Event]:
    found = {}
    joined = select(events, people.c.external, people.c.kind.label("sort")).join_from(events, people)
    for part in portions(ids):
        for row in connection.execute(joined.where(events.c.id.in_(part))):
            person = f"{CONTACT}{row.external}" if row.sort == "contact" else row.external
            found[row.id] = Event(row.id, row.at, person, row.kind, row.subject, row.value)
    return found


def _numbers(connection: Connection, ledger: str, new: Sequence[Event], at: datetime) -> dict[str, int]:
    """Return running numbers by id, giving one to those whom the ledger sees for the first time."""
    rows = connection.execute(select(people).where(people.c.external.is_not(None)))
    numbers = {f"{CONTACT if row.kind == 'contact' else ''}{row.external}": row.number for row in rows}
    last = connection.execute(select(func.max(people.c.number))).scalar() or 0
    unknown = [one for one in dict.fromkeys(event.person for event in new) if one not in numbers]
    newcomers = [Newcomer(number, one) for number, one in enumerate(unknown, last + 1)]
    if newcomers:
        connection.execute(insert(people), [person_row(newcomer, at) for newcomer in newcomers])
    logbook.append(connection, ledger, at, (Entry("person", str(one.number), "", "known") for one in newcomers))
    return {**numbers, **{one.id: one.number for one in newcomers}}


def _write(connection: Connection, ledger: str, new: Sequence[Event], numbers: dict[str, int], at: datetime) -> None:
    last = connection.execute(select(func.max(events.c.n))).scalar() or 0
    rows = [
        {
            "n": n,
            "id": event.id,
            "at": event.at,
            "number": numbers[event.person],
            "kind": event.kind,
            "subject": event.subject,
            "value": event.value,
        }
        for n, event in enumerate(new, last + 1)
    ]
    if rows:
        connection.execute(insert(events), rows)
    logbook.append(connection, ledger, at, (Entry("event", str(row["n"]), "", str(row["kind"])) for row in rows))


def _do(connection: Connection, ledger: str, event: Event, at: datetime) -> None:
    if event.kind in _SESSION_STATE:
        logbook.append(connection, ledger, at, _set_session(connection, event.subject, _SESSION_STATE[event.kind]))
    elif event.kind in _ENDS:
        _end(connection, ledger, event, at)


def _set_session(connection: Connection, session: str, state: str) -> Iterator[Entry]:
    before = connection.execute(select(sessions.c.state).where(sessions.c.id == session)).scalar()
    if before not in (None, state):
        connection.execute(update(sessions).where(sessions.c.id == session).values(state=state))
        yield Entry("session", session, str(before), state)


def _end(connection: Connection, ledger: str, event: Event, at: datetime) -> None:
    one = relationships.c.id == event.subject
    before = connection.execute(select(relationships.c.state).where(one, relationships.c.state == "published")).scalar()
    if before is None:
        return
    connection.execute(update(relationships).where(one).values(state="ended", ended_at=event.at, reason=event.kind))
    logbook.append(connection, ledger, at, [Entry("relationship", event.subject, before, "ended")])
    logbook.append(connection, ledger, at, _cancel_sessions(connection, event))
    alone = (
        select(deliveries.c.transmission)
        .group_by(deliveries.c.transmission)
        .having(func.count() == func.count().filter(deliveries.c.relationship == event.subject))
    )
    supersede(connection, ledger, at, transmissions.c.key.in_(alone))


def _cancel_sessions(connection: Connection, event: Event) -> Iterator[Entry]:
    coming = (
        sessions.c.relationship == event.subject,
        sessions.c.starts > event.at,
        sessions.c.state.in_(("planned", "moved")),
    )
    rows = connection.execute(select(sessions.c.id, sessions.c.state).where(*coming).order_by(sessions.c.id)).all()
    connection.execute(update(sessions).where(*coming).values(state="canceled", sequence=sessions.c.sequence + 1))
    for row in rows:
        yield Entry("session", row.id, row.state, "canceled")
