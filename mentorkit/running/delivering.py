"""Carrying out a plan: write it into the ledger, then send what is due, one transmission at a time.

Nothing is decided here: what goes out stands in the plan, or in the ledger from a run that was interrupted, and by
which channel, `mentorkit.core.routing` says. The order of marks and deeds is what makes interruptions harmless;
docs/explanation/reliability.md explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property, partial
from itertools import takewhile
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from mentorkit import clock
from mentorkit.core.contracts import ChannelDownError
from mentorkit.core.deliveries import Doubt, Transmission
from mentorkit.core.errors import ProgramError, RunError
from mentorkit.core.outcome import Item, Outcome
from mentorkit.core.plan import Plan
from mentorkit.core.program import INVITATION
from mentorkit.core.roster import Person
from mentorkit.core.routing import Routes
from mentorkit.incoming_mail import Bounced
from mentorkit.running.bundling import bundled
from mentorkit.running.channels import OpenChannel, UnpreparedError, routes_of
from mentorkit.running.doubts import look_into, may_repeat
from mentorkit.running.parcels import Parcel, portions
from mentorkit.running.stopping import Stop, stop_when_asked
from mentorkit.running.tallying import Tally, item_of

if TYPE_CHECKING:
    from mentorkit.core.contracts import Outgoing, Prepared, Receipt
    from mentorkit.ledger import Ledger

Compose = Callable[[Transmission], "Outgoing | None"]
"""From a transmission to its message; None where its recipient is not there any more."""

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
        digest: whether all messages to one recipient go out as one.
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
    digest: bool = False
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
    digest: bool = False,
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
        digest: whether all messages to one recipient go out as one.
        now: the clock, by which it is told how long ago an attempt was; None: it stands still at the plan's moment.

    Raises:
        RefusedError: the plan is stale; nothing was done.
        RunError: the ledger could not be written; nothing was sent after that.
    """
    expired = ledger.record_plan(plan)
    after_claim()
    calls = (compose, on_progress, after_claim, before_leaving)
    ways = Ways(channels, *calls, people or {}, contacts or {}, gone, held, bounced, digest, now or (lambda: plan.at))
    outcome = deliver(ledger, ways, plan.at)
    too_late = tuple(item_of(one) for one in plan.expired if one.key in expired)
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
    tally = Tally(total=len(keys), doubts=looked.repeated)
    told = dict.fromkeys(looked.doubtful.intersection(recovered), "an interrupted run was sending it")
    told |= dict.fromkeys(looked.held, TOO_LATE) | dict.fromkeys(looked.arrived, "it had arrived")
    for one in ledger.transmissions(tuple(told)):
        tally.items["sent" if one.key in looked.arrived else "in_doubt"].append(item_of(one, told[one.key]))
    tally.items["expired"] += [item_of(one) for one in expired]
    tally.items["failed"] += returned
    with stop_when_asked() as stop:
        for parcels in portions(ledger, keys, together=ways.digest):
            if stop.asked:
                break
            refusals = ledger.refusals([one.key for parcel in parcels for one in parcel.ones])
            _send_batch(ledger, ways, at, _on_their_way(parcels, refusals, ways, tally), tally, stop)
    return tally.outcome(interrupted=stop.asked)


def _take_back(ledger: Ledger, ways: Ways, at: datetime) -> list[Item]:
    """Write down of messages that have come back that they did not arrive; return those that had counted as sent."""
    returned = []
    for bounced in ways.bounced:
        for one in ledger.transmissions(ledger.in_message(bounced.key)):
            lost = partial(ways.routes.lose, recipient=one.recipient) if bounced.bad_address else None
            if ledger.bounce(one.key, bounced.status, bounced.id, lost, at):
                returned.append(item_of(one, f"came back: {bounced.status}"))
    return returned


@define
class _Leaving:
    """A parcel on its way: the channel that it is to go by, and those that have refused it for good."""

    parcel: Parcel
    channel: OpenChannel
    refused: set[str]

    @property
    def first(self) -> Transmission:
        return self.parcel.ones[0]


def _on_their_way(
    parcels: Sequence[Parcel], refusals: Mapping[str, tuple[str, ...]], ways: Ways, tally: Tally
) -> list[_Leaving]:
    """Return what can be tried now, each with its channel: whom none reaches, and whose is down, is counted."""
    found: list[_Leaving] = []
    for parcel in parcels:
        refused = {name for key in parcel.keys for name in refusals.get(key, ())}
        doubt = _doubt(parcel, tally)
        name = doubt.channel if doubt else ways.first(parcel.ones[0], refused)
        if not name:
            tally.add_all("unreached", parcel.ones)
        elif name in tally.down:
            tally.keep(name, len(parcel.ones))
        else:
            found.append(_Leaving(parcel, ways.by_name[name], refused))
    return found


def _doubt(parcel: Parcel, tally: Tally) -> Doubt | None:
    """Return the doubt about an earlier attempt of what is repeated."""
    return next((tally.doubts[key] for key in parcel.keys if key in tally.doubts), None)


def _send_batch(
    ledger: Ledger, ways: Ways, at: datetime, leaving: Sequence[_Leaving], tally: Tally, stop: Stop
) -> None:
    claimed = ledger.claim([key for one in leaving for key in one.parcel.keys], at) if leaving else ()
    rest = [one for one in leaving if set(one.parcel.keys) <= set(claimed)]
    _give_back_strays(ledger, at, claimed, rest)
    try:
        ways.after_claim()
        while rest and not stop.asked:
            some = _in_one_go(rest)
            _send(ledger, ways, at, some, tally)
            del rest[: len(some)]
            ways.on_progress(tally.done, tally.total)
    except BaseException:
        with suppress(RunError):  # the first problem is the one to tell; what stays claimed is recovered
            ledger.release([key for one in rest for key in one.parcel.keys], at)
        raise
    if rest:
        ledger.release([key for one in rest for key in one.parcel.keys], at)


def _give_back_strays(ledger: Ledger, at: datetime, claimed: Sequence[str], rest: Sequence[_Leaving]) -> None:
    """Give back parts of messages of which another has taken the other parts."""
    whole = {key for one in rest for key in one.parcel.keys}
    if strays := [key for key in claimed if key not in whole]:
        ledger.release(strays, at)


def _in_one_go(rest: Sequence[_Leaving]) -> list[_Leaving]:
    """Return what comes first: one parcel, or as many as stay on this machine, where a repeat is harmless.

    What leaves it goes alone: a server would see a connection for each of them, all open at once.
    """
    channel = rest[0].channel
    if channel.kind.leaves_machine or not channel.kind.repeat_is_harmless or rest[0].parcel.bundle:
        return [rest[0]]
    return list(takewhile(lambda one: one.channel is channel and not one.parcel.bundle, rest))


def _send(ledger: Ledger, ways: Ways, at: datetime, some: Sequence[_Leaving], tally: Tally) -> None:
    """Send what goes by one channel in one go, and then what that refused, by the next channels."""
    ready: list[tuple[_Leaving, Prepared]] = []
    try:
        for one in some:
            prepared = _prepare(ledger, ways, at, one, tally)
            ready += [(one, prepared)] if prepared is not None else []
        ours = bool(ready) and _mark(ledger, ways, at, [one for one, _ in ready])
    except BaseException:
        for _, prepared in ready:
            prepared.abandon()
        raise
    if not ours:
        for one, prepared in ready:
            prepared.abandon()
            ledger.release(one.parcel.keys, at)
        return
    receipts = [(one, _judged(prepared.commit(), one, tally)) for one, prepared in ready]
    for one in _settle(ledger, ways, at, receipts, tally):
        _send(ledger, ways, at, [one], tally)


def _prepare(ledger: Ledger, ways: Ways, at: datetime, leaving: _Leaving, tally: Tally) -> Prepared | None:
    """Return a delivery of which everything that can be undone is done; None: it waits, and is counted."""
    channel = leaving.channel
    if channel.name in tally.down:
        _keep(ledger, at, leaving, tally)
        return None
    outgoing = _composed(ledger, ways, at, leaving, tally)
    if outgoing is None:
        return None
    try:
        prepared = channel.prepare(outgoing, ways.routes.person(leaving.first.recipient))
    except ChannelDownError as problem:
        tally.down[channel.name] = str(problem)
        _keep(ledger, at, leaving, tally, str(problem))
        return None
    except UnpreparedError as problem:
        ledger.release(leaving.parcel.keys, at, str(problem))
        tally.add_all("unprepared", leaving.parcel.ones, str(problem), channel.name)
        return None
    doubt = _doubt(leaving.parcel, tally)
    if doubt and not may_repeat(doubt, ways, at):
        prepared.abandon()
        ledger.hold_doubts(leaving.parcel.keys, at)
        tally.add_all("in_doubt", leaving.parcel.ones, TOO_LATE, channel.name)
        return None
    return prepared


def _keep(ledger: Ledger, at: datetime, leaving: _Leaving, tally: Tally, why: str = "") -> None:
    ledger.release(leaving.parcel.keys, at, why)
    tally.keep(leaving.channel.name, len(leaving.parcel.ones))


def _composed(ledger: Ledger, ways: Ways, at: datetime, leaving: _Leaving, tally: Tally) -> Outgoing | None:
    """Return the message of a parcel, without those parts of it that cannot be written or whose recipient is gone."""
    parts: list[Outgoing] = []
    written: list[Transmission] = []
    for one in leaving.parcel.ones:
        try:
            outgoing = ways.compose(one)
        except ProgramError as problem:
            ledger.release([one.key], at, told := _in_its_place(problem))
            tally.add("unprepared", one, told)
            continue
        if outgoing is None:
            ledger.release([one.key], at, "cannot be reached")
            tally.add("unreached", one)
        else:
            parts.append(outgoing)
            written.append(one)
    leaving.parcel = evolve(leaving.parcel, ones=tuple(written))
    return bundled(parts, leaving.parcel.bundle) if parts and leaving.parcel.bundle else next(iter(parts), None)


def _in_its_place(problem: ProgramError) -> str:
    """Return what is wrong with the text of a message, and where."""
    first = problem.diagnostics[0]
    place = ":".join(str(part) for part in (first.file, first.line) if part)
    return f"{place}: {first.message}" if place else first.message


def _mark(ledger: Ledger, ways: Ways, at: datetime, some: Sequence[_Leaving]) -> bool:
    """Set the second mark on all that goes out now; return whether it is all ours."""
    channel = some[0].channel
    if channel.kind.leaves_machine:
        ways.before_leaving()
    keys, bundle = [key for one in some for key in one.parcel.keys], some[0].parcel.bundle
    if len(keys) == 1 and not bundle:
        return ledger.mark_at_risk(keys[0], channel.name, at, channel.kind.name, ways.now())
    return ledger.mark_all_at_risk(keys, channel.name, at, channel.kind.name, bundle, ways.now())


def _settle(
    ledger: Ledger, ways: Ways, at: datetime, receipts: Sequence[tuple[_Leaving, Receipt]], tally: Tally
) -> list[_Leaving]:
    """Write what became of deeds; return what is to go by another channel, which is set."""
    refused = [(one, receipt) for one, receipt in receipts if receipt.outcome == "failed"]
    others = [(one, receipt) for one, receipt in receipts if receipt.outcome != "failed"]
    whole = {key: receipt for one, receipt in others for key in one.parcel.keys}
    repeat = bool(others) and others[0][0].channel.harmless_for > timedelta()
    if len(whole) == 1:
        ((key, receipt),) = whole.items()
        ledger.settle(key, receipt, at, repeat=repeat)
    elif whole:
        ledger.settle_all(whole, at, repeat=repeat)
    for one, receipt in others:
        became = "deferred" if repeat and receipt.outcome == "unknown" else TALLIED[receipt.outcome]
        tally.add_all(became, one.parcel.ones, receipt.detail, one.channel.name)
    return [one for one, receipt in refused if _refused(ledger, ways, at, one, receipt, tally)]


def _refused(ledger: Ledger, ways: Ways, at: datetime, leaving: _Leaving, receipt: Receipt, tally: Tally) -> bool:
    """Write that a channel will never deliver something; return whether another one is to try, which is set."""
    channel, parcel = leaving.channel, leaving.parcel
    address = ways.routes.lose(channel.name, leaving.first.recipient) if receipt.bad_address else ""
    leaving.refused.add(channel.name)
    following = ways.first(leaving.first, leaving.refused)
    if not following:
        ledger.settle_all(dict.fromkeys(parcel.keys, receipt), at, address)
        tally.add_all("failed", parcel.ones, receipt.detail, channel.name)
    elif ledger.pass_on_all(parcel.keys, receipt, at, address):
        leaving.channel = ways.by_name[following]
        tally.passed_on += [item_of(one, receipt.detail, channel.name) for one in parcel.ones]
        return True
    return False


def _judged(receipt: Receipt, leaving: _Leaving, tally: Tally) -> Receipt:
    """Return a receipt, as unknown where it is a refusal of what an earlier attempt may have delivered."""
    if receipt.outcome == "failed" and _doubt(leaving.parcel, tally):
        return evolve(receipt, outcome="unknown")
    return receipt
