"""Invitations: what puts a session into somebody's calendar, changes it there and takes it out (iTIP, RFC 5546).

Rules, each of which a broken product taught somebody: one VEVENT, with a UID that stays for ever and a SEQUENCE that
only goes up; REQUEST to put and to change, CANCEL with STATUS:CANCELLED to take out, never PUBLISH, whose events nobody
can take out again; the same bytes on every attempt. A request tells the local time with its zone, so that it stays when
somebody's zone data are old; a cancellation tells UTC, since some readers refuse one with a zone, and so does a request
where the clocks go back meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from attrs import frozen
from icalendar import Calendar, Event, vCalAddress

from mentorkit.calendar_zones import vtimezone
from mentorkit.calendars import Drawing, clean, drawing_of
from mentorkit.core.contracts import Invitation, Role
from mentorkit.core.deliveries import Transmission
from mentorkit.core.history import TO_COME, History, KnownSession
from mentorkit.core.invitation_ids import is_cancellation
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.sessions import Session
from mentorkit.core.timeline.inviting import all_invitations
from mentorkit.core.timeline.occurrence_ids import session_of
from mentorkit.core.zones import to_local, to_utc
from mentorkit.messages.naming import Change, sender


@frozen
class Invite:
    """An invitation, and what it does to the calendar of whoever gets it."""

    invitation: Invitation
    change: Change


Inviter = Callable[[Transmission], Invite | None]

_PRODUCT = "-//mentorkit//invitation//EN"


def make_inviter(
    program: Program,
    roles: Sequence[Role],
    roster: Roster,
    history: History,
    leads: Mapping[str, str] | None = None,
) -> Inviter:
    """Return what makes the calendar's part of an invitation; None where its session is gone.

    The organizer, to whom calendars answer, is the program's coordinator.
    """
    drawing = drawing_of(program, roles, roster, history.relationships, leads)
    by_id = {known.session.id: known for known in history.sessions}
    before: dict[tuple[str, str], int] = {}
    for session, person, one in all_invitations(history.deliveries, history.numbers):
        before[session, person] = min(one.sequence, before.get((session, person), one.sequence))
    return _Inviting(drawing, by_id, before, *sender(program)).invite


@frozen
class _Inviting:
    drawing: Drawing
    sessions: Mapping[str, KnownSession]
    before: Mapping[tuple[str, str], int]
    organizer_name: str
    organizer: str

    def invite(self, transmission: Transmission) -> Invite | None:
        """Return the invitation that a transmission of the step for invitations carries."""
        (occurrence,) = {one.occurrence for one in transmission.deliveries}
        known = self.sessions.get(session_of(occurrence))
        if known is None or known.session.relationship not in self.drawing.relationships:
            return None
        method: Literal["REQUEST", "CANCEL"] = "CANCEL" if is_cancellation(occurrence) else "REQUEST"
        content = self._calendar(method, transmission.recipient.id, known)
        return Invite(
            Invitation(method, self.drawing.uid(known.session), known.sequence, content),
            self._change(method, transmission.recipient.id, known),
        )

    def _change(self, method: Literal["REQUEST", "CANCEL"], person: str, known: KnownSession) -> Change:
        """Return what it does to a calendar; a session that changed before anybody was invited is new to them.

        One that takes place, and is not in this calendar any more, is `withdrawn` from it.
        """
        if method == "CANCEL":
            return "withdrawn" if known.state in TO_COME else "canceled"
        first = self.before.get((known.session.id, person), known.sequence)
        return "changed" if first < known.sequence else "new"

    def _calendar(self, method: Literal["REQUEST", "CANCEL"], person: str, known: KnownSession) -> bytes:
        session = known.session
        local = to_local(session.starts, session.zone)
        zone = vtimezone(session.zone, local.year) if method == "REQUEST" else b""
        return b"".join([_opening(method), zone, self._event(method, person, known), _END])

    def _event(self, method: Literal["REQUEST", "CANCEL"], person: str, known: KnownSession) -> bytes:
        session = known.session
        canceled, suggested = method == "CANCEL", self.drawing.suggests(session)
        event = Event()
        event.add("summary", self.drawing.summary(person, session))
        event.add("dtstamp", self.drawing.changed(known))
        event.add("uid", self.drawing.uid(session))
        event.add("sequence", known.sequence)
        event.add("description", self.drawing.description(person, session))
        if session.place:
            event.add("location", clean(session.place))
        event.add("status", "CANCELLED" if canceled else "TENTATIVE" if suggested else "CONFIRMED")
        event.add("transp", "TRANSPARENT" if canceled or suggested else "OPAQUE")
        event.add("organizer", _party(self.organizer, self.organizer_name))
        for one in (person,) if canceled else session.people:
            attendee = self._attendee(one)
            if attendee is not None:
                event.add("attendee", attendee)
        written: bytes = event.to_ical()
        begin = b"BEGIN:VEVENT\r\n"
        return begin + _times(known.session, canceled) + written.removeprefix(begin)

    def _attendee(self, person: str) -> vCalAddress | None:
        here = self.drawing.roster.by_id.get(person)
        address = here.text("email") if here else ""
        if here is None or not address:
            return None
        party = _party(address, here.text("name") or here.name)
        party.params["ROLE"] = "REQ-PARTICIPANT"
        party.params["PARTSTAT"] = "NEEDS-ACTION"
        party.params["RSVP"] = "TRUE"
        return party


_END = b"END:VCALENDAR\r\n"


@lru_cache
def _opening(method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    written: bytes = calendar.to_ical()
    return written.removesuffix(_END)


def _times(session: Session, in_utc: bool) -> bytes:
    """Return the lines that say when a session is: local times, but where the clock says one that comes twice."""
    moments = session.starts, session.starts + timedelta(minutes=session.minutes)
    said = [to_local(moment, session.zone) for moment in moments]
    in_utc = in_utc or any(to_utc(local, session.zone) != moment for local, moment in zip(said, moments, strict=True))
    lines = []
    for name, moment, local in zip(("DTSTART", "DTEND"), moments, said, strict=True):
        line = f"{name}:{_text(moment)}Z" if in_utc else f"{name};TZID={session.zone}:{_text(local)}"
        lines.append(f"{line}\r\n".encode())  # no zone has so long a name that this would be folded
    return b"".join(lines)


def _text(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}"


def _party(address: str, name: str) -> vCalAddress:
    party = vCalAddress(f"mailto:{address}")
    party.params["CN"] = clean(name).replace("\n", " ").replace('"', "'")
    return party
