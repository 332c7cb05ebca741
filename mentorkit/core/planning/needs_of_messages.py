"""Messages that wait for a coordinator: in doubt, failed, to be tried again, met too late, or behind a consent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from mentorkit.core.deliveries import Recipient, State
from mentorkit.core.history import CONTACT, KnownTransmission, Unreachable
from mentorkit.core.moments import add_length
from mentorkit.core.planning.consents import ConsentNeeded
from mentorkit.core.planning.needs import RECENT_DAYS, Need, NeedKind, Situation
from mentorkit.core.program import OUTBOX, Length
from mentorkit.core.routing import Routes
from mentorkit.core.zones import to_local

_TROUBLES: Mapping[State, tuple[NeedKind, tuple[str, ...]]] = {
    "in_doubt": ("in-doubt", ("run", "--retry-in-doubt")),
    "failed": ("failed", ("ledger retry",)),
    "deferred": ("deferred", ("run",)),
}


def troubles(situation: Situation) -> list[Need]:
    """Return who did not get what, each recipient once for each kind of trouble, by the oldest message."""
    groups: dict[tuple[State, int], list[KnownTransmission]] = {}
    for known in situation.history.transmissions.values():
        if known.state in _TROUBLES and not _long_failed(situation, known):
            groups.setdefault((known.state, known.number), []).append(known)
    return sorted(
        (_trouble(situation, *key, sorted(group, key=lambda one: (one.due, one.key))) for key, group in groups.items()),
        key=lambda need: need.subject,
    )


def _long_failed(situation: Situation, known: KnownTransmission) -> bool:
    """Return whether something failed so long ago that whoever looked at it has done what they could."""
    since = situation.at - timedelta(days=RECENT_DAYS)
    return known.state == "failed" and known.changed is not None and known.changed <= since


def _again(situation: Situation, group: Sequence[KnownTransmission]) -> str:
    """Return from when on a run tries again what was put off, "" where that is now."""
    moments = [one.not_before for one in group if one.state == "deferred" and one.not_before is not None]
    if not moments or min(moments) <= situation.at:
        return ""
    local = to_local(min(moments), situation.program.timezone)
    return f"; a run tries again from {local:%Y-%m-%d %H:%M} on"


def _trouble(situation: Situation, state: State, number: int, group: list[KnownTransmission]) -> Need:
    kind, command = _TROUBLES[state]
    return Need(
        kind,
        (situation.names.get(number, f"person {number}"),),
        group[0].key,
        group[-1].detail + _again(situation, group),
        since=group[0].due,
        amount=len(group),
        subjects=tuple(one.key for one in group),
        command=command,
    )


def unsent(situation: Situation) -> list[Need]:
    """Return what a run could not send, by channel, with what went wrong last; all of it is still due."""
    transmissions = situation.history.transmissions
    groups: dict[str, list[KnownTransmission]] = {}
    for one in situation.plan.waiting:
        if transmissions[one.key].state == "due":
            way = situation.plan.ways.get(one.key, "" if situation.program.channels else OUTBOX)
            groups.setdefault(way, []).append(transmissions[one.key])
    return [
        _unsent(situation, way, sorted(group, key=lambda one: (one.due, one.key)))
        for way, group in sorted(groups.items())
        if way and any(one.detail for one in group)
    ]


def _unsent(situation: Situation, way: str, group: Sequence[KnownTransmission]) -> Need:
    tried = [one for one in group if one.detail]
    last = max(tried, key=lambda one: (one.changed or one.due, one.key))
    people = tuple(dict.fromkeys(situation.names.get(one.number, f"person {one.number}") for one in group))
    return Need("unsent", people, way, last.detail, since=group[0].due, amount=len(group), command=("run",))


def at_night(situation: Situation) -> list[Need]:
    """Return who has waited for longer than a day because every run finds them in their quiet hours."""
    since: dict[str, list[datetime]] = {}
    for one in situation.plan.paced:
        if one.reason == "quiet-hours" and one.due is not None and one.due <= situation.at - timedelta(days=1):
            since.setdefault(situation.names.get(one.number, f"person {one.number}"), []).append(one.due)
    return [Need("at-night", (name,), since=min(dues), amount=len(dues)) for name, dues in sorted(since.items())]


def unreached(situation: Situation, unreachable: Iterable[Need]) -> list[Need]:
    """Return whom no channel reaches although something is due to them, but for those whose address is known bad."""
    named = {person for need in unreachable for person in need.people}
    due = [(one.key, one.due, _name(one.recipient)) for one in situation.plan.due]
    for one in situation.plan.waiting:
        name = situation.names.get(one.number, f"person {one.number}")
        due.append((one.key, situation.history.transmissions[one.key].due, name))
    groups: dict[str, list[datetime]] = {}
    for key, moment, name in due:
        if situation.plan.ways.get(key) == "" and name not in named:
            groups.setdefault(name, []).append(moment)
    return [
        Need("unreached", (name,), since=min(moments), amount=len(moments)) for name, moments in sorted(groups.items())
    ]


def _name(recipient: Recipient) -> str:
    return recipient.id if recipient.kind == "person" else f"{CONTACT}{recipient.id}"


def unreachable(situation: Situation) -> list[Need]:
    """Return at whose addresses channels have learned that nobody is there, as long as these stand in the roster."""
    program, history, people = situation.program, situation.history, situation.roster.by_id
    routes = Routes(
        {one.name: lambda _person, _address: True for one in program.channels},
        {one.name: one.columns for one in program.channels},
        people,
        program.contacts,
        history.ledger_id,
    )
    found: dict[int, list[Unreachable]] = {}
    for one in history.unreachable:
        if one.channel in routes.channels and one.digest == routes.digest(one.channel, _named(situation, one.number)):
            found.setdefault(one.number, []).append(one)
    return [
        Need(
            "unreachable",
            (situation.names.get(number, f"person {number}"),),
            ", ".join(one.channel for one in theirs),
            theirs[-1].detail,
            since=min(one.at for one in theirs),
            command=("ledger retry", "--person", situation.names.get(number, "").removeprefix(CONTACT)),
        )
        for number, theirs in sorted(found.items())
    ]


def _named(situation: Situation, number: int) -> Recipient:
    name = situation.names.get(number, "")
    if name.startswith(CONTACT):
        return Recipient(number, name.removeprefix(CONTACT), "", "contact")
    return Recipient(number, name, "")


def stopped(needed: Iterable[ConsentNeeded]) -> list[Need]:
    """Return what a run would stop for, and the flag that lets it go on."""
    return [Need("stopped", (), one.flag, one.reason, command=("run", one.flag)) for one in needed]


def expired(situation: Situation) -> list[Need]:
    """Return the steps that were met too late in the last days, or are by today's plan, by name, each with everybody.

    What expired earlier is in the ledger, and nobody minds any more.
    """
    spans = {step.name: step.expires for step in situation.program.timeline}
    groups: dict[str, list[tuple[datetime, str]]] = {}
    for known in situation.history.transmissions.values():
        if known.state == "expired" and _expired_lately(situation, known, spans):
            name = situation.names.get(known.number, f"person {known.number}")
            groups.setdefault(known.step, []).append((known.due, name))
    for one in situation.plan.expired:
        groups.setdefault(one.step, []).append((one.due, one.recipient.id))
    return [_expired(step, sorted(group)) for step, group in sorted(groups.items())]


def _expired_lately(situation: Situation, known: KnownTransmission, spans: Mapping[str, Length]) -> bool:
    day = to_local(known.due, situation.program.timezone).date()
    return add_length(day, spans.get(known.step, Length(0, "days"))) > situation.today - timedelta(days=RECENT_DAYS)


def _expired(step: str, group: Sequence[tuple[datetime, str]]) -> Need:
    return Need(
        "expired",
        tuple(dict.fromkeys(person for _, person in group)),
        step,
        f"{len(group)} message{'s' if len(group) != 1 else ''} met too late and never sent",
        since=group[0][0],
        amount=len(group),
    )
