"""What simulated people do, as ordinary events: asked, matched, after a session, on getting a survey, of themselves.

Everything follows from program, seed, and ids of people, relationships and sessions. The order of the roster's rows and
the order in which things are asked of a world play no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from math import log

from attrs import define, field, frozen

from mentorkit.core.acceptance import asked_people
from mentorkit.core.deliveries import Transmission
from mentorkit.core.happenings import Joining
from mentorkit.core.history import Event, KnownSession
from mentorkit.core.program import Program, Question, Step
from mentorkit.core.relationships import Relationship
from mentorkit.core.reporting.surveys import possible_answers
from mentorkit.core.roster import Person, Roster
from mentorkit.core.sessions import Session
from mentorkit.core.simulating.chance import Chance
from mentorkit.core.simulating.rates import Rates
from mentorkit.core.simulating.topics import Topics
from mentorkit.core.zones import day_end, to_local, to_utc

PAIR = 2
YEAR, FOUR_WEEKS = 365, 28
"""In days: what the rates of leaving and of requests refer to."""

LAST_REQUEST = timedelta(days=14)
"""Nobody begins to ask for something so shortly before the end of a program."""

FARTHEST_MOVE = 5
"""By how many days a session is put off at most."""


@frozen
class Draw:
    """The chances of one world."""

    rates: Rates
    chance: Chance

    def event(self, kind: str, at: datetime, person: str, subject: str = "", value: str = "") -> Event:
        """Return an event with an id of its own, which names nobody."""
        name = self.chance.name(kind, person, subject, at.isoformat(), value)
        return Event(f"simulated-{kind}-{name}", at, person, kind, subject, value)

    def days(self, *words: str) -> timedelta:
        """Return after how many days people answer, at most `rates.days`."""
        return timedelta(days=1 + self.chance.index(self.rates.days, "days", *words))


@define(eq=False)
class World:
    """The people of a program, as they behave in one world."""

    program: Program
    roster: Roster
    rates: Rates
    _draw: Draw = field(init=False)
    _steps: dict[str, Step] = field(init=False)
    _topics: Topics = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Draw everything from the program's id and seed."""
        chance = Chance(f"{self.program.id}\x1e{self.program.seed}")
        self._draw = Draw(self.rates, chance)
        self._steps = {step.name: step for step in self.program.steps}
        self._topics = Topics(self.program, self.roster, chance)

    def when_asked(self, relationship: Relationship, at: datetime) -> Iterator[Event]:
        """Yield what those say who are asked at a moment whether a relationship shall be; some say nothing."""
        for person in asked_people(self.program.model.asking, relationship):
            share = self._draw.chance.share("asked", relationship.id, person)
            if share < self.rates.says_yes + self.rates.says_no:
                kind = "accepted" if share < self.rates.says_yes else "declined"
                answered = at + self._draw.days(relationship.id, person)
                yield self._draw.event(kind, answered, person, relationship.id)

    def when_published(self, relationship: Relationship, at: datetime) -> Iterator[Event]:
        """Yield what its members say to a relationship that is published at a moment; who was asked has said it."""
        asked = asked_people(self.program.model.asking, relationship)
        for person in dict.fromkeys(relationship.people()):
            if person not in asked:
                yield from self._heard(relationship.id, person, at)

    def when_joining(self, joining: Joining) -> Iterator[Event]:
        """Yield what somebody says who is put into a free seat."""
        return self._heard(joining.relationship, joining.member.person, joining.at)

    def _heard(self, relationship: str, person: str, at: datetime) -> Iterator[Event]:
        share = self._draw.chance.share("heard", relationship, person)
        heard = at + self._draw.days(relationship, person)
        if share < self.rates.objects:
            yield self._draw.event("declined", heard, person, relationship)
        elif share < self.rates.objects + self.rates.confirms:
            yield self._draw.event("accepted", heard - timedelta(days=1), person, relationship)

    def after(self, session: Session) -> Iterator[Event]:
        """Yield what people say of a session that is over."""
        chance, fell_through = self._draw.chance, self._falls_through(session)
        for person in session.people:
            absent = len(session.people) > PAIR and chance.share("absent", session.id, person) < self.rates.absent
            kind = "missed" if fell_through or absent else "met"
            if chance.share("reports", session.id, person) < self.rates.reports:
                yield self._draw.event(kind, session_end(session), person, session.id)

    def _falls_through(self, session: Session) -> bool:
        return self._draw.chance.share("misses", session.id) < self.rates.misses

    def puts_off(self, session: Session) -> datetime | None:
        """Return when somebody says that a session shall be another day; None where it stays or falls through.

        It is ten o'clock in the program's zone, on one of the three days before the session's.
        """
        chance, zone = self._draw.chance, self.program.timezone
        if chance.share("moves", session.id) >= self.rates.moves or self._falls_through(session):
            return None
        before = 1 + chance.index(3, "before", session.id)
        day = to_local(session.starts, zone).date() - timedelta(days=before)
        return to_utc(datetime.combine(day, time(10)), zone)

    def put_off(
        self, known: KnownSession, relationship: Relationship, others: Iterable[KnownSession], at: datetime
    ) -> Event | None:
        """Return how a session is put off, told at `at`; None where no day suits.

        It is on the first later day of the series' weekdays on which its people do not meet otherwise, at the same time
        of day, before the next session of its series and the last day.

        Args:
            known: a session to come, of this relationship.
            relationship: whose session it is.
            others: further sessions to come of its people.
            at: UTC, aware.
        """
        session = known.session
        series = next((one for one in self.program.series if one.name == session.series), None)
        ends = min(filter(None, (relationship.until, self.program.ends)))
        there = [one.session for one in others if one.session.id != session.id]
        next_ones = (one.starts for one in there if one.relationship == relationship.id and one.starts > session.starts)
        latest = min([day_end(ends, self.program.timezone), *next_ones])
        for days in range(1, FARTHEST_MOVE + 1):
            local = session.local + timedelta(days=days)
            starts = to_utc(local, session.zone)
            over = starts + timedelta(minutes=session.minutes)
            free = all(over <= one.starts or session_end(one) <= starts for one in there)
            suits = series is None or local.weekday() in (range(5) if series.days is None else series.days)
            if suits and free and over <= latest and to_local(starts, session.zone) == local:
                person = session.people[self._draw.chance.index(len(session.people), "who moves", session.id)]
                return self._draw.event("moved", at, person, session.id, local.isoformat(timespec="minutes"))
        return None

    def when_sent(self, transmission: Transmission, at: datetime) -> Iterator[Event]:
        """Yield what somebody answers to a survey that they get, or are reminded of, at a moment."""
        to, survey = transmission.recipient, self._survey(transmission.step)
        if survey is None or to.kind != "person" or to.id not in self.roster.by_id:
            return
        words = (transmission.step, to.id, transmission.due.isoformat())
        if self._draw.chance.share("answers", *words) >= self.rates.answers:
            return
        answered = at + self._draw.days(*words)
        for question in survey.questions:
            value = self._answer(question, *words)
            yield self._draw.event("answered", answered, to.id, f"{survey.name}.{question.id}", value)

    def _survey(self, name: str) -> Step | None:
        """Return the survey that a step is, or that it reminds of."""
        step = self._steps[name]
        if not step.questions and step.condition is not None and step.condition.kind == "not answered":
            step = self._steps.get(step.condition.of.partition(".")[0], step)
        return step if step.questions else None

    def _answer(self, question: Question, *words: str) -> str:
        share = self._draw.chance.share("answer", question.id, *words)
        if question.kind == "yes-no":
            return "yes" if share < (1 + self.rates.content) / 2 else "no"
        if question.kind == "scale":
            share = share ** (1 - self.rates.content)
        possible = possible_answers(question)
        return possible[int(share * len(possible))] if possible else "(a simulated answer)"

    def leaving(self, person: str, since: datetime) -> Iterator[Event]:
        """Yield that somebody leaves who takes part since some moment, if that is before the program's end.

        Of those who are there, as many leave each day as makes `rates.leaves` of everybody in a year.
        """
        if self.rates.leaves:
            days = int(YEAR * log(1 - self._draw.chance.share("leaves", person)) / log(1 - self.rates.leaves))
            at = self._in_the_day(since + timedelta(days=days), 17)
            if since < at < self._ends:
                yield self._draw.event("left", at, person)

    def requests(self, began: datetime) -> Iterator[Event]:
        """Yield what people ask for in a program on request, by person and moment.

        One asks after the other at random intervals, so that some ask often and some never (a Poisson process).
        """
        served = {role.name for role in self.program.model.roles if role.served}
        first = max(began, day_end(self.program.starts - timedelta(days=1), self.program.timezone))
        if self.program.model.request_days is None:
            return
        for person in _by_id(self.roster.participants):
            for number, at in enumerate(self._asks(person.id, first), 1):
                if not served.isdisjoint(person.roles):
                    own_words = self.rates.requests is None
                    topic = self._topics.pick(person, number, as_in_roster=own_words)
                    yield self._draw.event("requested", at, person.id, "", topic)

    def _asks(self, person: str, first: datetime) -> Iterator[datetime]:
        """Yield when somebody asks for something: in office hours, on Mondays instead of weekends."""
        if self.rates.requests is None:
            yield self._in_the_day(first, 9)
            return
        moment, number = first, 0
        while self.rates.requests:
            wait = -log(1 - self._draw.chance.share("asks", person, str(number))) / self.rates.requests
            moment, number = moment + timedelta(days=FOUR_WEEKS * wait), number + 1
            at = self._in_the_day(moment, 9 + number % 8, working=True)
            if at >= self._ends - LAST_REQUEST:
                return
            if at >= first:
                yield at

    @property
    def _ends(self) -> datetime:
        return day_end(self.program.ends, self.program.timezone)

    def _in_the_day(self, moment: datetime, hour: int, *, working: bool = False) -> datetime:
        """Return an hour of the day, in the program's zone, in which a moment lies; of the next working day if so."""
        day = to_local(moment, self.program.timezone).date()
        day += timedelta(days=max(0, 7 - day.weekday()) if working and day.weekday() > 4 else 0)
        return to_utc(datetime.combine(day, time(hour)), self.program.timezone)


def session_end(session: Session) -> datetime:
    """Return when a session is over, UTC, aware."""
    return session.starts + timedelta(minutes=session.minutes)


def _by_id(people: Iterable[Person]) -> list[Person]:
    return sorted(people, key=lambda one: one.id)
