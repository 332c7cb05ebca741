"""What a run does with transmissions the ledger does not know: send, name as expired, hold, or leave for later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import field, frozen

from mentorkit.core.deliveries import Held, Recipient, Transmission
from mentorkit.core.history import History
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster


@frozen
class SortedOut:
    """Transmissions the ledger does not know, by what a run does with them."""

    due: tuple[Transmission, ...]
    expired: tuple[Transmission, ...]
    held: tuple[Held, ...]
    later: tuple[Transmission, ...]


def sort_out(
    program: Program, roster: Roster, history: History, unsent: Sequence[Transmission], at: datetime
) -> SortedOut:
    """Return what is due, expired, held and to come at `at`, each in the order of `unsent`."""
    known_sent = history.assume_sent_until
    open_ones = [one for one in unsent if known_sent is None or one.due > known_sent]
    expired = tuple(one for one in open_ones if one.expires <= at)
    alive = [one for one in open_ones if one.expires > at]
    waits = _Waits(program, roster)
    return SortedOut(
        due=tuple(one for one in alive if one.due <= at and not waits.reason(one.recipient)),
        expired=expired,
        held=_held(alive, waits, at),
        later=tuple(one for one in alive if one.due > at),
    )


@frozen
class _Waits:
    program: Program
    roster: Roster
    known: dict[Recipient, str] = field(factory=dict)

    def reason(self, recipient: Recipient) -> str:
        """Return why a recipient cannot get anything now, or ""."""
        if recipient not in self.known:
            self.known[recipient] = self._reason(recipient)
        return self.known[recipient]

    def _reason(self, recipient: Recipient) -> str:
        if recipient.kind == "contact":
            return "" if self.program.contacts.get(recipient.id) else "no-address"
        person = self.roster.by_id.get(recipient.id)
        if person is None:
            return "missing"
        return "" if person.text("email") else "no-address"


def _held(alive: Iterable[Transmission], waits: _Waits, at: datetime) -> tuple[Held, ...]:
    """Return who cannot get what is due or to come, by (number, role), with the keys of what waits already."""
    keys: dict[Recipient, list[str]] = {}
    for one in alive:
        if waits.reason(one.recipient):
            theirs = keys.setdefault(one.recipient, [])
            theirs += [one.key] if one.due <= at else []
    ordered = sorted(keys, key=lambda recipient: (recipient.number, recipient.role))
    return tuple(Held(recipient, waits.reason(recipient), tuple(keys[recipient])) for recipient in ordered)
