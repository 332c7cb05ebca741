"""Messages that wait for a coordinator: in doubt, failed, to be tried again, met too late, or behind a consent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from mentorkit.core.deliveries import State
from mentorkit.core.history import KnownTransmission
from mentorkit.core.planning.consents import ConsentNeeded
from mentorkit.core.planning.needs import Need, NeedKind, Situation

_TROUBLES: Mapping[State, tuple[NeedKind, tuple[str, ...]]] = {
    "in_doubt": ("in-doubt", ("run", "--retry-in-doubt")),
    "failed": ("failed", ()),
    "deferred": ("deferred", ("run",)),
}


def troubles(situation: Situation) -> list[Need]:
    """Return who did not get what, each recipient once for each kind of trouble, by the oldest message."""
    groups: dict[tuple[State, int], list[KnownTransmission]] = {}
    for known in situation.history.transmissions.values():
        if known.state in _TROUBLES:
            groups.setdefault((known.state, known.number), []).append(known)
    return sorted(
        (_trouble(situation, *key, sorted(group, key=lambda one: (one.due, one.key))) for key, group in groups.items()),
        key=lambda need: need.subject,
    )


def _trouble(situation: Situation, state: State, number: int, group: list[KnownTransmission]) -> Need:
    kind, command = _TROUBLES[state]
    return Need(
        kind,
        (situation.names.get(number, f"person {number}"),),
        group[0].key,
        group[-1].detail,
        since=group[0].due,
        amount=len(group),
        subjects=tuple(one.key for one in group),
        command=command,
    )


def stopped(needed: Iterable[ConsentNeeded]) -> list[Need]:
    """Return what a run would stop for, and the flag that lets it go on."""
    return [Need("stopped", (), one.flag, one.reason, command=("run", one.flag)) for one in needed]


def expired(situation: Situation) -> list[Need]:
    """Return the steps that were met too late, those of today's plan among them, by name."""
    known = [one.step for one in situation.history.transmissions.values() if one.state == "expired"]
    steps = Counter([*known, *(one.step for one in situation.plan.expired)])
    return [
        Need(
            "expired",
            (),
            step,
            f"{number} message{'s' if number != 1 else ''} met too late and never sent",
            amount=number,
        )
        for step, number in sorted(steps.items())
    ]
