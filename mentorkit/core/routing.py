"""By which channel somebody is reached: the one they prefer, else the first that does.

An address at which a channel has learned that nobody is there is not tried again on it. The ledger knows such addresses
by digests only: whoever changes their address in the roster is reached again.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Mapping

from attrs import define, field

from mentorkit.core.deliveries import Recipient
from mentorkit.core.history import Unreachable
from mentorkit.core.roster import Person

Reaches = Callable[[Person | None, str], bool]
"""Whether a channel reaches a person, or a contact (None), with this mail address ("" for none)."""

PREFERENCE = "channel"
"""The roster column in which people name the channel that they prefer."""


def address_digest(ledger: str, channel: str, address: str) -> str:
    """Return a digest of an address on a channel, keyed by the ledger's id."""
    return hmac.new(ledger.encode(), f"{channel}\x1f{address.casefold()}".encode(), hashlib.sha256).hexdigest()


@define(eq=False)
class Routes:
    """The ways to everybody.

    Attributes:
        channels: in the program's order.
        columns: the roster columns by which a channel finds people; mail addresses where it is not named.
        people: the roster's people, by id.
        contacts: mail addresses of contacts, by name.
        ledger: the ledger's id, or "" for none.
        messages: names of the channels that messages may go by.
        invitations: names of those that invitations may go by.
        lost: channels and digests of addresses at which they reach nobody; more come to it while a run learns.
    """

    channels: Mapping[str, Reaches]
    columns: Mapping[str, tuple[str, ...]] = field(factory=dict)
    people: Mapping[str, Person] = field(factory=dict)
    contacts: Mapping[str, str] = field(factory=dict)
    ledger: str = ""
    messages: Collection[str] = ()
    invitations: Collection[str] = ()
    lost: set[tuple[str, str]] = field(factory=set)

    def know(self, ledger: str, lost: Collection[Unreachable]) -> None:
        """Take over what a ledger knows of addresses at which nobody is reached."""
        self.ledger = ledger
        self.lost.update((one.channel, one.digest) for one in lost)

    def person(self, recipient: Recipient) -> Person | None:
        """Return the person of the roster; None: a contact, or somebody who is not in it."""
        return self.people.get(recipient.id) if recipient.kind == "person" else None

    def first(self, recipient: Recipient, but: Collection[str] = (), *, invitation: bool = False) -> str:
        """Return the name of the channel that something goes by, `but` those named; "" where none reaches them."""
        carrying = self.invitations if invitation else self.messages
        person, address = self.person(recipient), self._mail_address(recipient)
        allowed = (one for one in self._ordered(person) if one in carrying and one not in but)
        return next((one for one in allowed if self.channels[one](person, address) and self._known(one, recipient)), "")

    def digest(self, channel: str, recipient: Recipient) -> str:
        """Return a digest of where a channel reaches somebody."""
        person, columns = self.person(recipient), self.columns.get(channel, ())
        cells = "\x1f".join(person.text(one) for one in columns) if person and columns else ""
        return address_digest(self.ledger, channel, cells or self._mail_address(recipient))

    def lose(self, channel: str, recipient: Recipient) -> str:
        """Remember that a channel reaches nobody at somebody's address; return the digest."""
        digest = self.digest(channel, recipient)
        self.lost.add((channel, digest))
        return digest

    def _known(self, channel: str, recipient: Recipient) -> bool:
        return not self.lost or (channel, self.digest(channel, recipient)) not in self.lost

    def _mail_address(self, recipient: Recipient) -> str:
        person = self.person(recipient)
        if person is not None:
            return person.text("email")
        return self.contacts.get(recipient.id, "") if recipient.kind == "contact" else ""

    def _ordered(self, person: Person | None) -> list[str]:
        wanted = person.text(PREFERENCE).casefold() if person else ""
        return sorted(self.channels, key=lambda name: name.casefold() != wanted)
