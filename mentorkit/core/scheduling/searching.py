"""The search for a series' times: one weekday and clock time for all its sessions, single sessions moved where needed.

Many relationships are searched for at once, as long as nobody is in two of them: rows of bits say who is free
(`diaries`), timetables where on them the sessions may be. An option is a day for the first session and a clock time;
the best has the fewest sessions that must move, then leaves people time to hear of it, then is at a time they like, and
equals are told apart by a seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from attrs import define, frozen

from mentorkit.core.program import Series
from mentorkit.core.scheduling.availability import Hours
from mentorkit.core.scheduling.axis import QUARTER, Bits, reaching_back, taken
from mentorkit.core.scheduling.diaries import Diaries, OfficeHours
from mentorkit.core.scheduling.timetables import FIRSTS, Frame, Timetable

Numbers = npt.NDArray[np.int64]
_CELLS = 6_000_000
"""So many possible times are looked at together: bytes of memory, several times over."""
_MISS, _LATE, _OFF = 8, 4, 1
_NEVER = 1 << 30
_ODD = 400


@frozen
class Wish:
    """What one relationship looks for in one series.

    Attributes:
        met: the rows of the people whose sessions count, in the diaries' `met`.
        away: the rows of the calendars that count, in the diaries' `away`.
        hours: the lead's first, then the others' distinct ones.
        seed: tells equally good times apart, so that a mentor's sessions do not all begin at the same hour.
        usual: weekday (0 is Monday) and minute of the day at which these people meet, to be kept unless another time
            moves fewer sessions; None: they have not met.
    """

    frame: Frame
    met: tuple[int, ...]
    away: tuple[int, ...]
    hours: tuple[Hours, ...]
    seed: int
    usual: tuple[int, int] | None = None


@define
class Laid:
    """Where sessions go: (wishes, sessions) each, -1 where there is no time.

    Attributes:
        days: days since 1970.
        clocks: quarters of the lead's day.
        moments: UTC minutes.
        usual: (wishes,) whether they are laid out at the usual time.
    """

    days: Numbers
    clocks: Numbers
    moments: Numbers
    usual: npt.NDArray[np.bool_]

    def of(self, wish: int) -> Iterator[tuple[int, int, int]]:
        """Yield day, clock and moment of each session of one wish."""
        columns = (self.days[wish], self.clocks[wish], self.moments[wish])
        yield from zip(*(one.tolist() for one in columns), strict=True)


class Search:
    """Wishes of one series, and the diaries they are held against."""

    def __init__(self, wishes: Sequence[Wish], series: Series, diaries: Diaries, *, wider: int = 0) -> None:
        self.series, self.diaries = series, diaries
        self.office = OfficeHours(diaries.axis, series.minutes)
        self.tables: list[Timetable] = []
        frames: dict[Frame, int] = {}
        self._comforts: dict[tuple[Frame, tuple[str, ...]], Numbers] = {}
        for frame in dict.fromkeys(wish.frame for wish in wishes):
            frames[frame] = len(self.tables)
            self.tables.append(Timetable(frame, diaries.axis, wider=wider))
        self.table_of = np.array([frames[wish.frame] for wish in wishes], dtype=np.int64)
        self._zones = [tuple(sorted({one.zone for one in wish.hours})) for wish in wishes]
        self._seeds = np.array([wish.seed for wish in wishes], dtype=np.uint64)
        self._usual = np.array([_usual(wish) for wish in wishes], dtype=np.int64).reshape(-1, 2)
        self.met = _padded([wish.met for wish in wishes], diaries.nobody)
        self._away = _padded([wish.away for wish in wishes], 0)
        self._hours = _padded([tuple(map(self.office.number, wish.hours)) for wish in wishes], 0)

    def nothing(self, wishes: int) -> Laid:
        """Return what is laid for so many wishes before anything is."""
        blank = [np.full((wishes, self.series.count), -1, dtype=np.int64) for _ in range(3)]
        return Laid(blank[0], blank[1], blank[2], np.zeros(wishes, dtype=np.bool_))

    def lay(self, which: Numbers) -> Laid:
        """Return where the sessions of some wishes go; nobody may be in two of these."""
        laid = self.nothing(len(which))
        for table, part in self.parts(which):
            open_ = self.open_times(table, which[part])
            first, clock, laid.usual[part] = self._chosen(table, which[part], open_)
            found = _followed(table, open_, first, clock)
            laid.days[part], laid.clocks[part], laid.moments[part] = found
        return laid

    def parts(self, which: Numbers) -> Iterator[tuple[Timetable, Numbers]]:
        """Yield wishes that share a timetable, as positions in `which`, in portions that fit into memory."""
        tables = self.table_of[which]
        for number in np.unique(tables):
            table, own = self.tables[number], np.flatnonzero(tables == number)
            most = max(_CELLS // table.places.size, 1) if table.places.size else len(own)
            for first in range(0, len(own), most):
                yield table, own[first : first + most]

    def open_times(self, table: Timetable, which: Numbers) -> npt.NDArray[np.uint8]:
        """Return when the sessions of wishes may begin, (wishes, days, clocks) of the timetable, 0 or 1."""
        office = self.office.rows
        free: Bits = office[self._hours[which, 0]]
        for column in self._hours[which].T[1:]:
            free &= office[column]
        free &= ~reaching_back(self._occupied(which), -(-self.series.minutes // QUARTER))
        return taken(free, table.places.ravel()).reshape(len(free), *table.places.shape)

    def _occupied(self, which: Numbers) -> Bits:
        """Return the quarters in which anybody is in a session or busy elsewhere."""
        rows = np.zeros((len(which), self.diaries.axis.words), dtype=np.uint64)
        for column in self.met[which].T:
            rows |= self.diaries.met[column]
        for column in self._away[which].T:
            rows |= self.diaries.away[column]
        return rows

    def room(self, which: Numbers) -> Numbers:
        """Return how many possible times each wish has: the fewer, the sooner its turn comes."""
        found = np.zeros(len(which), dtype=np.int64)
        for table, part in self.parts(which):
            found[part] = self.open_times(table, which[part]).sum(axis=(1, 2), dtype=np.int64)
        return found

    def _chosen(
        self, table: Timetable, which: Numbers, open_: npt.NDArray[np.uint8]
    ) -> tuple[Numbers, Numbers, npt.NDArray[np.bool_]]:
        """Return the best option of each wish, a first day and a clock, both numbered; -1 where there is none."""
        met = np.zeros((len(which), FIRSTS, len(table.clocks)), dtype=np.int64)
        for session in table.plans.T:
            met += open_[:, session]
        late = np.where(table.late, _LATE, 0)[None, :, None]
        comfort = np.stack([self._comfort(table, self._zones[one]) for one in which.tolist()])
        scores = (self.series.count - met) * _MISS + late + comfort * _OFF  # where none is met, all may still move
        flat = scores.reshape(len(which), -1)
        best = flat.min(axis=1, initial=_NEVER)
        pick = _nth(flat == best[:, None], self._seeds[which])
        usual = self._usual_options(table, which)
        kept = usual >= 0
        kept[kept] = (flat[kept, usual[kept]] // _MISS) == (best[kept] // _MISS)
        kept &= best < _NEVER
        pick = np.where(kept, usual, np.where(best < _NEVER, pick, -1))
        clocks = max(len(table.clocks), 1)
        return np.where(pick < 0, -1, pick // clocks), np.where(pick < 0, -1, pick % clocks), kept

    def _comfort(self, table: Timetable, zones: tuple[str, ...]) -> Numbers:
        """Return how everybody likes each option, (7, clocks): as whoever likes it least; odd quarters come last."""
        known = self._comforts.get((table.frame, zones))
        if known is None:
            worst = np.max([table.comfort(zone) for zone in zones], axis=0)
            odd = np.array([clock % 2 for clock in table.clocks], dtype=np.int64)
            known = self._comforts[table.frame, zones] = np.where(odd[None, :], 3, worst)
        return known

    def _usual_options(self, table: Timetable, which: Numbers) -> Numbers:
        weekdays = (table.nominal[:, 0] + 3) % 7
        weekday, minute = self._usual[which].T
        first = np.argsort(weekdays)[weekday]
        clock = minute // QUARTER - table.clocks.start
        there = (minute >= 0) & (minute % QUARTER == 0) & (clock >= 0) & (clock < len(table.clocks))
        return np.where(there, first * len(table.clocks) + clock, -1)


def _usual(wish: Wish) -> tuple[int, int]:
    return wish.usual or (0, -1)


def _padded(lists: Sequence[tuple[int, ...]], nothing: int) -> Numbers:
    """Return lists of unequal length as rows, each filled up with its first number, or with `nothing` for none."""
    width = max(1, max(map(len, lists), default=1))
    filled = [(*one, *(one[:1] or (nothing,)) * (width - len(one))) for one in lists]
    return np.array(filled, dtype=np.int64).reshape(-1, width)


def _nth(candidates: npt.NDArray[np.bool_], seeds: npt.NDArray[np.uint64]) -> Numbers:
    """Return in each row one of the candidates: the one at which the seed points, counted round."""
    counts = candidates.sum(axis=1)
    wanted = (seeds % np.maximum(counts, 1).astype(np.uint64)).astype(np.int64) + 1
    reached = np.cumsum(candidates, axis=1, dtype=np.int32) >= wanted[:, None]
    result: Numbers = reached.argmax(axis=1) if candidates.shape[1] else np.zeros(len(candidates), dtype=np.int64)
    return result


def _followed(
    table: Timetable, open_: npt.NDArray[np.uint8], first: Numbers, clock: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Return days, clocks and moments of all sessions by options; those that cannot stand there move in their week."""
    size, count = len(first), table.plans.shape[1]
    days, clocks, moments = (np.full((size, count), -1, dtype=np.int64) for _ in range(3))
    free_from = np.zeros(size, dtype=np.int64)
    everyone = np.arange(size)
    for number in range(count):
        day = np.where(first < 0, len(table.days) - 1, table.plans[first, number])
        moment = table.moments[day, clock] if len(table.clocks) else np.full(size, -1)
        stands = (first >= 0) & (moment >= free_from)
        stands[stands] = open_[everyone[stands], day[stands], clock[stands]] > 0
        place, at = day.copy(), clock.copy()
        moving = np.flatnonzero(~stands & (first >= 0))
        found, place[moving], at[moving] = _moved(
            table, open_[moving], number, table.nominal[first[moving], number], clock[moving], free_from[moving]
        )
        stands[moving] = found
        days[stands, number] = table.days[place[stands]]
        clocks[stands, number] = at[stands] + table.clocks.start
        moments[stands, number] = table.moments[place[stands], at[stands]]
        free_from[stands] = moments[stands, number] + table.frame.series.minutes
    return days, clocks, moments


def _moved(
    table: Timetable, open_: npt.NDArray[np.uint8], number: int, nominal: Numbers, clock: Numbers, free_from: Numbers
) -> tuple[npt.NDArray[np.bool_], Numbers, Numbers]:
    """Return the nearest other time in a session's week, by day and then by clock, and whether there is any."""
    week = table.weeks[number]
    if not (len(open_) and len(table.clocks)):
        return np.zeros(len(open_), dtype=np.bool_), np.zeros(len(open_), dtype=np.int64), clock
    possible = (open_[:, week] > 0) & (table.moments[week][None] >= free_from[:, None, None])
    far = table.days[week][None] - nominal[:, None]
    by_day = (np.abs(far) * 2 + (far > 0)) * 2 * _ODD
    numbers = np.arange(len(table.clocks))
    away = numbers[None] - clock[:, None]
    odd = np.array([one % 2 for one in table.clocks], dtype=np.int64) * _ODD
    by_clock = np.abs(away) * 2 + (away > 0) + odd[None]
    cost = np.where(possible, by_day[:, :, None] + by_clock[:, None, :], _NEVER).reshape(len(open_), -1)
    best = cost.argmin(axis=1)
    found = cost[np.arange(len(open_)), best] < _NEVER
    return found, week[best // len(table.clocks)], best % len(table.clocks)
