"""Requests: who asked for something, what became of it, and whose turn it is.

A request is an event; what became of it follows from relationships and events, so it is stored nowhere else. A person's
requests are served one after the other: a later one waits until the one before it is served or has expired.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from attrs import frozen

from mentorkit.core.contracts import Request
from mentorkit.core.happenings import OWN_EVENT
from mentorkit.core.history import Event, History, KnownRelationship
from mentorkit.core.moments import add_length
from mentorkit.core.program import Length, Program
from mentorkit.core.zones import day_end, to_local

WANTS = "wants"
"""The column that the topics of a request stand in place of."""

_EXPIRED = f"{OWN_EVENT}expired-request:"


@frozen
class Requested:
    """A request and what became of it.

    Attributes:
        key: short, made of the event's id: it stands in the keys of deliveries.
        topics: folded for comparison; none: what the roster says they want.
        turn: since when it is looked after, UTC, aware; None: one before it is open still.
        relationship: id of the relationship that serves it, or about which people are asked for it; "" while there is
            none.
        served_at: when that was published, UTC, aware.
        expired_at: when it was given up, UTC, aware.
    """

    key: str
    event: Event
    topics: frozenset[str]
    turn: datetime | None = None
    relationship: str = ""
    served_at: datetime | None = None
    expired_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it is neither served nor expired."""
        return self.served_at is None and self.expired_at is None

    @property
    def looks(self) -> bool:
        """Whether somebody is looked for: it is open, its turn has come, and nobody is asked."""
        return self.open and self.turn is not None and not self.relationship


def request_key(event: str) -> str:
    """Return the key of the request that an event with this id is."""
    return "q" + hashlib.sha256(event.encode()).hexdigest()[:10]


def topics_in(value: str) -> frozenset[str]:
    """Return the topics that somebody wrote, separated by semicolons, folded as tags of the roster are."""
    parts = (unicodedata.normalize("NFC", part).strip().casefold() for part in value.split(";"))
    return frozenset(part for part in parts if part)


def requests_of(
    program: Program, relationships: Iterable[KnownRelationship], events: Iterable[Event]
) -> tuple[Requested, ...]:
    """Return all requests, by person as they first asked, each person's in their order; () without request days."""
    if program.model.request_days is None:
        return ()
    asked: dict[str, list[Event]] = {}
    given_up: dict[str, datetime] = {}
    for event in events:
        if event.kind == "requested":
            asked.setdefault(event.person, []).append(event)
        elif event.id.startswith(_EXPIRED):
            given_up[event.subject] = event.at
    serving = _serving(program, relationships) if asked else {}
    return tuple(
        one
        for person, theirs in asked.items()
        for one in _in_turn(sorted(theirs, key=lambda event: event.at), serving.get(person, ()), given_up)
    )


def looked_for(program: Program, history: History) -> Mapping[str, Requested]:
    """Return the request of each person for whom somebody is looked for."""
    found = requests_of(program, history.relationships, history.events)
    return {one.event.person: one for one in found if one.looks}


def as_pooled(program: Program, requests: Mapping[str, Requested]) -> Mapping[str, Request]:
    """Return requests as models see them, by person, with days in the program's zone."""
    return {
        person: Request(person, one.topics, to_local(one.event.at, program.timezone).date())
        for person, one in requests.items()
    }


def last_day(program: Program, history: History, one: Requested) -> date | None:
    """Return the last day on which somebody is looked for; None: its turn has not come, or nobody was matched yet.

    The days count from its turn on, and never before the first matching.
    """
    begins = min(history.occasions.values(), default=None)
    if one.turn is None or begins is None or program.model.request_days is None:
        return None
    first = to_local(max(one.turn, begins), program.timezone).date()
    return add_length(first, Length(program.model.request_days, "business days"))


def overdue(program: Program, history: History, at: datetime) -> Iterator[Event]:
    """Yield the end of every request for which nobody was found in time, by its key."""
    for one in sorted(looked_for(program, history).values(), key=lambda one: one.key):
        day = last_day(program, history, one)
        if day is not None and at >= day_end(day, program.timezone):
            yield Event(f"{_EXPIRED}{one.key}", at, one.event.person, "ended", one.key, "expired")


def is_given_up(event: Event) -> bool:
    """Return whether an event says that a request has expired."""
    return event.id.startswith(_EXPIRED)


def _serving(program: Program, relationships: Iterable[KnownRelationship]) -> Mapping[str, Sequence[KnownRelationship]]:
    """Return what serves each person's requests or would, in the order in which it was made."""
    served = {role.name for role in program.model.roles if role.served}
    found: dict[str, list[KnownRelationship]] = {}
    made = [(moment, one) for one in relationships if (moment := _made(one)) is not None]
    for _, known in sorted(made, key=lambda pair: (pair[0], pair[1].relationship.id)):
        for member in known.everybody:
            if member.role in served:
                found.setdefault(member.person, []).append(known)
    return found


def _made(known: KnownRelationship) -> datetime | None:
    """Return when what serves a request was made, or what would; None: it came to nothing before it began."""
    if known.is_asked or known.published_at is not None:
        return known.asked_at or known.published_at
    return None


def _in_turn(
    events: Sequence[Event], serving: Sequence[KnownRelationship], given_up: Mapping[str, datetime]
) -> Iterator[Requested]:
    """Yield one person's requests, each with the first relationship that was made after it and serves none before."""
    free = list(serving)
    over: datetime | None = None
    waits = False
    for event in events:
        key = request_key(event.id)
        turn = None if waits else max(event.at, over or event.at)
        expired = given_up.get(key)
        own = None if waits or expired else next((one for one in free if (_made(one) or event.at) >= event.at), None)
        if own is not None:
            free.remove(own)
        served = own.published_at if own else None
        yield Requested(key, event, topics_in(event.value), turn, own.relationship.id if own else "", served, expired)
        over = served or expired
        waits = over is None
