"""The channel `teams`: an Adaptive Card to a workflow of Teams, which posts it to the person that the request names.

Teams takes cards from outside only through workflows. One belongs to the person who made it, and its address is all
that is needed to use it: it is a secret. What the workflow says is that it has begun, not that the card was posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import define, field

from mentorkit.core.contracts import ChannelSetting, Outgoing, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.chat.saying import Block, Piece, fitting, said
from mentorkit_channels.teams import TeamsOptions
from mentorkit_channels.web.addresses import Address
from mentorkit_channels.web.delivering import cell
from mentorkit_channels.web.exchanging import Answer, Request, as_json
from mentorkit_channels.web.judging import Verdict, by_status, word
from mentorkit_channels.web.options import revealed_address

LARGEST = 24_000
"""Bytes of a request; Teams takes messages of about 28 KB."""
_OF_EVERY_MESSAGE = frozenset({"WorkflowTriggerIsNotEnabled", "TriggerInputSchemaMismatch", "WorkflowNotFound"})


@define(eq=False)
class Teams:
    """What the channel `teams` asks for."""

    options: TeamsOptions
    setting: ChannelSetting
    called: str = "Teams"
    _address: Address | None = field(default=None, init=False, repr=False)

    def reaches(self, person: Person | None, address: str) -> bool:
        """Return whether it can find this recipient."""
        if not self.options.column:
            return bool(address)
        return person is not None and bool(person.text(self.options.column))

    def arrive(self) -> None:
        """Read its address and secrets, and look whether it lets us in."""
        allowed = self.options.allow_private
        self._address = revealed_address(self.options.url, self.setting, allow_private=allowed)

    def request(self, outgoing: Outgoing) -> Request | Receipt:
        """Return the request that delivers a message, or what became of it."""
        assert self._address is not None  # the channel arrives first
        recipient = cell(outgoing, self.options.column) if self.options.column else outgoing.to_address

        def body(blocks: Sequence[Block]) -> bytes:
            card = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None}
            attachment = {**card, "content": as_card(blocks)}
            told = {"type": "message", "recipient": recipient, "key": outgoing.key, "summary": outgoing.subject}
            return as_json({**told, "attachments": [attachment]})

        blocks = fitting(said(outgoing), lambda some: len(body(some)), LARGEST)
        return Request("POST", self._address, (("Content-Type", "application/json"),), body(blocks))

    def judge(self, answer: Answer, now: datetime) -> Verdict:
        """Return what an answer means."""
        error = answer.data().get("error")
        code = word(error.get("code")) if isinstance(error, dict) else ""
        if answer.status == 400 and code in _OF_EVERY_MESSAGE:
            return Verdict(Receipt("deferred", code), f"the workflow takes no messages: {code}; look at the workflow")
        return by_status(answer, now, said=code, key=f"the workflow and its address in {self.options.url.name}")


# --------------------------------------------------------------------------------------------- Adaptive Cards


def as_card(blocks: Sequence[Block]) -> dict[str, Any]:
    """Return a message as an Adaptive Card of rich text."""
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [_rich(block, first=number == 0) for number, block in enumerate(blocks) if block.pieces],
    }


def _rich(block: Block, *, first: bool) -> dict[str, Any]:
    runs = [_run(piece, heading=block.kind == "heading", code=block.kind == "code") for piece in block.pieces]
    if block.mark:
        runs.insert(0, {"type": "TextRun", "text": f"{' ' * 4 * (block.depth - 1)}{block.mark} "})
    if first:
        runs = [{**run, "size": "Large"} for run in runs]
    found: dict[str, Any] = {"type": "RichTextBlock", "inlines": runs}
    return {**found, "spacing": "Small"} if block.kind in ("item", "row") else found


def _run(piece: Piece, *, heading: bool, code: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "TextRun", "text": literal(piece.text)}
    if piece.bold or heading:
        found["weight"] = "Bolder"
    if piece.italic:
        found["italic"] = True
    if piece.code or code:
        found["fontType"] = "Monospace"
    if piece.link:
        found["selectAction"] = {"type": "Action.OpenUrl", "url": piece.link}
    return found


def literal(text: str) -> str:
    """Return text in which nothing can be a link or a mention, where a reader of cards takes rich text for Markdown."""
    return text.replace("](", "]\u200b(").replace("<at", "<\u200bat")
