"""Carrying out a plan: write it into the ledger, then send what is due, one transmission at a time.

Nothing is decided here: what goes out stands in the plan, or in the ledger from a run that was interrupted, and by
which channel, `mentorkit.core.routing` says. The order of marks and deeds is what makes interruptions harmless;
docs/explanation/reliability.md explains it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from mentorkit import clock
from mentorkit.core.contracts import ChannelDownError, Receipt
from mentorkit.core.deliveries import Doubt, Transmission
from mentorkit.core.errors import RunError
from mentorkit.core.outcome import Down, Item, Outcome
from mentorkit.core.plan import Plan
from mentorkit.core.program import INVITATION
from mentorkit.core.roster import Person
from mentorkit.core.routing import Routes
from mentorkit.incoming_mail import Bounced
from mentorkit.running.channels import OpenChannel, routes_of, said
from mentorkit.running.doubts import look_into, may_repeat
from mentorkit.running.stopping import Stop, stop_when_asked

if TYPE_CHECKING:
    from mentorkit.core.contracts import Outgoing, Prepared
    from mentorkit.ledger import Ledger

Compose = Callable[[Transmission], "Outgoing | None"]
"""From a transmission to its message; None where its recipient is not there any more."""

BATCH = 25
"""How many transmissions are claimed in one go."""

FAILURES_IN_A_ROW = 5
"""So many messages in a row that cannot be prepared are the channel's fault, and the rest of its waits."""

TOO_LATE = "an earlier attempt may have arrived, and it is too late to repeat it"

TALLIED = {"sent": "sent", "failed": "failed", "deferred": "deferred", "unknown": "in_doubt"}


@define(frozen=True, slots=False, eq=False)
class Ways:
    """The ways out that a run uses.

    Attributes:
        channels: in the program's order.
        compose: makes the message.
        on_progress: told how many transmissions are done, of how many, after each.
        after_claim: called after a batch is claimed, before any of it is prepared.
        before_leaving: called before a message leaves the machine.
        people: the roster's people, by id.
        contacts: mail addresses of contacts, by name.
        gone: running numbers of those who have left: nothing that waits for them goes out.
        held: keys of what waits for people who are away, and is not tried.
        bounced: messages that have come back.
        now: the clock, for how long ago an attempt was.
    """

    channels: Sequence[OpenChannel]
    compose: Compose
    on_progress: Callable[[int, int], object] = lambda _done, _all: None
    after_claim: Callable[[], object] = lambda: None
    before_leaving: Callable[[], object] = lambda: None
    people: Mapping[str, Person] = field(factory=dict)
    contacts: Mapping[str, str] = field(factory=dict)
    gone: Collection[int] = ()
    held: Collection[str] = ()
    bounced: Sequence[Bounced] = ()
    now: Callable[[], datetime] = clock.now

    @cached_property
    def by_name(self) -> Mapping[str, OpenChannel]:
        """The channels by their names."""
        return {one.name: one for one in self.channels}

    @cached_property
    def routes(self) -> Routes:
        """By which channel messages and invitations reach whom."""
        return routes_of(self.channels, self.people, self.contacts)

    def first(self, one: Transmission, but: Collection[str] = ()) -> str:
        """Return the name of the channel that a transmission goes by, `but` those named; "" where there is none."""
        return self.routes.first(one.recipient, but, invitation=one.step == INVITATION)

    @property
    def harmless(self) -> tuple[str, ...]:
        """Names of the kinds of channels by which a repeated delivery does no harm."""
        return tuple(one.kind.name for one in self.channels if one.kind.repeat_is_harmless)


def carry_out(
    plan: Plan,
    ledger: Ledger,
    channels: Sequence[OpenChannel],
    compose: Compose,
    *,
    on_progress: Callable[[int, int], object] = lambda _done, _all: None,
    after_claim: Callable[[], object] = lambda: None,
    before_leaving: Callable[[], object] = lambda: None,
    people: Mapping[str, Person] | None = None,
    contacts: Mapping[str, str] | None = None,
    gone: Collection[int] = (),
    held: Collection[str] = (),
    bounced: Sequence[Bounced] = (),
    now: Callable[[], datetime] | None = None,
) -> Outcome:
    """Record a plan and send what is due.

    Args:
        plan: what to do, and the moment to act as of.
        ledger: held by this process alone.
        channels: open, in the order in which they are tried for somebody who prefers none.
        compose: makes the message, or returns None where its recipient is not there any more; first called after the
            plan is recorded, outside any transaction.
        on_progress: told how many transmissions are done, of how many, after each.
        after_claim: called after the plan is recorded and after each batch is claimed, before any of it is prepared:
            what it raises ends the run with nothing sent after that.
        before_leaving: called before a message leaves the machine; every time.
        people: the roster's people by id, for the channels to say whom they reach.
        contacts: mail addresses of contacts, by name, likewise.
        gone: running numbers of those who have left: what waits for them from an interrupted run is dropped.
        held: keys of what waits for people who are away: it goes on waiting.
        bounced: messages that have come back.
        now: the clock, by which it is told how long ago an attempt was; None: it stands still at the plan's moment.

    Raises:
        RefusedError: the plan is stale; nothing was done.
        RunError: the ledger could not be written; nothing was sent after that.
    """
    expired = ledger.record_plan(plan)
    after_claim()
    ways = Ways(
        channels,
        compose,
        on_progress,
        after_claim,
        before_leaving,
        people or {},
        contacts or {},
        gone,
        held,
        bounced,
        now or (lambda: plan.at),
    )
    outcome = deliver(ledger, ways, plan.at)
    too_late = tuple(_item(one) for one in plan.expired if one.key in expired)
    return evolve(outcome, expired=too_late + outcome.expired)


def deliver(ledger: Ledger, ways: Ways, at: datetime) -> Outcome:
    """Send what the ledger says is due at a moment, after taking over what interrupted runs left.

    Raises:
        RunError: the ledger could not be written; nothing was sent after that.
    """
    ways.routes.know(ledger.id, ledger.unreachable())
    returned = _take_back(ledger, ways, at)
    recovered = ledger.recover(ways.harmless, at)
    looked = look_into(ledger, ways, at)
    ledger.supersede_for(ways.gone, at)
    expired = ledger.transmissions(ledger.expire(at))
    keys = ledger.waiting(at, ways.held)
    tally = _Tally(total=len(keys), doubts=looked.repeated)
    told = dict.fromkeys(looked.doubtful.intersection(recovered), "an interrupted run was sending it")
    told |= dict.fromkeys(looked.held, TOO_LATE) | dict.fromkeys(looked.arrived, "it had arrived")
    for one in ledger.transmissions(tuple(told)):
        tally.items["sent" if one.key in looked.arrived else "in_doubt"].append(_item(one, told[one.key]))
    tally.items["expired"] += [_item(one) for one in expired]
    tally.items["failed"] += returned
    with stop_when_asked() as stop:
        for start in range(0, len(keys), BATCH):
            if stop.asked:
                break
            portion = keys[start : start + BATCH]
            ones = _on_their_way(ledger.transmissions(portion), ledger.refusals(portion), ways, tally)
            _send_batch(ledger, ways, at, ones, tally, stop)
    return Outcome(
        **{name: tuple(items) for name, items in tally.items.items()},
        passed_on=tuple(tally.passed_on),
        down=tuple(Down(name, reason, tally.kept[name]) for name, reason in sorted(tally.down.items())),
        waiting=tally.total - tally.done,
        interrupted=stop.asked,
    )


def _take_back(ledger: Ledger, ways: Ways, at: datetime) -> list[Item]:
    """Write down of messages that have come back that they did not arrive; return those that had counted as sent."""
    returned = []
    for bounced in ways.bounced:
        for one in ledger.transmissions([bounced.key]):
            lost = partial(ways.routes.lose, recipient=one.recipient) if bounced.bad_address else None
            if ledger.bounce(bounced.key, bounced.status, lost, at):
                returned.append(_item(one, f"came back: {bounced.status}"))
    return returned


@define
class _Tally:
    """What has become of what so far.

    Attributes:
        unprepared_in_a_row: by channel.
        down: channels that do not work, and why.
        kept: how many messages wait for each of these.
        passed_on: what a channel refused, and another one got.
        doubts: about earlier attempts of what is to be repeated, by key.
    """

    total: int
    doubts: Mapping[str, Doubt] = field(factory=dict)
    done: int = 0
    unprepared_in_a_row: Counter[str] = field(factory=Counter)
    down: dict[str, str] = field(factory=dict)
    kept: Counter[str] = field(factory=Counter)
    passed_on: list[Item] = field(factory=list)
    items: dict[str, list[Item]] = field(
        factory=lambda: {
            name: [] for name in ("sent", "failed", "deferred", "unprepared", "unreached", "in_doubt", "expired")
        }
    )

    def add(self, name: str, one: Transmission, detail: str = "", channel: str = "") -> None:
        self.items[name].append(_item(one, detail, channel))
        self.done += 1
        if name != "unprepared":
            del self.unprepared_in_a_row[channel]
            return
        self.unprepared_in_a_row[channel] += 1
        if self.unprepared_in_a_row[channel] >= FAILURES_IN_A_ROW:
            self.down[channel] = f"{FAILURES_IN_A_ROW} messages in a row could not be prepared; the last: {detail}"

    def keep(self, channel: str) -> None:
        """Count a message that waits because its channel is down."""
        self.kept[channel] += 1


def _item(one: Transmission, detail: str = "", channel: str = "") -> Item:
    return Item(one.key, one.step, one.recipient.number, detail, channel)


@define
class _Leaving:
    """A transmission on its way: the channel that it is to go by, and those that have refused it for good."""

    one: Transmission
    channel: OpenChannel
    refused: set[str]


def _on_their_way(
    ones: Sequence[Transmission], refusals: Mapping[str, tuple[str, ...]], ways: Ways, tally: _Tally
) -> list[_Leaving]:
    """Return what can be tried now, each with its channel: whom none reaches, and whose is down, is counted."""
    found: list[_Leaving] = []
    for one in ones:
        refused = set(refusals.get(one.key, ()))
        doubt = tally.doubts.get(one.key)
        name = doubt.channel if doubt else ways.first(one, refused)
        if not name:
            tally.add("unreached", one)
        elif name in tally.down:
            tally.keep(name)
        else:
            found.append(_Leaving(one, ways.by_name[name], refused))
    return found


def _send_batch(
    ledger: Ledger,
    ways: Ways,
    at: datetime,
    ones: Sequence[_Leaving],
    tally: _Tally,
    stop: Stop,
) -> None:
    claimed = ledger.claim([leaving.one.key for leaving in ones], at) if ones else ()
    rest = [leaving for leaving in ones if leaving.one.key in claimed]
    try:
        ways.after_claim()
        while rest and not stop.asked:
            _send(ledger, ways, at, rest[0], tally)
            del rest[0]
            ways.on_progress(tally.done, tally.total)
    except BaseException:
        with suppress(RunError):  # the first problem is the one to tell; what stays claimed is recovered
            ledger.release([leaving.one.key for leaving in rest], at)
        raise
    if rest:
        ledger.release([leaving.one.key for leaving in rest], at)


def _send(ledger: Ledger, ways: Ways, at: datetime, leaving: _Leaving, tally: _Tally) -> None:
    one = leaving.one
    outgoing = ways.compose(one)
    if outgoing is None:
        ledger.release([one.key], at, "cannot be reached")
        tally.add("unreached", one)
        return
    while _send_by(ledger, ways, at, leaving, outgoing, tally):
        pass


def _send_by(ledger: Ledger, ways: Ways, at: datetime, leaving: _Leaving, outgoing: Outgoing, tally: _Tally) -> bool:
    """Try the channel at hand; return whether it refused the message for good, and another one is to be tried."""
    one, channel = leaving.one, leaving.channel
    if channel.name in tally.down:
        ledger.release([one.key], at)
        tally.keep(channel.name)
        return False
    try:
        prepared = channel.prepare(outgoing, ways.routes.person(one.recipient))
    except ChannelDownError as problem:
        ledger.release([one.key], at, str(problem))
        tally.down[channel.name] = str(problem)
        tally.keep(channel.name)
        return False
    except Exception as problem:
        ledger.release([one.key], at, said(problem))
        tally.add("unprepared", one, said(problem), channel.name)
        return False
    doubt = tally.doubts.get(one.key)
    if doubt and not may_repeat(doubt, ways, at):
        prepared.abandon()
        ledger.hold_doubts([one.key], at)
        tally.add("in_doubt", one, TOO_LATE, channel.name)
        return False
    receipt = _send_prepared(ledger, ways, at, one, channel, prepared)
    return receipt is not None and _settle(ledger, ways, at, leaving, receipt, tally)


def _send_prepared(
    ledger: Ledger, ways: Ways, at: datetime, one: Transmission, channel: OpenChannel, prepared: Prepared
) -> Receipt | None:
    """Set the mark and do the deed; None: the transmission is somebody else's by now."""
    try:
        if channel.kind.leaves_machine:
            ways.before_leaving()
        ours = ledger.mark_at_risk(one.key, channel.name, at, channel.kind.name, ways.now())
    except BaseException:
        prepared.abandon()
        raise
    if not ours:
        prepared.abandon()
        return None
    return _commit(prepared)


def _settle(ledger: Ledger, ways: Ways, at: datetime, leaving: _Leaving, receipt: Receipt, tally: _Tally) -> bool:
    """Write what became of a deed; return whether the message is to go by another channel, which is set."""
    one, channel = leaving.one, leaving.channel
    if receipt.outcome == "failed" and one.key in tally.doubts:
        receipt = evolve(receipt, outcome="unknown")  # of this attempt; an earlier one may have been taken
    said_so = receipt.outcome == "failed" and receipt.bad_address
    address = (ways.routes.lose(channel.name, one.recipient),) if said_so else ()
    if receipt.outcome == "failed":
        leaving.refused.add(channel.name)
        if following := ways.first(one, leaving.refused):
            if ledger.pass_on(one.key, receipt, at, *address):
                leaving.channel = ways.by_name[following]
                tally.passed_on.append(_item(one, receipt.detail, channel.name))
                return True
            return False
    repeat = receipt.outcome == "unknown" and channel.harmless_for > timedelta()
    ledger.settle(one.key, receipt, at, *address, repeat=repeat)
    tally.add("deferred" if repeat else TALLIED[receipt.outcome], one, receipt.detail, channel.name)
    return False


def _commit(prepared: Prepared) -> Receipt:
    try:
        return prepared.commit()
    except Exception as problem:
        return Receipt("unknown", said(problem))
