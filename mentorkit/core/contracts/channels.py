"""Channels: what takes a message to people, in a step that can be undone and one that cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from attrs import field, frozen

from mentorkit.core.contracts.plugin import Plugin
from mentorkit.core.errors import RunError
from mentorkit.core.roster import Person


@frozen
class Secret:
    """Where a password or token is kept: an environment variable, or a file of which it is the content.

    A program file only ever names it, `{ env = "SMTP_PASSWORD" }` or `{ file = "smtp-password" }`; so it can be
    printed, compared and saved with the plan.

    Attributes:
        name: of the variable, or the file's path: absolute, or beside the program file.
    """

    kept_in: Literal["env", "file"]
    name: str


class ChannelDownError(RunError):
    """The channel as a whole does not work: no connection, or it does not let us in.

    Raised by `Channel.prepare`, where nothing has been delivered: what the channel was to deliver waits for a later
    run, and other channels go on. The message says what to look at.
    """


@frozen
class Attachment:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes


@frozen
class Invitation:
    """What puts a session into a calendar, changes it there or takes it out (iTIP, RFC 5546).

    Attributes:
        uid: the session's, for ever.
        sequence: goes up with each change, and by nothing else.
        content: the whole VCALENDAR with one VEVENT, the same bytes on every attempt.
    """

    method: Literal["REQUEST", "CANCEL"]
    uid: str
    sequence: int
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
        reply_to: where answers go, or "": to the sender.
        unsubscribe: the mail address that takes whoever writes to it off further messages, or "".
        invitation: where the message is about one session, what it says to calendars.
        values: the recipient's cells of the columns that the kind of channel asks for (`ColumnsChannel`), by our
            words for columns; nothing for contacts.
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
    reply_to: str = ""
    unsubscribe: str = ""
    invitation: Invitation | None = None
    values: tuple[tuple[str, str], ...] = ()


ReceiptOutcome = Literal["sent", "deferred", "failed", "unknown"]


@frozen
class Receipt:
    """What became of the step that cannot be undone.

    `deferred` means certainly not delivered, try again; `failed` never will be; `unknown` becomes in doubt.

    Attributes:
        detail: what the other side said, in one line.
        retry_after: where it was deferred, the earliest time to try again, if the other side named one.
        bad_address: where it failed, whether nobody can be reached there: the address is not tried again.
    """

    outcome: ReceiptOutcome
    detail: str = ""
    retry_after: timedelta | None = None
    bad_address: bool = False


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
        """Return whether this recipient can be reached (None: a contact that is not in the roster).

        Asked by plans, too, before anything is open: it connects to nothing.
        """
        ...

    def prepare(self, outgoing: Outgoing) -> Prepared:
        """Do all that can be undone. An exception means certainly not delivered.

        What it raises concerns this message alone, except `ChannelDownError`.
        """
        ...


@runtime_checkable
class ClosableChannel(Channel, Protocol):
    """A channel that holds something open between messages, such as a connection."""

    def close(self) -> None:
        """Let go of it; called once, when the run has nothing more for it."""
        ...


@runtime_checkable
class ProbingChannel(Channel, Protocol):
    """A channel that can look whether a message has arrived."""

    @property
    def settles_after(self) -> timedelta:
        """How long after an attempt "absent" is believed."""
        ...

    def probe(self, outgoing: Outgoing) -> Literal["present", "absent", "unknown"]:
        """Return whether the message is there. An exception counts as unknown."""
        ...


@runtime_checkable
class DeduplicatingChannel(Channel, Protocol):
    """A channel whose receiver drops what it has had already, told by the message's key."""

    @property
    def harmless_for(self) -> timedelta:
        """How long after an attempt of unknown outcome it may be repeated without asking."""
        ...


def _nothing_kept(secret: Secret) -> str:
    raise ChannelDownError(f"the secret {secret.name} cannot be read here")


@frozen
class ChannelSetting:
    """Where a channel works.

    Attributes:
        folder: absolute path of the run folder. It may not be there yet: plans open channels, too.
        durable: whether what it writes must survive a power cut (False in a simulation).
        beside: absolute path of the folder with the program file, from which paths among options are taken.
        program: the program's id.
        reveal: reads a secret; it raises `ChannelDownError` where there is none. Called when connecting, not before.
    """

    folder: str
    durable: bool = True
    program: str = ""
    beside: str = ""
    reveal: Callable[[Secret], str] = field(default=_nothing_kept, repr=False)


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
        """Return a channel ready to deliver. It connects to nothing and writes nothing yet: plans open channels too."""
        ...


@runtime_checkable
class ColumnsChannel(ChannelKind, Protocol):
    """A kind of channel that finds people by cells of the roster."""

    def columns(self, options: Any) -> tuple[str, ...]:
        """Return the roster columns it reads, by our words: `Outgoing.values` has their cells."""
        ...


@runtime_checkable
class InvitingChannel(ChannelKind, Protocol):
    """A kind of channel that can bring invitations into calendars."""

    @property
    def carries_invitations(self) -> bool:
        """Whether invitations may go through it."""
        ...

    @property
    def carries_messages(self) -> bool:
        """Whether messages may, too: a calendar server takes invitations only."""
        ...


@runtime_checkable
class IdentifiedChannel(ChannelKind, Protocol):
    """A kind of channel with a host and a sender: when they change, a new consent is asked for."""

    def identity(self, options: Any) -> str:
        """Return host and sender as one text without secrets."""
        ...
