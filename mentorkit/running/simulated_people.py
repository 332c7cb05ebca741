"""What the people of a simulation mean to do next, and writing it down once its time has come.

A simulated world says what they do; here it is kept until then, dropped where it is about nothing any more, and
recorded with all that follows from it, as `mentorkit record` would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush

from attrs import define, evolve, field, frozen

from mentorkit.core.deliveries import Transmission
from mentorkit.core.happenings import Happening
from mentorkit.core.history import TO_COME, Event, History, KnownRelationship, KnownSession, numbered
from mentorkit.core.learning import applied, consequences, joined
from mentorkit.core.plan import Plan
from mentorkit.core.simulating.world import PAIR, World, session_end
from mentorkit.core.zones import day_end, to_local
from mentorkit.ledger import Ledger
from mentorkit.opening import Opened

_AT_ONCE = ("declined", "left", "moved", "requested")
"""Kinds of events after which the next run does something else: it is not left to whenever something is due."""


@frozen(order=True)
class Intent:
    """Something that somebody means to do.

    Attributes:
        noted: the moment of the run that learns of it.
        id: of its event.
        event: what they do; how a session is put off is found out then.
        wakes: whether there is a run at that moment for its sake.
    """

    noted: datetime
    id: str
    event: Event = field(order=False)
    wakes: bool = field(order=False)


@define
class SimulatedPeople:
    """The people of one simulation, in the course of it.

    Attributes:
        intents: a heap, the next one first.
        over: ids of the sessions of which everybody has said what they mean to.
        there: ids of those who have decided whether they leave.
    """

    opened: Opened
    ledger: Ledger
    world: World
    intents: list[Intent] = field(factory=list)
    over: set[str] = field(factory=set)
    there: set[str] = field(factory=set)

    def begin(self, at: datetime, asked_for: Sequence[Event]) -> None:
        """Let them decide who leaves and who asks for something, unless requests are given (`asked_for`)."""
        self._come((one.id for one in self.opened.roster.participants), at)
        if asked_for:
            self._promise(asked_for)
        else:
            self._mean(self.world.requests(at))

    def _come(self, people: Iterable[str], at: datetime) -> None:
        """Let those decide whether they leave who take part from some moment on."""
        new = sorted(set(people) - self.there)
        self.there.update(new)
        self._mean(event for one in new for event in self.world.leaving(one, at))

    def hear(self, plan: Plan, sent: Iterable[str]) -> None:
        """Let them decide what they do about what a run has told them; `sent` are keys of transmissions."""
        if plan.provisional:
            return
        got = frozenset(sent)
        self._mean(event for one in plan.due if one.key in got for event in self._about_survey(one, plan.at))
        if plan.asking and plan.matching:
            for one in plan.matching.relationships:
                self._promise(self.world.when_asked(one, plan.at))
        for one in plan.publishing:
            self._come(one.people(), plan.at)
            self._mean(self.world.when_published(one, plan.at))
        for joining in plan.rearranged.joinings:
            self._come((joining.member.person,), plan.at)
            self._mean(self.world.when_joining(joining))
        fixed = {one.id for one in plan.publishing if one.at is not None}
        for session in plan.schedule.sessions:
            said = None if session.relationship in fixed else self.world.puts_off(session)
            if said is not None and said > plan.at:
                self._mean([Event(f"put-off-{session.id}", said, session.people[0], "moved", session.id)])

    def _about_survey(self, transmission: Transmission, at: datetime) -> Sequence[Event]:
        answers = tuple(self.world.when_sent(transmission, at))
        meant = {(one.event.person, one.event.subject) for one in self.intents} if answers else ()
        return [one for one in answers if (one.person, one.subject) not in meant]

    def _promise(self, events: Iterable[Event]) -> None:
        """Remember what a run waits for: it is noted at its very moment, as if runs came at that time of day."""
        for event in events:
            heappush(self.intents, Intent(event.at, event.id, event, wakes=True))

    def _mean(self, events: Iterable[Event]) -> None:
        """Remember what is noted in the run at the end of its day, or whenever the next one is."""
        for event in events:
            noted = _end_of_day(event.at, self.opened.program.timezone)
            heappush(self.intents, Intent(noted, event.id, event, event.kind in _AT_ONCE))

    def act(self, at: datetime) -> History:
        """Write down what they have done by a moment, and what they say of sessions that are over.

        Returns:
            Everything that is known then.
        """
        history = self.ledger.read()
        due = []
        while self.intents and self.intents[0].noted <= at:
            due.append(heappop(self.intents).event)
        sensible = self._still_sensible(sorted(due, key=lambda one: (one.at, one.id)), history)
        done = self._follows(history, sensible, at)
        after = applied(history, done)
        ended = [one for one in self._to_come(after) if session_end(one.session) <= at]
        self.over |= {one.session.id for one in ended}
        said = self._follows(after, (event for one in ended for event in self.world.after(one.session)), at)
        return self._recorded(history, joined(done, said), at)

    def next_wake(self, at: datetime) -> datetime | None:
        """Return the next moment after `at` at which there is a run for the sake of what somebody does."""
        return min((one.noted for one in self.intents if one.wakes and one.noted > at), default=None)

    def last_wake(self) -> datetime | None:
        """Return the moment by which everybody has done what they mean to, and every session is over."""
        ends = (session_end(one.session) for one in self._to_come(self.ledger.read()))
        return max((*(one.noted for one in self.intents), *ends), default=None)

    def _to_come(self, history: History) -> Iterator[KnownSession]:
        return (one for one in history.sessions if one.state in TO_COME and one.session.id not in self.over)

    def _still_sensible(self, events: Iterable[Event], history: History) -> Iterator[Event]:
        """Yield those that are about something still: nobody acts who has left, or speaks of what is over."""
        gone = {one.person for one in history.events if one.kind == "left"}
        known = {one.relationship.id: one for one in history.relationships}
        for event in events:
            if event.person in gone:
                continue
            if event.kind in ("accepted", "declined") and not _is_in(event.person, known.get(event.subject)):
                continue
            told = self._put_off(event, history, known) if event.kind == "moved" else event
            if told is None:
                continue
            if told.kind == "left":
                gone.add(told.person)
            if told.kind == "declined" and len(known[told.subject].relationship.members) <= PAIR:
                del known[told.subject]
            yield told

    def _put_off(self, event: Event, history: History, known: dict[str, KnownRelationship]) -> Event | None:
        """Return how a session is put off, None where it is over, canceled, or has been put off already."""
        to_come = [one for one in history.sessions if one.state in TO_COME and one.session.id not in self.over]
        session = next((one for one in to_come if one.session.id == event.subject and not one.moves), None)
        theirs = known.get(session.session.relationship) if session else None
        if session is None or theirs is None or not session.session.people:
            return None
        people = frozenset(session.session.people)
        others = [one for one in to_come if not people.isdisjoint(one.session.people)]
        return self.world.put_off(session, theirs.relationship, others, event.at)

    def _follows(self, history: History, events: Iterable[Event], at: datetime) -> Happening:
        done = tuple(events)
        return consequences(self.opened.program, self.opened.catalogue, history, done, at) if done else Happening()

    def _recorded(self, history: History, happening: Happening, at: datetime) -> History:
        """Record what happened, and return what the ledger knows then."""
        if not happening:
            return history
        people = {one.person for one in happening.events} - history.numbers.keys()
        new = [one.id for one in self.opened.roster.people if one.id in people]
        numbers = numbered(new, history.numbers.values())
        self.ledger.record_happening(happening, numbers=numbers, at=at, mark=history.mark)
        return evolve(
            applied(history, happening),
            mark=self.ledger.tail().number,
            numbers={**history.numbers, **numbers},
            seen={**history.seen, **dict.fromkeys(numbers, at)},
        )


def _is_in(person: str, known: KnownRelationship | None) -> bool:
    """Return whether somebody is in a relationship that goes on, or is asked about."""
    goes_on = known is not None and (known.state == "published" or known.is_asked)
    return known is not None and goes_on and person in known.relationship.people()


def _end_of_day(moment: datetime, zone: str) -> datetime:
    """Return the end of the day in which a moment lies; midnight is the end of its day."""
    return day_end(to_local(moment - timedelta(microseconds=1), zone).date(), zone)
