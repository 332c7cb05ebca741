"""What an event does by itself: to relationships, to sessions, and to what waits to be sent.

Who is told of it, and who is matched anew, is planned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from attrs import evolve, frozen

from mentorkit.core.blaming import blaming
from mentorkit.core.catalogue import Catalogue, Origin
from mentorkit.core.contracts import MentoringModel
from mentorkit.core.happenings import Departure, Ending, Happening
from mentorkit.core.history import TO_COME, Event, History, KnownRelationship, KnownSession
from mentorkit.core.invitation_ids import invited, is_cancellation
from mentorkit.core.learning.completing import is_completion
from mentorkit.core.learning.known import SAID, Known, current, known_from
from mentorkit.core.program import Program
from mentorkit.core.written_dates import written_time
from mentorkit.core.zones import to_local, to_utc

_PAIR = 2


@frozen
class Doing:
    """What events do under one program.

    Attributes:
        steps_at_the_end: names of steps that hang on the end of a relationship, and outlive it.
        steps_that_ask: names of steps that ask people about a relationship.
    """

    program: Program
    model: MentoringModel
    origin: Origin
    steps_at_the_end: frozenset[str]
    steps_that_ask: frozenset[str]

    def do(self, known: Known, event: Event, ended_at: datetime | None = None) -> None:
        """Let an event have happened, whose subject is evident by now.

        `ended_at` is when what it ends has ended, where that is another moment than the event's.
        """
        known.new_events.append(event)
        known.events[event.id] = event
        act: Mapping[str, Callable[[], None]] = {
            "met": lambda: _say(known, event),
            "missed": lambda: _say(known, event),
            "moved": lambda: _move(known, event),
            "declined": lambda: self._decline(known, event),
            "ended": lambda: self._end(known, event, event.subject, event.value or "ended", ended_at or event.at),
            "left": lambda: self._leave(known, event, ended_at or event.at),
            "accepted": lambda: self._ask_no_more(known, event),
        }
        act.get(event.kind, lambda: None)()

    def _leave(self, known: Known, event: Event, at: datetime) -> None:
        _drop_all_for(known, event.person)
        for theirs in current(known, event.person):
            if self._ends_with(theirs, event.person):
                self._end(known, event, theirs.relationship.id, "left", at)
            else:
                _go_on_without(known, theirs, event, "left", at)

    def _decline(self, known: Known, event: Event) -> None:
        """Let a pair or a proposal end; of more than two, whoever declines goes, as the model says."""
        theirs = known.relationships.get(event.subject)
        if theirs is None or event.person not in theirs.relationship.people():
            return
        if len(theirs.relationship.members) <= _PAIR or self._ends_with(theirs, event.person):
            self._end(known, event, event.subject, "declined", event.at)
        else:
            _drop_of(known, event.person, event.subject)
            _go_on_without(known, theirs, event, "declined", event.at)

    def _ends_with(self, known: KnownRelationship, person: str) -> bool:
        if known.state != "published" or set(known.relationship.people()) <= {person}:
            return True
        with blaming(self.origin, f'the model "{self.model.name}"'):
            return self.model.on_leaving(self.program.model.use.options, known.relationship, person) == "end"

    def _end(self, known: Known, event: Event, relationship: str, reason: str, at: datetime) -> None:
        before = known.relationships.get(relationship)
        if before is None or before.state == "ended" or (before.state == "proposed" and before.reason):
            return
        told = "withdrawn" if before.state == "proposed" and event.kind == "left" else reason
        begun = max(at, before.published_at) if before.published_at else at
        known.end(Ending(relationship, min(begun, known.now), known.now, told))
        _cancel(known, relationship, at)
        if is_completion(event):
            return  # what waits to be sent was due while it went on
        every = known.relationships.items()
        ended = {one for one, theirs in every if theirs.state == "ended" or theirs.withdrawn}
        _drop(known, lambda deliveries: all(self._is_over(key, ended) for key in deliveries))

    def _ask_no_more(self, known: Known, event: Event) -> None:
        number = f"p{known.numbers.get(event.person)}"

        def asks(delivery: str) -> bool:
            step, _, to, *_, last = delivery.split("/")
            return step in self.steps_that_ask and (to, last) == (number, event.subject)

        _drop(known, lambda deliveries: all(asks(key) for key in deliveries))

    def _is_over(self, delivery: str, ended: set[str]) -> bool:
        step, occurrence, *_, last = delivery.split("/")
        return last in ended and step not in self.steps_at_the_end and not is_cancellation(occurrence)


def doing(program: Program, catalogue: Catalogue) -> Doing:
    """Return what events do under a program."""
    offer = catalogue.models[program.model.use.name]
    at_the_end, asking = (
        frozenset(step.name for step in program.timeline if step.when.anchor == anchor)
        for anchor in ("relationship-end", "ask")
    )
    return Doing(program, offer.implementation, offer.origin, at_the_end, asking)


def consequences(
    program: Program, catalogue: Catalogue, history: History, events: Sequence[Event], at: datetime
) -> Happening:
    """Return events, whose subjects are evident, with all that follows by itself; `at` is when it becomes known."""
    known = known_from(history, at)
    what = doing(program, catalogue)
    for event in sorted(events, key=lambda one: (one.at, one.id)):
        what.do(known, event)
    return known.happening()


def moved_to(session: KnownSession, value: str) -> tuple[datetime, datetime]:
    """Return when the value of a `moved` says a session is: as wall-clock time in its zone, and in UTC.

    The value is RFC 3339, or a wall-clock time itself; seconds are dropped.

    Raises:
        ValueError: it says no moment.
    """
    zone, moment = session.session.zone, written_time(value.strip()).replace(second=0)
    try:
        local = to_local(moment, zone) if moment.tzinfo else moment
        return local, to_utc(local, zone)
    except OverflowError:
        raise ValueError(value) from None


def _is_latest(words: dict[str, tuple[datetime, str]], event: Event) -> bool:
    """Return whether no later word about the same is known, and keep this one if so."""
    word = (event.at, event.id)
    if words.get(event.subject, word) > word:
        return False
    words[event.subject] = word
    return True


def _say(known: Known, event: Event) -> None:
    """Let a session be held or missed; the latest word holds, whichever is heard of first.

    Where more than two meet, each speaks for themselves, and the session was held if anybody was there.
    """
    before = known.sessions.get(event.subject)
    own = known.own_words.setdefault(event.subject, {})
    own[event.person] = max((event.at, event.id, event.kind), own.get(event.person, (event.at, event.id, event.kind)))
    if not _is_latest(known.last_words, event) and (before is None or len(before.session.people) <= _PAIR):
        return
    if before is None or before.state == "canceled":
        return
    kind = event.kind
    if len(before.session.people) > _PAIR:
        kind = "met" if "met" in {word for _, _, word in own.values()} else "missed"
    if before.state != SAID[kind]:
        known.session(evolve(before, state=SAID[kind]))


def _move(known: Known, event: Event) -> None:
    """Let a session be at another time, unless it is over; the latest word holds, whichever is heard of first."""
    before = known.sessions[event.subject]
    local, starts = moved_to(before, event.value)
    over = known.relationships[before.session.relationship].state != "published" or before.state not in TO_COME
    if not _is_latest(known.last_moves, event) or over or starts == before.session.starts:
        return
    session = evolve(before.session, local=local, starts=starts)
    known.session(evolve(before, session=session, state="moved", sequence=before.sequence + 1, moves=before.moves + 1))
    old = f"{before.session.id}+{before.moves}" if before.moves else before.session.id
    _drop(known, lambda deliveries: all(key.split("/")[1].partition("~")[0] == old for key in deliveries))
    _invite_no_more(known, before)


def _cancel(known: Known, relationship: str, at: datetime) -> None:
    for one in known.sessions_of.get(relationship, ()):
        before = known.sessions[one]
        if before.session.starts > at and before.state in TO_COME:
            known.session(evolve(before, state="canceled", sequence=before.sequence + 1))
            _invite_no_more(known, before)


def _go_on_without(known: Known, theirs: KnownRelationship, event: Event, reason: str, at: datetime) -> None:
    """Take somebody out of a relationship and its sessions to come; what they left before it began, they never had."""
    relationship, person = theirs.relationship, event.person
    begun = max(at, theirs.joined(person) or theirs.published_at or at)
    for member in [one for one in relationship.members if one.person == person]:
        known.depart(Departure(relationship.id, member, min(begun, known.now), reason, event.id))
    for one in known.sessions_of.get(relationship.id, ()):
        before = known.sessions[one]
        if before.session.starts > at and person in before.session.people and before.state in TO_COME:
            people = tuple(other for other in before.session.people if other != person)
            known.session(evolve(before, session=evolve(before.session, people=people), sequence=before.sequence + 1))
            _invite_no_more(known, before)


def _invite_no_more(known: Known, before: KnownSession) -> None:
    """Drop what waits to invite people to an earlier version of a session: they are invited to the one it is now."""

    def invites(delivery: str) -> bool:
        found = invited(delivery.split("/")[1])
        return found is not None and found[0] == before.session.id and not found[2]

    _drop(known, lambda deliveries: all(map(invites, deliveries)))


def _drop_all_for(known: Known, person: str) -> None:
    number = known.numbers.get(person)
    _drop(known, lambda deliveries: all(key.split("/")[2] == f"p{number}" for key in deliveries))


def _drop_of(known: Known, person: str, relationship: str) -> None:
    """Drop what waits for somebody because of one relationship."""
    number = f"p{known.numbers.get(person)}"

    def theirs(delivery: str) -> bool:
        _, _, to, *_, last = delivery.split("/")
        return (to, last) == (number, relationship)

    _drop(known, lambda deliveries: all(map(theirs, deliveries)))


def _drop(known: Known, lost: Callable[[Iterable[str]], bool]) -> None:
    found = [key for key, deliveries in known.waiting.items() if deliveries and lost(deliveries)]
    for key in found:
        known.superseded.add(key)
        del known.waiting[key]
