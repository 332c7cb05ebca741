"""Who a step is for: the words under `to`, turned into people and contacts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Literal

from attrs import define, field, frozen

from mentorkit.core.acceptance import Answers, yet_to_answer
from mentorkit.core.contracts import Role
from mentorkit.core.history import CONTACT, Event, KnownRelationship
from mentorkit.core.program import Program
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.requests import Requested
from mentorkit.core.roster import Person, Roster
from mentorkit.core.timeline.left_out import LaterMatching, Together, passed_over
from mentorkit.core.working_days import WorkingDays
from mentorkit.core.zones import person_zone

MANAGERS, SILENT, UNMATCHED = "managers", "silent", "unmatched"

WITHOUT_A_PARTNER = (UNMATCHED, "spare")
"""Groups of those whom the matching left out: of the served side, and of the other one."""


@frozen(order=True)
class Addressee:
    """Somebody who gets something, before the ledger's running number is known: see `deliveries.Recipient`."""

    id: str
    role: str
    kind: Literal["person", "contact"] = "person"

    @property
    def number_key(self) -> str:
        """The key of their running number in the ledger."""
        return f"{CONTACT}{self.id}" if self.kind == "contact" else self.id


@frozen(eq=False)
class Whereabouts:
    """Where somebody lives; an audience has one object for all who live alike, so that each is itself a key.

    Attributes:
        zone: its IANA name.
        week: the working days there.
    """

    zone: str
    week: WorkingDays


Reached = tuple[tuple[Addressee, Whereabouts], ...]
"""Addressees, and where each lives."""


@define(frozen=True, slots=False, eq=False)
class Audience:
    """Everybody a program may write to, at one moment.

    Attributes:
        roles: the model's.
        published: relationships that are published and have not ended.
        matched_before: who was matched as what: members of relationships that are or were published, or are proposed.
        settled: whether the matching is made; before it nobody is matched or unmatched.
        gone: people who have left; they get nothing.
        ended: relationships that were published and have ended.
        together: how long each was in which relationships.
        asked: relationships that are published once everybody asked has accepted.
        answers: who has accepted and who has declined.
        requests: all that was asked for, of a model that works on request.
        freed: when the last proposal that somebody was part of came to nothing, UTC, aware, by id.
        departures: the events by which people have left relationships that go on, by id.
        seen: when each person was first seen, UTC, aware, by id.
        at: the moment of the run, UTC, aware: those whom nobody has seen come with it; None: they were always there.
    """

    program: Program
    roster: Roster
    roles: tuple[Role, ...]
    published: tuple[KnownRelationship, ...]
    matched_before: Collection[Member]
    settled: bool
    gone: Collection[str] = ()
    ended: tuple[KnownRelationship, ...] = ()
    together: Mapping[Member, tuple[Together, ...]] = field(factory=dict)
    asked: tuple[KnownRelationship, ...] = ()
    answers: Answers = field(factory=Answers)
    requests: tuple[Requested, ...] = ()
    freed: Mapping[str, datetime] = field(factory=dict)
    departures: Mapping[str, Event] = field(factory=dict)
    seen: Mapping[str, datetime] = field(factory=dict)
    at: datetime | None = None
    _reached: dict[tuple[object, ...], Reached] = field(init=False, factory=dict)
    _places: dict[str, Whereabouts] = field(init=False, factory=dict)
    _alike: dict[tuple[str, WorkingDays], Whereabouts] = field(init=False, factory=dict)

    def of_program(self, groups: Iterable[str]) -> tuple[Addressee, ...]:
        """Return the addressees of a step that hangs on the program or a person's date, each once, in a fixed order."""
        return self._here(one for group in groups for one in self._group(group))

    def of_relationship(self, groups: Iterable[str], members: Iterable[Member]) -> tuple[Addressee, ...]:
        """Return the addressees of a step that hangs on a relationship or its session with these members."""
        members = tuple(members)
        return self._here(one for group in groups for one in self._among(group, members))

    def reached(
        self, groups: tuple[str, ...], relationship: Relationship, people: tuple[str, ...] | None = None
    ) -> Reached:
        """Return the addressees of a step that hangs on a relationship, or on its session with these of its people.

        Found once for all steps that go to the same groups, and for all sessions of the same people.
        """
        key = (groups, relationship.id, people)
        found = self._reached.get(key)
        if found is None:
            members = [one for one in relationship.members if people is None or one.person in people]
            found = tuple((one, self.whereabouts(one)) for one in self.of_relationship(groups, members))
            self._reached[key] = found
        return found

    def came(self, person: str) -> datetime | None:
        """Return when somebody came into the program, UTC, aware; None: from the beginning."""
        return self.seen.get(person, self.at)

    def waits_since(self, person: str, matched_at: datetime) -> datetime:
        """Return since when somebody whom the matching found nobody for waits, UTC, aware."""
        return max(matched_at, self.came(person) or matched_at, self.freed.get(person, matched_at))

    def passed_over(self, matching: LaterMatching) -> tuple[Addressee, ...]:
        """Return whom of the served side a later matching found nobody for, who hear it because of that matching."""
        members = (Member(one, role) for role in self._served for one in self._participants[role])
        return self._here(
            Addressee(one.person, one.role)
            for one in members
            if passed_over(matching, self.came(one.person), self.together.get(one, ()))
        )

    def yet_to_answer(self, known: KnownRelationship) -> tuple[Member, ...]:
        """Return the members who are asked about a relationship and have not accepted."""
        people = yet_to_answer(self.program.model.asking, known.relationship, self.answers)
        roles = self.program.model.asking.roles if self.program.model.asking else ()
        return tuple(one for one in known.relationship.members if one.person in people and one.role in roles)

    def who_asked(self, person: str) -> tuple[Member, ...]:
        """Return somebody who asked for something, in the roles in which they are served."""
        here = self.roster.by_id.get(person)
        roles = here.roles if here else ()
        return tuple(Member(person, role) for role in self._served if role in roles)

    def whereabouts(self, addressee: Addressee) -> Whereabouts:
        """Return where they live: contacts and people missing from the roster in the program's zone.

        Of them, and where no country is known, the working days are Monday to Friday.
        """
        key = addressee.number_key
        found = self._places.get(key)
        if found is None:
            person = self.roster.by_id.get(addressee.id) if addressee.kind == "person" else None
            pair = person_zone(person, self.program.timezone), self.roster.working_days(person)
            found = self._places[key] = self._alike.setdefault(pair, Whereabouts(*pair))
        return found

    def zone(self, addressee: Addressee) -> str:
        """Return the zone they live in; the program's for contacts and for people missing from the roster."""
        return self.whereabouts(addressee).zone

    def working_days(self, addressee: Addressee) -> WorkingDays:
        """Return the working days of their country; Monday to Friday for contacts and where it is not known."""
        return self.whereabouts(addressee).week

    def _here(self, found: Iterable[Addressee]) -> tuple[Addressee, ...]:
        return tuple(one for one in dict.fromkeys(found) if one.kind == "contact" or one.id not in self.gone)

    @cached_property
    def _served(self) -> tuple[str, ...]:
        return tuple(role.name for role in self.roles if role.served)

    @cached_property
    def _members(self) -> tuple[Member, ...]:
        return tuple(member for known in self.published for member in known.relationship.members)

    @cached_property
    def _participants(self) -> Mapping[str, tuple[str, ...]]:
        """Ids by role: the roster's people, and members whom the roster does not show (any more) in their role."""
        people: dict[str, dict[str, None]] = {role.name: {} for role in self.roles}
        for person in self.roster.participants:
            for role in person.roles:
                people.setdefault(role, {})[person.id] = None
        for member in self._members:
            people.setdefault(member.role, {})[member.person] = None
        return {role: tuple(ids) for role, ids in people.items()}

    def _group(self, group: str) -> Iterator[Addressee]:
        if group in self._participants:
            yield from (Addressee(one, group) for one in self._participants[group])
        elif group == "everyone":
            yield from (Addressee(one, role) for role, ids in self._participants.items() for one in ids)
        elif group in ("matched", SILENT):  # who of them is silent is asked when it is time
            yield from (Addressee(member.person, member.role) for member in self._members)
        elif group in WITHOUT_A_PARTNER:
            yield from self._left_out(served=group == UNMATCHED)
        elif group in ("eligible", "not-signed-up"):
            yield from (Addressee(one.id, group) for one in self.roster.people if _invited(one, group))
        elif group == MANAGERS:
            served = (one for role in self._served for one in self._participants[role])
            yield from self._managers(served)
        else:
            yield from self._contact(group)

    def _among(self, group: str, members: tuple[Member, ...]) -> Iterator[Addressee]:
        if group in ("everyone", "matched", SILENT):
            yield from (Addressee(member.person, member.role) for member in members)
        elif group in self._participants:
            yield from (Addressee(member.person, group) for member in members if member.role == group)
        elif group == MANAGERS:
            yield from self._managers(member.person for member in members if member.role in self._served)
        else:
            yield from self._contact(group)

    def _left_out(self, served: bool) -> Iterator[Addressee]:
        if self.settled:
            roles = [role.name for role in self.roles if role.served == served]
            members = (Member(one, role) for role in roles for one in self._participants[role])
            left_out = (one for one in members if one not in self.matched_before)
            yield from (Addressee(one.person, one.role) for one in left_out if not served or self._wants(one.person))

    def _wants(self, person: str) -> bool:
        """Return whether somebody would be matched: where a model works on request, only who asked for something."""
        return self.program.model.request_days is None or person in self._asking

    @cached_property
    def _asking(self) -> frozenset[str]:
        return frozenset(one.event.person for one in self.requests if one.open)

    def _managers(self, served: Iterable[str]) -> Iterator[Addressee]:
        people = self.roster.by_id
        for one in served:
            manager = people[one].text("manager_id") if one in people else ""
            if manager in people and manager != one:
                yield Addressee(manager, MANAGERS)

    def _contact(self, name: str) -> Iterator[Addressee]:
        if name in self.program.contacts:
            yield Addressee(name, name, "contact")


def _invited(person: Person, group: str) -> bool:
    return person.eligible and not (group == "not-signed-up" and person.roles)
