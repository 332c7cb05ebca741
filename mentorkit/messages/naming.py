"""The names a message knows. They are documented in docs/reference/messages.md, which template authors rely on.

Everything is plain data: texts, numbers, lists and mappings. A roster column is in it only where the program names it
under `[messages] columns` and does not call it sensitive. What is empty is an empty text, what there is none of None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from email.utils import parseaddr
from typing import Any, Literal

from attrs import field, frozen

from mentorkit.core.conditions import Value
from mentorkit.core.contracts import Role
from mentorkit.core.phases import last_day
from mentorkit.core.program import Agenda, Program, Question, Step, as_spelled
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.requests import Requested
from mentorkit.core.roster import Person, Roster
from mentorkit.core.sessions import Session
from mentorkit.core.step_codes import step_code
from mentorkit.core.zones import to_local, utc_text
from mentorkit.messages.languages import day_text, moment_text
from mentorkit.messages.markdown import Markdown
from mentorkit.messages.wording import Wording, wording

Ending = Literal["", "left", "declined", "ended", "rematched"]
Change = Literal["", "new", "changed", "canceled", "withdrawn"]


@frozen
class Topic:
    """A relationship that a message speaks of.

    Attributes:
        session: the session the message hangs on, else the next one, or None.
        sessions: all of its sessions, in order.
        ending: why it ended, `left`, `declined`, `rematched` or `ended`; "" while it goes on.
        left: who has left it while it goes on; of a message about that, whom it means.
        joined: who has joined it since it began; of a message about that, whom it means.
        leads: pairs of a session's id and the id of who leads it, where somebody does.
    """

    relationship: Relationship
    session: Session | None = None
    sessions: tuple[Session, ...] = ()
    ending: Ending = ""
    left: tuple[Member, ...] = ()
    joined: tuple[Member, ...] = ()
    leads: tuple[tuple[str, str], ...] = ()


@frozen
class Reader:
    """Who reads a message: a person of the roster, or a contact by name and address.

    Attributes:
        person: None for a contact.
        role: the role or group they get it as.
        zone: IANA name of the zone that times are told in.
    """

    person: Person | None
    role: str
    zone: str
    name: str = ""
    address: str = ""


def role_words(program: Program, roles: Sequence[Role]) -> Mapping[str, str]:
    """Return what readers call each role and whatever else the program renames."""
    return {role.name: role.name.replace("-", " ") for role in roles} | dict(program.words)


def contact(program: Program, name: str) -> tuple[str, str]:
    """Return display name and mail address of a contact as declared, each "" where there is none."""
    return parseaddr(program.contacts.get(name, ""))


def sender(program: Program) -> tuple[str, str]:
    """Return name and mail address of who signs: the coordinator; without a name of their own, the program."""
    shown, address = contact(program, "coordinator")
    return shown or program.name, address


def partners_of(relationship: Relationship, person: str) -> tuple[Member, ...]:
    """Return everybody else in a relationship."""
    return tuple(member for member in relationship.members if member.person != person)


def _begins(topic: Topic) -> str:
    """Return what topics are told in order of: the moment of their session, those without one last."""
    return utc_text(topic.session.starts) if topic.session else "~"


def known_names(
    program: Program,
    words: Mapping[str, str],
    roster: Roster,
    step: Step,
    reader: Reader,
    topics: Sequence[Topic],
    request: Requested | None = None,
    change: Change = "",
    language: str = "",
) -> Mapping[str, Any]:
    """Return all names of a step's message for one reader; every name is always there.

    `request` is the one that the message is about, of a model that works on request; `change` is what an invitation
    does to a calendar; `language` is that of the text they stand in, "" for the program's own: days are told in it.
    """
    naming = _Naming(program, words, roster, reader, language or program.language)
    relationships = [naming.relationship(topic) for topic in sorted(topics, key=_begins)]
    first = relationships[0] if relationships else None
    session = _earliest(topic["session"] for topic in relationships)
    partners = dict.fromkeys(member for topic in topics for member in naming.partners(topic))
    questions = [_question(naming.question(one, step.name)) for one in step.questions]
    return {
        "me": naming.me(),
        "partners": [naming.partner(member) for member in partners],
        "relationship": first,
        "relationships": relationships,
        "session": session,
        "agenda": session["agenda"] if session else Markdown(),
        "request": naming.request(request) if request else None,
        "invitation": {"change": change} if change else None,
        "program": _program(program, naming.said_in),
        "coordinator": dict(zip(("name", "email"), sender(program), strict=True)),
        "words": dict(words),
        "code": step_code(program.id, step.name),
        "survey": {"name": step.name, "questions": questions} if questions else None,
        "questions": questions,
    }


@frozen
class _Naming:
    """Turns values into plain data for one reader."""

    program: Program
    words: Mapping[str, str]
    roster: Roster
    reader: Reader
    said_in: str
    wordings: dict[str, Wording] = field(factory=dict, init=False)

    @property
    def language(self) -> str:
        """The reader's language, "" where nobody says."""
        return self.reader.person.text("language") if self.reader.person else ""

    def wording(self, language: str) -> Wording:
        """Return what agendas and questions in a language are filled in with."""
        if language not in self.wordings:
            self.wordings[language] = program_wording(self.program, self.words, language)
        return self.wordings[language]

    def question(self, question: Question, step: str) -> Question:
        there = as_spelled((one.language for one in question.translations), self.language)
        return self.wording(there).question(question.read_in(self.language), step)

    def agenda(self, agenda: Agenda) -> tuple[str, Markdown]:
        read = agenda.read_in(self.language)
        return self.wording(read.language).agenda(read)

    def me(self) -> Mapping[str, Any]:
        if self.reader.person is not None:
            return self._person(self.reader.person, self.reader.role)
        called = self.reader.name or self._role(self.reader.role)
        return self._facts(called, called, self.reader.address, self.reader.role, {})

    def partners(self, topic: Topic) -> tuple[Member, ...]:
        return partners_of(topic.relationship, self.reader.person.id if self.reader.person else "")

    def partner(self, member: Member) -> Mapping[str, Any]:
        person = self.roster.by_id.get(member.person)
        if person is None:  # gone from the roster: their id is nobody's business but the coordinator's
            coordinates = self.reader.person is None and self.reader.role == "coordinator"
            called = self._role(member.role) + (f" {member.person}" if coordinates else "")
            return self._facts(called, called, "", member.role, {})
        return self._person(person, member.role)

    def relationship(self, topic: Topic) -> Mapping[str, Any]:
        return {
            "partners": [self.partner(member) for member in self.partners(topic)],
            "session": self.session(topic, topic.session) if topic.session else None,
            "sessions": [self.session(topic, session) for session in topic.sessions],
            "ends": day_text(last_day(self.program, topic.relationship), self.said_in),
            "ended": topic.ending != "",
            "ending": topic.ending,
            "left": [self.partner(member) for member in topic.left],
            "joined": [self.partner(member) for member in topic.joined],
            "joining": self.reader.person is not None and self.reader.person.id in {one.person for one in topic.joined},
        }

    def session(self, topic: Topic, session: Session) -> Mapping[str, Any]:
        series = next((one for one in self.program.series if one.name == session.series), None)
        agendas = series.agendas if series else ()
        agenda = agendas[session.number - 1] if session.number <= len(agendas) else None
        title, text = self.agenda(agenda) if agenda else ("", Markdown())
        local = to_local(session.starts, self.reader.zone)
        leads = dict(topic.leads).get(session.id, "")
        leading = next((one for one in (*topic.relationship.members, *topic.left) if one.person == leads), None)
        return {
            "number": session.number,
            "count": series.count if series else session.number,
            "when": moment_text(session.starts, self.reader.zone, self.said_in),
            "date": day_text(local.date(), self.said_in),
            "time": f"{local:%H:%M}",
            "iso": f"{local:%Y-%m-%d %H:%M}",
            "zone": self.reader.zone,
            "minutes": session.minutes,
            "place": session.place,
            "title": title,
            "agenda": text,
            "partners": [self.partner(one) for one in self.partners(topic) if one.person in session.people],
            "facilitator": self.partner(leading) if leading else None,
            "facilitating": leading is not None and self.reader.person is not None and leads == self.reader.person.id,
        }

    def request(self, request: Requested) -> Mapping[str, Any]:
        written = (part.strip() for part in request.event.value.split(";"))
        asking = self.roster.by_id.get(request.event.person)
        return {
            "topics": [part for part in written if part],
            "date": day_text(to_local(request.event.at, self.reader.zone).date(), self.said_in),
            "name": asking.name if asking else "",
        }

    def _person(self, person: Person, role: str) -> Mapping[str, Any]:
        return self._facts(person.name, person.text("name") or person.name, person.text("email"), role, person.values)

    def _facts(
        self, name: str, full_name: str, email: str, role: str, values: Mapping[str, Value]
    ) -> Mapping[str, Any]:
        shown = [column for column in self.program.message_columns if not self.program.privacy.hides(column)]
        return {column: _cell(values.get(column), self.said_in) for column in shown} | {
            "name": name,
            "full_name": full_name,
            "email": email,
            "role": role,
            "role_title": self._role(role),
        }

    def _role(self, role: str) -> str:
        return self.words.get(role, role.replace("-", " "))


def _earliest(sessions: Iterable[Mapping[str, Any] | None]) -> Mapping[str, Any] | None:
    """Return the session that comes first on the reader's clock; None where there is none."""
    return min((one for one in sessions if one), key=lambda one: str(one["iso"]), default=None)


def _cell(value: Value | None, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return day_text(value, language) if isinstance(value, date) else str(value)


def _question(question: Question) -> Mapping[str, Any]:
    return {"id": question.id, "text": question.text, "kind": question.kind, "choices": list(question.choices)}


def program_wording(program: Program, words: Mapping[str, str], language: str = "") -> Wording:
    """Return what agendas and questions in a language, "" for the program's own, are filled in with."""
    return wording(_program(program, language or program.language), words)


def _program(program: Program, language: str) -> Mapping[str, str | tuple[str, ...]]:
    return {
        "name": program.name,
        "starts": day_text(program.starts, language),
        "ends": day_text(program.ends, language),
        "opens": day_text(program.opens, language) if program.opens else "",
        "signup_closes": day_text(program.signup_closes, language) if program.signup_closes else "",
        "length": str(program.length),
        "intake": program.matching.intake.text if program.matching.intake else "",
        "goals": tuple(goal.replace("-", " ") for goal in program.goals),
    }
