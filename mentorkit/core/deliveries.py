"""Deliveries and transmissions: what the timeline comes to for real recipients at real moments."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from attrs import frozen

State = Literal[
    "due",
    "claimed",
    "at_risk",
    "sent",
    "failed",
    "deferred",
    "in_doubt",
    "superseded",
    "suppressed",
    "expired",
]
"""States of a transmission; its deliveries share them. See docs/explanation/reliability.md."""

WAITING: tuple[State, ...] = ("due", "claimed", "deferred")
"""States of what waits to be sent."""


@frozen
class Recipient:
    """Who gets something.

    Attributes:
        number: running number in the ledger, in order of first sight.
        id: a person's id, or for kind `contact` the contact's name.
        role: as what they get it: a role, or the name of a group of recipients (`coordinator`, `managers`).
        kind: a person of the roster, or a contact the program names.
    """

    number: int
    id: str
    role: str
    kind: Literal["person", "contact"] = "person"


@frozen
class Delivery:
    """One occurrence of a step for one recipient and, where its anchor belongs to one, one relationship.

    Attributes:
        key: stable identity, without names, channel or text:
            `STEP/OCCURRENCE/pNUMBER/ROLE[/RELATIONSHIP]`.
        occurrence: `once`, or the session's id for steps that hang on sessions.
        relationship: its id, or "".
    """

    key: str
    step: str
    occurrence: str
    recipient: Recipient
    relationship: str = ""


@frozen
class Transmission:
    """The deliveries of one step, recipient, role and moment that go out together, as one message.

    Attributes:
        key: stable identity, safe as a file name: `YYYYMMDDTHHMMZ.STEP.pNUMBER.ROLE`, with `.RELATIONSHIP` where
            the step sends one message per relationship, and `.N` where that name is taken by an earlier one.
        due: the moment in UTC, aware.
        expires: from this moment on it is not sent any more, in UTC, aware.
        zone: the recipient's zone, in which the moment was reckoned.
        deliveries: at least one, by key.
    """

    key: str
    step: str
    recipient: Recipient
    due: datetime
    expires: datetime
    zone: str
    deliveries: tuple[Delivery, ...]


@frozen
class Doubt:
    """A transmission of which nobody knows whether it has arrived.

    It is `in_doubt`, or waits to be repeated where a repeat does no harm.

    Attributes:
        channel: the program's name for the channel of the attempt in doubt; "" where it is not known.
        kind: of channel.
        since: the moment of the first mark whose outcome is unknown, by the clock; None where it is not known.
        marked: the moment of the last mark, likewise.
    """

    key: str
    state: State
    channel: str
    kind: str
    since: datetime | None
    marked: datetime | None
    expires: datetime


@frozen
class Held:
    """A recipient whose deliveries wait, and why: `missing` from the roster, or `paused`."""

    recipient: Recipient
    reason: Literal["missing", "paused"]
    transmissions: tuple[str, ...]
