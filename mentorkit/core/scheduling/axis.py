"""Time as a row of bits: the quarter-hours of those UTC days on which anything can happen, one after the other.

All clocks of the world differ by whole quarters of an hour, so sessions begin on quarters, and clash by quarters. Days
between the weeks of a monthly series are left out: they would be most of the row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from mentorkit.core.scheduling.availability import local_minute, utc_minute

QUARTER = 15
A_DAY = 96
"""Quarters of a day."""
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST, _LAST = date.min.toordinal() - _EPOCH + 2, date.max.toordinal() - _EPOCH - 3

Days = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]


def day_number(day: date) -> int:
    """Return a day as days since 1970."""
    return day.toordinal() - _EPOCH


@lru_cache(maxsize=1 << 14)
def day_of(number: int) -> date:
    """Return the day that lies so many days after 1 January 1970."""
    return date.fromordinal(number + _EPOCH)


class Axis:
    """The UTC days around some local days, wherever on Earth these are, and places on the row of their quarters.

    Attributes:
        size: how many quarters there are.
        words: how many 64-bit words hold them, with one bit more that is never set.
        span: the first quarter since 1970 on the row, and the one after the last.
        local_days: every local day of which a part is on the row, ascending, as days since 1970.
    """

    def __init__(self, days: Iterable[int]) -> None:
        near = np.array(sorted({*days}) or [0], dtype=np.int64).clip(_FIRST, _LAST)
        utc = np.unique(np.concatenate([near - 1, near, near + 1]))
        self._first = int(utc[0])
        self._places = np.full(int(utc[-1]) - self._first + 1, -1, dtype=np.int64)
        self._places[utc - self._first] = np.arange(len(utc))
        self.size = len(utc) * A_DAY
        self.words = self.size // 64 + 1
        self.span = self._first * A_DAY, (int(utc[-1]) + 1) * A_DAY
        self.local_days = np.unique(np.concatenate([utc - 1, utc, utc + 1]))

    def places(self, quarters: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return where quarters since 1970 are on the row; `size`, the bit that is never set, where they are not."""
        days = quarters // A_DAY - self._first
        inside = (days >= 0) & (days < len(self._places))
        places = np.where(inside, self._places[np.where(inside, days, 0)], -1)
        return np.where(places < 0, self.size, places * A_DAY + quarters % A_DAY)

    def row_of(self, quarters: npt.NDArray[np.int64]) -> Bits:
        """Return a row in which these quarters since 1970 are set."""
        bits = np.zeros(self.words * 64, dtype=np.bool_)
        bits[self.places(quarters)] = True
        bits[self.size] = False
        return _packed(bits)

    def rows_of_all(self, bits: npt.NDArray[np.bool_]) -> Bits:
        """Return rows of which all quarters of `span` are given, those between the days of this row as well."""
        octets = np.packbits(bits, axis=-1, bitorder="little").reshape(len(bits), -1, A_DAY // 8)
        rows = np.zeros((len(bits), self.words * 8), dtype=np.uint8)
        rows[:, : self.size // 8] = octets[:, self._places >= 0].reshape(len(bits), -1)
        return rows.view("<u8")


def _packed(bits: npt.NDArray[np.bool_]) -> Bits:
    """Return rows of bits as words, the first bit of each the lowest."""
    return np.packbits(bits, axis=-1, bitorder="little").view("<u8")


def taken(rows: Bits, places: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Return the bits of each row at these places of the row: (rows, places), 0 or 1."""
    octets = rows.view(np.uint8)[:, places >> 3]
    return (octets >> (places & 7).astype(np.uint8)) & np.uint8(1)


def reaching_back(rows: Bits, quarters: int) -> Bits:
    """Return rows whose bits are set where any of so many quarters from there on is."""
    rows, reached = rows.copy(), 1
    while reached < quarters:
        step = min(reached, quarters - reached)
        moved = rows >> np.uint64(step)
        moved[:, :-1] |= rows[:, 1:] << np.uint64(64 - step)
        rows |= moved
        reached += step
    return rows


def utc_minutes(zone: str, days: Days, minute: int) -> npt.NDArray[np.int64]:
    """Return the UTC minute of one minute of several local days; see `availability.utc_minute`."""
    moments = np.empty(len(days), dtype=np.int64)
    for number, day in enumerate(days.tolist()):
        midnight = utc_minute(zone, day_of(day), 0)
        if utc_minute(zone, day_of(day), 1440) - midnight == 1440:
            moments[number] = midnight + minute
        else:  # the clocks change on this day
            moments[number] = utc_minute(zone, day_of(day), minute)
    return moments


def starts_on(zone: str, day: int, clocks: range) -> list[int]:
    """Return the UTC minute at which each quarter `clocks` of a local day begins; -1 where there is no such time.

    A time that happens twice is the first of the two; one that the clocks skip never is.
    """
    date_ = day_of(day)
    midnight = utc_minute(zone, date_, 0)
    regular = utc_minute(zone, date_, 1440) - midnight == 1440
    moments = []
    for clock in clocks:
        minute = clock * QUARTER
        moment = midnight + minute if regular else utc_minute(zone, date_, minute)
        there = regular or local_minute(zone, date_, moment) == minute
        moments.append(moment if there and moment % QUARTER == 0 else -1)
    return moments
