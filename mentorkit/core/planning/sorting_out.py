"""What a run does with transmissions the ledger does not know: send, name as expired, hold, or leave for later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import chain, groupby
from typing import Literal

from attrs import frozen

from mentorkit.core.deliveries import Held, Recipient, Transmission
from mentorkit.core.history import RESERVED, History
from mentorkit.core.outlook import Batch, Made, Outlook
from mentorkit.core.roster import Roster
from mentorkit.core.timeline.to_come import Parted, minute_of


@frozen
class SortedOut:
    """Transmissions the ledger does not know, by what a run does with them.

    Attributes:
        suppressed: what has expired while its recipient paused: they asked for quiet.
    """

    due: tuple[Transmission, ...]
    expired: tuple[Transmission, ...]
    suppressed: tuple[Transmission, ...]
    held: tuple[Held, ...]
    later: Outlook


def sort_out(roster: Roster, history: History, paused: Collection[str], unsent: Parted, at: datetime) -> SortedOut:
    """Return what is due, expired, suppressed, held and to come at `at`, where `unsent` is parted, by (due, key).

    What is due to somebody who is missing from the roster or who pauses is held, as long as it is worth sending. What
    was over before somebody came is none of their business: it is nowhere.
    """
    first_run = min(history.seen.values(), default=None)
    open_ones = [one for one in unsent.near if one.expires > at or not _over_before_they_came(history, one, first_run)]
    alive = [one for one in open_ones if one.expires > at]
    past = [one for one in open_ones if one.expires <= at]
    return SortedOut(
        due=tuple(one for one in alive if one.due <= at and not _why_held(roster, paused, one.recipient)),
        expired=tuple(one for one in past if _why_held(roster, paused, one.recipient) != "paused"),
        suppressed=tuple(one for one in past if _why_held(roster, paused, one.recipient) == "paused"),
        held=_held(roster, paused, chain(alive, _to_the_held(roster, history, paused, unsent)), at),
        later=_later(tuple(one for one in alive if one.due > at), unsent),
    )


def _later(near: tuple[Transmission, ...], unsent: Parted) -> Outlook:
    """Return what is to come, in order: what is near by minutes, too."""
    batches: dict[datetime, Batch] = {one.minute: one for one in unsent.far}
    batches |= {minute: Made(tuple(ones)) for minute, ones in groupby(near, key=lambda one: minute_of(one.due))}
    return Outlook(tuple(batches[minute] for minute in sorted(batches)))


def _to_the_held(roster: Roster, history: History, paused: Collection[str], unsent: Parted) -> Iterator[Transmission]:
    """Yield what is far and goes to people who may be held."""
    absent = {one for one in history.numbers if not one.startswith(RESERVED) and one not in roster.by_id}
    away = absent.union(paused)
    theirs = (one.to(away) for one in unsent.far) if away else ()
    return chain.from_iterable(one for one in theirs if one is not None)


def _over_before_they_came(history: History, one: Transmission, first_run: datetime | None) -> bool:
    """Return whether something expired before the ledger saw its recipient, and not for want of runs.

    Contacts do not come: they are seen when the first message is for them.
    """
    if first_run is None or one.recipient.kind != "person":
        return False
    seen = history.seen.get(one.recipient.id)
    return seen is None or (seen > first_run and one.expires <= seen)


def _why_held(roster: Roster, paused: Collection[str], recipient: Recipient) -> Literal["", "missing", "paused"]:
    if recipient.kind != "person":
        return ""
    if recipient.id not in roster.by_id:
        return "missing"
    return "paused" if recipient.id in paused else ""


def _held(roster: Roster, paused: Collection[str], alive: Iterable[Transmission], at: datetime) -> tuple[Held, ...]:
    """Return whose deliveries wait, by (number, role), with the keys of what is due already."""
    keys: dict[Recipient, list[str]] = {}
    for one in alive:
        if _why_held(roster, paused, one.recipient):
            theirs = keys.setdefault(one.recipient, [])
            theirs += [one.key] if one.due <= at else []
    ordered = sorted(keys, key=lambda recipient: (recipient.number, recipient.role))
    return tuple(
        Held(recipient, _why_held(roster, paused, recipient) or "missing", tuple(keys[recipient]))
        for recipient in ordered
    )
