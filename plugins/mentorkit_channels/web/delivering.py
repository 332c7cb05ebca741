"""A channel over the web: what services have in common, from the first connection to the last receipt.

A service says whom it reaches, how a message is asked for, and what its answers mean. This module does the rest: it
connects before the second mark and writes after it, waits where it is asked to wait for moments, and closes the
channel for the run where the trouble is nobody's message alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol, cast

from attrs import define, evolve, field, frozen

from mentorkit.core.contracts import ChannelDownError, Outgoing, Prepared, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.web.connecting import Wires
from mentorkit_channels.web.exchanging import Answer, Exchange, NoAnswerError, Request, open_exchange
from mentorkit_channels.web.judging import Verdict

WORST_IN_A_ROW = 3
"""So many messages in a row without a clear answer are the channel's fault."""

LONGEST_PAUSE = timedelta(seconds=10)
"""A run waits this long where a service asks for it; where it asks for more, the rest waits for a later run."""


class Service(Protocol):
    """What is different from service to service."""

    @property
    def called(self) -> str:
        """Its name for people, such as `Slack`."""
        ...

    def reaches(self, person: Person | None, address: str) -> bool:
        """Return whether it can find this recipient."""
        ...

    def arrive(self) -> None:
        """Look, once before the first message, whether it lets us in.

        Raises:
            ChannelDownError: it does not.
        """
        ...

    def request(self, outgoing: Outgoing) -> Request | Receipt:
        """Return the request that delivers a message; or what became of it where that is clear without one.

        Raises:
            ChannelDownError: the service does not work.
            ValueError: the message has no valid form.
        """
        ...

    def judge(self, answer: Answer, now: datetime) -> Verdict:
        """Return what its answer to such a request means."""
        ...


@define(eq=False)
class WebChannel:
    """An open channel over the web; it holds no connection between messages.

    Attributes:
        harmless_for: for how long the service drops repeats of a message; nothing where it does not.
    """

    service: Service
    wires: Wires
    harmless_for: timedelta = timedelta()
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)
    pause: Callable[[float], None] = field(default=time.sleep, repr=False)
    _arrived: bool = field(default=False, init=False)
    _down: str = field(default="", init=False)
    _unclear: int = field(default=0, init=False)
    _not_before: datetime | None = field(default=None, init=False)

    def reaches(self, person: Person | None, address: str) -> bool:
        """Return whether the service can find this recipient."""
        return self.service.reaches(person, address)

    def prepare(self, outgoing: Outgoing) -> Prepared:
        """Return the message on an open connection, with nothing of it written yet.

        Raises:
            ChannelDownError: the service cannot be reached, or does not let us in.
            ValueError: the message has no valid form.
        """
        self._wait()
        if self._down:
            raise ChannelDownError(f"{self.service.called}: {self._down}")
        if not self._arrived:
            self._arrive()
        request = self.service.request(outgoing)
        if isinstance(request, Receipt):
            return Settled(request)
        return Ready(open_exchange(self.wires, request), self)

    def _arrive(self) -> None:
        try:
            self.service.arrive()
        except ValueError as problem:  # of an address or a token, which are the same for every message
            raise ChannelDownError(f"{self.service.called}: {problem}; look at address and token") from None
        self._arrived = True

    def receipt(self, answer: Answer) -> Receipt:
        """Return what an answer means for the message, and remember what it means for the others."""
        verdict = self.service.judge(answer, self.clock())
        self._remember(verdict)
        return verdict.receipt

    def unanswered(self, problem: NoAnswerError) -> Receipt:
        """Return what it means that no answer came."""
        verdict = Verdict(Receipt("unknown", str(problem)))
        self._remember(verdict)
        return verdict.receipt

    def _remember(self, verdict: Verdict) -> None:
        receipt = verdict.receipt
        self._unclear = self._unclear + 1 if receipt.outcome in ("unknown", "deferred") else 0
        if verdict.down:
            self._down = verdict.down
        elif self._unclear >= WORST_IN_A_ROW:
            self._down = f"{WORST_IN_A_ROW} messages in a row were not taken; the last answer: {receipt.detail}"
        if receipt.outcome == "deferred" and receipt.retry_after is not None:
            self._not_before = self.clock() + receipt.retry_after

    def _wait(self) -> None:
        """Wait where a moment is enough.

        Raises:
            ChannelDownError: it is not.
        """
        left = self._not_before - self.clock() if self._not_before is not None else timedelta()
        if left > LONGEST_PAUSE:
            raise ChannelDownError(f"{self.service.called}: it asks to wait {left.total_seconds():.0f} seconds")
        if left > timedelta():
            self.pause(left.total_seconds())
        self._not_before = None


class ProbingService(Service, Protocol):
    """A service that can be asked whether a message has arrived."""

    @property
    def settles_after(self) -> timedelta:
        """How long after an attempt "absent" is believed."""
        ...

    def probe(self, outgoing: Outgoing) -> Literal["present", "absent", "unknown"]:
        """Return whether the message is there."""
        ...


@define(eq=False)
class ProbingWebChannel(WebChannel):
    """A channel over the web that can look whether a message has arrived."""

    @property
    def settles_after(self) -> timedelta:
        """How long after an attempt "absent" is believed."""
        return self._prober.settles_after

    def probe(self, outgoing: Outgoing) -> Literal["present", "absent", "unknown"]:
        """Return whether the message is there; what it raises counts as unknown."""
        return self._prober.probe(outgoing)

    @property
    def _prober(self) -> ProbingService:
        return cast(ProbingService, self.service)


@frozen(eq=False)
class Ready:
    """A message that only has to be written."""

    exchange: Exchange
    channel: WebChannel

    def commit(self) -> Receipt:
        """Write the request and say what the answer means."""
        try:
            return self.channel.receipt(self.exchange.send())
        except NoAnswerError as problem:
            return self.channel.unanswered(problem)

    def abandon(self) -> None:
        """Hang up without a word."""
        self.exchange.close()


@frozen
class Settled:
    """A message of which it is clear beforehand that it will not be delivered this way."""

    receipt: Receipt

    def commit(self) -> Receipt:
        """Say so."""
        return self.receipt

    def abandon(self) -> None:
        """Nothing was done."""


def cell(outgoing: Outgoing, column: str) -> str:
    """Return what the recipient has in a column, or ""."""
    return dict(outgoing.values).get(column, "").strip()


def patient(wires: Wires, timeout: float, *, allow_private: bool) -> Wires:
    """Return how the outside is reached, as a program's options say."""
    return evolve(wires, timeout=timeout, allow_private=allow_private)
