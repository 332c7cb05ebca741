"""Writing down what happened: events, and the changes to relationships, sessions and messages that follow from them.

What follows is worked out in `mentorkit.core.learning`; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from mentorkit.core.happenings import Departure, Ending, Happening, Joining
from mentorkit.core.history import Event, KnownSession
from mentorkit.core.plan import Newcomer
from mentorkit.ledger import logbook
from mentorkit.ledger.logbook import Entry
from mentorkit.ledger.people import add_people, numbers_by_id
from mentorkit.ledger.protocol import supersede
from mentorkit.ledger.reading import portions
from mentorkit.ledger.schema import events, members, relationships, session_people, sessions, transmissions


def record_happening(
    connection: Connection, ledger: str, happening: Happening, newcomers: Sequence[Newcomer], at: datetime
) -> None:
    """Write a happening down, with the people it names for the first time."""
    logbook.append(connection, ledger, at, add_people(connection, newcomers, at))
    write(connection, ledger, happening, at)


def write(connection: Connection, ledger: str, happening: Happening, at: datetime) -> None:
    """Write a happening down; everybody it names has a number."""
    if not happening:
        return
    numbers = numbers_by_id(connection)
    logbook.append(connection, ledger, at, list(_add_events(connection, happening.events, numbers)))
    logbook.append(connection, ledger, at, [_depart(connection, one, numbers) for one in happening.departures])
    logbook.append(connection, ledger, at, [_join(connection, one, numbers) for one in happening.joinings])
    logbook.append(connection, ledger, at, [_end(connection, one) for one in happening.endings])
    logbook.append(connection, ledger, at, list(_change_sessions(connection, happening.sessions, numbers)))
    for part in portions(happening.superseded):
        supersede(connection, ledger, at, transmissions.c.key.in_(part))


def _add_events(connection: Connection, new: Sequence[Event], numbers: Mapping[str, int]) -> Iterator[Entry]:
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
    for row in rows:
        yield Entry("event", str(row["n"]), "", str(row["kind"]))


def _depart(connection: Connection, departure: Departure, numbers: Mapping[str, int]) -> Entry:
    number = numbers[departure.member.person]
    theirs = (members.c.relationship == departure.relationship) & (members.c.number == number)
    values = {"left_at": departure.at, "reason": departure.reason, "event": departure.event}
    role = members.c.role == departure.member.role
    connection.execute(update(members).where(theirs, role, members.c.left_at.is_(None)).values(**values))
    return Entry("member", f"{departure.relationship}/p{number}", "there", "left")


def _join(connection: Connection, joining: Joining, numbers: Mapping[str, int]) -> Entry:
    number = numbers[joining.member.person]
    there = select(func.max(members.c.position)).where(members.c.relationship == joining.relationship)
    position = connection.execute(there).scalar_one() + 1
    row = {"relationship": joining.relationship, "position": position, "number": number, "role": joining.member.role}
    connection.execute(insert(members).values(**row, joined_at=joining.at))
    return Entry("member", f"{joining.relationship}/p{number}", "", "joined")


def _end(connection: Connection, ending: Ending) -> Entry:
    one = relationships.c.id == ending.relationship
    before = connection.execute(select(relationships.c.state).where(one)).scalar_one()
    if before == "proposed":
        connection.execute(update(relationships).where(one).values(reason=ending.reason, end_noted=ending.noted))
        return Entry("proposal", ending.relationship, "proposed", "withdrawn")
    values = {"state": "ended", "ended_at": ending.at, "reason": ending.reason, "end_noted": ending.noted}
    connection.execute(update(relationships).where(one).values(**values))
    return Entry("relationship", ending.relationship, before, "ended")


def _change_sessions(
    connection: Connection, changed: Sequence[KnownSession], numbers: Mapping[str, int]
) -> Iterator[Entry]:
    if not changed:
        return
    before = _states(connection, [known.session.id for known in changed])
    rows = [_session_row(known) for known in changed]
    connection.execute(update(sessions).where(sessions.c.id == bindparam("session")), rows)
    gone = [{"gone": known.session.id} for known in changed]
    connection.execute(delete(session_people).where(session_people.c.session == bindparam("gone")), gone)
    there = [
        {"session": known.session.id, "position": position, "number": numbers[person]}
        for known in changed
        for position, person in enumerate(known.session.people)
    ]
    if there:
        connection.execute(insert(session_people), there)
    for known in changed:
        yield Entry("session", known.session.id, before[known.session.id], known.state)


def _states(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in portions(ids):
        rows = connection.execute(select(sessions.c.id, sessions.c.state).where(sessions.c.id.in_(part)))
        found |= {row.id: row.state for row in rows}
    return found


def _session_row(known: KnownSession) -> dict[str, Any]:
    session = known.session
    return {
        "session": session.id,
        "local": session.local.isoformat(),
        "zone": session.zone,
        "starts": session.starts,
        "minutes": session.minutes,
        "place": session.place,
        "state": known.state,
        "sequence": known.sequence,
        "moves": known.moves,
        "changed": known.changed,
    }
