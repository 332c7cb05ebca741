"""What is known, arranged so that events can be worked through one after the other, however many they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from attrs import define, evolve, field

from mentorkit.core.deliveries import WAITING
from mentorkit.core.happenings import Departure, Ending, Happening, Joining, with_joined, without
from mentorkit.core.history import Event, History, KnownRelationship, KnownSession, SessionState
from mentorkit.core.relationships import Member

SAID: Mapping[str, SessionState] = {"met": "held", "missed": "missed"}
"""What events say of sessions."""


@define(eq=False)
class Known:
    """The history and what has changed of it so far.

    Attributes:
        now: the moment at which all of it becomes known, UTC, aware.
        last_words: by session, moment and id of the latest event that says whether it was held.
        last_moves: likewise, of the latest that says when it is.
        own_words: by session and person, moment, id and kind of the latest event by which they said whether they met.
        superseded: keys of waiting transmissions that have lost their reason.
    """

    now: datetime
    relationships: dict[str, KnownRelationship]
    sessions: dict[str, KnownSession]
    relationships_of: dict[str, list[str]]
    sessions_of: dict[str, list[str]]
    waiting: dict[str, tuple[str, ...]]
    numbers: dict[str, int]
    events: dict[str, Event]
    last_words: dict[str, tuple[datetime, str]] = field(factory=dict)
    last_moves: dict[str, tuple[datetime, str]] = field(factory=dict)
    own_words: dict[str, dict[str, tuple[datetime, str, str]]] = field(factory=dict)
    new_events: list[Event] = field(factory=list)
    endings: dict[str, Ending] = field(factory=dict)
    departures: list[Departure] = field(factory=list)
    joinings: list[Joining] = field(factory=list)
    changed: dict[str, KnownSession] = field(factory=dict)
    superseded: set[str] = field(factory=set)

    def session(self, after: KnownSession) -> None:
        """Put a changed session in the place of the one that was."""
        self.sessions[after.session.id] = self.changed[after.session.id] = evolve(after, changed=self.now)

    def end(self, ending: Ending) -> None:
        """End a published relationship, or let a proposed one be proposed no longer."""
        before = self.relationships[ending.relationship]
        self.endings[ending.relationship] = ending
        self.relationships[ending.relationship] = ended(before, ending)

    def depart(self, departure: Departure) -> None:
        """Let somebody leave a published relationship, which goes on."""
        before = self.relationships[departure.relationship]
        self.departures.append(departure)
        self.relationships[departure.relationship] = without(before, departure)

    def join(self, joining: Joining) -> None:
        """Put somebody into a published relationship."""
        before = self.relationships[joining.relationship]
        self.joinings.append(joining)
        self.relationships[joining.relationship] = with_joined(before, joining)

    def happening(self) -> Happening:
        """Return everything that has changed."""
        return Happening(
            events=tuple(sorted(self.new_events, key=lambda event: (event.at, event.id))),
            endings=tuple(self.endings[one] for one in sorted(self.endings)),
            sessions=tuple(sorted(self.changed.values(), key=lambda one: (one.session.starts, one.session.id))),
            superseded=tuple(sorted(self.superseded)),
            departures=tuple(sorted(self.departures, key=_place)),
            joinings=tuple(sorted(self.joinings, key=_place)),
        )


def _place(change: Departure | Joining) -> tuple[str, Member]:
    return change.relationship, change.member


def ended(before: KnownRelationship, ending: Ending) -> KnownRelationship:
    """Return a relationship after its end; a proposed one was never published, and is proposed no longer."""
    if before.state == "proposed":
        return evolve(before, reason=ending.reason, end_noted=ending.noted)
    return evolve(before, state="ended", ended_at=ending.at, reason=ending.reason, end_noted=ending.noted)


def known_from(history: History, now: datetime) -> Known:
    """Return the history, arranged."""
    relationships_of: dict[str, list[str]] = {}
    for known in sorted(history.relationships, key=lambda one: one.relationship.id):
        for person in dict.fromkeys(member.person for member in known.everybody):
            relationships_of.setdefault(person, []).append(known.relationship.id)
    sessions_of: dict[str, list[str]] = {}
    for one in sorted(history.sessions, key=lambda one: (one.session.starts, one.session.id)):
        sessions_of.setdefault(one.session.relationship, []).append(one.session.id)
    return Known(
        now=now,
        relationships={known.relationship.id: known for known in history.relationships},
        sessions={known.session.id: known for known in history.sessions},
        relationships_of=relationships_of,
        sessions_of=sessions_of,
        waiting={one.key: one.deliveries for one in history.transmissions.values() if one.state in WAITING},
        numbers=dict(history.numbers),
        events={event.id: event for event in history.events},
        last_words=_last_words(history, SAID),
        last_moves=_last_words(history, ("moved",)),
        own_words=own_words(history.events),
    )


def own_words(events: Iterable[Event]) -> dict[str, dict[str, tuple[datetime, str, str]]]:
    """Return what each person said last of each session: moment, id and kind, `met` or `missed`, of their event."""
    words: dict[str, dict[str, tuple[datetime, str, str]]] = {}
    for event in events:
        if event.kind in SAID:
            own, word = words.setdefault(event.subject, {}), (event.at, event.id, event.kind)
            own[event.person] = max(word, own.get(event.person, word))
    return words


def _last_words(history: History, kinds: Collection[str]) -> dict[str, tuple[datetime, str]]:
    words: dict[str, tuple[datetime, str]] = {}
    for event in history.events:
        if event.kind in kinds:
            words[event.subject] = max((event.at, event.id), words.get(event.subject, (event.at, event.id)))
    return words


def current(known: Known, person: str) -> list[KnownRelationship]:
    """Return the relationships somebody is in that are published and have not ended, or are proposed."""
    every = (known.relationships[one] for one in known.relationships_of.get(person, ()))
    theirs = (one for one in every if person in one.relationship.people())
    return [one for one in theirs if one.state == "published" or (one.state == "proposed" and not one.reason)]


def joined(first: Happening, second: Happening) -> Happening:
    """Return two happenings as one, the second after the first: where both change a session, the second holds."""
    sessions = {one.session.id: one for one in (*first.sessions, *second.sessions)}
    endings = {one.relationship: one for one in (*second.endings, *first.endings)}
    return Happening(
        events=_once((*first.events, *second.events)),
        endings=tuple(endings[one] for one in sorted(endings)),
        sessions=tuple(sorted(sessions.values(), key=lambda one: (one.session.starts, one.session.id))),
        superseded=tuple(sorted({*first.superseded, *second.superseded})),
        departures=tuple(sorted({*first.departures, *second.departures}, key=_place)),
        joinings=tuple(sorted({*first.joinings, *second.joinings}, key=_place)),
    )


def _once(events: Iterable[Event]) -> tuple[Event, ...]:
    by_id = {event.id: event for event in events}
    return tuple(sorted(by_id.values(), key=lambda event: (event.at, event.id)))
