"""Who is free when, as rows of bits: hours and holidays, calendars kept elsewhere, and the sessions given so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from mentorkit.core.busy_times import BusyTimes
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import Hours, minutes_since_epoch
from mentorkit.core.scheduling.axis import QUARTER, Axis, Bits, day_number, utc_minutes
from mentorkit.core.sessions import Session

_TOGETHER = 30_000_000
"""So many quarters are laid out at once, a byte each."""

_SHORT = 12


class Diaries:
    """The rows of everybody who is to meet.

    Attributes:
        rows: person to the number of their row.
        met: (people, words) the quarters in which they are in sessions; the last row, `nobody`, is of nobody.
        away: (calendars, words) the quarters in which they are busy elsewhere; row 0 is of those who have no calendar.
    """

    def __init__(self, people: Iterable[str], roster: Roster, axis: Axis) -> None:
        self.axis = axis
        self.rows = {person: row for row, person in enumerate(dict.fromkeys(people))}
        self.nobody = len(self.rows)
        self.met = np.zeros((len(self.rows) + 1, axis.words), dtype=np.uint64)
        with_calendar = [person for person in self.rows if person in roster.busy]
        self._calendars = {person: row for row, person in enumerate(with_calendar, 1)}
        self.away = np.zeros((len(with_calendar) + 1, axis.words), dtype=np.uint64)
        together = max(_TOGETHER // (axis.span[1] - axis.span[0]), 1)
        for first in range(0, len(with_calendar), together):
            calendars = [roster.busy[person] for person in with_calendar[first : first + together]]
            self.away[first + 1 : first + 1 + len(calendars)] = _laid_out(calendars, axis)

    def met_by(self, people: Iterable[str]) -> tuple[int, ...]:
        """Return the rows of people in `met`."""
        return tuple(self.rows[person] for person in people)

    def away_by(self, people: Iterable[str]) -> tuple[int, ...]:
        """Return the rows in `away` of those people who have a calendar."""
        return tuple(self._calendars[person] for person in people if person in self._calendars)

    def book(self, people: Sequence[str], moment: int, minutes: int) -> None:
        """Enter a session at a UTC minute."""
        rows = [self.rows[person] for person in people if person in self.rows]
        self.book_all(np.array([rows], dtype=np.int64), np.array([moment], dtype=np.int64), minutes)

    def book_all(self, rows: npt.NDArray[np.int64], moments: npt.NDArray[np.int64], minutes: int) -> None:
        """Enter sessions of (sessions, people) rows at UTC minutes; nobody may be in two of them."""
        begin, end = moments // QUARTER, -(-(moments + minutes) // QUARTER)
        for step in range(int((end - begin).max(initial=0))):
            places = self.axis.places(np.where(begin + step < end, begin + step, -(1 << 40)))
            there = places < self.axis.size
            words, bits = places[there] >> 6, np.uint64(1) << (places[there] & 63).astype(np.uint64)
            for column in rows.T:
                self.met[column[there], words] |= bits

    def enter(self, sessions: Iterable[Session]) -> None:
        """Enter sessions that stand."""
        for session in sessions:
            if not self.rows.keys().isdisjoint(session.people):
                self.book(session.people, minutes_since_epoch(session.starts), session.minutes)

    def meets(self, person: str, moment: int, minutes: int) -> bool:
        """Whether somebody is in a session within so many minutes from a UTC minute."""
        quarters = np.arange(moment // QUARTER, -(-(moment + minutes) // QUARTER))
        return bool((self.met[self.rows[person]] & self.axis.row_of(quarters)).any())


def _laid_out(calendars: Sequence[BusyTimes], axis: Axis) -> Bits:
    """Return the quarters that each calendar touches."""
    spans = [calendar.spans for calendar in calendars]
    together = np.concatenate(spans).astype(np.int64)
    first, last = axis.span
    begin = np.clip(together[:, 0] // QUARTER, first, last) - first
    length = np.clip(-(-together[:, 1] // QUARTER), first, last) - first - begin
    begin += np.repeat(np.arange(len(spans)), [len(one) for one in spans]) * (last - first)
    bits = np.zeros((len(spans), last - first), dtype=np.bool_)
    _set(bits.reshape(-1), begin, length)
    return axis.rows_of_all(bits)


def _set(bits: npt.NDArray[np.bool_], begin: npt.NDArray[np.int64], length: npt.NDArray[np.int64]) -> None:
    """Set spans of bits: the few long ones are written out, the others by their length."""
    long = length >= _SHORT
    offset = np.arange(int(length[long].sum())) - np.repeat(np.cumsum(length[long]) - length[long], length[long])
    bits[np.repeat(begin[long], length[long]) + offset] = True
    for short in range(1, _SHORT):
        first = begin[length == short]
        for step in range(short):
            bits[first + step] = True


class OfficeHours:
    """The quarters in which sessions of a length may begin, by hours: a row for each, worked out once.

    A session lies within one window of somebody's day, to the minute.
    """

    def __init__(self, axis: Axis, minutes: int) -> None:
        self._axis, self._minutes = axis, minutes
        self._known: dict[Hours, int] = {}
        self._rows: list[Bits] = []
        self._stacked: Bits | None = None

    def number(self, hours: Hours) -> int:
        """Return the number of the row of somebody's hours."""
        known = self._known.get(hours)
        if known is None:
            known = self._known[hours] = len(self._rows)
            self._rows.append(self._row(hours))
            self._stacked = None
        return known

    @property
    def rows(self) -> Bits:
        """All rows, by their numbers."""
        if self._stacked is None:
            self._stacked = np.stack(self._rows)
        return self._stacked

    def _row(self, hours: Hours) -> Bits:
        days = self._axis.local_days
        weekdays = (days + 3) % 7  # 1 January 1970 was a Thursday
        holidays = np.isin(days, [day_number(day) for day in hours.country.holidays])
        found = []
        for weekday, windows in enumerate(hours.week):
            own = days[(weekdays == weekday) & ~holidays]
            for begins, ends in windows:
                first = -(-utc_minutes(hours.zone, own, begins) // QUARTER)
                last = (utc_minutes(hours.zone, own, ends) - self._minutes) // QUARTER
                found += [np.arange(a, b + 1) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        return self._axis.row_of(np.concatenate(found) if found else np.zeros(0, dtype=np.int64))
