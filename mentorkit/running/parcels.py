"""What waits to be sent, as what goes out together: a message of its own each, or all to one recipient in one.

What may have gone out as one message stays one: its key says what it is of, and a channel that drops repeats knows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from mentorkit.core.deliveries import Transmission
from mentorkit.core.program import INVITATION
from mentorkit.running.bundling import bundle_key

if TYPE_CHECKING:
    from mentorkit.ledger import Ledger

BATCH = 25
"""How many messages are claimed in one go."""


@frozen
class Parcel:
    """Transmissions that go out as one message; `bundle` is its key where it is, or was to be, of several."""

    ones: tuple[Transmission, ...]
    bundle: str = ""

    @property
    def keys(self) -> list[str]:
        """Keys of its transmissions."""
        return [one.key for one in self.ones]


def portions(ledger: Ledger, keys: Sequence[str], *, together: bool) -> Iterator[list[Parcel]]:
    """Yield all that waits, in portions; what may have gone out as one message, or alone, goes out so again."""
    before = ledger.bundles(keys)
    if together or any(key != bundle for key, bundle in before.items()):
        parcels = _grouped(ledger.transmissions(keys), before, together=together)
        for start in range(0, len(parcels), BATCH):
            yield parcels[start : start + BATCH]
        return
    for start in range(0, len(keys), BATCH):
        yield [Parcel((one,)) for one in ledger.transmissions(keys[start : start + BATCH])]


def _grouped(waiting: Sequence[Transmission], before: Mapping[str, str], *, together: bool) -> list[Parcel]:
    """Return everything by recipient, or each apart, invitations always, in the order of the oldest of each."""
    groups: dict[str, list[Transmission]] = {}
    for one in waiting:
        fresh = f"p{one.recipient.number}" if together and one.step != INVITATION else one.key
        groups.setdefault(before.get(one.key, fresh), []).append(one)
    return [_parcel(name, ones, before) for name, ones in groups.items()]


def _parcel(name: str, ones: Sequence[Transmission], before: Mapping[str, str]) -> Parcel:
    keys = [one.key for one in ones]
    if name in keys:
        return Parcel(tuple(ones))
    made = bundle_key(keys) if len(keys) > 1 else ""
    return Parcel(tuple(ones), name if keys[0] in before else made)
