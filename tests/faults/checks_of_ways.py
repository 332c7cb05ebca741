"""What the choice of ways is held against: several channels, addresses at which nobody is, several messages as one."""

from __future__ import annotations

import collections
import re
import signal
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from attrs import define, evolve, field

from faults.subjects import ADA, NOON, compose, plan
from mentorkit.core.contracts import Channel, ChannelSetting, Outgoing, Receipt
from mentorkit.core.deliveries import Transmission
from mentorkit.core.roster import Person
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.running.channels import OpenChannel
from mentorkit.running.delivering import carry_out

SENT = Receipt("sent")
NOBODY = Receipt("failed", "550 5.1.1 nobody here", bad_address=True)


@define
class Way:
    """A channel in memory: it takes what it is told to take, answers what it is told to answer, and then says yes.

    Attributes:
        answers: one for each message; an exception is raised once the message is taken.
        took: the messages.
        harmless_for: for how long it drops what it has had, told by the key.
    """

    name: str = "way"
    answers: list[Receipt | BaseException] = field(factory=list)
    harmless_for: timedelta = timedelta()
    took: list[Outgoing] = field(factory=list)
    asked: int = 0
    summary: str = "in memory"
    options: None = None
    leaves_machine: bool = False
    repeat_is_harmless: bool = False

    def open(self, options: None, setting: ChannelSetting) -> Channel:
        return self

    def reaches(self, person: Person | None, address: str) -> bool:
        return True

    def prepare(self, outgoing: Outgoing) -> Taken:
        return Taken(self, outgoing)

    @property
    def copies(self) -> collections.Counter[str]:
        """How often each part has arrived, in whichever message."""
        kept = {one.key: one for one in self.took}.values() if self.harmless_for else self.took
        return collections.Counter(part for one in kept for part in re.findall(r"part (\w+)\.", one.text))


@define
class Taken:
    way: Way
    outgoing: Outgoing

    def commit(self) -> Receipt:
        self.way.asked += 1
        answer = self.way.answers.pop(0) if self.way.answers else SENT
        if isinstance(answer, Receipt) and answer.outcome != "sent":
            return answer
        self.way.took.append(self.outgoing)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def abandon(self) -> None:
        pass


def a_doubt_beside_another_channel(place: Path) -> list[str]:
    """Take a message without an answer where another channel reaches the recipient, too; run again, and again."""
    first, second = Way("first", [ConnectionResetError(), ConnectionResetError()]), Way("second")
    _runs(place, [first, second], {0: "ab", 1: "ab", 24: "ab"})
    return _doubled(first, second)


def an_address_at_which_nobody_is(place: Path) -> list[str]:
    """Hear of an address that nobody is there; have more for it the next day."""
    way = Way(answers=[NOBODY])
    _runs(place, [way], {0: "a", 24: "ab"})
    return ["the address was tried again"] if way.asked > 1 else []


def a_doubtful_digest_that_grows(place: Path) -> list[str]:
    """Take a message of two without an answer where repeats are dropped; have a third one before it is repeated."""
    way = Way(answers=[ConnectionResetError()], harmless_for=timedelta(days=1))
    _runs(place, [way], {0: "ab", 1: "abc", 12: "abc"}, digest=True)
    return _doubled(way) + ["c never came"] * (not way.copies["c"])


def an_interrupted_digest(place: Path) -> list[str]:
    """Take a message of two, and end the run before it hears of it, as a second Ctrl-C does; run again."""
    way = Way(answers=[KeyboardInterrupt(signal.SIGINT)])
    _runs(place, [way], {0: "ab", 1: "ab"}, digest=True)
    return _doubled(way)


def _runs(place: Path, ways: Sequence[Way], runs: dict[int, str], *, digest: bool = False) -> None:
    """Run once for each number of hours after noon, when these messages are due."""
    for hours, keys in runs.items():
        with open_ledger(place / "ledger.sqlite", create_for="pilot") as ledger:
            try:
                _run(ledger, ways, NOON + timedelta(hours=hours), keys, digest=digest)
            except KeyboardInterrupt:
                continue


def _run(ledger: Ledger, ways: Sequence[Way], at: datetime, keys: str, *, digest: bool) -> None:
    channels = [OpenChannel(way.name, way, way) for way in ways]
    carry_out(plan(ledger.read(), at, keys), ledger, channels, _part, people={"17": ADA}, digest=digest)


def _part(one: Transmission) -> Outgoing:
    return evolve(compose(one), text=f"part {one.key}.", subject=one.key)


def _doubled(*ways: Way) -> list[str]:
    copies = sum((way.copies for way in ways), collections.Counter[str]())
    return [f"{part} arrived {number} times" for part, number in copies.items() if number > 1]
