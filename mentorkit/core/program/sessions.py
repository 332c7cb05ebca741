"""When people meet: `[sessions]` and `[series.NAME]`."""

from __future__ import annotations

from datetime import time
from typing import Literal

from attrs import frozen

from mentorkit.core.program.lengths import Length
from mentorkit.core.program.texts import Agenda

Book = Literal["all", "first", "suggest", "none"]
"""Whom we put the sessions of a series into the calendar of."""

MAIN_SERIES = "sessions"
"""The name of the series under `[sessions]`."""


@frozen(cache_hash=True)
class Series:
    """A declared series of sessions.

    Attributes:
        name: `sessions` for the main series, else the NAME of `[series.NAME]`.
        cadence: steps between sessions; the last one repeats.
        minutes: length of a session.
        hours: earliest start and latest end, in everybody's local time.
        days: weekdays, 0 is Monday; None: the working days of each person's country.
        place: a fixed place, or "".
        place_column: the column that holds the place (the mentor's first), or "".
        book: whom we put a session into the calendar of.
        who: roles that take part; empty: everybody in the relationship.
    """

    name: str
    count: int
    cadence: tuple[Length, ...]
    minutes: int = 60
    hours: tuple[time, time] = (time(9), time(17))
    days: frozenset[int] | None = None
    agendas: tuple[Agenda, ...] = ()
    place: str = ""
    place_column: str = ""
    book: Book = "all"
    who: tuple[str, ...] = ()


def booked_as(book: Book, number: int) -> Literal["firm", "suggested", ""]:
    """Return how the session with this number stands in calendars where its series books like this; "": not at all."""
    if book == "suggest":
        return "suggested"
    return "firm" if book == "all" or (book == "first" and number == 1) else ""
