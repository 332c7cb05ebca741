"""The channel `mattermost`: a direct message from a bot of a Mattermost server.

People are found by their mail address or by an id in the roster, and the conversation with them is opened, before
anything is posted. Mattermost does not recognize repeats; a post carries its key, by which it can be looked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

from attrs import define, evolve, field

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.chat.markdown import Dialect
from mentorkit_channels.chat.saying import fitting, said
from mentorkit_channels.mattermost import MattermostOptions
from mentorkit_channels.web.addresses import Address
from mentorkit_channels.web.connecting import Wires
from mentorkit_channels.web.delivering import cell
from mentorkit_channels.web.exchanging import Answer, Request, as_json, ask
from mentorkit_channels.web.judging import Verdict, by_status, not_found_out, status_words, word
from mentorkit_channels.web.options import revealed_address

MOST_TEXT = 15_000
"""Characters of a post; servers take 16,383."""
_ID = re.compile(r"[a-z0-9]{26}")
_MARKS = re.compile(r"[\\`*_{}\[\]()~|#]")
_AT_START = re.compile(r"^([-+>]|[0-9]{1,9}(?=[.)]))")
_BEGUN = re.compile(r"(?<![A-Za-z0-9])@(?=\S)|<(?=[A-Za-z])|&(?=#?\w{1,40};)", re.ASCII)


@define(eq=False)
class Mattermost:
    """What the channel `mattermost` asks for."""

    options: MattermostOptions
    setting: ChannelSetting
    wires: Wires
    called: str = "Mattermost"
    settles_after: timedelta = timedelta(minutes=10)
    _address: Address | None = field(default=None, init=False, repr=False)
    _token: str = field(default="", init=False, repr=False)
    _bot: str = field(default="", init=False)

    def reaches(self, person: Person | None, address: str) -> bool:
        """Return whether it can find this recipient."""
        if not self.options.column:
            return bool(address)
        return person is not None and bool(person.text(self.options.column))

    def arrive(self) -> None:
        """Read its address and secrets, and look whether it lets us in."""
        options = self.options
        self._address = revealed_address(options.url, self.setting, allow_private=options.allow_private)
        self._token = self.setting.reveal(options.token)
        answer = ask(self.wires, self._call("GET", "/users/me"))
        self._bot = word(answer.data().get("id"))
        if answer.status != 200 or not self._bot:
            told = status_words(answer.status)
            raise ChannelDownError(f"Mattermost does not let us in: {told}; look at the token in {options.token.name}")

    def request(self, outgoing: Outgoing) -> Request | Receipt:
        """Return the request that delivers a message, or what became of it."""
        channel = self._conversation(outgoing)
        if isinstance(channel, Receipt):
            return channel
        blocks = fitting(said(outgoing), lambda some: len(MARKDOWN.written(some)), MOST_TEXT)
        post = {
            "channel_id": channel,
            "message": MARKDOWN.written(blocks),
            "props": {"mentorkit_key": outgoing.key, "disable_group_highlight": True},
        }
        return self._call("POST", "/posts", post)

    def judge(self, answer: Answer, now: datetime) -> Verdict:
        """Return what an answer means."""
        told = word(answer.data().get("id"))
        if answer.status == 403:
            return Verdict(Receipt("failed", f"{status_words(403)} ({told})" if told else status_words(403)))
        if answer.status == 429 and (wait := answer.headers.get("x-ratelimit-reset")):
            answer = evolve(answer, headers={"retry-after": wait, **answer.headers})
        said_ = "" if 200 <= answer.status < 300 else told
        return by_status(answer, now, said=said_, key=f"the token in {self.options.token.name}")

    def probe(self, outgoing: Outgoing) -> Literal["present", "absent", "unknown"]:
        """Look for the message's key among the posts of the conversation since its moment."""
        if not self._bot:
            self.arrive()
        channel = self._conversation(outgoing)
        if isinstance(channel, Receipt):
            return "unknown"
        since = int(outgoing.at.timestamp() * 1000)
        answer = ask(self.wires, self._call("GET", f"/channels/{channel}/posts?since={since}"))
        posts = answer.data().get("posts")
        if answer.status != 200 or not isinstance(posts, Mapping):
            return "unknown"
        return "present" if any(_key(post) == outgoing.key for post in posts.values()) else "absent"

    def _conversation(self, outgoing: Outgoing) -> str | Receipt:
        """Return the id of the conversation with the recipient, which this opens."""
        person = self._person(outgoing)
        if isinstance(person, Receipt):
            return person
        answer = ask(self.wires, self._call("POST", "/channels/direct", [self._bot, person]))
        channel = word(answer.data().get("id"))
        if answer.status in (200, 201) and channel:
            return channel
        if answer.status in (400, 404):
            return Receipt("failed", "nobody has the id that the roster has", bad_address=True)
        raise not_found_out(self.called, "where to write to somebody", answer)

    def _person(self, outgoing: Outgoing) -> str | Receipt:
        if self.options.column:
            found = cell(outgoing, self.options.column)
            wrong = Receipt("failed", f"what is in {self.options.column} is no id of a person", bad_address=True)
            return found if _ID.fullmatch(found) else wrong
        answer = ask(self.wires, self._call("GET", f"/users/email/{quote(outgoing.to_address, safe='@')}"))
        data = answer.data()
        if answer.status == 200 and _ID.fullmatch(str(data.get("id"))) and not data.get("delete_at"):
            return str(data["id"])
        if answer.status in (200, 400, 404):
            return Receipt("failed", "nobody there has this mail address", bad_address=True)
        raise not_found_out(self.called, "who has a mail address", answer)

    def _call(self, method: str, path: str, data: Mapping[str, Any] | list[str] | None = None) -> Request:
        assert self._address is not None  # the channel arrives first
        headers = (("Content-Type", "application/json"), ("Authorization", f"Bearer {self._token}"))
        return Request(method, self._address.at(f"/api/v4{path}"), headers, b"" if data is None else as_json(data))


def _key(post: Any) -> object:
    props = post.get("props") if isinstance(post, Mapping) else None
    return props.get("mentorkit_key") if isinstance(props, Mapping) else None


def escaped(line: str) -> str:
    """Return a line of text in which Mattermost finds no mark, and no mention (`@channel`).

    What no backslash can take for a character is parted from what makes it a mark by a space that nobody sees.
    """
    return _BEGUN.sub("\\g<0>\u200b", _AT_START.sub(r"\\\1", _MARKS.sub(r"\\\g<0>", line)))


MARKDOWN = Dialect(escaped)
"""Mattermost's Markdown, in which a backslash makes a mark a character."""
