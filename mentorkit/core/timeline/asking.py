"""Whether the condition of a step holds at a moment: who has met, answered, missed, or said nothing for how long.

A condition is asked in the run that would send the step. What became known after the moment that is asked about does
not count, so what expired long ago is judged by what was known when it expired.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from functools import cached_property, lru_cache

from attrs import define, field, frozen

from mentorkit.core.happenings import OWN_EVENT
from mentorkit.core.history import Event, KnownRelationship, KnownSession
from mentorkit.core.moments import add_length
from mentorkit.core.phases import relationship_start
from mentorkit.core.program import Length, Program, StepCondition
from mentorkit.core.requests import Requested
from mentorkit.core.zones import day_end, local_day, to_utc


@frozen
class About:
    """Whom and what a condition is asked about.

    Attributes:
        people: ids of those whose words count.
        relationships: those whose sessions count.
        session: id of the only session that counts, or "".
        request: the key of the request that is meant, or "".
    """

    people: tuple[str, ...]
    relationships: tuple[KnownRelationship, ...]
    session: str = ""
    request: str = ""


@define(frozen=True, slots=False, eq=False)
class Asking:
    """Answers conditions from what is known.

    Attributes:
        events: recorded ones, in any order.
        seen: when each person was first seen, UTC, aware.
        sessions: of any state.
        requests: all of them, by key.
    """

    program: Program
    events: tuple[Event, ...]
    seen: Mapping[str, datetime]
    sessions: tuple[KnownSession, ...]
    requests: Mapping[str, Requested] = field(factory=dict)
    _firsts: dict[tuple[tuple[str, ...], tuple[str, ...]], datetime | None] = field(init=False, factory=dict)

    def holds(self, condition: StepCondition, about: About, moment: datetime) -> bool:
        """Return whether a condition held at a moment (aware)."""
        match condition.kind:
            case "met" | "not met":
                return self._met(about, moment) == (condition.kind == "met")
            case "answered" | "not answered":
                return self._answered(condition.of, about.people, moment) == (condition.kind == "answered")
            case "silent":
                return self.silent(about, condition.span, moment)
            case "served" | "unserved":
                return self._served(about.request, moment) == (condition.kind == "served")
            case "missed":
                return self._missed(about, moment) >= condition.times
            case "ended early":
                return any(ended_early(self.program, one) for one in about.relationships)

    def silent(self, about: About, span: Length, moment: datetime) -> bool:
        """Return whether nobody has said anything for `span`, counted in days of the program's zone."""
        since = self.silent_since(about, moment)
        if since is None:
            return False
        zone = self.program.timezone
        return add_length(local_day(since, zone), span) <= local_day(moment, zone)

    def silent_since(self, about: About, moment: datetime) -> datetime | None:
        """Return since when they are silent: their last word, else the first day together, else their first sight."""
        words = [event.at for event in self._events(about.people, moment) if not event.id.startswith(OWN_EVENT)]
        first = self._first(about)
        return max(words, default=None) if first is None else max([*words, first])

    def _first(self, about: About) -> datetime | None:
        """Return their first day together, else their first sight; the same at every moment."""
        key = about.people, tuple(one.relationship.id for one in about.relationships)
        if key not in self._firsts:
            begun = [self._begins(one, about.people) for one in about.relationships if one.published_at is not None]
            seen = [self.seen[one] for one in about.people if one in self.seen]
            self._firsts[key] = min(begun or seen, default=None)
        return self._firsts[key]

    def _begins(self, known: KnownRelationship, people: Collection[str]) -> datetime:
        """Return the first day together: of people who have all joined later, the first of those days."""
        assert known.published_at is not None
        people = people if known.own_days else ()
        came = [known.joined(one) or known.published_at for one in people if one in known.relationship.people()]
        first = relationship_start(self.program, min(came, default=known.published_at))
        return _day_begins(first, self.program.timezone)

    def _answered(self, of: str, people: Iterable[str], moment: datetime) -> bool:
        return any(
            event.kind == "answered" and (event.subject == of or event.subject.startswith(f"{of}."))
            for event in self._events(people, moment)
        )

    def _met(self, about: About, moment: datetime) -> bool:
        held = [one.session for known in about.relationships for one in self._held.get(known.relationship.id, ())]
        if about.session:
            return any(one.id == about.session for one in held)
        met = any(one.starts <= moment for one in held)
        return met or any(self._said_met(known, moment) for known in about.relationships)

    def _served(self, request: str, moment: datetime) -> bool:
        found = self.requests.get(request)
        return found is not None and found.served_at is not None and found.served_at <= moment

    def _missed(self, about: About, moment: datetime) -> int:
        """Return how many sessions a relationship has missed or moved in a row, the most there are of several."""
        return max((self._missed_by(known, about.session, moment) for known in about.relationships), default=0)

    def _missed_by(self, known: KnownRelationship, session: str, moment: datetime) -> int:
        """Return how many sessions were missed or moved since the last held one, as of a session where there is one."""
        theirs = self._sessions.get(known.relationship.id, ())
        as_of = next((one.session.starts for one in theirs if one.session.id == session), moment)
        held = [one.session.starts for one in theirs if one.state == "held" and one.session.starts <= as_of]
        since = [one for one in theirs if not held or one.session.starts > max(held)]
        missed = {one.session.id for one in since if one.state == "missed" and one.session.starts <= as_of}
        moved = {event.subject for event in self._events(_ever(known), moment) if event.kind == "moved"}
        return len(missed | {one.session.id for one in since if one.session.id in moved and one.state != "canceled"})

    def _said_met(self, known: KnownRelationship, moment: datetime) -> bool:
        """Return whether the last word about a relationship as a whole is that its people met."""
        words = [
            event
            for event in self._events(_ever(known), moment)
            if event.kind in ("met", "missed") and event.subject in ("", known.relationship.id)
        ]
        return bool(words) and max(words, key=lambda event: (event.at, event.id)).kind == "met"

    def _events(self, people: Iterable[str], moment: datetime) -> list[Event]:
        known = self._by_person
        return [event for one in dict.fromkeys(people) for event in known.get(one, ()) if event.at <= moment]

    @cached_property
    def _by_person(self) -> Mapping[str, Collection[Event]]:
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.person, []).append(event)
        return found

    @cached_property
    def _sessions(self) -> Mapping[str, Collection[KnownSession]]:
        found: dict[str, list[KnownSession]] = {}
        for known in self.sessions:
            found.setdefault(known.session.relationship, []).append(known)
        return found

    @cached_property
    def _held(self) -> Mapping[str, Collection[KnownSession]]:
        found: dict[str, list[KnownSession]] = {}
        for known in self.sessions:
            if known.state == "held":
                found.setdefault(known.session.relationship, []).append(known)
        return found


@lru_cache(maxsize=1024)
def _day_begins(day: date, zone: str) -> datetime:
    return to_utc(datetime.combine(day, time()), zone)


def _ever(known: KnownRelationship) -> tuple[str, ...]:
    """Return whose words about a relationship count: also those who have left it since."""
    return tuple(member.person for member in known.everybody)


def ended_early(program: Program, known: KnownRelationship) -> bool:
    """Return whether a published relationship has ended before the program did, and before its own last day."""
    if known.state != "ended" or known.published_at is None or known.completed:
        return False
    return known.ended_at is None or known.ended_at < day_end(program.ends, program.timezone)
