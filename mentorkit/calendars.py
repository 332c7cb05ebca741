"""Calendars: one iCalendar file per participant, one event per session.

Rules, each of which a broken product taught somebody: one VEVENT per session with a UID that never changes; a SEQUENCE
that only goes up; times in UTC, so that no reader's zone data can shift them (the description tells the local time);
and a DTSTAMP that says when the session was published or last changed, never when the file was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from attrs import field, frozen
from icalendar import Calendar, Event

from mentorkit.core.contracts import Role
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.program import Agenda, Program, Series, booked_as
from mentorkit.core.relationships import Member
from mentorkit.core.roster import Roster
from mentorkit.core.sessions import Session
from mentorkit.core.zones import person_zone
from mentorkit.messages.languages import LANGUAGES, Language, known_language, moment_text
from mentorkit.messages.markdown import to_plain
from mentorkit.messages.naming import program_wording, role_words
from mentorkit.messages.wording import Wording

_PRODUCT = "-//mentorkit//calendar//EN"
_NAMED = 3
_FOLDED = 75
"""From how many bytes on a line is folded (RFC 5545, 3.1)."""
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def calendars(
    program: Program,
    roles: Sequence[Role],
    roster: Roster,
    history: History,
    leads: Mapping[str, str] | None = None,
) -> Mapping[str, bytes]:
    """Return each participant's calendar by their id, in the order of ids; people without sessions have none.

    A session is in a calendar as its series books: `all` for everybody in it, `first` its first session only,
    `suggest` as tentative and not blocking time, `none` not at all. `leads` says who leads a session, by ids.
    """
    drawing = drawing_of(program, roles, roster, history.relationships, leads)
    by_person: dict[str, list[KnownSession]] = {}
    for known in sorted(history.sessions, key=lambda one: (one.session.starts, one.session.id)):
        if drawing.books(known.session):
            for person in known.session.people:
                by_person.setdefault(person, []).append(known)
    return {person: drawing.calendar(person, by_person[person]) for person in sorted(by_person)}


def drawing_of(
    program: Program,
    roles: Sequence[Role],
    roster: Roster,
    relationships: Sequence[KnownRelationship],
    leads: Mapping[str, str] | None = None,
) -> Drawing:
    """Return what says of a program's sessions what calendars show of them."""
    words = role_words(program, roles)
    return Drawing(
        program,
        words,
        roster,
        {known.relationship.id: known for known in relationships if known.published_at is not None},
        {series.name: series for series in program.series},
        leads or {},
    )


@frozen
class Drawing:
    """Says of a session what a calendar shows of it, to each of its people."""

    program: Program
    words: Mapping[str, str]
    roster: Roster
    relationships: Mapping[str, KnownRelationship]
    series: Mapping[str, Series]
    leads: Mapping[str, str]
    plain: dict[Agenda, str] = field(factory=dict, init=False)
    wordings: dict[str, Wording] = field(factory=dict, init=False)

    def books(self, session: Session) -> bool:
        """Return whether anybody's calendar gets this session."""
        return session.relationship in self.relationships and self._booked(session) != ""

    def suggests(self, session: Session) -> bool:
        """Return whether a session is only suggested, and blocks no time."""
        return self._booked(session) == "suggested"

    def calendar(self, person: str, sessions: Sequence[KnownSession]) -> bytes:
        """Return the file of one person."""
        events = b"".join(self._event(person, known) for known in sessions)
        return _opening(clean(self.program.name)) + events + _END

    def _booked(self, session: Session) -> str:
        series = self.series.get(session.series)
        return booked_as(series.book if series else "all", session.number)

    def _event(self, person: str, known: KnownSession) -> bytes:
        """Return one event, its lines in the order in which the library writes them."""
        session = known.session
        suggested = self.suggests(session)
        said = [
            ("SUMMARY", self.summary(person, session)),
            ("DTSTART", session.starts),
            ("DTEND", session.starts + timedelta(minutes=session.minutes)),
            ("DTSTAMP", self.changed(known)),
            ("UID", self.uid(session)),
            ("SEQUENCE", known.sequence),
            ("DESCRIPTION", self.description(person, session)),
            *([("LOCATION", clean(session.place))] if session.place else []),
            ("STATUS", _status(known, suggested)),
            ("TRANSP", "TRANSPARENT" if suggested or known.state == "canceled" else "OPAQUE"),
        ]
        return b"".join((b"BEGIN:VEVENT\r\n", *(_line(name, value) for name, value in said), b"END:VEVENT\r\n"))

    def uid(self, session: Session) -> str:
        """Return what a session is called by in all calendars, for ever."""
        return f"{session.id}@{self.program.id}.mentorkit"

    def changed(self, known: KnownSession) -> datetime:
        """Return when a session was published or last changed, UTC, aware."""
        published = self.relationships[known.session.relationship].published_at
        return max(moment for moment in (published, known.changed) if moment is not None)

    def _partners(self, person: str, session: Session) -> Iterator[Member]:
        there = self.relationships[session.relationship].everybody
        return (one for one in there if one.person in session.people and one.person != person)

    def _called(self, member: Member) -> str:
        role = self.words.get(member.role, member.role)
        person = self.roster.by_id.get(member.person)
        return f"{person.text('name') or person.name} ({role})" if person else role

    def summary(self, person: str, session: Session) -> str:
        """Return in one line what a session is, to one of its people."""
        said = LANGUAGES[self._language(person)]
        names = [self._called(partner) for partner in self._partners(person, session)]
        more = [said.more.format(number=len(names) - _NAMED)] if len(names) > _NAMED else []
        what = said.session if session.series == "sessions" else session.series.replace("-", " ")
        who = f" {said.together} ".join(filter(None, [", ".join(names[:_NAMED]), *more]))
        return clean(f"{self.program.name}: {what} {session.number}" + (f" {said.beside} {who}" if who else ""))

    def _wanted(self, person: str) -> str:
        known = self.roster.by_id.get(person)
        return known.text("language") if known else ""

    def _language(self, person: str) -> str:
        """Return the language of a calendar: its owner's, else the program's, of those that calendars know."""
        return known_language(self._wanted(person), self.program.language)

    def description(self, person: str, session: Session) -> str:
        """Return when it is on their clocks, with whom, and what for."""
        zone = person_zone(self.roster.by_id.get(person), session.zone)
        names = ", ".join(self._called(partner) for partner in self._partners(person, session))
        series = self.series.get(session.series)
        agendas = series.agendas if series else ()
        numbered = session.number <= len(agendas)
        language = self._language(person)
        said = LANGUAGES[language]
        agenda = self._plain(agendas[session.number - 1].read_in(self._wanted(person))) if numbered else ""
        when = f"{moment_text(session.starts, zone, language)}, {said.minutes.format(number=session.minutes)}"
        told = [when, f"{said.beside.capitalize()} {names}" if names else "", self._leading(session, said), agenda]
        return clean("\n\n".join(filter(None, told)))

    def _leading(self, session: Session, said: Language) -> str:
        members = self.relationships[session.relationship].everybody
        leading = [one for one in members if one.person == self.leads.get(session.id)]
        person = self.roster.by_id.get(leading[0].person) if leading else None
        return f"{said.leading} {person.text('name') or person.name}" if person else ""

    def _plain(self, agenda: Agenda) -> str:
        """Return an agenda without marks; it is read once for everybody."""
        if agenda not in self.plain:
            if agenda.language not in self.wordings:
                self.wordings[agenda.language] = program_wording(self.program, self.words, agenda.language)
            self.plain[agenda] = to_plain(self.wordings[agenda.language].agenda(agenda)[1].source)
        return self.plain[agenda]


_END = b"END:VCALENDAR\r\n"


@lru_cache(maxsize=4)
def _opening(name: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    written: bytes = calendar.to_ical()
    return written.removesuffix(_END)


@lru_cache(maxsize=20_000)
def _line(name: str, value: str | int | datetime) -> bytes:
    """Return one line of an event as the library writes it: most are the same for many people, who meet at one time."""
    event = Event()
    event.add(name, value)
    line = event.content_line(name, event[name])
    folds = len(line) >= _FOLDED or not line.isascii()  # folding looks at every letter
    written: bytes = line.to_ical() if folds else line.encode()
    return written + b"\r\n"


def clean(text: str) -> str:
    """Return text without what RFC 5545 keeps out of a file: control characters other than line breaks."""
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n"))


def _status(known: KnownSession, suggested: bool) -> str:
    if known.state == "canceled":
        return "CANCELLED"
    return "TENTATIVE" if suggested else "CONFIRMED"
