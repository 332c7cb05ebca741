"""The channel `slack`: a direct message from an app of the workspace, as Block Kit.

Text goes as rich text, which Slack never parses: no name can mention a channel, and no mark in one means anything. The
short text beside it, for notifications, is parsed, and escaped. Slack does not recognize repeats; a message carries
its key as metadata, by which it can be looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Literal

from attrs import define, field

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.chat.saying import Block, Piece, fitting, said
from mentorkit_channels.slack import SlackOptions
from mentorkit_channels.web.addresses import Address
from mentorkit_channels.web.connecting import Wires
from mentorkit_channels.web.delivering import cell
from mentorkit_channels.web.exchanging import Answer, Request, as_json, ask
from mentorkit_channels.web.judging import Verdict, by_status, word
from mentorkit_channels.web.options import revealed_address

MOST_TEXT = 10_000
"""Characters of a message in all."""
_LONGEST_HEADER = 150
_MOST_BLOCKS = 48
_PERSON = re.compile(r"[UW][A-Z0-9]{5,30}")
_EVENT = "mentorkit_message"

_DOWN = frozenset(
    {
        *("access_denied", "account_inactive", "accesslimited", "app_missing", "ekm_access_denied", "invalid_auth"),
        *("enterprise_is_restricted", "messages_tab_disabled", "method_deprecated", "missing_scope", "no_permission"),
        *("not_allowed_token_type", "not_authed", "org_login_required", "team_access_not_granted"),
        *("team_added_to_org", "token_expired", "token_revoked", "two_factor_setup_required"),
    }
)
_NOBODY_THERE = frozenset({"channel_not_found", "user_not_found", "user_disabled", "cannot_dm_bot", "is_archived"})
_NOBODY_KNOWS = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout", ""})


@define(eq=False)
class Slack:
    """What the channel `slack` asks for."""

    options: SlackOptions
    setting: ChannelSetting
    wires: Wires
    called: str = "Slack"
    settles_after: timedelta = timedelta(minutes=10)
    _address: Address | None = field(default=None, init=False, repr=False)
    _token: str = field(default="", init=False, repr=False)

    def reaches(self, person: Person | None, address: str) -> bool:  # noqa: ARG002 (the contract's)
        """Return whether it can find this recipient."""
        return person is not None and bool(person.text(self.options.column))

    def arrive(self) -> None:
        """Read its address and secrets, and look whether it lets us in."""
        options = self.options
        self._address = revealed_address(options.base_url, self.setting, allow_private=options.allow_private)
        self._token = self.setting.reveal(options.token)
        answer = ask(self.wires, self._method("auth.test", {}))
        if not answer.data().get("ok"):
            told = word(answer.data().get("error")) or answer.status
            raise ChannelDownError(f"Slack does not let us in: {told}; look at the token in {options.token.name}")

    def request(self, outgoing: Outgoing) -> Request | Receipt:
        """Return the request that delivers a message, or what became of it."""
        person = cell(outgoing, self.options.column)
        if not _PERSON.fullmatch(person):
            return Receipt("failed", f"what is in {self.options.column} is no member ID", bad_address=True)
        blocks = fitting(said(outgoing), _size, MOST_TEXT)
        message = {
            "channel": person,
            "text": escaped(outgoing.subject),
            "blocks": as_blocks(blocks),
            "mrkdwn": False,
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": _EVENT, "event_payload": {"key": outgoing.key}},
        }
        return self._method("chat.postMessage", message)

    def judge(self, answer: Answer, now: datetime) -> Verdict:
        """Return what an answer means."""
        data = answer.data()
        if data.get("ok") is True:
            return Verdict(Receipt("sent", f"message {word(data.get('ts'))}"))
        if answer.status != 200:
            return by_status(answer, now, said=word(data.get("error")))
        return self._refused(word(data.get("error")))

    def probe(self, outgoing: Outgoing) -> Literal["present", "absent", "unknown"]:
        """Look for the message's key in what was written to the person since its moment."""
        if not self._token:
            self.arrive()
        person = cell(outgoing, self.options.column)
        opened = ask(self.wires, self._method("conversations.open", {"users": person})).data()
        channel = opened.get("channel")
        if not isinstance(channel, Mapping) or not channel.get("id"):
            return "unknown"
        asked = {"channel": channel["id"], "oldest": f"{outgoing.at.timestamp():.0f}", "limit": 200}
        found = ask(self.wires, self._method("conversations.history", {**asked, "include_all_metadata": True})).data()
        if found.get("ok") is not True:
            return "unknown"
        if any(_key(message) == outgoing.key for message in found.get("messages", ())):
            return "present"
        return "unknown" if found.get("has_more") else "absent"

    def _refused(self, error: str) -> Verdict:
        if error in _DOWN:
            return Verdict(Receipt("deferred", error), f"it does not let us in: {error}; look at the app and its token")
        if error == "ratelimited":
            return Verdict(Receipt("deferred", error))
        if error in _NOBODY_KNOWS:
            return Verdict(Receipt("unknown", error or "an answer that is none of Slack's"))
        return Verdict(Receipt("failed", error, bad_address=error in _NOBODY_THERE))

    def _method(self, name: str, arguments: Mapping[str, Any]) -> Request:
        assert self._address is not None  # the channel arrives first
        headers = (
            ("Content-Type", "application/json; charset=utf-8"),
            ("Authorization", f"Bearer {self._token}"),
        )
        return Request("POST", self._address.at(f"/{name}"), headers, as_json(arguments))


def _key(message: Any) -> object:
    metadata = message.get("metadata") if isinstance(message, Mapping) else None
    payload = metadata.get("event_payload") if isinstance(metadata, Mapping) else None
    return payload.get("key") if isinstance(payload, Mapping) else None


# ------------------------------------------------------------------------------------------------ Block Kit


def escaped(text: str) -> str:
    """Return text in which Slack finds no link, mention or entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _size(blocks: Sequence[Block]) -> int:
    many = len(as_blocks(blocks)) > _MOST_BLOCKS
    return (
        MOST_TEXT + 1 if many else sum(len(piece.text) + len(piece.link) for block in blocks for piece in block.pieces)
    )


def as_blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Return a message as Block Kit: its subject as a header, the rest as rich text with rules between."""
    header = blocks[0].text
    shown = header if len(header) <= _LONGEST_HEADER else header[: _LONGEST_HEADER - 1] + "…"
    found: list[dict[str, Any]] = [{"type": "header", "text": {"type": "plain_text", "text": shown, "emoji": False}}]
    for is_rule, group in groupby(blocks[1:], key=lambda block: block.kind == "rule"):
        if is_rule:
            found.append({"type": "divider"})
        else:
            found.append({"type": "rich_text", "elements": list(_rich(list(group)))})
    return found


def _rich(blocks: Sequence[Block]) -> Iterable[dict[str, Any]]:
    for (kind, depth, mark), group in groupby(blocks, key=lambda block: (block.kind, block.depth, block.mark[-1:])):
        members = list(group)
        if kind == "item" and mark:
            yield _list(members, depth, ordered=mark == ".")
        elif kind == "quote":
            yield {"type": "rich_text_quote", "elements": _lines(members)}
        elif kind == "code":
            yield {"type": "rich_text_preformatted", "elements": _lines(members)}
        else:
            yield {"type": "rich_text_section", "elements": [*_lines(members), {"type": "text", "text": "\n"}]}


def _list(members: Sequence[Block], depth: int, *, ordered: bool) -> dict[str, Any]:
    items = [{"type": "rich_text_section", "elements": _lines([member])} for member in members]
    style = "ordered" if ordered else "bullet"
    found: dict[str, Any] = {"type": "rich_text_list", "style": style, "indent": min(depth - 1, 8), "elements": items}
    first = members[0].mark.rstrip(".")
    if ordered and first.isdigit() and int(first) > 1:
        found["offset"] = int(first) - 1
    return found


def _lines(members: Sequence[Block]) -> list[dict[str, Any]]:
    """Return blocks as one run of elements, a line break or a blank line between them."""
    between = "\n\n" if members[0].kind == "text" else "\n"
    found: list[dict[str, Any]] = []
    for number, member in enumerate(members):
        if number:
            found.append({"type": "text", "text": between})
        found += [_element(piece, heading=member.kind == "heading") for piece in member.pieces]
    return found


def _element(piece: Piece, *, heading: bool) -> dict[str, Any]:
    style = {"bold": piece.bold or heading, "italic": piece.italic, "code": piece.code}
    found: dict[str, Any] = {"type": "text", "text": piece.text}
    if piece.link.startswith(("http://", "https://", "mailto:")):
        found = {"type": "link", "url": piece.link, "text": piece.text}
    chosen = {name: True for name, on in style.items() if on}
    return {**found, "style": chosen} if chosen else found
