"""The channel `matrix`: a message to the room that a bot and a person are in, on a Matrix homeserver.

A homeserver recognizes a message that is sent again by the id that it is sent under, and makes one of them, for as long
as it remembers: what is in doubt can be sent again within that time without harm.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote

from attrs import define, evolve, field

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.chat.saying import Block, Piece, fitting, plain, said
from mentorkit_channels.matrix import MatrixOptions
from mentorkit_channels.web.addresses import Address
from mentorkit_channels.web.connecting import Wires
from mentorkit_channels.web.delivering import cell
from mentorkit_channels.web.exchanging import Answer, Request, as_json, ask
from mentorkit_channels.web.judging import Verdict, by_status, not_found_out, status_words, word
from mentorkit_channels.web.options import (
    revealed_address,
)

LARGEST = 50_000
"""Bytes of a message; an event has at most 65,536."""
_ROOM = re.compile(r"![!-~]{1,254}")
_ALIAS = re.compile(r"#[^\s:/?]{1,200}:[A-Za-z0-9.:\[\]-]{1,200}")
_LONGEST_KEY = 200
_OF_THE_BOT = frozenset({"M_CONSENT_NOT_GIVEN", "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED"})


@define(eq=False)
class Matrix:
    """What the channel `matrix` asks for."""

    options: MatrixOptions
    setting: ChannelSetting
    wires: Wires
    called: str = "Matrix"
    _address: Address | None = field(default=None, init=False, repr=False)
    _token: str = field(default="", init=False, repr=False)
    _joined: set[str] = field(factory=set, init=False, repr=False)

    def reaches(self, person: Person | None, address: str) -> bool:  # noqa: ARG002 (the contract's)
        """Return whether it can find this recipient."""
        return person is not None and bool(person.text(self.options.column))

    def arrive(self) -> None:
        """Read its address and secrets, and look whether it lets us in."""
        options = self.options
        self._address = revealed_address(options.url, self.setting, allow_private=options.allow_private)
        self._token = self.setting.reveal(options.token)
        answer = ask(self.wires, self._call("GET", "/joined_rooms"))
        rooms = answer.data().get("joined_rooms")
        if answer.status != 200 or not isinstance(rooms, list):
            told = _told(answer)
            raise ChannelDownError(f"Matrix does not let us in: {told}; look at the token in {options.token.name}")
        self._joined = {room for room in rooms if isinstance(room, str)}

    def request(self, outgoing: Outgoing) -> Request | Receipt:
        """Return the request that delivers a message, or what became of it."""
        key = quote(outgoing.key, safe="")
        if len(key) > _LONGEST_KEY:
            raise ValueError("the key of the message is too long for a homeserver")
        room = self._room(cell(outgoing, self.options.column))
        if isinstance(room, Receipt):
            return room
        body = as_json(as_content(fitting(said(outgoing), lambda some: len(as_json(as_content(some))), LARGEST)))
        return self._call("PUT", f"/rooms/{quote(room, safe='')}/send/m.room.message/{key}", body)

    def judge(self, answer: Answer, now: datetime) -> Verdict:
        """Return what an answer means."""
        data = answer.data()
        code = word(data.get("errcode"))
        if answer.status == 200:
            taken = isinstance(data.get("event_id"), str)
            receipt = Receipt("sent", "200 OK") if taken else Receipt("unknown", "an answer that is none of Matrix's")
            return Verdict(receipt)
        if answer.status == 404 or (answer.status == 403 and code not in _OF_THE_BOT):
            return Verdict(Receipt("failed", _told(answer), bad_address=answer.status == 404))
        wait = data.get("retry_after_ms")
        if answer.status == 429 and type(wait) is int and "retry-after" not in answer.headers:
            answer = evolve(answer, headers={**answer.headers, "retry-after": str(max(-(-wait // 1000), 0))})
        return by_status(answer, now, said=code, key=f"the token in {self.options.token.name}")

    def _room(self, written: str) -> str | Receipt:
        """Return the id of a room that the bot is in, which it joins where it is invited."""
        if written in self._joined:
            return written
        if not (_ROOM.fullmatch(written) or _ALIAS.fullmatch(written)):
            return Receipt("failed", f"what is in {self.options.column} is no room", bad_address=True)
        answer = ask(self.wires, self._call("POST", f"/join/{quote(written, safe='')}", b"{}"))
        room = answer.data().get("room_id")
        if answer.status == 200 and isinstance(room, str):
            self._joined.add(room)
            return room
        if answer.status in (400, 404) or (
            answer.status == 403 and word(answer.data().get("errcode")) == "M_FORBIDDEN"
        ):
            told = f"there is no such room, or the bot is not invited: {_told(answer)}"
            return Receipt("failed", told, bad_address=True)
        raise not_found_out(self.called, "which room is meant", answer)

    def _call(self, method: str, path: str, body: bytes = b"") -> Request:
        assert self._address is not None  # the channel arrives first
        headers = (("Content-Type", "application/json"), ("Authorization", f"Bearer {self._token}"))
        return Request(method, self._address.at(f"/_matrix/client/v3{path}"), headers, body)


def _told(answer: Answer) -> str:
    code = word(answer.data().get("errcode"))
    return f"{status_words(answer.status)} ({code})" if code else status_words(answer.status)


# ------------------------------------------------------------------------------------------------ the message


def as_content(blocks: Sequence[Block]) -> Mapping[str, Any]:
    """Return a message as an event's content, which mentions nobody whatever it says."""
    return {
        "msgtype": "m.text",
        "body": plain(blocks),
        "format": "org.matrix.custom.html",
        "formatted_body": "".join(_html(block) for block in blocks),
        "m.mentions": {},
    }


def _html(block: Block) -> str:
    inner = "".join(map(_piece, block.pieces))
    if block.kind == "rule":
        return "<hr>"
    if block.kind == "heading":
        return f"<p><strong>{inner}</strong></p>"
    if block.kind == "code":
        return f"<pre><code>{escape(block.text)}</code></pre>"
    if block.kind == "quote":
        return f"<blockquote>{inner}</blockquote>"
    if block.kind in ("item", "row"):
        before = "&nbsp;" * 4 * max(block.depth - 1, 0) + (f"{escape(block.mark)} " if block.mark else "")
        return f"{before}{inner}<br>"
    return f"<p>{inner}</p>"


def _piece(piece: Piece) -> str:
    shown = escape(piece.text)
    if piece.code:
        shown = f"<code>{shown}</code>"
    if piece.italic:
        shown = f"<em>{shown}</em>"
    if piece.bold:
        shown = f"<strong>{shown}</strong>"
    if piece.link:
        shown = f'<a href="{escape(piece.link)}">{shown}</a>'
    return shown.replace("\n", "<br>")
