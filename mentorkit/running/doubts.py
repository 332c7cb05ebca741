"""What can be found out about messages in doubt before anybody is asked: by looking, or by repeating without harm.

A channel that can look says whether a message is there; that it is not there is believed only once the other side
has had the time to take it in. A channel whose receiver drops repeats gets a message again within its window, counted
from the first attempt in doubt. A doubt is about one channel: by another one nothing is repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from mentorkit.core.contracts import ChannelDownError, ProbingChannel
from mentorkit.core.deliveries import Doubt, Transmission
from mentorkit.running.bundling import bundled

if TYPE_CHECKING:
    from mentorkit.core.contracts import Outgoing
    from mentorkit.ledger import Ledger
    from mentorkit.running.delivering import Ways

PROBLEMS_ENOUGH = 3
"""So many failed looks in a row, and a channel is not asked any more in this run."""


@frozen
class Looked:
    """What a look at all doubts has come to.

    Attributes:
        arrived: keys of what was found to be there: it counts as sent.
        doubtful: keys of what is in doubt.
        held: of these, keys of what was to be repeated and cannot be any more.
        repeated: what is to be repeated by the channel of its first attempt, by key.
    """

    arrived: tuple[str, ...]
    doubtful: frozenset[str]
    held: tuple[str, ...]
    repeated: Mapping[str, Doubt]


def look_into(ledger: Ledger, ways: Ways, at: datetime) -> Looked:
    """Settle what can be settled about messages in doubt; the rest stays as it is, for a person.

    Raises:
        RunError: the ledger could not be written.
    """
    known = ledger.doubts()
    held = tuple(one.key for one in known if one.state != "in_doubt" and not may_repeat(one, ways, at))
    if held:
        ledger.hold_doubts(held, at)
    doubtful = [one for one in known if one.state == "in_doubt" or one.key in held]
    found = _probed(ledger, ways, doubtful)
    arrived = _settle(ledger, found, "present", at)
    _settle(ledger, found, "absent", at)
    open_ones = [one for one in doubtful if one.key not in found]
    again = [one for one in open_ones if may_repeat(one, ways, at)]
    if again:
        ledger.repeat_doubts([one.key for one in again], at)
    left = frozenset(one.key for one in open_ones) - {one.key for one in again}
    waiting = [one for one in known if one not in doubtful]
    return Looked(arrived, left, tuple(key for key in held if key in left), {one.key: one for one in waiting + again})


def may_repeat(doubt: Doubt, ways: Ways, at: datetime) -> bool:
    """Return whether a message in doubt may go out again by the channel of its first attempt without harm."""
    channel = ways.by_name.get(doubt.channel)
    if channel is None or channel.kind.name != doubt.kind or doubt.expires <= at:
        return False
    passed = _passed(doubt.since, ways.now())
    return passed is not None and passed < channel.harmless_for


def _passed(since: datetime | None, now: datetime) -> timedelta | None:
    """Return how long ago a moment was; None where the clock cannot tell, since it was set back or nobody noted it."""
    return None if since is None or now < since else now - since


def _probed(ledger: Ledger, ways: Ways, doubtful: Sequence[Doubt]) -> Mapping[str, Literal["present", "absent"]]:
    """Look for messages in doubt where a channel can; return what is certain."""
    by_key = {one.key: one for one in doubtful if one.channel in ways.by_name}
    found: dict[str, Literal["present", "absent"]] = {}
    problems: Counter[str] = Counter()
    for one in ledger.transmissions([key for key, doubt in by_key.items() if _can_look(doubt, ways)]):
        doubt = by_key[one.key]
        outgoing = None if problems[doubt.channel] >= PROBLEMS_ENOUGH else _message(ledger, ways, one)
        if outgoing is None:
            continue
        channel = ways.by_name[doubt.channel]
        try:
            seen = channel.probe(outgoing, ways.routes.person(one.recipient))
            problems[doubt.channel] = 0
        except ChannelDownError:
            problems[doubt.channel] = PROBLEMS_ENOUGH
            continue
        except Exception:
            problems[doubt.channel] += 1
            continue
        passed = _passed(doubt.marked, ways.now())
        if seen == "present" or (seen == "absent" and passed is not None and passed >= channel.settles_after):
            found[one.key] = seen
    return found


def _message(ledger: Ledger, ways: Ways, one: Transmission) -> Outgoing | None:
    """Return the message in which a transmission may have gone out: its own, or the one of several."""
    bundle = ledger.bundles([one.key]).get(one.key, one.key)
    if bundle == one.key:
        return ways.compose(one)
    made = [ways.compose(part) for part in ledger.transmissions(ledger.in_message(bundle))]
    parts = [outgoing for outgoing in made if outgoing is not None]
    return bundled(parts, bundle) if parts else None


def _can_look(doubt: Doubt, ways: Ways) -> bool:
    channel = ways.by_name[doubt.channel]
    return channel.kind.name == doubt.kind and isinstance(channel.channel, ProbingChannel)


def _settle(
    ledger: Ledger, found: Mapping[str, str], what: Literal["present", "absent"], at: datetime
) -> tuple[str, ...]:
    keys = [key for key, seen in found.items() if seen == what]
    told = "found where it was sent to" if what == "present" else "not found where it was sent to"
    return ledger.settle_doubts(keys, what == "present", at, told) if keys else ()
