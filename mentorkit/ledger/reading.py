"""From rows to the one frozen value that planning reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from mentorkit.core.deliveries import WAITING, Delivery, Doubt, Recipient, State, Transmission
from mentorkit.core.history import (
    CONTACT,
    ERASED,
    Event,
    History,
    KnownRelationship,
    KnownSession,
    KnownTransmission,
    RosterSeen,
    Unreachable,
)
from mentorkit.core.memberships import Membership, members_now
from mentorkit.core.proofs import Price
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.sessions import Session
from mentorkit.ledger import logbook
from mentorkit.ledger.schema import (
    deliveries,
    events,
    members,
    meta,
    occasions,
    people,
    prices,
    refusals,
    relationships,
    rosters,
    session_people,
    sessions,
    transmissions,
    unreachable,
)

T = TypeVar("T")

# What is asked each time that everything is read: making a statement costs as much as asking it.
_OCCASIONS = select(occasions).order_by(occasions.c.key)
_FIRST_SEEN = select(people.c.number, people.c.seen).order_by(people.c.number)
_MEMBERS = select(members).order_by(members.c.relationship, members.c.position)
_RELATIONSHIPS = select(relationships).order_by(relationships.c.id)
_SESSION_PEOPLE = select(session_people).order_by(session_people.c.session, session_people.c.position)
_SESSIONS = select(sessions).order_by(sessions.c.starts, sessions.c.id)
_TRANSMISSIONS = select(transmissions).order_by(transmissions.c.key)
_PARTICIPANTS = select(people.c.number).where(people.c.takes_part == 1)
_IDENTITIES = select(people.c.number, people.c.known_by).where(people.c.known_by.is_not(None)).order_by(people.c.number)
_PRICES = select(prices).order_by(prices.c.number, prices.c.role)
_ROSTERS = select(rosters).order_by(rosters.c.n)
_EVENTS = select(events).order_by(events.c.at, events.c.n)
_UNREACHABLE = select(unreachable).order_by(unreachable.c.channel, unreachable.c.number, unreachable.c.digest)
_ASSUMED_SENT = select(meta.c.value).where(meta.c.name == "assume_sent_until")
_DELIVERY_STATES = (
    select(
        deliveries.c.key,
        transmissions.c.state,
        and_(transmissions.c.state == "superseded", transmissions.c.doubt_since.is_not(None)).label("doubtful"),
    )
    .join_from(deliveries, transmissions)
    .order_by(deliveries.c.key)
)
_PARTS_OF_WAITING = (
    select(deliveries.c.key, deliveries.c.transmission)
    .join_from(deliveries, transmissions)
    .where(transmissions.c.state.in_(WAITING))
    .order_by(deliveries.c.key)
)

SERIES = "series:"
DATA = "data:"
"""How facts begin that say what the sessions of a series were laid out by."""


def read_history(connection: Connection, ledger: str) -> History:
    """Return everything the ledger knows, with people by their ids again."""
    names = _names(connection)
    return History(
        ledger_id=ledger,
        mark=logbook.tail(connection, ledger).number,
        numbers={name: number for number, name in names.items()},
        seen=_first_seen(connection, names),
        occasions={row.key: row.at for row in connection.execute(_OCCASIONS)},
        relationships=_relationships(connection, names),
        sessions=_sessions(connection, names),
        deliveries=_delivery_states(connection),
        transmissions=_transmission_states(connection),
        events=_events(connection, names),
        series=_named(connection, SERIES),
        data=_named(connection, DATA),
        participants=_participants(connection, names),
        identities=_identities(connection, names),
        prices=_prices(connection, names),
        rosters=_rosters(connection),
        assume_sent_until=assumed_sent(connection),
        refusals=read_refusals(connection),
        unreachable=read_unreachable(connection),
    )


def any_occasion(connection: Connection) -> bool:
    """Return whether an occasion was solved."""
    return connection.execute(select(occasions.c.key).limit(1)).first() is not None


def assumed_sent(connection: Connection) -> datetime | None:
    """Return the moment up to which an adopted ledger takes everything as sent."""
    value = connection.execute(_ASSUMED_SENT).scalar()
    return None if value is None else datetime.fromisoformat(value)


def read_transmissions(connection: Connection, keys: Sequence[str]) -> tuple[Transmission, ...]:
    """Return transmissions with their deliveries, by (due, key)."""
    found = [one for part in portions(keys) for one in _read_portion(connection, part)]
    return tuple(sorted(found, key=lambda one: (one.due, one.key)))


def read_refusals(connection: Connection, keys: Sequence[str] | None = None) -> dict[str, tuple[str, ...]]:
    """Return the channels that will never deliver a transmission, for these or all that have any."""
    found: dict[str, list[str]] = defaultdict(list)
    wanted = select(refusals.c.transmission, refusals.c.channel).order_by(refusals.c.transmission, refusals.c.channel)
    for part in [None] if keys is None else portions(keys):
        for row in connection.execute(wanted if part is None else wanted.where(refusals.c.transmission.in_(part))):
            found[row.transmission].append(row.channel)
    return {key: tuple(channels) for key, channels in found.items()}


def read_doubts(connection: Connection) -> tuple[Doubt, ...]:
    """Return what may have arrived and may not, by key."""
    known = transmissions.c
    waits = and_(known.state.in_(("due", "deferred")), known.doubt_since.is_not(None))
    found = select(transmissions).where(or_(known.state == "in_doubt", waits)).order_by(known.key)
    return tuple(
        Doubt(row.key, row.state, row.channel or "", row.kind or "", row.doubt_since, row.marked_at, row.expires)
        for row in connection.execute(found)
    )


def read_bundles(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    """Return the keys of the messages that transmissions may have gone out in: their own, where alone."""
    known = transmissions.c
    wanted = select(known.key, known.bundle).where(known.channel.is_not(None))
    rows = (row for part in portions(keys) for row in connection.execute(wanted.where(known.key.in_(part))))
    return {row.key: row.bundle or row.key for row in rows}


def read_parts(connection: Connection, key: str) -> tuple[str, ...]:
    """Return the keys of the transmissions of one message: itself, or those that went out in it together."""
    known = transmissions.c
    alone = and_(known.key == key, known.bundle == "")
    wanted = select(known.key).where(or_(alone, known.bundle == key)).order_by(known.due, known.key)
    return tuple(connection.execute(wanted).scalars())


def read_unreachable(connection: Connection) -> tuple[Unreachable, ...]:
    """Return the addresses at which channels reach nobody, by channel and person."""
    return tuple(
        Unreachable(row.channel, row.number, row.digest, row.at, row.detail) for row in connection.execute(_UNREACHABLE)
    )


def portions(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    """Split keys up: databases bound the number of values in a statement."""
    for start in range(0, len(keys), 500):
        yield keys[start : start + 500]


def _read_portion(connection: Connection, keys: Sequence[str]) -> Iterator[Transmission]:
    theirs = select(transmissions.c.number).where(transmissions.c.key.in_(keys))
    names = _names(connection, people.c.number.in_(theirs))
    parts: dict[str, list[Delivery]] = defaultdict(list)
    wanted = select(deliveries).where(deliveries.c.transmission.in_(keys)).order_by(deliveries.c.key)
    for row in connection.execute(wanted):
        recipient = _recipient(names, row.number, row.role)
        delivery = Delivery(row.key, row.step, row.occurrence, recipient, row.relationship or "")
        parts[row.transmission].append(delivery)
    for row in connection.execute(select(transmissions).where(transmissions.c.key.in_(keys))):
        recipient = _recipient(names, row.number, row.role)
        yield Transmission(row.key, row.step, recipient, row.due, row.expires, row.zone, tuple(parts[row.key]))


def _names(connection: Connection, *which: ColumnElement[bool]) -> dict[int, str]:
    rows = connection.execute(select(people).where(*which).order_by(people.c.number))
    return {row.number: _name(row) for row in rows}


def _first_seen(connection: Connection, names: Mapping[int, str]) -> dict[str, datetime]:
    rows = connection.execute(_FIRST_SEEN)
    return {names[row.number]: row.seen for row in rows}


def _name(row: Row[tuple[int, str, str | None]]) -> str:
    if row.external is None:
        return f"{ERASED}{row.number}"
    return f"{CONTACT}{row.external}" if row.kind == "contact" else str(row.external)


def _recipient(names: Mapping[int, str], number: int, role: str) -> Recipient:
    name = names[number]
    if name.startswith(CONTACT):
        return Recipient(number, name.removeprefix(CONTACT), role, "contact")
    return Recipient(number, name, role)


def _relationships(connection: Connection, names: Mapping[int, str]) -> tuple[KnownRelationship, ...]:
    found: dict[str, list[Membership]] = defaultdict(list)
    for row in connection.execute(_MEMBERS):
        member = Member(names[row.number], row.role)
        found[row.relationship].append(Membership(member, row.joined_at, row.left_at, row.reason, row.event))
    return tuple(_relationship(row, tuple(found[row.id])) for row in connection.execute(_RELATIONSHIPS))


def _relationship(row: Row[Any], there: tuple[Membership, ...]) -> KnownRelationship:
    now = members_now(there)
    return KnownRelationship(
        Relationship(row.id, now, row.score, row.occasion, row.slot, row.meets_at, row.until),
        row.state,
        row.published_at,
        row.ended_at,
        row.reason,
        row.end_noted,
        row.asked_at,
        there if any(one.has_own_days for one in there) else (),
    )


def _sessions(connection: Connection, names: Mapping[int, str]) -> tuple[KnownSession, ...]:
    there: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(_SESSION_PEOPLE):
        there[row.session].append(names[row.number])
    return tuple(
        KnownSession(
            Session(
                row.id,
                row.relationship,
                row.series,
                row.number,
                datetime.fromisoformat(row.local),
                row.zone,
                row.starts,
                row.minutes,
                tuple(there[row.id]),
                row.place,
            ),
            row.state,
            row.sequence,
            row.moves,
            row.changed,
        )
        for row in connection.execute(_SESSIONS)
    )


def _delivery_states(connection: Connection) -> dict[str, State]:
    """Return the states of deliveries by key; in doubt is also what was dropped after an attempt of unknown outcome."""
    return {row.key: "in_doubt" if row.doubtful else row.state for row in connection.execute(_DELIVERY_STATES)}


def _transmission_states(connection: Connection) -> dict[str, KnownTransmission]:
    parts = _parts_of_waiting(connection)
    return {
        row.key: KnownTransmission(
            row.key,
            row.state,
            row.step,
            row.number,
            row.due,
            row.detail,
            row.attempts,
            row.not_before,
            tuple(parts.get(row.key, ())),
            row.changed,
            row.bundle,
            row.channel or "",
        )
        for row in connection.execute(_TRANSMISSIONS)
    }


def _parts_of_waiting(connection: Connection) -> dict[str, list[str]]:
    """Return the keys of the deliveries of transmissions that wait to be sent."""
    parts: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(_PARTS_OF_WAITING):
        parts[row.transmission].append(row.key)
    return parts


def _named(connection: Connection, prefix: str) -> dict[str, str]:
    """Return the facts whose names begin like this, by the rest of their names."""
    rows = connection.execute(select(meta).where(meta.c.name.startswith(prefix)).order_by(meta.c.name))
    return {row.name.removeprefix(prefix): row.value for row in rows}


def _participants(connection: Connection, names: Mapping[int, str]) -> frozenset[str]:
    return frozenset(names[row.number] for row in connection.execute(_PARTICIPANTS))


def _identities(connection: Connection, names: Mapping[int, str]) -> dict[str, str]:
    return {names[row.number]: row.known_by for row in connection.execute(_IDENTITIES)}


def _prices(connection: Connection, names: Mapping[int, str]) -> dict[Member, Price]:
    rows = connection.execute(_PRICES)
    return {Member(names[number], role): Price(covers, tenths) for number, role, covers, tenths in rows}


def _rosters(connection: Connection) -> tuple[RosterSeen, ...]:
    rows = connection.execute(_ROSTERS)
    return tuple(
        RosterSeen(row.at, row.digest, row.people, row.participants, tuple(row.columns.splitlines())) for row in rows
    )


def _events(connection: Connection, names: Mapping[int, str]) -> tuple[Event, ...]:
    return tuple(
        Event(row.id, row.at, names[row.number], row.kind, row.subject, row.value)
        for row in connection.execute(_EVENTS)
    )
