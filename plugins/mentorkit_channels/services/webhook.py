"""The channel `webhook`: every message becomes one signed request to an address of the organization's own.

What the request looks like, how a receiver proves its signature and tells repeats apart, and what its answers mean, is
in docs/reference/channels.md. The signature is that of Standard Webhooks, for which most languages have a library.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from attrs import define, field

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.web.addresses import Address
from mentorkit_channels.web.exchanging import Answer, Request, as_json
from mentorkit_channels.web.judging import Verdict, by_status
from mentorkit_channels.web.options import (
    revealed_address,
)
from mentorkit_channels.webhook import WebhookOptions

FORMAT = 1
"""The version of the body: it goes up when a receiver would have to change."""


@define(eq=False)
class Webhook:
    """What the channel `webhook` asks for."""

    options: WebhookOptions
    setting: ChannelSetting
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    called: str = "webhook"
    _address: Address | None = field(default=None, init=False, repr=False)
    _key: bytes = field(default=b"", init=False, repr=False)
    _token: str = field(default="", init=False, repr=False)

    def reaches(self, person: Person | None, address: str) -> bool:
        """Return whether there is something by which the receiver can know who is meant."""
        return bool(address) or (person is not None and any(person.text(one) for one in self.options.columns))

    def arrive(self) -> None:
        """Read its address and secrets, and look whether it lets us in."""
        options = self.options
        self._address = revealed_address(options.url, self.setting, allow_private=options.allow_private)
        if options.secret is not None:
            self._key = signing_key(self.setting.reveal(options.secret), options.secret.name)
        if options.token is not None:
            self._token = self.setting.reveal(options.token)

    def request(self, outgoing: Outgoing) -> Request | Receipt:
        """Return the request that delivers a message, or what became of it."""
        assert self._address is not None  # the channel arrives first
        body = as_json(described(outgoing, self.setting.program))
        key = quote(outgoing.key, safe="")
        headers = [("Content-Type", "application/json"), ("Idempotency-Key", key)]
        if self._token:
            headers.append(("Authorization", f"Bearer {self._token}"))
        if self._key:
            moment = int(self.clock().timestamp())
            headers += [("webhook-id", key), ("webhook-timestamp", str(moment))]
            headers.append(("webhook-signature", signature(self._key, key, moment, body)))
        return Request("POST", self._address, tuple(headers), body)

    def judge(self, answer: Answer, now: datetime) -> Verdict:
        """Return what an answer means."""
        return by_status(answer, now, key="the token, and at the secret of the signature")


def described(outgoing: Outgoing, program: str) -> dict[str, Any]:
    """Return a message as receivers get it: the same for every attempt."""
    found: dict[str, Any] = {
        "format": FORMAT,
        "key": outgoing.key,
        "program": program,
        "at": outgoing.at.isoformat(),
        "to": {"name": outgoing.to_name, "address": outgoing.to_address, **_columns(outgoing)},
        "from": {"name": outgoing.from_name, "address": outgoing.from_address},
        "language": outgoing.language,
        "subject": outgoing.subject,
        "text": outgoing.text,
        "html": outgoing.html,
        "message_id": outgoing.message_id,
    }
    if outgoing.reply_to:
        found["reply_to"] = outgoing.reply_to
    if outgoing.unsubscribe:
        found["unsubscribe"] = outgoing.unsubscribe
    if outgoing.invitation is not None:
        one = outgoing.invitation
        calendar = one.content.decode("utf-8", "replace")
        found["invitation"] = {"method": one.method, "uid": one.uid, "sequence": one.sequence, "calendar": calendar}
    if outgoing.attachments:
        found["attachments"] = [
            {"name": one.name, "media_type": one.media_type, "base64": base64.b64encode(one.content).decode("ascii")}
            for one in outgoing.attachments
        ]
    return found


def _columns(outgoing: Outgoing) -> dict[str, Any]:
    return {"columns": dict(outgoing.values)} if outgoing.values else {}


def signing_key(secret: str, name: str) -> bytes:
    """Return the key of a secret: what stands behind `whsec_` in base64, else the secret's own bytes.

    Raises:
        ChannelDownError: the former is no base64.
    """
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise ChannelDownError(f"webhook: the secret in {name} begins with whsec_, but no base64 follows") from None


def signature(key: bytes, message: str, moment: int, body: bytes) -> str:
    """Return the header `webhook-signature` of Standard Webhooks: HMAC-SHA256 over id, seconds since 1970, and body."""
    signed = f"{message}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")
