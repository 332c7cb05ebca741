"""The ledger: the only mutable state of a program, one method per thing that can happen to it.

Every method that writes is one transaction: it has happened, durably, when it returns, or it has not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, insert, select

from mentorkit.core.deliveries import Doubt, Transmission
from mentorkit.core.errors import RefusedError, RunError
from mentorkit.core.happenings import Happening
from mentorkit.core.history import History, Unreachable
from mentorkit.core.plan import Newcomer, Plan
from mentorkit.ledger import adopting, by_hand, checking, happenings, logbook, protocol, reading, recording
from mentorkit.ledger.connecting import reading as reading_from
from mentorkit.ledger.connecting import writing as writing_to
from mentorkit.ledger.creating import clear, create
from mentorkit.ledger.logbook import Tail
from mentorkit.ledger.opening import open_checked
from mentorkit.ledger.schema import consents

if TYPE_CHECKING:
    from mentorkit.core.contracts import Receipt

P = ParamSpec("P")
T = TypeVar("T")


class Ledger:
    """An open ledger. A context manager; one at a time writes a program (`mentorkit.guarding`).

    Attributes:
        path: the file.
        id: random, made with the ledger.
        program: id of the program it belongs to.
        owner: random, of this opening: what the marks are set in the name of.
    """

    def __init__(self, engine: Engine, path: Path, ledger: str, program: str) -> None:
        self._engine = engine
        self.path = path
        self.id = ledger
        self.program = program
        self.owner = token_hex(8)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._engine.dispose()

    # ------------------------------------------------------------------------------------------------- reading

    def read(self) -> History:
        """Return everything it knows."""
        return self._read(reading.read_history)

    def was_matched(self) -> bool:
        """Return whether people were matched already; cheaper than reading everything."""
        return self._read_plain(reading.any_occasion)

    def transmissions(self, keys: Sequence[str]) -> tuple[Transmission, ...]:
        """Return transmissions with their deliveries, by (due, key)."""
        return self._read_plain(reading.read_transmissions, keys)

    def tail(self) -> Tail:
        """Return number and hash of the last log entry."""
        return self._read(logbook.tail)

    def hash_at(self, number: int) -> str | None:
        """Return the hash of a log entry, None where there is no such entry."""
        return self._read(logbook.hash_at, number)

    def waiting(self, at: datetime, but: Collection[str] = ()) -> tuple[str, ...]:
        """Return the keys of what could be sent at this moment, oldest first, except those named."""
        return self._read_plain(protocol.keys_waiting, at, but)

    def check(self) -> None:
        """Check everything: the file, its references, the log's chain, and that the log tells the same states.

        Raises:
            RefusedError: something does not add up.
        """
        self._read(checking.check)

    # ------------------------------------------------------------------------------------------------- planning

    def record_plan(self, plan: Plan) -> frozenset[str]:
        """Write everything a plan does: newcomers, relationships, sessions, transmissions that are due or expired.

        Returns the keys of those that have expired.

        Raises:
            RefusedError: the plan is stale.
        """
        if plan.program != self.program:
            raise RefusedError(f'the ledger {self.path} is of program "{self.program}", the plan of "{plan.program}"')
        return self._write(recording.record_plan, plan)

    def record_happening(self, happening: Happening, *, numbers: Mapping[str, int], at: datetime, mark: int) -> None:
        """Write what happened, and all that follows from it, as it was worked out against one state of the ledger.

        Args:
            happening: from `mentorkit.core.learning`.
            numbers: running numbers of people it names whom the ledger has not seen.
            at: when it became known, UTC, aware.
            mark: number of the last log entry that it was worked out against.

        Raises:
            RefusedError: the ledger has moved on since.
        """
        newcomers = [Newcomer(number, person) for person, number in numbers.items()]

        def write(connection: Connection, ledger: str) -> None:
            recording.check_fresh(connection, ledger, ledger, mark)
            happenings.record_happening(connection, ledger, happening, newcomers, at)

        self._write(write)

    def adopt(self, assume_sent_until: datetime, at: datetime) -> None:
        """From now on take everything that was due up to a moment as sent, also what interrupted runs held."""
        self._write(adopting.adopt, assume_sent_until, at)

    # ------------------------------------------------------------------------------------------------- sending

    def claim(self, keys: Sequence[str], at: datetime) -> tuple[str, ...]:
        """Set the first mark on those of these transmissions that wait; return their keys, oldest first."""
        return self._write_owned(protocol.claim, keys, at)

    def mark_at_risk(self, key: str, channel: str, at: datetime, kind: str = "", now: datetime | None = None) -> bool:
        """Set the second mark, durably, with the channel that it is about to go by.

        `kind` is the channel's; default: its name. `now` is the moment by the clock; default: that of the run. False:
        another has the transmission, and it must not be sent.
        """
        return self._write_owned(protocol.mark_at_risk, key, channel, at, kind or channel, now or at)

    def settle(self, key: str, receipt: Receipt, at: datetime, address: str = "", *, repeat: bool = False) -> bool:
        """Write what became of a transmission; False: another has it.

        `address` is the digest of the address, for a receipt that says that it is a bad one; `repeat` whether what is
        unknown is to be repeated, since that does no harm.
        """
        return self._write_owned(protocol.settle, key, receipt, at, address, repeat)

    def pass_on(self, key: str, receipt: Receipt, at: datetime, address: str = "") -> bool:
        """Write that a channel will never deliver a transmission, and claim it for another one; False: not ours."""
        return self._write_owned(protocol.pass_on, key, receipt, at, address)

    def mark_all_at_risk(
        self,
        keys: Sequence[str],
        channel: str,
        at: datetime,
        kind: str,
        bundle: str = "",
        now: datetime | None = None,
    ) -> bool:
        """Set the second mark on all of these, durably and at once; False: another has one, and none is marked.

        `bundle` is the key of the one message that they go out in, "" for one of its own each; `now` as in
        `mark_at_risk`.
        """
        values = {"channel": channel, "kind": kind, "bundle": bundle, "marked_at": now or at}
        return self._write_owned(protocol.mark_all_at_risk, keys, values, at)

    def settle_all(
        self, receipts: Mapping[str, Receipt], at: datetime, address: str = "", *, repeat: bool = False
    ) -> frozenset[str]:
        """Write what became of several at once, as `settle` does; return the keys of those that are still ours."""
        return self._write_owned(protocol.settle_all, receipts, at, address, repeat)

    def pass_on_all(self, keys: Sequence[str], receipt: Receipt, at: datetime, address: str = "") -> bool:
        """Write that a channel will never deliver one message of several, and claim them for another channel."""
        return self._write_owned(protocol.pass_on_all, keys, receipt, at, address)

    def bundles(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the keys of the messages that these may have gone out in: their own, where that was alone."""
        return self._read_plain(reading.read_bundles, keys)

    def in_message(self, key: str) -> tuple[str, ...]:
        """Return the keys of the transmissions that went out in the message with this key."""
        return self._read_plain(reading.read_parts, key)

    def refusals(self, keys: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the channels that will never deliver these transmissions, where there are any."""
        return self._read_plain(reading.read_refusals, keys)

    def unreachable(self) -> tuple[Unreachable, ...]:
        """Return the addresses at which channels reach nobody."""
        return self._read_plain(reading.read_unreachable)

    def release(self, keys: Sequence[str], at: datetime, detail: str = "") -> None:
        """Give back claimed transmissions that were certainly not delivered."""
        self._write_owned(protocol.release, keys, detail, at)

    def recover(self, harmless: Collection[str], at: datetime) -> tuple[str, ...]:
        """Take over what interrupted runs left; return keys of what is in doubt because of it.

        `harmless` names the kinds of channels by which a repeated delivery does no harm.
        """
        return self._write_owned(protocol.recover, harmless, at)

    def expire(self, at: datetime) -> tuple[str, ...]:
        """Give up what waited for too long; return its keys."""
        return self._write(protocol.expire, at)

    def supersede_for(self, numbers: Collection[int], at: datetime) -> tuple[str, ...]:
        """Drop what waits for people, by running number, who are to get nothing any more; return its keys."""
        return self._write(protocol.supersede_for, numbers, at)

    def retry_doubts(self, at: datetime) -> tuple[str, ...]:
        """Make everything in doubt due again; return its keys."""
        return self._write(by_hand.retry_doubts, at)

    def bounce(self, key: str, status: str, letter: str, digest: Callable[[str], str] | None, at: datetime) -> bool:
        """Write down that something that counted as sent has come back; False: it does not count as sent.

        `letter` is the id of what tells so: it counts once, whatever becomes of the message afterwards. `digest`
        returns that of the address by the channel's name, where nobody is reached at it any more.
        """
        return self._write(protocol.bounce, key, status, letter, digest, at)

    def settle_doubts(
        self, keys: Sequence[str], arrived: bool, at: datetime, detail: str = "settled by hand"
    ) -> tuple[str, ...]:
        """Write down of messages in doubt that they arrived, or that they are due again; return the keys of those."""
        return self._write(by_hand.settle_doubts, keys, arrived, at, detail)

    def retry_failed(self, keys: Sequence[str], at: datetime) -> tuple[str, ...]:
        """Make due again what has failed and is not too late by now, by any channel; return its keys."""
        return self._write(by_hand.retry_failed, keys, at)

    def forget_unreachable(self, numbers: Collection[int], at: datetime) -> tuple[tuple[int, str], ...]:
        """Forget at whose addresses channels reached nobody; return running numbers and channels."""
        return self._write(by_hand.forget_unreachable, numbers, at)

    def doubts(self) -> tuple[Doubt, ...]:
        """Return what may have arrived and may not: in doubt, or waiting to be repeated."""
        return self._read_plain(reading.read_doubts)

    def repeat_doubts(self, keys: Sequence[str], at: datetime) -> None:
        """Make what is in doubt due where a repeat does no harm; the doubt stays until there is a clear receipt."""
        self._write(protocol.repeat_doubts, keys, at)

    def hold_doubts(self, keys: Sequence[str], at: datetime) -> None:
        """Leave to a person what was to be repeated, and cannot be any more without harm."""
        self._write(protocol.hold_doubts, keys, at)

    # ------------------------------------------------------------------------------------------------- consents

    def has_consent(self, channel: str, digest: str) -> bool:
        """Return whether somebody has said yes to this channel with this host and sender."""
        with reading_from(self._engine, self.path) as connection:
            asked = select(consents.c.at).where(consents.c.channel == channel, consents.c.digest == digest)
            return connection.execute(asked).first() is not None

    def give_consent(self, channel: str, digest: str, at: datetime) -> None:
        """Remember a yes; once is enough."""
        if self.has_consent(channel, digest):
            return
        with writing_to(self._engine, self.path) as connection:
            connection.execute(insert(consents).values(channel=channel, digest=digest, at=at))
            logbook.append(connection, self.id, at, [logbook.Entry("consent", channel, "", "given")])

    def _read(self, function: Callable[Concatenate[Connection, str, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with reading_from(self._engine, self.path) as connection:
            return function(connection, self.id, *args, **kwargs)

    def _read_plain(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with reading_from(self._engine, self.path) as connection:
            return function(connection, *args, **kwargs)

    def _write(self, function: Callable[Concatenate[Connection, str, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with writing_to(self._engine, self.path) as connection:
            return function(connection, self.id, *args, **kwargs)

    def _write_owned(
        self, function: Callable[Concatenate[Connection, str, str, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with writing_to(self._engine, self.path) as connection:
            return function(connection, self.id, self.owner, *args, **kwargs)


def read_history(path: Path) -> History:
    """Return what the ledger at `path` knows; where a program has not run yet, that is nothing.

    Raises:
        RefusedError: what is there is not a sound ledger.
    """
    if not path.exists():
        return History()
    with open_ledger(path) as ledger:
        return ledger.read()


def open_ledger(path: Path, *, create_for: str | None = None, durable: bool = True) -> Ledger:
    """Open the ledger at `path`.

    Args:
        path: the file.
        create_for: id of the program to make a new ledger for where there is none; None: there must be one.
        durable: False gives up surviving a power cut for speed (simulations).

    Raises:
        RefusedError: there is none, it is not a ledger, it is damaged, or it is another program's.
        RunError: it cannot be made.
    """
    if create_for is not None:
        try:
            clear(path)
            if not path.exists():
                create(path, create_for, durable=durable)
        except OSError as problem:
            raise RunError(f"the ledger {path} could not be made: {problem.strerror}; nothing was sent") from problem
    if not path.exists():
        raise RefusedError(f"there is no ledger {path} yet: the first `mentorkit run` makes it")
    engine, ledger, program = open_checked(path, durable=durable)
    if create_for not in (None, program):
        engine.dispose()
        raise RefusedError(f'the ledger {path} is of program "{program}", not of "{create_for}"')
    return Ledger(engine, path, ledger, program)
