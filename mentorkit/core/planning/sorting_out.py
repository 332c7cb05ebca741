"""What a run does with transmissions the ledger does not know: send, name as expired, hold, or leave for later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import frozen

from mentorkit.core.deliveries import Held, Recipient, Transmission
from mentorkit.core.history import History
from mentorkit.core.roster import Roster


@frozen
class SortedOut:
    """Transmissions the ledger does not know, by what a run does with them."""

    due: tuple[Transmission, ...]
    expired: tuple[Transmission, ...]
    held: tuple[Held, ...]
    later: tuple[Transmission, ...]


def sort_out(roster: Roster, history: History, unsent: Sequence[Transmission], at: datetime) -> SortedOut:
    """Return what is due, expired, held and to come at `at`, each in the order of `unsent`."""
    known_sent = history.assume_sent_until
    open_ones = [one for one in unsent if known_sent is None or one.due > known_sent]
    expired = tuple(one for one in open_ones if one.expires <= at)
    alive = [one for one in open_ones if one.expires > at]
    return SortedOut(
        due=tuple(one for one in alive if one.due <= at and not _is_missing(roster, one.recipient)),
        expired=expired,
        held=_held(roster, alive, at),
        later=tuple(one for one in alive if one.due > at),
    )


def _is_missing(roster: Roster, recipient: Recipient) -> bool:
    return recipient.kind == "person" and recipient.id not in roster.by_id


def _held(roster: Roster, alive: Iterable[Transmission], at: datetime) -> tuple[Held, ...]:
    """Return whose deliveries wait, by (number, role), with the keys of what is due already."""
    keys: dict[Recipient, list[str]] = {}
    for one in alive:
        if _is_missing(roster, one.recipient):
            theirs = keys.setdefault(one.recipient, [])
            theirs += [one.key] if one.due <= at else []
    ordered = sorted(keys, key=lambda recipient: (recipient.number, recipient.role))
    return tuple(Held(recipient, "missing", tuple(keys[recipient])) for recipient in ordered)
