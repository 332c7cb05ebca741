"""What became known, and what it does: events, and the changes to relationships, sessions and messages that follow.

`mentorkit.core.learning` works it out; the ledger only writes it down.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args

from attrs import evolve, frozen

from mentorkit.core.history import Event, History, KnownRelationship, KnownSession
from mentorkit.core.memberships import Membership, departed, members_now
from mentorkit.core.relationships import Member

EventKind = Literal[
    "accepted", "declined", "met", "missed", "moved", "answered", "paused", "resumed", "left", "ended", "requested"
]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)

OWN_EVENT = "mentorkit:"
"""How ids begin of events that nobody sent: the program read them from its roster, or made them itself."""

CHANGED_HANDS = ":changed-"
"""What the ids of our own events have in them that say: this id stands for somebody else by now."""


@frozen
class Told:
    """An event as somebody wrote it down, before it is clear what it is about.

    Attributes:
        at: UTC, aware.
        subject: a relationship, a session, SURVEY.QUESTION, or "" for what is evident.
        where: the file it stands in as its author names it, or "" for the command line.
        line: its 1-based line or row there.
    """

    id: str
    at: datetime
    person: str
    kind: EventKind
    subject: str = ""
    value: str = ""
    where: str = ""
    line: int = 0


@frozen
class Ending:
    """The end of a published relationship, or of a proposed one (which was never published).

    Attributes:
        at: when it ended, UTC, aware; what was to come after it does not.
        noted: when that became known, UTC, aware: people are told from then on.
        reason: `left`, `declined`, `rematched`, `withdrawn` or what the event says; never "".
    """

    relationship: str
    at: datetime
    noted: datetime
    reason: str


@frozen
class Departure:
    """Somebody leaves a published relationship, and it goes on.

    Attributes:
        at: when they left, UTC, aware; what was to come after it is no longer theirs.
        reason: `left` or `declined`.
        event: id of the event by which they left.
    """

    relationship: str
    member: Member
    at: datetime
    reason: str
    event: str


@frozen
class Joining:
    """Somebody takes a free seat in a published relationship at a moment, UTC, aware."""

    relationship: str
    member: Member
    at: datetime


@frozen
class Happening:
    """What became known at one moment and everything that follows from it by itself.

    Attributes:
        events: new ones, by (at, id).
        endings: by relationship id.
        departures: by (relationship id, member); of one relationship, they come before its joinings.
        joinings: likewise.
        sessions: changed ones as they are from now on, by (starts, id).
        superseded: keys of transmissions that wait in the ledger and have lost their reason, sorted.
    """

    events: tuple[Event, ...] = ()
    endings: tuple[Ending, ...] = ()
    sessions: tuple[KnownSession, ...] = ()
    superseded: tuple[str, ...] = ()
    departures: tuple[Departure, ...] = ()
    joinings: tuple[Joining, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything happened."""
        return self != _NOTHING


_NOTHING = Happening()


def without(before: KnownRelationship, departure: Departure) -> KnownRelationship:
    """Return a relationship after somebody has left it."""
    left = departed(before.memberships, departure.member, departure.at, departure.reason, departure.event)
    return _with(before, left)


def with_joined(before: KnownRelationship, joining: Joining) -> KnownRelationship:
    """Return a relationship after somebody has taken a seat in it."""
    return _with(before, (*before.memberships, Membership(joining.member, joining.at)))


def _with(before: KnownRelationship, memberships: tuple[Membership, ...]) -> KnownRelationship:
    relationship = evolve(before.relationship, members=members_now(memberships))
    return evolve(before, relationship=relationship, own_days=memberships)


def with_all_joined(history: History, joinings: Iterable[Joining]) -> History:
    """Return a history in which people have taken free seats; the sessions of these are the caller's business."""
    after = {one.relationship.id: one for one in history.relationships}
    for joining in joinings:
        after[joining.relationship] = with_joined(after[joining.relationship], joining)
    return evolve(history, relationships=tuple(after.values()))
