"""What is to come of a timeline, kept as occurrences until somebody looks at it, a minute at a time.

Occurrences that go out together are due in the same minute, which stands in the key of their transmission. So what is
due in one minute makes the same transmissions by itself as it does among all others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from attrs import evolve, frozen

from mentorkit.core.deliveries import Transmission
from mentorkit.core.outlook import Heading, Kind
from mentorkit.core.timeline.laying_out import Sent, delivery_key, goes_apart_by, grouped
from mentorkit.core.timeline.occurrences import Occurrence


@frozen(eq=False, repr=False)
class Minute:
    """A batch of all that is due in one minute.

    Attributes:
        minute: when it begins, UTC, aware.
        occurrences: at least one; none of them is sent already.
        numbers: running numbers, see `grouped`.
    """

    minute: datetime
    occurrences: Sequence[Occurrence]
    numbers: Mapping[str, int]
    sent: Sent

    def __len__(self) -> int:
        """Return how many transmissions these occurrences come to."""
        return len(self._firsts())

    def __iter__(self) -> Iterator[Transmission]:
        """Make the transmissions."""
        return iter(grouped(self.occurrences, self.numbers, self.sent))

    def headings(self) -> Iterable[Heading]:
        """Return what each transmission can be counted by."""
        return [
            Heading(one.due, one.step.name, one.addressee.kind, one.addressee.id) for one in self._firsts().values()
        ]

    def recipients(self) -> Iterable[tuple[Kind, str]]:
        """Return the recipient of each transmission."""
        return [(one.addressee.kind, one.addressee.id) for one in self._firsts().values()]

    def before(self, moment: datetime) -> Minute | None:
        """Return what is due before a moment (aware); None: nothing."""
        return self._only([one for one in self.occurrences if one.due < moment]) if self.minute < moment else None

    def after(self, moment: datetime) -> Minute | None:
        """Return what is due after a moment (aware); None: nothing."""
        return self if self.minute > moment else self._only([one for one in self.occurrences if one.due > moment])

    def to(self, people: Collection[str]) -> Minute | None:
        """Return what goes to these people, by id; None: nothing."""
        return self._only(
            [one for one in self.occurrences if one.addressee.id in people and one.addressee.kind == "person"]
        )

    def _only(self, occurrences: Sequence[Occurrence]) -> Minute | None:
        return evolve(self, occurrences=occurrences) if occurrences else None

    def _firsts(self) -> Mapping[tuple[str, str, str, str], Occurrence]:
        """Return the first occurrence of each transmission."""
        found: dict[tuple[str, str, str, str], Occurrence] = {}
        for one in self.occurrences:
            to = one.addressee
            found.setdefault((one.step.name, to.number_key, to.role, goes_apart_by(one)), one)
        return found


@frozen
class Parted:
    """What is not sent, parted at a moment.

    Attributes:
        near: what a run at that moment has to do with, by (due, key).
        far: what is due in later minutes, in which nothing has expired, the earliest first.
    """

    near: tuple[Transmission, ...] = ()
    far: tuple[Minute, ...] = ()


def parted(
    found: Iterable[Occurrence], numbers: Mapping[str, int], sent: Sent, at: datetime, adopted: datetime | None = None
) -> Parted:
    """Part at a moment what occurrences come to, without what is known or due until `adopted`; both are aware."""
    near: list[Occurrence] = []
    far: list[Minute] = []
    for one in minutes(found, numbers, sent):
        left = one if adopted is None else one.after(adopted)
        if left is not None and one.minute > at and all(occurrence.expires > at for occurrence in left.occurrences):
            far.append(left)
        elif left is not None:
            near += left.occurrences
    return Parted(grouped(near, numbers, sent), tuple(far))


def minutes(found: Iterable[Occurrence], numbers: Mapping[str, int], sent: Sent) -> Iterator[Minute]:
    """Yield what occurrences come to, without deliveries that are known already, the earliest first."""
    by_due: defaultdict[datetime, list[Occurrence]] = defaultdict(list)
    for one in found:
        if not sent.deliveries or delivery_key(one, numbers) not in sent.deliveries:
            by_due[one.due].append(one)
    for minute, dues in groupby(sorted(by_due), key=minute_of):
        yield Minute(minute, [one for due in dues for one in by_due.pop(due)], numbers, sent)


def minute_of(due: datetime) -> datetime:
    """Return the beginning of the minute in which a moment lies."""
    return due.replace(second=0, microsecond=0)
