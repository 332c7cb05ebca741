"""What a series' sessions were laid out by, in a few characters: how a later run sees that its keys have changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from attrs import frozen

from mentorkit.core.digesting import digest_of
from mentorkit.core.program import Book, Program, Series, booked_as

_WITHOUT_BOOK = 3
"""Parts of a mark from before bookings were one of them."""


def series_marks(program: Program) -> Mapping[str, str]:
    """Return a mark of each series by its name: `COUNT.TIMES.PLACE.BOOK`.

    COUNT is the number of sessions, TIMES a digest over everything else that their times depend on, PLACE one over
    where they are, BOOK whose calendars they are put into. Agendas are no part of it.
    """
    return {series.name: _mark(program, series) for series in program.series}


def _mark(program: Program, series: Series) -> str:
    times = (
        series.cadence,
        series.minutes,
        series.hours,
        frozenset(range(5)) if series.days is None else series.days,  # as it was when nobody's country counted
        tuple(sorted(series.who)),
        program.starts,
        program.ends,
    )
    place = digest_of((series.place, series.place_column))[:12]
    return f"{series.count}.{digest_of(times)[:12]}.{place}.{series.book}"


@frozen
class Change:
    """Which parts of a series' mark differ from what the ledger knows; a new series differs in all."""

    count: bool
    times: bool
    place: bool
    book: bool


def change_between(before: str, now: str) -> Change:
    """Return what differs between two marks of one series; "" before: the series is new."""
    old, new = before.split("."), now.split(".")
    if len(old) == _WITHOUT_BOOK:
        old.append(new[-1])
    if len(old) != len(new):
        return Change(count=True, times=True, place=True, book=True)
    return Change(*(one != other for one, other in zip(old, new, strict=True)))


def is_booked_otherwise(before: str, now: str, number: int) -> bool:
    """Whether the session with this number stands in calendars otherwise by the later of two marks of its series."""
    books = before.rpartition(".")[2], now.rpartition(".")[2]
    return change_between(before, now).book and len({booked_as(cast(Book, book), number) for book in books}) > 1
