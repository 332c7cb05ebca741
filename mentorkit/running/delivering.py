"""Carrying out a plan: write it into the ledger, then send what is due, one transmission at a time.

Nothing is decided here: what goes out stands in the plan, or in the ledger from a run that was interrupted. The order
of marks and deeds is what makes interruptions harmless; docs/explanation/reliability.md explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field, frozen

from mentorkit.core.contracts import Receipt
from mentorkit.core.deliveries import Transmission
from mentorkit.core.errors import MentorkitError, RunError
from mentorkit.core.outcome import Item, Outcome
from mentorkit.core.plan import Plan
from mentorkit.running.stopping import Stop, stop_when_asked

if TYPE_CHECKING:
    from mentorkit.core.contracts import Channel, ChannelKind, ChannelSetting, Outgoing, Prepared
    from mentorkit.core.roster import Person
    from mentorkit.ledger import Ledger

Compose = Callable[[Transmission], "Outgoing | None"]
"""From a transmission to its message; None where its recipient cannot be reached now."""

BATCH = 25
"""How many transmissions are claimed in one go."""

FAILURES_IN_A_ROW = 5
"""So many messages in a row that cannot be prepared are the channel's fault, and the rest waits for a later run."""

TALLIED = {"sent": "sent", "failed": "failed", "deferred": "deferred", "unknown": "in_doubt"}


def open_channel(kind: ChannelKind, options: Any, setting: ChannelSetting) -> Channel:
    """Return an open channel.

    Raises:
        RunError: it cannot be opened; the message says why.
    """
    try:
        return kind.open(options, setting)
    except MentorkitError:
        raise
    except Exception as problem:
        raise RunError(f"the channel {kind.name} cannot be opened: {_said(problem)}; nothing was sent") from problem


@frozen(eq=False)
class Way:
    """The one way out that a run uses.

    Attributes:
        compose: makes the message.
        on_progress: told how many transmissions are done, of how many, after each.
        after_claim: called after a batch is claimed, before any of it is prepared.
        before_leaving: called before a message leaves the machine.
        people: whom the channel may ask itself about whether it reaches them, by id.
        gone: running numbers of those who have left: nothing that waits for them goes out.
        held: keys of what waits for people who are away, and is not tried.
    """

    kind: ChannelKind
    channel: Channel
    compose: Compose
    on_progress: Callable[[int, int], object] = lambda _done, _all: None
    after_claim: Callable[[], object] = lambda: None
    before_leaving: Callable[[], object] = lambda: None
    people: Mapping[str, Person] = field(factory=dict)
    gone: Collection[int] = ()
    held: Collection[str] = ()

    def prepare(self, one: Transmission, outgoing: Outgoing) -> Prepared | None:
        """Return a delivery of which everything that can be undone is done; None: it does not reach them."""
        person = self.people.get(one.recipient.id) if one.recipient.kind == "person" else None
        return self.channel.prepare(outgoing) if self.channel.reaches(person, outgoing.to_address) else None


def carry_out(
    plan: Plan,
    ledger: Ledger,
    channel_kind: ChannelKind,
    channel: Channel,
    compose: Compose,
    *,
    on_progress: Callable[[int, int], object] = lambda _done, _all: None,
    after_claim: Callable[[], object] = lambda: None,
    before_leaving: Callable[[], object] = lambda: None,
    people: Mapping[str, Person] | None = None,
    gone: Collection[int] = (),
    held: Collection[str] = (),
) -> Outcome:
    """Record a plan and send what is due.

    Args:
        plan: what to do, and the moment to act as of.
        ledger: held by this process alone.
        channel_kind: says whether deliveries leave the machine and whether repeating one does harm.
        channel: an open channel of that kind.
        compose: makes the message, or returns None where its recipient cannot be reached; first called after the plan
            is recorded, outside any transaction.
        on_progress: told how many transmissions are done, of how many, after each.
        after_claim: called after the plan is recorded and after each batch is claimed, before any of it is prepared:
            what it raises ends the run with nothing sent after that.
        before_leaving: called before a message leaves the machine; every time.
        people: the roster's people by id, for the channel to say whom it reaches.
        gone: running numbers of those who have left: what waits for them from an interrupted run is dropped.
        held: keys of what waits for people who are away: it goes on waiting.

    Raises:
        RefusedError: the plan is stale; nothing was done.
        RunError: the ledger could not be written; nothing was sent after that.
    """
    expired = ledger.record_plan(plan)
    after_claim()
    way = Way(channel_kind, channel, compose, on_progress, after_claim, before_leaving, people or {}, gone, held)
    outcome = deliver(ledger, way, plan.at)
    too_late = tuple(_item(one) for one in plan.expired if one.key in expired)
    return evolve(outcome, expired=too_late + outcome.expired)


def deliver(ledger: Ledger, way: Way, at: datetime) -> Outcome:
    """Send what the ledger says is due at a moment, after taking over what interrupted runs left.

    Raises:
        RunError: the ledger could not be written; nothing was sent after that.
    """
    harmless = (way.kind.name,) if way.kind.repeat_is_harmless else ()
    doubtful = ledger.transmissions(ledger.recover(harmless, at))
    ledger.supersede_for(way.gone, at)
    expired = ledger.transmissions(ledger.expire(at))
    tally = _Tally(total=ledger.waits(at, way.held), set_aside=set(way.held))
    tally.items["in_doubt"] += [_item(one, "an interrupted run was sending it") for one in doubtful]
    tally.items["expired"] += [_item(one) for one in expired]
    with stop_when_asked() as stop:
        while not (stop.asked or tally.blocked):
            batch = ledger.claim(at, way.kind.name, BATCH, tally.set_aside)
            if not batch:
                break
            _send_batch(ledger, way, at, batch, tally, stop)
    return Outcome(
        **{name: tuple(items) for name, items in tally.items.items()},
        waiting=tally.total - tally.done,
        interrupted=stop.asked,
    )


@define
class _Tally:
    """What has become of what so far."""

    total: int
    done: int = 0
    unprepared_in_a_row: int = 0
    set_aside: set[str] = field(factory=set)
    items: dict[str, list[Item]] = field(
        factory=lambda: {
            name: [] for name in ("sent", "failed", "deferred", "unprepared", "unreached", "in_doubt", "expired")
        }
    )

    @property
    def blocked(self) -> bool:
        return self.unprepared_in_a_row >= FAILURES_IN_A_ROW

    def add(self, name: str, one: Transmission, detail: str) -> None:
        self.items[name].append(_item(one, detail))
        self.done += 1
        self.unprepared_in_a_row = self.unprepared_in_a_row + 1 if name == "unprepared" else 0
        if name in ("unprepared", "unreached"):
            self.set_aside.add(one.key)


def _item(one: Transmission, detail: str = "") -> Item:
    return Item(one.key, one.step, one.recipient.number, detail)


def _send_batch(
    ledger: Ledger, way: Way, at: datetime, batch: Sequence[Transmission], tally: _Tally, stop: Stop
) -> None:
    rest = list(batch)
    try:
        way.after_claim()
        while rest and not (stop.asked or tally.blocked):
            _send(ledger, way, at, rest[0], tally)
            del rest[0]
            way.on_progress(tally.done, tally.total)
    except BaseException:
        with suppress(RunError):  # the first problem is the one to tell; what stays claimed is recovered
            ledger.release([one.key for one in rest], at)
        raise
    ledger.release([one.key for one in rest], at)


def _send(ledger: Ledger, way: Way, at: datetime, one: Transmission, tally: _Tally) -> None:
    outgoing = way.compose(one)
    try:
        prepared = way.prepare(one, outgoing) if outgoing is not None else None
    except Exception as problem:
        ledger.release([one.key], at, _said(problem))
        tally.add("unprepared", one, _said(problem))
        return
    if prepared is None:
        ledger.release([one.key], at, "cannot be reached")
        tally.add("unreached", one, "")
        return
    receipt = _send_prepared(ledger, way, at, one, prepared)
    if receipt is not None:
        tally.add(TALLIED[receipt.outcome], one, receipt.detail)


def _send_prepared(ledger: Ledger, way: Way, at: datetime, one: Transmission, prepared: Prepared) -> Receipt | None:
    """Set the mark, do the deed, write what became of it; None: the transmission is somebody else's by now."""
    try:
        if way.kind.leaves_machine:
            way.before_leaving()
        ours = ledger.mark_at_risk(one.key, at)
    except BaseException:
        prepared.abandon()
        raise
    if not ours:
        prepared.abandon()
        return None
    receipt = _commit(prepared, way.kind)
    ledger.settle(one.key, receipt, at)
    return receipt


def _commit(prepared: Prepared, kind: ChannelKind) -> Receipt:
    try:
        receipt = prepared.commit()
    except Exception as problem:
        receipt = Receipt("unknown", _said(problem))
    if receipt.outcome == "unknown" and kind.repeat_is_harmless:
        return Receipt("deferred", receipt.detail)
    return receipt


def _said(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
