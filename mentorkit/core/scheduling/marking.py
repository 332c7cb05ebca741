"""What a series' sessions were laid out by, in a few characters: how a later run sees that its keys have changed."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from mentorkit.core.digesting import digest_of
from mentorkit.core.program import Program, Series


def series_marks(program: Program) -> Mapping[str, str]:
    """Return a mark of each series by its name: `COUNT.TIMES.PLACE`.

    COUNT is the number of sessions, TIMES a digest over everything else that their times depend on, PLACE one over
    where they are. Agendas and bookings are no part of it: they change at any time and move nothing.
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
    return f"{series.count}.{digest_of(times)[:12]}.{digest_of((series.place, series.place_column))[:12]}"


@frozen
class Change:
    """Which parts of a series' mark differ from what the ledger knows; a new series differs in all."""

    count: bool
    times: bool
    place: bool


def change_between(before: str, now: str) -> Change:
    """Return what differs between two marks of one series; "" before: the series is new."""
    old, new = before.split("."), now.split(".")
    if len(old) != len(new):
        return Change(count=True, times=True, place=True)
    return Change(*(one != other for one, other in zip(old, new, strict=True)))
