"""What a run sends, what it leaves, and what it says about it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field

from mentorkit.core.contracts import Channel, ChannelSetting, Outgoing, Receipt
from mentorkit.core.deliveries import Transmission
from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError, RefusedError, RunError
from mentorkit.core.outcome import Item, Outcome
from mentorkit.core.plan import Newcomer, Plan
from mentorkit.core.roster import Person
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.running.channels import OpenChannel, open_channel
from mentorkit.running.delivering import Ways, carry_out, deliver
from mentorkit.testing import a_person, a_plan, a_transmission

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)


@define
class Post:
    """A channel in memory; `on_prepare` and `on_commit` are called with the key."""

    leaves_machine: bool = True
    repeat_is_harmless: bool = False
    name: str = "post"
    summary: str = "in memory"
    options: None = None
    on_reach: Callable[[Person | None, str], bool] = lambda person, address: True
    on_prepare: Callable[[str], object] = lambda key: None
    on_commit: Callable[[str], Receipt] = lambda key: Receipt("sent", f"{key} accepted")
    accepted: list[str] = field(factory=list)
    abandoned: list[str] = field(factory=list)

    def open(self, options: None, setting: ChannelSetting) -> Channel:
        return self

    @property
    def opened(self) -> OpenChannel:
        return OpenChannel(self.name, self, self)

    def reaches(self, person: Person | None, address: str) -> bool:
        return self.on_reach(person, address)

    def prepare(self, outgoing: Outgoing) -> Parcel:
        self.on_prepare(outgoing.key)
        return Parcel(self, outgoing.key)


@define
class Parcel:
    post: Post
    key: str

    def commit(self) -> Receipt:
        receipt = self.post.on_commit(self.key)
        self.post.accepted.append(self.key)
        return receipt

    def abandon(self) -> None:
        self.post.abandoned.append(self.key)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite", create_for="pilot", durable=False) as opened:
        yield opened


def compose(one: Transmission) -> Outgoing:
    return Outgoing(one.key, "Ada", "ada@example.org", "", "", "Hello", "Hello.", "", one.due, f"{one.key}@pilot")


def three(**changes: Any) -> Plan:
    due = tuple(a_transmission(key, 1, "17") for key in "abc")
    return evolve(a_plan(newcomers=(Newcomer(1, "17"),), due=due), **changes)


def again(ledger: Ledger, at: datetime = NOON) -> Plan:
    return a_plan(at=at, ledger_id=ledger.id, mark=ledger.read().mark)


def run(ledger: Ledger, post: Post, plan: Plan | None = None) -> Outcome:
    outcome = carry_out(plan or again(ledger), ledger, [post.opened], compose)
    ledger.check()
    return outcome


def states(ledger: Ledger) -> str:
    """Return states of a, b, c in short."""
    return " ".join(known.state for _, known in sorted(ledger.read().transmissions.items()))


def keys(items: tuple[Item, ...]) -> str:
    return "".join(item.key for item in items)


def test_everything_due_is_sent_once(ledger: Ledger) -> None:
    post = Post()
    outcome = run(ledger, post, three())
    assert tuple(Item(key, key, 1, f"{key} accepted", "post") for key in "abc") == outcome.sent
    assert (0, 0, False) == (outcome.exit_code, outcome.waiting, outcome.interrupted)
    assert Outcome() == run(ledger, post)
    assert ["a", "b", "c"] == post.accepted


def test_progress_is_told(ledger: Ledger) -> None:
    post, told = Post(), []
    carry_out(three(), ledger, [post.opened], compose, on_progress=lambda done, total: told.append((done, total)))
    assert [(1, 3), (2, 3), (3, 3)] == told


def test_what_left_the_machine_is_told_beforehand_and_what_did_not_is_not(ledger: Ledger) -> None:
    said: list[str] = []
    post = Post(on_prepare=lambda key: said.append(f"prepare {key}"), on_commit=lambda key: _said(said, key))
    carry_out(three(), ledger, [post.opened], compose, before_leaving=lambda: said.append("leaving"))
    assert [word for key in "abc" for word in (f"prepare {key}", "leaving", key)] == said


def test_nothing_leaves_where_that_cannot_be_remembered(ledger: Ledger) -> None:
    def refuse() -> None:
        raise RunError("no space")

    post = Post()
    with pytest.raises(RunError):
        carry_out(three(), ledger, [post.opened], compose, before_leaving=refuse)
    assert [] == post.accepted
    assert "due due due" == states(ledger)
    inside = Post(leaves_machine=False)
    carry_out(again(ledger), ledger, [inside.opened], compose, before_leaving=refuse)
    assert ["a", "b", "c"] == inside.accepted


def test_a_stale_plan_sends_nothing(ledger: Ledger) -> None:
    run(ledger, Post(), three())
    post = Post()
    with pytest.raises(RefusedError, match="stale"):
        run(ledger, post, three())
    assert [] == post.accepted


def test_receipts_become_states_and_an_exit_code(ledger: Ledger) -> None:
    receipts = {"a": Receipt("failed", "gone"), "b": Receipt("deferred", "busy"), "c": Receipt("unknown", "?")}
    outcome = run(ledger, Post(on_commit=lambda key: receipts[key]), three())
    assert ("a", "b", "c", 1) == (
        keys(outcome.failed),
        keys(outcome.deferred),
        keys(outcome.in_doubt),
        outcome.exit_code,
    )
    assert "failed deferred in_doubt" == states(ledger)
    later = run(ledger, post := Post(), again(ledger, NOON + timedelta(minutes=5)))
    assert ("b", 0) == (keys(later.sent), later.exit_code)
    assert ["b"] == post.accepted


def test_deferred_alone_is_no_failure(ledger: Ledger) -> None:
    outcome = run(ledger, Post(on_commit=lambda key: Receipt("deferred")), three())
    assert ("abc", 0) == (keys(outcome.deferred), outcome.exit_code)


def test_an_exception_at_the_commit_is_a_doubt(ledger: Ledger) -> None:
    outcome = run(ledger, Post(on_commit=lambda key: _raise(OSError(f"{key}: broken pipe"))), three())
    assert "abc" == keys(outcome.in_doubt)
    assert "OSError: a: broken pipe" == outcome.in_doubt[0].detail
    later = Post()
    assert ((), []) == (run(ledger, later).sent, later.accepted)


@pytest.mark.parametrize("made", [None, "sent", Receipt("delivered")])  # type: ignore[arg-type]
def test_what_is_no_receipt_leaves_it_open_whether_it_arrived(ledger: Ledger, made: Any) -> None:
    outcome = run(ledger, Post(on_commit=lambda key: made), three())
    assert ("abc", 1) == (keys(outcome.in_doubt), outcome.exit_code)
    assert "for a receipt" in outcome.in_doubt[0].detail


def test_a_channel_that_exits_ends_no_run(ledger: Ledger) -> None:
    outcome = run(ledger, Post(on_commit=lambda key: _raise(SystemExit(3))), three())
    assert "abc" == keys(outcome.in_doubt)
    with open_ledger(ledger.path.with_name("other.sqlite"), create_for="pilot", durable=False) as other:
        prepared = run(other, Post(on_prepare=lambda key: _raise(SystemExit(3)) if key == "b" else None), three())
    assert ("ac", "b") == (keys(prepared.sent), keys(prepared.unprepared))


def test_what_is_no_prepared_delivery_is_not_sent_and_named(ledger: Ledger) -> None:
    class Absent(Post):
        def prepare(self, outgoing: Outgoing) -> Any:
            return None

    outcome = run(ledger, Absent(), three())
    assert ("abc", 1) == (keys(outcome.unprepared), outcome.exit_code)
    assert "due due due" == states(ledger)


def test_where_a_repeat_is_harmless_it_is_repeated(ledger: Ledger) -> None:
    post = Post(on_commit=lambda key: _raise(OSError("io")), leaves_machine=False, repeat_is_harmless=True)
    assert "abc" == keys(run(ledger, post, three()).deferred)
    post.on_commit = lambda key: Receipt("sent")
    assert "abc" == keys(run(ledger, post, again(ledger, NOON + timedelta(hours=1))).sent)


def test_what_cannot_be_prepared_is_tried_again_by_a_later_run(ledger: Ledger) -> None:
    post = Post(on_prepare=lambda key: _raise(ValueError("two addresses")) if key == "b" else None)
    outcome = run(ledger, post, three())
    assert ("ac", "b", 1) == (keys(outcome.sent), keys(outcome.unprepared), outcome.exit_code)
    assert "ValueError: two addresses" == outcome.unprepared[0].detail
    assert "sent due sent" == states(ledger)
    assert "b" == keys(run(ledger, Post()).sent)


def test_a_channel_that_is_down_is_not_asked_for_everybody(ledger: Ledger) -> None:
    asked: list[str] = []

    def refuse(key: str) -> None:
        asked.append(key)
        raise ConnectionRefusedError

    due = tuple(a_transmission(f"s{n:02d}", 1, "17") for n in range(40))
    outcome = run(ledger, Post(on_prepare=refuse), three(due=due))
    assert ["s00", "s01", "s02", "s03", "s04"] == asked
    assert (5, 35, 1) == (len(outcome.unprepared), outcome.waiting, outcome.exit_code)
    assert {"due"} == {known.state for known in ledger.read().transmissions.values()}


def test_who_cannot_be_reached_waits(ledger: Ledger) -> None:
    post = Post()
    outcome = carry_out(three(), ledger, [post.opened], lambda one: None if one.key == "b" else compose(one))
    assert ("ac", "b", 0) == (keys(outcome.sent), keys(outcome.unreached), outcome.exit_code)
    assert "sent due sent" == states(ledger)


def test_a_channel_is_asked_whom_it_reaches(ledger: Ledger) -> None:
    asked: list[tuple[str | None, str]] = []

    def reaches(person: Person | None, address: str) -> bool:
        asked.append((person.id if person else None, address))
        return len(asked) != 2

    post = Post(on_reach=reaches)
    outcome = carry_out(three(), ledger, [post.opened], compose, people={"17": a_person("17")})
    assert [("17", "17@example.org")] * 3 == asked
    assert ("ac", "b", 0) == (keys(outcome.sent), keys(outcome.unreached), outcome.exit_code)
    assert "sent due sent" == states(ledger)


def test_a_message_that_cannot_be_composed_stops_the_run_and_leaves_the_rest_due(ledger: Ledger) -> None:
    def broken(one: Transmission) -> Outgoing:
        return compose(one) if one.key == "a" else _raise(RefusedError("no text"))

    post = Post()
    with pytest.raises(RefusedError):
        carry_out(three(), ledger, [post.opened], broken)
    assert "sent due due" == states(ledger)


def test_a_text_that_cannot_be_written_for_somebody_waits_and_keeps_nobody_else_from_their_mail(ledger: Ledger) -> None:
    wrong = error("message-forbidden", "division by zero").at("messages/hello.md", 4)

    def broken(one: Transmission) -> Outgoing:
        return _raise(ProgramError([wrong])) if one.key == "b" else compose(one)

    outcome = carry_out(three(), ledger, [Post().opened], broken)
    assert ("ac", "b", 1, ()) == (keys(outcome.sent), keys(outcome.unprepared), outcome.exit_code, outcome.down)
    assert ["messages/hello.md:4: division by zero"] == [one.detail for one in outcome.unprepared]
    assert "sent due sent" == states(ledger)
    assert "b" == keys(run(ledger, Post(), again(ledger)).sent)


def test_what_waited_too_long_is_named_and_not_sent(ledger: Ledger) -> None:
    run(ledger, Post(on_prepare=lambda key: _raise(OSError())), three())
    outcome = run(ledger, post := Post(), again(ledger, NOON + timedelta(days=7)))
    assert ("abc", []) == (keys(outcome.expired), post.accepted)


def test_what_the_plan_met_too_late_is_named(ledger: Ledger) -> None:
    outcome = run(ledger, post := Post(), three(due=(), expired=(a_transmission("old", 1, "17"),)))
    assert ("old", [], 0) == (keys(outcome.expired), post.accepted, outcome.exit_code)


def test_an_adopted_ledger_names_nothing_as_too_late_that_it_assumes_sent(ledger: Ledger) -> None:
    ledger.adopt(NOON, NOON)
    plan = evolve(three(due=(), expired=(a_transmission("old", 1, "17"),)), ledger_id=ledger.id, mark=1)
    assert Outcome() == run(ledger, Post(), plan)


@pytest.mark.parametrize("point", ["prepare", "commit"])
def test_an_interrupted_run_is_continued(ledger: Ledger, point: str) -> None:
    def die(key: str) -> Receipt:
        return _raise(KeyboardInterrupt()) if key == "b" else Receipt("sent")

    post = Post(on_prepare=die) if point == "prepare" else Post(on_commit=die)
    with pytest.raises(KeyboardInterrupt):
        run(ledger, post, three())
    with open_ledger(ledger.path) as second:
        outcome = run(second, later := Post())
    if point == "prepare":
        assert ("bc", "", 0) == (keys(outcome.sent), keys(outcome.in_doubt), outcome.exit_code)
    else:
        assert ("c", "b", 1) == (keys(outcome.sent), keys(outcome.in_doubt), outcome.exit_code)
    assert [] == [key for key in post.accepted if key in later.accepted]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_the_message_in_hand_be_finished(ledger: Ledger, number: signal.Signals) -> None:
    before = signal.getsignal(number)

    def kill_at_b(key: str) -> Receipt:
        if key == "b":
            os.kill(os.getpid(), number)
        return Receipt("sent")

    outcome = run(ledger, Post(on_commit=kill_at_b), three())
    assert ("ab", 1, True, 130) == (keys(outcome.sent), outcome.waiting, outcome.interrupted, outcome.exit_code)
    assert "sent sent due" == states(ledger)
    assert before == signal.getsignal(number)


def test_a_second_signal_ends_at_once_and_names_the_doubt_later(ledger: Ledger) -> None:
    def kill_twice(key: str) -> Receipt:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        return Receipt("sent")

    with pytest.raises(KeyboardInterrupt):
        run(ledger, Post(on_commit=kill_twice), three())
    with open_ledger(ledger.path) as second:
        outcome = run(second, Post())
    assert ("bc", "a") == (keys(outcome.sent), keys(outcome.in_doubt))


@pytest.mark.parametrize("point", ["on_prepare", "on_commit"])
def test_a_ledger_that_cannot_be_written_stops_the_run_at_once(ledger: Ledger, point: str) -> None:
    def break_ledger(key: str) -> Receipt:
        with ledger._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        return Receipt("sent")

    post = Post()
    setattr(post, point, break_ledger)
    with pytest.raises(RunError, match="nothing was sent after this"):
        carry_out(three(), ledger, [post.opened], compose)
    assert (["a"] if point == "on_prepare" else []) == post.abandoned
    with open_ledger(ledger.path) as second:
        outcome = run(second, later := Post())
    assert ["a", "b", "c"] == sorted(post.accepted + later.accepted)
    assert ("" if point == "on_prepare" else "a") == keys(outcome.in_doubt)


def test_what_another_took_over_is_not_sent(ledger: Ledger) -> None:
    def take_over(key: str) -> None:
        if key == "a":
            with open_ledger(ledger.path) as second:
                second.recover((), NOON)
                deliver(second, Ways([other.opened], compose), NOON)

    other, post = Post(), Post(on_prepare=take_over)
    outcome = run(ledger, post, three())
    assert ["a", "b", "c"] == other.accepted
    assert ([], "") == (post.accepted, keys(outcome.sent))
    assert "sent sent sent" == states(ledger)


def test_a_channel_that_cannot_be_opened_is_named() -> None:
    class Closed(Post):
        def open(self, options: None, setting: ChannelSetting) -> Channel:
            raise ConnectionRefusedError("port 25")

    with pytest.raises(RunError, match=r"post cannot be opened: ConnectionRefusedError: port 25; nothing was sent"):
        open_channel(Closed(), None, ChannelSetting("/nowhere"))


def _said(said: list[str], key: str) -> Receipt:
    said.append(key)
    return Receipt("sent")


def _raise(problem: BaseException) -> Any:
    raise problem


def test_what_waits_for_those_who_are_gone_is_dropped_before_anything_is_sent(ledger: Ledger) -> None:
    post = Post()
    both = evolve(three(), newcomers=(Newcomer(1, "17"), Newcomer(2, "18")))
    ledger.record_plan(evolve(both, due=(*both.due, a_transmission("d", 2, "18"))))
    with open_ledger(ledger.path) as killed:
        killed.claim(killed.waiting(NOON)[:2], NOON)
    outcome = carry_out(again(ledger), ledger, [post.opened], compose, gone={1})
    ledger.check()
    assert "superseded superseded superseded sent" == states(ledger)
    assert ("d", 0) == (keys(outcome.sent), outcome.waiting)
    assert ["d"] == post.accepted
