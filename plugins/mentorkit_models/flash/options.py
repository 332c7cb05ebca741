"""The options of `flash`, for its three forms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from attrs import Attribute, field, frozen, validators

QUARTER = 15
"""Sessions are laid out in quarter-hours, in minutes; two rounds must not share one."""


def _a_beginning(options: FlashOptions, _: Attribute[datetime | None], starts: datetime | None) -> None:
    if options.form != "event":
        return
    if starts is None:
        raise ValueError(
            "an event needs its beginning, a local date with a time: [model] options = { starts = 2027-02-04T14:00:00 }"
        )
    if starts.tzinfo is not None:
        raise ValueError("an event begins by the clock of the program's time zone: leave the offset out")
    if starts.minute % QUARTER or starts.second or starts.microsecond:
        raise ValueError(f"an event begins on a quarter-hour, not at {starts:%H:%M:%S}")


def _in_quarters(options: FlashOptions, _: Attribute[int], gap: int) -> None:
    if options.form == "event" and (options.minutes + gap) % QUARTER:
        told = f"minutes {options.minutes} and gap {gap} make {options.minutes + gap}"
        raise ValueError(f"{told}: every round begins on a quarter-hour, so they must make 15, 30, 45 or 60 together")


def _one_meeting_at_least(options: FlashOptions, _: Attribute[int], per_month: int) -> None:
    if per_month < options.meetings:
        told = f"per_month {per_month} is less than the meetings of one mentee, {options.meetings}"
        raise ValueError(f"{told}: nobody could be given a mentor")


@frozen
class FlashOptions:
    """Options of `flash`.

    Attributes:
        form: a mentor for a topic that somebody asks about now; mentors who are there at times of their own; one day
            with rounds.
        meetings: how many meetings one request brings; in office hours how often one mentee can come.
        per_month: requests: meetings that a mentor gives in a calendar month at most, by the day they were matched.
        weeks: requests: so long a mentee and a mentor have for their meetings, from the day they were matched.
        topics: requests: whether a mentor must offer one of the topics that are asked for, or only had better.
        ask: requests: whether the mentor is asked before anything is published.
        answer_days: requests: business days after which no answer counts as no, and the next mentor is asked.
        expiry_days: requests: business days after which a request that nobody could serve expires.
        column: office hours: the roster column with each mentor's times.
        mentee_column: office hours: the roster column with the times at which a mentee can; "": always.
        ahead: office hours: so many days ahead times are given away; 0: up to the program's end.
        seats: office hours and events: how many mentees sit with a mentor at a time.
        starts: event: when the first round begins, on the clock of the program's time zone.
        rounds: event: how many rounds there are.
        minutes: office hours and events: how long a meeting is; the sessions of the program must be as long.
        gap: event: minutes between two rounds.
    """

    form: Literal["requests", "office-hours", "event"] = "requests"
    meetings: int = field(default=1, validator=(validators.ge(1), validators.le(2)))
    per_month: int = field(default=2, validator=_one_meeting_at_least)
    weeks: int = field(default=4, validator=validators.ge(1))
    topics: Literal["required", "preferred"] = "required"
    ask: bool = True
    answer_days: int = field(default=5, validator=validators.ge(1))
    expiry_days: int = field(default=10, validator=validators.ge(1))
    column: str = field(default="office_hours", validator=validators.min_len(1))
    mentee_column: str = ""
    ahead: int = field(default=0, validator=validators.ge(0))
    seats: int = field(default=1, validator=validators.ge(1))
    starts: datetime | None = field(default=None, validator=_a_beginning)
    rounds: int = field(default=4, validator=validators.ge(1))
    minutes: int = field(default=25, validator=validators.ge(5))
    gap: int = field(default=5, validator=(validators.ge(0), _in_quarters))

    @property
    def round_starts(self) -> tuple[datetime, ...]:
        """When the rounds of an event begin, local time of the program."""
        if self.starts is None:
            return ()
        step = timedelta(minutes=self.minutes + self.gap)
        return tuple(self.starts + number * step for number in range(self.rounds))
