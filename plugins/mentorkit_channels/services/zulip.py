"""The channel `zulip`: a direct message from a bot of a Zulip server.

People are found by their mail address or by an id in the roster before anything is sent. Zulip does not recognize
repeats, and has nothing by which a message could be looked for.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlencode

from attrs import define, field

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.chat.markdown import Dialect
from mentorkit_channels.chat.saying import fitting, said
from mentorkit_channels.web.addresses import Address
from mentorkit_channels.web.connecting import Wires
from mentorkit_channels.web.delivering import cell
from mentorkit_channels.web.exchanging import Answer, Request, ask
from mentorkit_channels.web.judging import Verdict, by_status, not_found_out, status_words, word
from mentorkit_channels.web.options import revealed_address
from mentorkit_channels.zulip import ZulipOptions

MOST_TEXT = 9_500
"""Characters of a message; servers cut after 10,000."""
_PERSON = re.compile(r"[0-9]{1,15}|\S+@\S+")
_MARKS = re.compile(r"[&<>*_`~\[\]()@#$|\\]|:(?=[\w+-]+:)|(?<=[\w+-]):")
_AT_START = re.compile(r"^([-+/]|[0-9]{1,9}(?=\.))")


@define(eq=False)
class Zulip:
    """What the channel `zulip` asks for."""

    options: ZulipOptions
    setting: ChannelSetting
    wires: Wires
    called: str = "Zulip"
    _address: Address | None = field(default=None, init=False, repr=False)
    _key: str = field(default="", init=False, repr=False)

    def reaches(self, person: Person | None, address: str) -> bool:
        """Return whether it can find this recipient."""
        if not self.options.column:
            return bool(address)
        return person is not None and bool(person.text(self.options.column))

    def arrive(self) -> None:
        """Read its address and secrets, and look whether it lets us in."""
        options = self.options
        self._address = revealed_address(options.url, self.setting, allow_private=options.allow_private)
        self._key = self.setting.reveal(options.key)
        answer = ask(self.wires, self._call("GET", "/users/me"))
        if answer.status != 200:
            told = _told(answer)
            raise ChannelDownError(f"Zulip does not let us in: {told}; look at user and key in {options.key.name}")

    def request(self, outgoing: Outgoing) -> Request | Receipt:
        """Return the request that delivers a message, or what became of it."""
        person = self._person(outgoing)
        if isinstance(person, Receipt):
            return person
        blocks = fitting(said(outgoing), lambda some: len(MARKDOWN.written(some)), MOST_TEXT)
        asked = {"type": "direct", "to": f"[{person}]", "content": MARKDOWN.written(blocks)}
        return self._call("POST", "/messages", asked)

    def judge(self, answer: Answer, now: datetime) -> Verdict:
        """Return what an answer means."""
        data = answer.data()
        said_ = "" if answer.status == 200 else word(data.get("code"))
        if answer.status == 200 and data.get("result") != "success":
            return Verdict(Receipt("unknown", "an answer that is none of Zulip's"))
        return by_status(answer, now, said=said_, key=f"user and key in {self.options.key.name}")

    def _person(self, outgoing: Outgoing) -> int | Receipt:
        """Return the id of whoever is meant."""
        meant = cell(outgoing, self.options.column) if self.options.column else outgoing.to_address
        if not _PERSON.fullmatch(meant):
            return Receipt("failed", f"what is in {self.options.column} is no id and no address", bad_address=True)
        answer = ask(self.wires, self._call("GET", f"/users/{quote(meant, safe='@')}"))
        person = answer.data().get("user")
        if answer.status == 200 and isinstance(person, Mapping) and type(person.get("user_id")) is int:
            gone = person.get("is_active") is False
            return Receipt("failed", "deactivated there", bad_address=True) if gone else int(person["user_id"])
        if answer.status in (400, 404):
            return Receipt("failed", "nobody there has this address or id", bad_address=True)
        raise not_found_out(self.called, "who is meant", answer)

    def _call(self, method: str, path: str, data: Mapping[str, str] | None = None) -> Request:
        assert self._address is not None  # the channel arrives first
        known = base64.b64encode(f"{self.options.user}:{self._key}".encode()).decode("ascii")
        headers = (("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", f"Basic {known}"))
        body = urlencode(data, errors="replace").encode("ascii") if data else b""
        return Request(method, self._address.at(f"/api/v1{path}"), headers, body)


def _told(answer: Answer) -> str:
    code = word(answer.data().get("code"))
    return f"{status_words(answer.status)} ({code})" if code else status_words(answer.status)


def escaped(line: str) -> str:
    """Return a line of text in which Zulip finds no mark, and no mention (`@**all**`).

    Zulip knows no backslash before marks, but it knows characters by their numbers.
    """
    return _AT_START.sub(_by_number, _MARKS.sub(_by_number, line))


def _by_number(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(one)};" for one in found[0])


MARKDOWN = Dialect(escaped)
"""Zulip's Markdown."""
