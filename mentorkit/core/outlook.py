"""What is to come of a program: transmissions that are made when somebody looks at them.

A large program has millions of them, and most who have a plan never look at one: what they ask is how many there are,
when the next one is due, and who gets how many. That is answered from headings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Literal, NamedTuple, Protocol, overload

from attrs import frozen

from mentorkit.core.deliveries import Transmission

Kind = Literal["person", "contact"]
"""Of recipients."""


class Heading(NamedTuple):
    """What a transmission that is to come can be counted by.

    Attributes:
        due: the moment, UTC, aware.
        step: its name.
        kind: of recipient: `person` or `contact`.
        recipient: a person's id, or a contact's name.
    """

    due: datetime
    step: str
    kind: Kind
    recipient: str


class Batch(Protocol):
    """Transmissions that can be made independently of all others; never none at all."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Transmission]:
        """Make them, by (due, key)."""

    def headings(self) -> Iterable[Heading]:
        """Return what each can be counted by, in any order."""

    def recipients(self) -> Iterable[tuple[Kind, str]]:
        """Return kind and id (a contact's name) of each one's recipient, in any order: less work than headings."""

    def before(self, moment: datetime) -> Batch | None:
        """Return what of it is due before a moment (aware); None: nothing."""


@frozen
class Made:
    """A batch of transmissions that are made already."""

    transmissions: tuple[Transmission, ...]

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.transmissions)

    def __iter__(self) -> Iterator[Transmission]:
        """Yield them as they are."""
        return iter(self.transmissions)

    def headings(self) -> Iterable[Heading]:
        """Return what each can be counted by."""
        return [Heading(one.due, one.step, one.recipient.kind, one.recipient.id) for one in self.transmissions]

    def recipients(self) -> Iterable[tuple[Kind, str]]:
        """Return the recipient of each."""
        return [(one.recipient.kind, one.recipient.id) for one in self.transmissions]

    def before(self, moment: datetime) -> Made | None:
        """Return those due before a moment."""
        found = tuple(one for one in self.transmissions if one.due < moment)
        return Made(found) if found else None


@frozen(eq=False, repr=False)
class Outlook(Sequence[Transmission]):
    """Transmissions by (due, key), made when they are looked at; equal to any sequence of the same ones.

    Attributes:
        batches: each is due, as a whole, before the next.
    """

    batches: tuple[Batch, ...] = ()

    def __len__(self) -> int:
        """Return how many there are, without making them."""
        return sum(map(len, self.batches))

    def __bool__(self) -> bool:
        """Whether there are any, without counting them."""
        return bool(self.batches)

    def __iter__(self) -> Iterator[Transmission]:
        """Make them, a batch at a time."""
        return chain.from_iterable(self.batches)

    @overload
    def __getitem__(self, index: int) -> Transmission: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Transmission]: ...

    def __getitem__(self, index: int | slice) -> Transmission | Sequence[Transmission]:
        """Return one, or some; the first comes without making more than its batch."""
        if index == 0 and self.batches:
            return next(iter(self))
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        """Whether something is a sequence of the same transmissions."""
        return tuple(self) == tuple(other) if isinstance(other, (Outlook, tuple)) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Show them as the tuple that they are equal to."""
        return repr(tuple(self))

    def headings(self, until: datetime | None = None) -> Iterator[Heading]:
        """Yield what each can be counted by, or only of those due until a moment (aware)."""
        for batch in self.batches:
            found = [one for one in batch.headings() if until is None or one.due <= until]
            if not found:
                return
            yield from found

    def recipients(self) -> Iterator[tuple[Kind, str]]:
        """Yield kind and id (a contact's name) of each one's recipient, in any order."""
        return chain.from_iterable(batch.recipients() for batch in self.batches)

    def before(self, moment: datetime) -> Outlook:
        """Return what of it is due before a moment (aware)."""
        parts = (batch.before(moment) for batch in self.batches)
        return Outlook(tuple(one for one in parts if one is not None))


def outlook(transmissions: Sequence[Transmission]) -> Outlook:
    """Return transmissions, given by (due, key), as an outlook."""
    if isinstance(transmissions, Outlook):
        return transmissions
    made = tuple(transmissions)
    return Outlook((Made(made),) if made else ())
