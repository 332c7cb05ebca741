"""The channel `caldav`: sessions in people's calendars on a CalDAV server (RFC 4791).

Each session is one entry of a person's calendar, under a name made of its UID. What is there is looked at before
anything is written, so that repeating is harmless: an entry that is there already is left alone, and one that somebody
changed in between is looked at again by a later attempt (`If-Match`, `If-None-Match`). HTTP is spoken by the client
that all channels over the web share, not by a CalDAV library: it connects before the second mark and writes after it,
follows no redirects, and calls no address that was not judged.
"""

from __future__ import annotations

import base64
import re
from datetime import datetime
from urllib.parse import quote

from attrs import define, field

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Invitation, Outgoing, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.caldav import COLUMN, CaldavOptions
from mentorkit_channels.services.calendar_entries import entry_name, is_writable_calendar, stored, version_of
from mentorkit_channels.web.addresses import Address, parse_address
from mentorkit_channels.web.connecting import Wires
from mentorkit_channels.web.delivering import cell
from mentorkit_channels.web.exchanging import Answer, Request, ask
from mentorkit_channels.web.judging import Verdict, by_status, not_found_out, status_words

_LONGEST_CELL = 200
_ONE_STEP = re.compile(r"(?!\.{1,2}\Z)[^/\\\x00-\x1f\x7f\ud800-\udfff]+")
_TAG = re.compile(r'"[!#-~]{0,200}"')
_XML = ("Content-Type", "application/xml; charset=utf-8")
_CALENDAR = ("Content-Type", "text/calendar; charset=utf-8; component=VEVENT")
_ABOUT = (
    b'<?xml version="1.0" encoding="utf-8"?>\n'
    b'<propfind xmlns="DAV:"><prop><resourcetype/><current-user-privilege-set/></prop></propfind>'
)
_LATER = frozenset({403, 404, 405, 410, 412, 423, 507})
"""What a later attempt, which looks at calendar and entry anew, makes clear."""


@define(eq=False)
class Caldav:
    """What the channel `caldav` asks for."""

    options: CaldavOptions
    setting: ChannelSetting
    wires: Wires
    called: str = "the calendar server"
    _authorization: str = field(default="", init=False, repr=False)
    _seen: dict[str, Receipt | None] = field(factory=dict, init=False)

    def reaches(self, person: Person | None, address: str) -> bool:  # noqa: ARG002 (the contract's)
        """Return whether the roster says which calendar is theirs."""
        return person is not None and all(person.text(one) for one in COLUMN.findall(self.options.url))

    def arrive(self) -> None:
        """Read the password; the first calendar that is asked for shows whether it is right."""
        password = self.setting.reveal(self.options.password)
        login = base64.b64encode(f"{self.options.user}:{password}".encode()).decode("ascii")
        self._authorization = f"Basic {login}"

    def request(self, outgoing: Outgoing) -> Request | Receipt:
        """Return the request that puts a session into a calendar or takes it out; or what became of it."""
        invitation = outgoing.invitation
        if invitation is None:
            raise ValueError("the calendar server takes nothing but invitations")
        calendar = self._calendar(outgoing)
        if isinstance(calendar, Receipt):
            return calendar
        return self._change(calendar.at(f"/{entry_name(invitation.uid)}"), invitation)

    def judge(self, answer: Answer, now: datetime) -> Verdict:
        """Return what an answer means."""
        if answer.status in _LATER:
            return Verdict(Receipt("deferred", status_words(answer.status)))
        if answer.status == 409:
            return Verdict(Receipt("failed", status_words(answer.status)))
        return by_status(answer, now, key=self._key)

    def _change(self, entry: Address, invitation: Invitation) -> Request | Receipt:
        answer = ask(self.wires, self._call("GET", entry))
        gone = answer.status in (404, 410)
        if answer.status == 403:
            return Receipt("deferred", status_words(answer.status))
        if answer.status != 200 and not gone:
            raise not_found_out(self.called, "what is in a calendar", answer)
        if invitation.method == "CANCEL" and gone:
            return Receipt("sent", "was not there any more")
        there = version_of(answer.body) if not gone and answer.whole else -1
        if there > invitation.sequence:
            return Receipt("sent", "a later one is there")
        if there == invitation.sequence and invitation.method == "REQUEST":
            return Receipt("sent", "was there already")
        tag = answer.headers.get("etag", "").strip()
        unchanged = (("If-Match", tag),) if _TAG.fullmatch(tag) and not gone else ()
        if invitation.method == "CANCEL":
            return self._call("DELETE", entry, *unchanged)
        new = (("If-None-Match", "*"),) if gone else unchanged
        return self._call("PUT", entry, _CALENDAR, *new, body=stored(invitation))

    def _calendar(self, outgoing: Outgoing) -> Address | Receipt:
        """Return a person's calendar, of which it is clear that it is one that can be written to."""
        cells = {one: cell(outgoing, one) for one in COLUMN.findall(self.options.url)}
        for column, found in cells.items():
            if not _ONE_STEP.fullmatch(found) or len(found) > _LONGEST_CELL:
                return Receipt("failed", f"what is in {column} is no part of an address", bad_address=True)
        url = COLUMN.sub(lambda one: quote(cells[one[1]], safe="@"), self.options.url)
        calendar = parse_address(url, allow_private=self.options.allow_private)
        if calendar.path not in self._seen:
            self._seen[calendar.path] = self._looked_at(calendar)
        return self._seen[calendar.path] or calendar

    def _looked_at(self, calendar: Address) -> Receipt | None:
        """Look at a calendar; return what becomes of invitations to it where they cannot go there.

        That there is none says something about this person only where another one is there: else the address may be
        wrong for all of them, and they wait.
        """
        answer = ask(self.wires, self._call("PROPFIND", calendar.at("/"), ("Depth", "0"), _XML, body=_ABOUT))
        told = status_words(answer.status)
        if answer.status == 403:
            return Receipt("deferred", f"we may not look into the calendar: {told}")
        if answer.status in (401, 407):
            raise ChannelDownError(f"{self.called} does not let us in: {told}; look at {self._key}")
        if answer.status not in (207, 404, 405, 410):
            raise not_found_out(self.called, "what is at somebody's calendar", answer)
        writable = is_writable_calendar(answer.body) if answer.status == 207 and answer.whole else None
        if writable is None:
            proven = any(one is None for one in self._seen.values())
            return Receipt("failed" if proven else "deferred", "there is no calendar where the roster says it is")
        return None if writable else Receipt("deferred", "we may not write to the calendar")

    @property
    def _key(self) -> str:
        return f"user and password in {self.options.password.name}"

    def _call(self, method: str, address: Address, *headers: tuple[str, str], body: bytes = b"") -> Request:
        return Request(method, address, (("Authorization", self._authorization), *headers), body)
