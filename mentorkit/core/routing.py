"""By which channel somebody is reached: the one they prefer, else the first that does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from attrs import field, frozen

from mentorkit.core.deliveries import Recipient
from mentorkit.core.roster import Person

Reaches = Callable[[Person | None, str], bool]
"""Whether a channel reaches a person, or a contact (None), with this mail address ("" for none)."""

PREFERENCE = "channel"
"""The roster column in which people name the channel that they prefer."""


@frozen(eq=False)
class Routes:
    """The ways to everybody.

    Attributes:
        channels: those that messages may go by, in the program's order.
        people: the roster's people, by id.
        contacts: mail addresses of contacts, by name.
    """

    channels: Mapping[str, Reaches]
    people: Mapping[str, Person] = field(factory=dict)
    contacts: Mapping[str, str] = field(factory=dict)

    def person(self, recipient: Recipient) -> Person | None:
        """Return the person of the roster; None: a contact, or somebody who is not in it."""
        return self.people.get(recipient.id) if recipient.kind == "person" else None

    def address(self, recipient: Recipient) -> str:
        """Return the recipient's mail address, or ""."""
        person = self.person(recipient)
        if person is not None:
            return person.text("email")
        return self.contacts.get(recipient.id, "") if recipient.kind == "contact" else ""

    def first(self, recipient: Recipient, but: Collection[str] = ()) -> str:
        """Return the name of the channel that a message goes by, `but` those named; "" where none reaches them."""
        person, address = self.person(recipient), self.address(recipient)
        allowed = (one for one in self._ordered(person) if one not in but)
        return next((one for one in allowed if self.channels[one](person, address)), "")

    def _ordered(self, person: Person | None) -> list[str]:
        wanted = person.text(PREFERENCE).casefold() if person else ""
        return sorted(self.channels, key=lambda name: name.casefold() != wanted)
