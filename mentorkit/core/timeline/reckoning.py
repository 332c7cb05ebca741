"""When a step comes to pass on one calendar: its offset, repetition and expiry from the day of what it hangs on.

A step is worth sending until 24:00 of the last day of its `expires`, counted from the day of its moment: `0 days` ends
that same day. Two things bend this: what announces a date or a session (an offset before it) is never sent after it,
and what belongs to a relationship comes on the day of its publication at the earliest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from attrs import field, frozen

from mentorkit.core.moments import add_length
from mentorkit.core.program import Length, Step
from mentorkit.core.working_days import MONDAY_TO_FRIDAY, WorkingDays
from mentorkit.core.zones import day_end, to_utc


@frozen
class Anchored:
    """What a step hangs on, on the calendar of one addressee.

    Attributes:
        day: the anchor's local day.
        last: the last local day on which the step is repeated.
        first_too: whether `last` bounds the first occurrence as well.
        published: the local day of the relationship's publication.
        begins: when the session begins that the step hangs on.
    """

    day: date
    last: date
    first_too: bool = False
    published: date | None = None
    begins: datetime | None = None


Moments = tuple[tuple[int, datetime, datetime], ...]
"""Number (1-based), moment and expiry (UTC, aware) of each occurrence of a step, in their order."""


@frozen
class Reckoning:
    """The moments of one step, each day and zone worked out once.

    Attributes:
        alike: what was worked out for relationships, by what their moments depend on: many have it in common.
    """

    step: Step
    known: dict[tuple[Anchored, str, WorkingDays], Moments] = field(factory=dict)
    alike: dict[tuple[object, ...], Moments] = field(factory=dict)

    def moments(self, anchored: Anchored, zone: str, week: WorkingDays = MONDAY_TO_FRIDAY) -> Moments:
        """Return number (1-based), moment and expiry of each occurrence in a zone, in their order.

        Business days are those of `week`, the working days of the recipient's country.
        """
        key = (anchored, zone, week)
        if key not in self.known:
            self.known[key] = tuple(self._reckon(anchored, zone, week))
        return self.known[key]

    def _reckon(self, anchored: Anchored, zone: str, week: WorkingDays) -> Iterator[tuple[int, datetime, datetime]]:
        first = add_length(anchored.day, self.step.when.offset, week)
        if not (anchored.first_too and first > anchored.last):
            yield 1, *self._moment(1, first, anchored, zone, week)
        for number, day in enumerate(self._repeated(first, anchored.last, week), 2):
            if anchored.published is None or day > anchored.published:  # earlier ones would come with the first
                yield number, *self._moment(number, day, anchored, zone, week)

    def _repeated(self, first: date, last: date, week: WorkingDays) -> Iterator[date]:
        repeat = self.step.repeat
        if repeat is None:
            return
        times = 1
        while (day := add_length(first, Length(times * repeat.amount, repeat.unit), week)) <= last:
            yield day
            times += 1

    def _moment(
        self, number: int, day: date, anchored: Anchored, zone: str, week: WorkingDays
    ) -> tuple[datetime, datetime]:
        day = day if anchored.published is None else max(day, anchored.published)
        due = to_utc(datetime.combine(day, self.step.when.at), zone)
        expires = day_end(add_length(day, self.step.expires, week), zone)
        before = self.step.when.offset.amount < 0
        over = due >= anchored.begins if anchored.begins is not None else day > anchored.day
        if number > 1 and over:
            return due, expires  # what it hangs on is past: this one does not announce it
        if anchored.begins is not None and (before or (self.step.when.offset.amount == 0 and due < anchored.begins)):
            expires = min(expires, anchored.begins)
        elif anchored.begins is None and before:
            expires = min(expires, day_end(anchored.day, zone))
        return due, expires
