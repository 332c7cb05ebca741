"""Channels: what takes a message to people, in a step that can be undone and one that cannot."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from attrs import frozen

from mentorkit.core.contracts.plugin import Plugin
from mentorkit.core.roster import Person


@frozen
class Attachment:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes


@frozen
class Outgoing:
    """One message, ready for a channel.

    Attributes:
        key: the transmission's key: the same on every attempt, safe as a file name.
        to_name: the recipient's name.
        to_address: the recipient's mail address, or "".
        at: the moment the message is of, UTC, aware: the same on every attempt.
        message_id: stable Message-ID without angle brackets.
    """

    key: str
    to_name: str
    to_address: str
    from_name: str
    from_address: str
    subject: str
    text: str
    html: str
    at: datetime
    message_id: str
    language: str = "en"
    attachments: tuple[Attachment, ...] = ()


@frozen
class Receipt:
    """What became of the step that cannot be undone.

    `deferred` means certainly not delivered, try again; `failed` never will be; `unknown` becomes in doubt.
    """

    outcome: Literal["sent", "deferred", "failed", "unknown"]
    detail: str = ""


class Prepared(Protocol):
    """A delivery of which everything that can be undone is done."""

    def commit(self) -> Receipt:
        """Do only the step that cannot be undone. An exception counts as unknown."""
        ...

    def abandon(self) -> None:
        """Undo what was prepared."""
        ...


class Channel(Protocol):
    """An open way to reach people."""

    def reaches(self, person: Person | None, address: str) -> bool:
        """Return whether this recipient can be reached (None: a contact that is not in the roster)."""
        ...

    def prepare(self, outgoing: Outgoing) -> Prepared:
        """Do all that can be undone. An exception means certainly not delivered."""
        ...


@frozen
class ChannelSetting:
    """Where a channel works.

    Attributes:
        folder: absolute path of the run folder.
        durable: whether what it writes must survive a power cut (False in a simulation).
    """

    folder: str
    durable: bool = True


@runtime_checkable
class ChannelKind(Plugin, Protocol):
    """A kind of channel. Declares whether deliveries leave the machine and whether repeating one is harmless."""

    @property
    def leaves_machine(self) -> bool:
        """Whether the first delivery needs a consent."""
        ...

    @property
    def repeat_is_harmless(self) -> bool:
        """Whether a delivery of unknown outcome may be repeated without asking."""
        ...

    def open(self, options: Any, setting: ChannelSetting) -> Channel:
        """Return a channel ready to deliver."""
        ...
