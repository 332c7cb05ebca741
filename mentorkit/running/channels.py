"""The channels of a run: opened under the program's names for them, asked whom they reach, and closed at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, Literal, cast, get_args

from attrs import evolve, field, frozen

from mentorkit.core.catalogue import Door, no_door
from mentorkit.core.contracts import (
    Channel,
    ChannelDownError,
    ChannelKind,
    ChannelSetting,
    ClosableChannel,
    DeduplicatingChannel,
    InvitingChannel,
    Outgoing,
    Prepared,
    ProbingChannel,
    Receipt,
    ReceiptOutcome,
)
from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.errors import MentorkitError, RefusedError, RunError
from mentorkit.core.history import History
from mentorkit.core.plan import Plan
from mentorkit.core.planning.ways_out import unreached, with_ways
from mentorkit.core.program import OUTBOX, ChannelUse, Program
from mentorkit.core.roster import Person
from mentorkit.core.routing import Routes
from mentorkit.ledger import read_history
from mentorkit.opening import Opened
from mentorkit.revealing import revealing
from mentorkit.running.discretion import Discretion

DEFAULT = ChannelUse(OUTBOX, OUTBOX)
"""The channel of a program that declares none."""


@frozen(eq=False)
class OpenChannel:
    """A channel that is open.

    Attributes:
        name: the program's for it.
        columns: roster columns whose cells its messages carry.
        discretion: keeps secrets and people out of what it says.
        door: through which its code is called.
    """

    name: str
    kind: ChannelKind
    channel: Channel
    columns: tuple[str, ...] = ()
    discretion: Discretion = field(factory=Discretion)
    door: Door = no_door

    @property
    def carries_messages(self) -> bool:
        """Whether anything but invitations may go by it."""
        return self.kind.carries_messages if isinstance(self.kind, InvitingChannel) else True

    @property
    def carries_invitations(self) -> bool:
        """Whether invitations may go by it."""
        return isinstance(self.kind, InvitingChannel) and self.kind.carries_invitations

    def reaches(self, person: Person | None, address: str) -> bool:
        """Return whether it reaches a recipient.

        Raises:
            RunError: it cannot say so.
        """
        try:
            with self.door(f'the channel "{self.name}", asked whom it reaches,'):
                return self.channel.reaches(person, address)
        except MentorkitError:
            raise
        except (Exception, SystemExit) as problem:
            told = self.discretion.without(said(problem))
            raise RunError(f"the channel {self.name} cannot say whom it reaches: {told}") from problem

    def prepare(self, outgoing: Outgoing, person: Person | None) -> Prepared:
        """Return a delivery of which everything that can be undone is done.

        What is said of it, here and by its receipt, has no secrets in it and names nobody.

        Raises:
            ChannelDownError: the channel as a whole does not work.
            UnpreparedError: this message cannot be prepared.
        """
        filled = self._filled(outgoing, person)
        try:
            with self.door(f'the channel "{self.name}", preparing a message,'):
                prepared: object = self.channel.prepare(filled)
            if not all(callable(getattr(prepared, deed, None)) for deed in ("commit", "abandon")):
                raise TypeError(f"the channel gave {type(prepared).__name__} for a prepared delivery")
        except ChannelDownError as problem:
            raise ChannelDownError(self.discretion.without(str(problem), filled)) from None
        except (Exception, SystemExit) as problem:
            raise UnpreparedError(self.discretion.without(said(problem), filled)) from None
        return _Discreet(cast("Prepared", prepared), filled, self.discretion, self.door, self.name)

    @property
    def harmless_for(self) -> timedelta:
        """How long after an attempt of unknown outcome it may be repeated: for ever, for a while, or not at all."""
        if self.kind.repeat_is_harmless:
            return timedelta.max
        return self.channel.harmless_for if isinstance(self.channel, DeduplicatingChannel) else timedelta()

    @property
    def settles_after(self) -> timedelta:
        """How long after an attempt it is believed that a message has not arrived."""
        return self.channel.settles_after if isinstance(self.channel, ProbingChannel) else timedelta.max

    def probe(self, outgoing: Outgoing, person: Person | None) -> Literal["present", "absent", "unknown"]:
        """Return whether a message is there, where the channel can look. What it raises means that nobody knows."""
        if not isinstance(self.channel, ProbingChannel):
            return "unknown"
        with self.door(f'the channel "{self.name}", looking for a message,'):
            return self.channel.probe(self._filled(outgoing, person))

    def _filled(self, outgoing: Outgoing, person: Person | None) -> Outgoing:
        if not self.columns or person is None:
            return outgoing
        cells = tuple((column, cell) for column in self.columns if (cell := person.text(column)))
        return evolve(outgoing, values=cells)

    def close(self) -> None:
        """Let go of what it holds; whatever comes of that, its messages are settled."""
        if isinstance(self.channel, ClosableChannel):
            with suppress(Exception, SystemExit), self.door(f'the channel "{self.name}", closing,'):
                self.channel.close()


class UnpreparedError(Exception):
    """A message cannot be prepared; says why."""


@frozen(eq=False)
class _Discreet:
    """A prepared delivery whose receipt is kept and shown."""

    prepared: Prepared
    outgoing: Outgoing
    discretion: Discretion
    door: Door
    channel: str

    def commit(self) -> Receipt:
        """Do what cannot be undone; whatever a channel makes of it beside a receipt leaves open whether it arrived."""
        try:
            with self.door(f'the channel "{self.channel}", sending a message (which is in doubt now),'):
                receipt: object = self.prepared.commit()
        except (Exception, SystemExit) as problem:
            return Receipt("unknown", self._told(said(problem)))
        if isinstance(receipt, Receipt) and receipt.outcome in get_args(ReceiptOutcome):
            return evolve(receipt, detail=self._told(str(receipt.detail)))
        told = f"the channel gave {type(receipt).__name__} for a receipt, or an outcome that is none"
        return Receipt("unknown", told)

    def abandon(self) -> None:
        """Undo what was prepared."""
        with self.door(f'the channel "{self.channel}", undoing what it had prepared,'):
            self.prepared.abandon()

    def _told(self, detail: str) -> str:
        return self.discretion.without(detail, self.outgoing)


def open_channel(
    kind: ChannelKind,
    options: Any,
    setting: ChannelSetting,
    use: ChannelUse | None = None,
    door: Door = no_door,
) -> OpenChannel:
    """Return an open channel, under the name of its kind where no `use` gives it another.

    Secrets that it reads are in nothing that is said of it.

    Raises:
        RunError: it cannot be opened; the message says why.
    """
    name = use.name if use else kind.name
    discretion = Discretion()
    setting = evolve(setting, reveal=discretion.remembering(setting.reveal))
    try:
        with door(f'the channel "{name}", opening,'):
            channel = kind.open(options, setting)
        return OpenChannel(name, kind, channel, use.columns if use else (), discretion, door)
    except MentorkitError:
        raise
    except (Exception, SystemExit) as problem:
        told = discretion.without(said(problem))
        raise RunError(f"the channel {name} cannot be opened: {told}; nothing was sent") from problem


@contextmanager
def opened_channels(opened: Opened) -> Iterator[tuple[OpenChannel, ...]]:
    """Give the channels that a program's messages go by, in its order; they are closed at the end.

    Raises:
        RunError: one cannot be opened.
    """
    places, program = opened.workspace, opened.program
    beside = places.program_file.resolve().parent
    setting = ChannelSetting(
        str(places.folder.resolve()), program=program.id, beside=str(beside), reveal=revealing(beside)
    )
    channels: list[OpenChannel] = []
    try:
        for use in uses(program):
            offer = opened.catalogue.channels[use.kind]
            channels.append(open_channel(offer.implementation, use.options, setting, use, offer.origin.door))
        yield tuple(channels)
    finally:
        for one in channels:
            one.close()


def routes_of(channels: Sequence[OpenChannel], people: Mapping[str, Person], contacts: Mapping[str, str]) -> Routes:
    """Return by which channel messages and invitations reach whom."""
    return Routes(
        {one.name: one.reaches for one in channels},
        {one.name: one.columns for one in channels},
        people,
        contacts,
        messages=[one.name for one in channels if one.carries_messages],
        invitations=[one.name for one in channels if one.carries_invitations],
    )


def with_channels(plan: Plan, opened: Opened, history: History) -> Plan:
    """Return a plan that says by which channel its messages go, where the program declares channels.

    Raises:
        RunError: a channel cannot be opened.
    """
    if not opened.program.channels:
        return plan
    with opened_channels(opened) as channels:
        return with_ways(plan, routes_of(channels, opened.roster.by_id, opened.program.contacts), history)


def whom_none_reaches(opened: Opened) -> tuple[Diagnostic, ...]:
    """Return warnings about participants whom no channel reaches; a ledger that cannot be read knows nothing here."""
    if not opened.program.channels:
        return ()
    try:
        history = read_history(opened.workspace.ledger)
    except RefusedError:
        history = History()
    with opened_channels(opened) as channels:
        routes = routes_of(channels, opened.roster.by_id, opened.program.contacts)
        return opened.placed(unreached(opened.program, opened.roster, routes, history))


def uses(program: Program) -> tuple[ChannelUse, ...]:
    """Return the channels of a program, in its order: the outbox where it declares none."""
    return program.channels or (DEFAULT,)


def said(problem: BaseException) -> str:
    """Return what went wrong in one line."""
    return f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
