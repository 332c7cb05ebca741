"""What goes out for a transmission: the right text in the reader's language, filled in, with sender and stable ids.

Composing decides nothing: who gets what and when stands in the transmission. The same inputs give the same bytes, on
every attempt: the date is the transmission's moment, and the Message-ID is made of its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from attrs import define, field

from mentorkit.core.contracts import Outgoing, Role
from mentorkit.core.deliveries import Delivery, Recipient, Transmission
from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import Event, KnownRelationship
from mentorkit.core.message_ids import mail_domain, message_id
from mentorkit.core.program import INVITATION, MessageText, Program, Step
from mentorkit.core.relationships import Member
from mentorkit.core.requests import Requested, requests_of
from mentorkit.core.roster import Roster
from mentorkit.core.sessions import Session
from mentorkit.core.timeline.occurrence_ids import joining_key, leaving_key, session_of
from mentorkit.invitations import Inviter
from mentorkit.messages.checking import reader_language
from mentorkit.messages.naming import Ending, Reader, Topic, contact, known_names, role_words, sender
from mentorkit.messages.rendering import render

Composer = Callable[[Transmission], Outgoing | None]


def make_composer(
    program: Program,
    roles: Sequence[Role],
    roster: Roster,
    relationships: Sequence[KnownRelationship],
    sessions: Sequence[Session],
    leads: Mapping[str, str] | None = None,
    events: Sequence[Event] = (),
    invite: Inviter | None = None,
    canceled: Sequence[Session] = (),
) -> Composer:
    """Return the function that composes a transmission's message.

    `relationships` are all that the ledger knows, those of this run included; `sessions` those that take place, `leads`
    who leads a session, by ids, `events` what was said; `invite` makes the calendar's part of invitations, and
    `canceled` are sessions that do not take place, which people are told so. It returns None where an earlier run left
    something for somebody who is not in the roster, of a step that is not in the program any more, or of a session that
    is not known.
    What it raises is `ProgramError` with the diagnostics of the message; `check_messages` finds the same beforehand.
    """
    by_relationship: dict[str, list[Session]] = {}
    for session in sorted(sessions, key=lambda one: (one.starts, one.id)):
        by_relationship.setdefault(session.relationship, []).append(session)
    by_person: dict[str, list[KnownRelationship]] = {}
    for known in sorted(relationships, key=lambda one: one.relationship.id):
        for person in dict.fromkeys(member.person for member in known.everybody):
            by_person.setdefault(person, []).append(known)
    return _Composing(
        program,
        roster,
        words=role_words(program, roles),
        roles=frozenset(role.name for role in roles),
        steps={step.name: step for step in program.steps},
        relationships={known.relationship.id: known for known in relationships},
        by_person=by_person,
        sessions=by_relationship,
        leads=leads or {},
        requests=requests_of(program, relationships, events),
        invite=invite or (lambda _transmission: None),
        canceled={session.id: session for session in canceled},
    ).compose


@define(frozen=True)
class _Composing:
    program: Program
    roster: Roster
    words: Mapping[str, str] = field(kw_only=True)
    roles: frozenset[str] = field(kw_only=True)
    steps: Mapping[str, Step] = field(kw_only=True)
    relationships: Mapping[str, KnownRelationship] = field(kw_only=True)
    by_person: Mapping[str, Sequence[KnownRelationship]] = field(kw_only=True)
    sessions: Mapping[str, Sequence[Session]] = field(kw_only=True)
    leads: Mapping[str, str] = field(kw_only=True)
    requests: Sequence[Requested] = field(kw_only=True)
    invite: Inviter = field(kw_only=True)
    canceled: Mapping[str, Session] = field(kw_only=True)

    def compose(self, transmission: Transmission) -> Outgoing | None:
        """Return the message of a transmission, ready for a channel; None: its step or recipient is gone."""
        step = self.steps.get(transmission.step)
        reader = self._reader(transmission)
        invite = self.invite(transmission) if transmission.step == INVITATION else None
        if step is None or reader is None or (transmission.step == INVITATION and invite is None):
            return None
        text = _variant(step, reader)
        topics, request = self._topics(transmission), self._request(transmission)
        change = invite.change if invite else ""
        names = known_names(self.program, self.words, self.roster, step, reader, topics, request, change, text.language)
        rendered = render(text, names)
        from_name, from_address = sender(self.program)
        return Outgoing(
            key=transmission.key,
            to_name=reader.person.text("name") or reader.person.name if reader.person else reader.name,
            to_address=reader.person.text("email") if reader.person else reader.address,
            from_name=from_name,
            from_address=from_address or f"no-reply@{mail_domain(self.program.id)}",
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            at=transmission.due,
            message_id=message_id(self.program.id, transmission.key),
            language=text.language or self.program.language,
            invitation=invite.invitation if invite else None,
        )

    def _reader(self, transmission: Transmission) -> Reader | None:
        recipient = transmission.recipient
        if recipient.kind == "contact":
            if recipient.id not in self.program.contacts:
                return None
            name, address = contact(self.program, recipient.id)
            return Reader(None, recipient.role, transmission.zone, name, address)
        person = self.roster.by_id.get(recipient.id)
        return Reader(person, recipient.role, transmission.zone) if person is not None else None

    def _topics(self, transmission: Transmission) -> tuple[Topic, ...]:
        """Return what the message speaks of: its deliveries' relationships, else those the person is in now."""
        if transmission.recipient.role == "managers" and "partners" not in self.program.privacy.managers_see:
            return ()
        named = [one for one in transmission.deliveries if one.relationship]
        if named:
            theirs = self._still_theirs(named, transmission.recipient) or named
            changes = frozenset(session_of(one.occurrence) for one in theirs)
            topics = [self._topic(self.relationships[one.relationship], one, transmission, changes) for one in theirs]
            return tuple(dict.fromkeys(self._worth_saying(topics, transmission.step)))
        every = self.by_person.get(transmission.recipient.id, ())
        own = [known for known in every if self._is_own(known, transmission.recipient)]
        return tuple(self._topic(one, None, transmission) for one in own)

    def _request(self, transmission: Transmission) -> Requested | None:
        """Return the first request that a message hangs on, or that a relationship it speaks of is for."""
        hung_on = {session_of(one.occurrence) for one in transmission.deliveries}
        meant = {one.relationship for one in transmission.deliveries if one.relationship}
        found = (one for one in self.requests if one.key in hung_on or one.relationship in meant)
        return min(found, key=lambda one: (one.event.at, one.key), default=None)

    def _worth_saying(self, topics: Sequence[Topic], step: str) -> Sequence[Topic]:
        """Return the topics without relationships that have ended, unless nothing is left or the step is about that."""
        going_on = [topic for topic in topics if not topic.ending]
        return topics if not going_on or self.steps[step].when.anchor == "relationship-end" else going_on

    def _still_theirs(self, named: Sequence[Delivery], recipient: Recipient) -> Sequence[Delivery]:
        """Return the deliveries without those about relationships that the recipient has left."""
        left = {
            known.relationship.id
            for known in self.by_person.get(recipient.id, ())
            if recipient.kind == "person" and recipient.id not in known.relationship.people()
        }
        return [one for one in named if one.relationship not in left or recipient.role not in self.roles]

    def _is_own(self, known: KnownRelationship, recipient: Recipient) -> bool:
        role = recipient.role if recipient.role in self.roles else None
        return (
            known.state == "published"
            and recipient.kind == "person"
            and recipient.id in known.relationship.people(role)
        )

    def _topic(
        self,
        known: KnownRelationship,
        delivery: Delivery | None,
        transmission: Transmission,
        changes: frozenset[str] = frozenset(),
    ) -> Topic:
        """Return what a message says of a relationship; `changes` are keys of comings and goings that it is about."""
        relationship = known.relationship
        sessions = tuple(self.sessions.get(relationship.id, ()))
        hung_on = next((one for one in sessions if delivery and one.id == session_of(delivery.occurrence)), None)
        hung_on = hung_on or (self.canceled.get(session_of(delivery.occurrence)) if delivery else None)
        ending = _ending(known)
        left = () if ending else tuple(_who_left(known, changes))
        leads = tuple((one.id, self.leads[one.id]) for one in sessions if one.id in self.leads)
        joined = () if ending else tuple(_who_joined(known, changes))
        return Topic(relationship, hung_on or _next(sessions, transmission.due), sessions, ending, left, joined, leads)


def _who_left(known: KnownRelationship, changes: frozenset[str]) -> Iterable[Member]:
    """Return those whose leaving a message is about, else whoever has left a relationship and is not in it again."""
    there = known.relationship.members
    meant = [one.member for one in known.departures if leaving_key(one.event) in changes]
    return dict.fromkeys(meant or (one.member for one in known.departures if one.member not in there))


def _who_joined(known: KnownRelationship, changes: frozenset[str]) -> Iterable[Member]:
    """Return those whose joining a message is about, else whoever has joined a relationship since it began."""
    joined = [(one, known.joined(one.person)) for one in known.relationship.members]
    meant = [one for one, moment in joined if moment is not None and joining_key(moment) in changes]
    return meant or [one for one, moment in joined if moment is not None]


def _ending(known: KnownRelationship) -> Ending:
    """Return why a relationship has ended, as messages may say it: words that people wrote are not passed on.

    One that came to its last day has not ended otherwise than as everybody knew.
    """
    if known.state != "ended" or known.completed:
        return ""
    told: dict[str, Ending] = {"left": "left", "declined": "declined", "rematched": "rematched"}
    return told.get(known.reason, "ended")


def _next(sessions: Sequence[Session], after: datetime) -> Session | None:
    return next((session for session in sessions if session.starts >= after), None)


def _variant(step: Step, reader: Reader) -> MessageText:
    wanted = reader.person.text("language") if reader.person else ""
    text = step.message.pick(reader.role, reader_language(step.message, wanted))
    if text is None:
        problem = error("message-missing-variant", f'"{step.name}" goes to "{reader.role}", but has no text for them')
        raise ProgramError([problem])
    return text
