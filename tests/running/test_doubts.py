"""What becomes of messages in doubt where a channel can look, or its receiver drops repeats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from attrs import define, evolve, field

from mentorkit.core.contracts import Channel, ChannelDownError, ChannelSetting, Outgoing, Receipt
from mentorkit.core.deliveries import Transmission
from mentorkit.core.outcome import Outcome
from mentorkit.core.plan import Newcomer
from mentorkit.core.roster import Person
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.running.channels import OpenChannel
from mentorkit.running.delivering import carry_out
from mentorkit.testing import a_plan, a_transmission

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Seen = Literal["present", "absent", "unknown"]


@define
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@define
class Box:
    """A channel whose receiver takes a message in `late` after it was sent, and whose answers may be lost."""

    clock: Clock
    name: str = "box"
    summary: str = "in memory"
    options: None = None
    leaves_machine: bool = True
    repeat_is_harmless: bool = False
    answer: Receipt = field(factory=lambda: Receipt("sent"))
    late: timedelta = timedelta()
    on_prepare: Callable[[], object] = lambda: None
    commits: list[str] = field(factory=list)
    _taken: list[tuple[datetime, str]] = field(factory=list)

    def open(self, options: None, setting: ChannelSetting) -> Channel:
        return self

    @property
    def opened(self) -> OpenChannel:
        return OpenChannel(self.name, self, self)

    @property
    def accepted(self) -> Counter[str]:
        return Counter(key for at, key in self._taken if at <= self.clock.now)

    def reaches(self, person: Person | None, address: str) -> bool:
        return True

    def prepare(self, outgoing: Outgoing) -> Letter:
        self.on_prepare()
        return Letter(self, outgoing.key)

    def take(self, key: str) -> None:
        self.commits.append(key)
        if self.answer.outcome in ("sent", "unknown"):
            self._taken.append((self.clock.now + self.late, key))


@define
class Letter:
    box: Box
    key: str

    def commit(self) -> Receipt:
        self.box.take(self.key)
        return self.box.answer

    def abandon(self) -> None:
        pass


@define
class Glass(Box):
    """One into which one can look; `sees` says what it finds instead of looking."""

    settles_after: timedelta = 10 * MINUTE
    sees: Callable[[], Seen] | None = None
    looks: int = 0

    def probe(self, outgoing: Outgoing) -> Seen:
        self.looks += 1
        if self.sees is not None:
            return self.sees()
        return "present" if self.accepted[outgoing.key] else "absent"


@define
class Sieve(Box):
    """One whose receiver drops what it has had."""

    harmless_for: timedelta = timedelta(hours=1)

    def take(self, key: str) -> None:
        known = self.accepted[key]
        Box.take(self, key)
        if known and self._taken[-1][1] == key:
            del self._taken[-1]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite", create_for="pilot", durable=False) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


def compose(one: Transmission) -> Outgoing:
    return Outgoing(one.key, "Ada", "ada@example.org", "", "", "Hello", "Hello.", "", one.due, f"{one.key}@pilot")


def run(ledger: Ledger, clock: Clock, *boxes: Box, after: timedelta = timedelta(), keys: str = "") -> Outcome:
    """Run by these channels some time after the last run."""
    clock.now += after
    due = tuple(a_transmission(key, 1, "17") for key in keys)
    mark = ledger.read().mark
    newcomers = () if mark else (Newcomer(1, "17"),)
    plan = a_plan(at=clock.now, ledger_id=ledger.id if mark else "", mark=mark, newcomers=newcomers, due=due)
    outcome = carry_out(plan, ledger, [box.opened for box in boxes], compose, now=clock)
    ledger.check()
    return outcome


def states(ledger: Ledger) -> str:
    return " ".join(known.state for _, known in sorted(ledger.read().transmissions.items()))


def test_what_is_found_there_counts_as_sent(ledger: Ledger, clock: Clock) -> None:
    box = Glass(clock, answer=Receipt("unknown", "no answer"))
    assert 1 == run(ledger, clock, box, keys="a").exit_code
    outcome = run(ledger, clock, box, after=MINUTE)
    assert (["a"], 0, "sent") == ([one.key for one in outcome.sent], outcome.exit_code, states(ledger))
    assert ["a"] == box.commits
    assert "found where it was sent to" == ledger.read().transmissions["a"].detail


@pytest.mark.parametrize(("settles_after", "copies"), [(timedelta(), 2), (10 * MINUTE, 1)])
def test_that_it_is_not_there_is_believed_only_once_it_could_be(
    ledger: Ledger, clock: Clock, settles_after: timedelta, copies: int
) -> None:
    """A receiver that takes its time: whoever believes it at once sends twice."""
    box = Glass(clock, answer=Receipt("unknown"), late=5 * MINUTE, settles_after=settles_after)
    run(ledger, clock, box, keys="a")
    box.answer = Receipt("sent")
    for _ in range(20):
        run(ledger, clock, box, after=MINUTE)
    assert {"a": copies} == box.accepted
    assert "sent" == states(ledger)


def test_what_never_arrived_is_sent_once_that_is_certain(ledger: Ledger, clock: Clock) -> None:
    box = Glass(clock, answer=Receipt("unknown"), late=timedelta.max / 1000)
    run(ledger, clock, box, keys="a")
    box.answer, box.late = Receipt("sent"), timedelta()
    assert () == run(ledger, clock, box, after=9 * MINUTE).sent
    assert "in_doubt" == states(ledger)
    assert ["a"] == [one.key for one in run(ledger, clock, box, after=MINUTE).sent]
    assert {"a": 1} == box.accepted


def test_what_an_interrupted_run_was_sending_is_looked_for(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    run(ledger, clock, keys="ab")
    with open_ledger(tmp_path / "ledger.sqlite") as other:
        assert ("a", "b") == other.claim(("a", "b"), NOON)
        assert all(other.mark_at_risk(key, "box", NOON, "box", NOON + MINUTE) for key in "ab")
    box = Glass(clock, sees=lambda: "unknown")
    box.take("a")
    outcome = run(ledger, clock, box, after=MINUTE)
    assert ("in_doubt in_doubt", ["a", "b"], 1) == (
        states(ledger),
        [one.key for one in outcome.in_doubt],
        outcome.exit_code,
    )
    box.sees = None
    outcome = run(ledger, clock, box, after=9 * MINUTE)
    assert ("sent in_doubt", ["a"]) == (states(ledger), [one.key for one in outcome.sent])
    run(ledger, clock, box, after=MINUTE)
    assert ("sent sent", {"a": 1, "b": 1}) == (states(ledger), box.accepted)


@pytest.mark.parametrize(("problem", "looks"), [(ChannelDownError("closed"), 1), (OSError("odd"), 3)])
def test_a_look_that_fails_changes_nothing_and_is_not_repeated_for_everybody(
    ledger: Ledger, clock: Clock, problem: Exception, looks: int
) -> None:
    def fail() -> Seen:
        raise problem

    box = Glass(clock, answer=Receipt("unknown"), sees=fail)
    run(ledger, clock, box, keys="abcde")
    run(ledger, clock, box, after=timedelta(hours=1))
    assert " ".join(["in_doubt"] * 5) == states(ledger)
    assert looks == box.looks


def test_a_receiver_that_drops_repeats_gets_it_again_by_itself(ledger: Ledger, clock: Clock) -> None:
    box = Sieve(clock, answer=Receipt("unknown", "no answer"))
    assert 0 == run(ledger, clock, box, keys="a").exit_code
    assert "deferred" == states(ledger)
    box.answer = Receipt("sent")
    assert ["a"] == [one.key for one in run(ledger, clock, box, after=5 * MINUTE).sent]
    assert (["a", "a"], {"a": 1}) == (box.commits, box.accepted)
    assert () == ledger.doubts()


def test_what_an_interrupted_run_was_sending_is_repeated_while_that_does_no_harm(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    run(ledger, clock, keys="ab")
    with open_ledger(tmp_path / "ledger.sqlite") as other:
        other.claim(("a", "b"), NOON)
        other.mark_at_risk("a", "box", NOON, "box", NOON)
        other.mark_at_risk("b", "box", NOON, "box", NOON - timedelta(hours=1))
    outcome = run(ledger, clock, box := Sieve(clock), after=30 * MINUTE)
    assert (["a"], ["b"]) == ([one.key for one in outcome.sent], [one.key for one in outcome.in_doubt])
    assert ["a"] == box.commits


def test_after_the_window_it_is_left_to_a_person(ledger: Ledger, clock: Clock) -> None:
    box = Sieve(clock, answer=Receipt("unknown"))
    run(ledger, clock, box, keys="a")
    box.answer = Receipt("sent")
    outcome = run(ledger, clock, box, after=timedelta(hours=1))
    assert (["a"], 1, "in_doubt") == ([one.key for one in outcome.in_doubt], outcome.exit_code, states(ledger))
    assert (["a"], ()) == (box.commits, run(ledger, clock, box, after=MINUTE).sent)
    ledger.settle_doubts(("a",), False, clock.now)
    assert ["a"] == [one.key for one in run(ledger, clock, box, after=MINUTE).sent]


@pytest.mark.parametrize("second", ["unknown", "deferred"])
def test_the_window_begins_with_the_first_attempt_whatever_later_ones_come_to(
    ledger: Ledger, clock: Clock, second: Literal["unknown", "deferred"]
) -> None:
    box = Sieve(clock, answer=Receipt("unknown"))
    run(ledger, clock, box, keys="a")
    box.answer = Receipt(second, retry_after=MINUTE)
    run(ledger, clock, box, after=40 * MINUTE)
    assert "deferred" == states(ledger)
    box.answer = Receipt("sent")
    run(ledger, clock, box, after=30 * MINUTE)
    assert (["a", "a"], "in_doubt") == (box.commits, states(ledger))


def test_a_window_that_ends_while_a_run_prepares_is_over(ledger: Ledger, clock: Clock) -> None:
    box = Sieve(clock, answer=Receipt("unknown"))
    run(ledger, clock, box, keys="a")
    box.on_prepare = lambda: setattr(clock, "now", NOON + timedelta(hours=1))
    outcome = run(ledger, clock, box, after=59 * MINUTE)
    assert (["a"], ["a"], "in_doubt") == (box.commits, [one.key for one in outcome.in_doubt], states(ledger))


def test_a_clock_that_was_set_back_proves_nothing(ledger: Ledger, clock: Clock) -> None:
    sieve = Sieve(clock, answer=Receipt("unknown"))
    run(ledger, clock, sieve, keys="a")
    run(ledger, clock, sieve, after=-MINUTE)
    assert "in_doubt" == states(ledger)
    assert ["a"] == sieve.commits


def test_a_doubt_is_about_one_channel_and_nothing_is_repeated_by_another(ledger: Ledger, clock: Clock) -> None:
    box, other = Sieve(clock, answer=Receipt("unknown")), Sieve(clock, name="other")
    run(ledger, clock, box, keys="a")
    box.answer = Receipt("sent")
    assert ["box"] == [one.channel for one in run(ledger, clock, other, box, after=10 * MINUTE).sent]
    box.answer = Receipt("unknown")
    run(ledger, clock, box, keys="b")
    outcome = run(ledger, clock, other, after=10 * MINUTE)
    assert (["b"], []) == ([one.key for one in outcome.in_doubt], other.commits)


def test_a_repeat_that_is_refused_settles_no_doubt_and_goes_by_no_other_channel(ledger: Ledger, clock: Clock) -> None:
    box, other = Sieve(clock, answer=Receipt("unknown")), Box(clock, name="other")
    run(ledger, clock, box, other, keys="a")
    box.answer = Receipt("failed", "422", bad_address=True)
    run(ledger, clock, box, other, after=10 * MINUTE)
    run(ledger, clock, box, other, after=timedelta(hours=1))
    assert ([], "in_doubt", ()) == (other.commits, states(ledger), ledger.unreachable())


def test_what_may_have_arrived_never_counts_as_expired(ledger: Ledger, clock: Clock) -> None:
    box = Sieve(clock, answer=Receipt("unknown"), harmless_for=timedelta(days=900))
    run(ledger, clock, box, keys="a")
    late = max(one.expires for one in ledger.transmissions(("a",))) - clock.now
    outcome = run(ledger, clock, box, after=late)
    assert ((), ["a"], ["a"]) == (outcome.expired, [one.key for one in outcome.in_doubt], box.commits)


def test_of_doubts_from_earlier_versions_no_moment_is_known_and_none_is_assumed(ledger: Ledger, clock: Clock) -> None:
    box = Glass(clock, answer=Receipt("unknown"), late=timedelta.max / 1000)
    run(ledger, clock, box, keys="a")
    with ledger._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE transmissions SET marked_at = NULL, doubt_since = NULL")
    run(ledger, clock, box, after=timedelta(days=1))
    run(ledger, clock, evolve(Sieve(clock), harmless_for=timedelta(days=9)))
    assert "in_doubt" == states(ledger)
