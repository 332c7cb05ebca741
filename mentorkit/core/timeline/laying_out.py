"""The timeline laid out over real people: every transmission of a program as far as is known now."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from attrs import field, frozen

from mentorkit.core.acceptance import answers_of
from mentorkit.core.contracts import Role
from mentorkit.core.deliveries import Delivery, Recipient, Transmission
from mentorkit.core.history import Event, KnownRelationship, KnownSession
from mentorkit.core.program import Program
from mentorkit.core.requests import requests_of
from mentorkit.core.roster import Roster
from mentorkit.core.timeline.asking import Asking
from mentorkit.core.timeline.audience import Audience
from mentorkit.core.timeline.inviting import Invitations, announcements, invitations
from mentorkit.core.timeline.left_out import later_matchings, times_together
from mentorkit.core.timeline.occurrences import Occurrence, occurrences
from mentorkit.core.timeline.wanting import Wanted


@frozen
class Calendar:
    """What is known of relationships and sessions.

    Attributes:
        relationships: of any state; those that have ended get what hangs on their end only, proposed ones what hangs on
            asking their people, if somebody is asked.
        sessions: of any state; canceled ones are passed over.
        matched_at: when the first matching was made, UTC, aware; None before.
        gone: people who have left; they get nothing.
        events: everything that was said.
        seen: when each person was first seen, UTC, aware, by id.
        invited: who has been invited to what.
        at: the moment of the run, UTC, aware; None: no condition is asked, everything occurs, and nobody is invited.
        occasions: key of each occasion that was matched, with the moment.
    """

    relationships: tuple[KnownRelationship, ...] = ()
    sessions: tuple[KnownSession, ...] = ()
    matched_at: datetime | None = None
    gone: frozenset[str] = frozenset()
    events: tuple[Event, ...] = ()
    seen: Mapping[str, datetime] = field(factory=dict)
    invited: Invitations = field(factory=dict)
    at: datetime | None = None
    occasions: Mapping[str, datetime] = field(factory=dict)


@frozen
class Sent:
    """Keys the ledger knows: deliveries that are no longer planned, and names that transmissions cannot have."""

    deliveries: Collection[str] = field(factory=frozenset)
    transmissions: Container[str] = field(factory=frozenset)


def transmissions(
    program: Program,
    roster: Roster,
    roles: tuple[Role, ...],
    calendar: Calendar,
    numbers: Mapping[str, int],
    sent: Sent | None = None,
) -> tuple[Transmission, ...]:
    """Return all transmissions, past and future, by (due, key).

    `numbers` are running numbers by person id, contacts as `contact:NAME`; everybody of `occurring` needs one.
    """
    return grouped(occurring(program, roster, roles, calendar), numbers, sent or Sent())


def occurring(program: Program, roster: Roster, roles: tuple[Role, ...], calendar: Calendar) -> tuple[Occurrence, ...]:
    """Return every occurrence of every step whose condition holds, before anybody has a running number.

    A condition is asked as of the moment in which an occurrence would go out: its own, or that of the run where it has
    passed, or its expiry where that has passed as well.
    """
    known = calendar.relationships
    audience = Audience(
        program,
        roster,
        roles,
        published=tuple(one for one in known if one.state == "published"),
        matched_before=frozenset(m for one in known if not one.withdrawn for m in one.everybody),
        settled=calendar.matched_at is not None,
        gone=calendar.gone,
        ended=tuple(one for one in known if one.state == "ended" and one.published_at is not None),
        together=times_together(known),
        asked=tuple(one for one in known if one.is_asked),
        answers=answers_of(calendar.events),
        freed=_freed(known),
        requests=(requests := requests_of(program, known, calendar.events)),
        departures=_events_of_departures(known, calendar.events),
        seen=calendar.seen,
        at=calendar.at,
    )
    sessions = [known for known in calendar.sessions if known.state != "canceled"]
    later = later_matchings(program, calendar.occasions)
    found = tuple(occurrences(audience, sessions, calendar.matched_at, later))
    if calendar.at is None:
        return found
    asking = Asking(
        program, calendar.events, calendar.seen, calendar.sessions, {request.key: request for request in requests}
    )
    wanted = Wanted(audience, known, asking, calendar.at)
    step, everywhere = program.invitation, calendar.sessions
    inviting: Iterator[Occurrence] = iter(())
    if step is not None:
        inviting = invitations(audience, step, everywhere, calendar.invited, announcements(found), calendar.at)
    asking_steps = {one.name for one in program.timeline if wanted.asks(one)}
    return (*(one for one in found if one.step.name not in asking_steps or wanted(one)), *inviting)


def _events_of_departures(relationships: Iterable[KnownRelationship], events: Iterable[Event]) -> Mapping[str, Event]:
    """Return the events by which people have left relationships that go on, by id."""
    wanted = {one.event for known in relationships for one in known.departures}
    return {event.id: event for event in events if event.id in wanted} if wanted else {}


def _freed(relationships: Iterable[KnownRelationship]) -> Mapping[str, datetime]:
    """Return when the last proposal of each person came to nothing."""
    over = [(one.end_noted, one) for one in relationships if one.withdrawn and one.end_noted is not None]
    over.sort(key=lambda pair: (pair[0], pair[1].relationship.id))
    return {person: noted for noted, one in over for person in one.relationship.people()}


def grouped(found: Iterable[Occurrence], numbers: Mapping[str, int], sent: Sent) -> tuple[Transmission, ...]:
    """Return the transmissions that occurrences come to, without deliveries that are known already."""
    groups: dict[str, list[tuple[Occurrence, Delivery]]] = {}
    for occurrence in found:
        delivery = _delivery(occurrence, numbers)
        if delivery.key not in sent.deliveries:
            groups.setdefault(_name(occurrence, delivery), []).append((occurrence, delivery))
    made = [_transmission(_free_name(name, sent.transmissions), group) for name, group in groups.items()]
    return tuple(sorted(made, key=lambda one: (one.due, one.key)))


def _delivery(occurrence: Occurrence, numbers: Mapping[str, int]) -> Delivery:
    to = occurrence.addressee
    return Delivery(
        key=delivery_key(occurrence, numbers),
        step=occurrence.step.name,
        occurrence=occurrence.occurrence,
        recipient=Recipient(numbers[to.number_key], to.id, to.role, to.kind),
        relationship=occurrence.relationship,
    )


def delivery_key(occurrence: Occurrence, numbers: Mapping[str, int]) -> str:
    """Return the key of the delivery that an occurrence comes to, see `Delivery`."""
    to = occurrence.addressee
    key = f"{occurrence.step.name}/{occurrence.occurrence}/p{numbers[to.number_key]}/{_safe(to.role)}"
    return f"{key}/{occurrence.relationship}" if occurrence.relationship else key


def goes_apart_by(occurrence: Occurrence) -> str:
    """Return what keeps an occurrence apart from others of its step, recipient, role and moment; "": nothing does."""
    if occurrence.step.per == "occurrence":
        return occurrence.occurrence
    return occurrence.relationship if occurrence.step.per == "relationship" else ""


def _name(occurrence: Occurrence, delivery: Delivery) -> str:
    """Return the name of a transmission: what has the same name goes out together."""
    recipient = delivery.recipient
    name = f"{_minute(occurrence.due)}.{delivery.step}.p{recipient.number}.{_safe(recipient.role)}"
    apart = goes_apart_by(occurrence)
    return f"{name}.{apart}" if apart else name


@lru_cache(maxsize=16_384)
def _minute(due: datetime) -> str:
    return f"{due:%Y%m%dT%H%MZ}"


@lru_cache
def _safe(role: str) -> str:
    """Return a role as it can stand in keys and file names: roles come from models and contacts from authors."""
    return quote(role, safe="")


def _free_name(name: str, taken: Container[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}.{number}" in taken:
        number += 1
    return f"{name}.{number}"


def _transmission(key: str, group: list[tuple[Occurrence, Delivery]]) -> Transmission:
    """Return the transmission of a group; it is worth sending as long as any of its deliveries is."""
    first, only = group[0]
    if len(group) == 1:
        return Transmission(key, only.step, only.recipient, first.due, first.expires, first.zone, (only,))
    deliveries = {delivery.key: delivery for _, delivery in group}
    return Transmission(
        key=key,
        step=first.step.name,
        recipient=group[0][1].recipient,
        due=first.due,
        expires=max(occurrence.expires for occurrence, _ in group),
        zone=first.zone,
        deliveries=tuple(deliveries[one] for one in sorted(deliveries)),
    )
