"""What would help a session that found no time: each change is tried on everybody's real diaries, the cheapest first.

A change is named only if it gives that session, in its week and between the sessions around it, a time at which
everybody is free. Each session is tried alone: two of them may be told of the same free hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from mentorkit.core.program import Program, Series
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import Hours, share_anything
from mentorkit.core.scheduling.circles import Circle, hours_in
from mentorkit.core.scheduling.diaries import Diaries
from mentorkit.core.scheduling.searching import Search, Wish
from mentorkit.core.scheduling.timetables import Frame, Timetable
from mentorkit.core.scheduling.unplaced import why_beyond, why_no_common_hour, why_not_free
from mentorkit.core.sessions import Unplaced

LENGTHS = (90, 60, 45, 30, 15)
"""Lengths that a shorter session may have, in minutes; never less than half."""
HOURS = (60, 120)
"""By how many minutes somebody's day may begin earlier or end later."""
MOST_PEOPLE = 4
"""Of larger groups, changes for so many people are tried."""
MOST = 1000
"""Help is looked for for so many relationships, in the order of their ids."""
_FOREVER = 1 << 40


@frozen
class Missed:
    """A session that found no time.

    Attributes:
        frame: by which it was searched for.
        index: which session of the frame it is, from 0.
        number: which one of the series, from 1.
        after: the UTC minute from which on it may begin, because of the one before.
        until: the UTC minute at which it must be over, because of the one after.
    """

    circle: Circle
    frame: Frame
    index: int
    number: int
    after: int = 0
    until: int = _FOREVER

    @property
    def week(self) -> tuple[date, ...]:
        """The days on which it may be, ascending; () where the program ends before."""
        return self.frame.weeks()[self.index]


@frozen
class _Change:
    """One change.

    Attributes:
        wish: how it changes what people look for, in sessions of its length; None where it changes nothing for them.
        minutes: how long the sessions are by it.
        wider: by how many minutes the series' hours are widened for it.
        words: what it is.
    """

    wish: Callable[[Circle], Wish | None]
    minutes: int
    wider: int
    words: Callable[[Circle], str]


def missed_of(circle: Circle, frame: Frame, moments: Sequence[int], first: int = 1) -> list[Missed]:
    """Return the sessions without a time, -1 among the `moments` of a frame; `first` is the number of the first one."""
    found: list[Missed] = []
    behind = [_FOREVER] * len(moments)
    for index in range(len(moments) - 2, -1, -1):
        behind[index] = moments[index + 1] if moments[index + 1] >= 0 else behind[index + 1]
    after = 0
    for index, moment in enumerate(moments):
        if moment < 0:
            found.append(Missed(circle, frame, index, first + index, after, behind[index]))
        else:
            after = moment + frame.series.minutes
    return found


def why_unplaced(missed: Sequence[Missed], roster: Roster, program: Program, diaries: Diaries) -> tuple[Unplaced, ...]:
    """Return these sessions with the reason of each and what would help, by (relationship, series, number)."""
    beyond = [one for one in missed if not one.week]
    told = [_unplaced(one, why_beyond(one.circle.ends, program.ends)) for one in beyond]
    rest = [one for one in missed if one.week]
    for series in dict.fromkeys(one.frame.series for one in rest):
        own = [one for one in rest if one.frame.series == series]
        own.sort(key=lambda one: (one.circle.relationship, one.number))
        told += _Explaining(own, series, roster, program, diaries).told()
    return tuple(sorted(told, key=lambda one: (one.relationship, one.series, one.number)))


def _unplaced(one: Missed, reason: str, relief: str = "") -> Unplaced:
    return Unplaced(one.circle.relationship, one.frame.series.name, one.number, reason, relief)


class _Explaining:
    """The missed sessions of one series, and the diaries as they are at the end."""

    def __init__(
        self, missed: Sequence[Missed], series: Series, roster: Roster, program: Program, diaries: Diaries
    ) -> None:
        self.missed, self.series, self.roster, self.program, self.diaries = missed, series, roster, program, diaries
        self._frames = {one.circle: one.frame for one in missed}
        self._shorter_frames: dict[tuple[Frame, int], Frame] = {}

    def told(self) -> list[Unplaced]:
        nobody_meets = self._possible(self.missed, self._plainly(met=False, away=True))
        by_hours = self._possible(self.missed, self._plainly(met=False, away=False))
        relief = self._relief()
        found = []
        no_hour: dict[tuple[Circle, bool], str] = {}
        for one, shared, free in zip(self.missed, by_hours, nobody_meets, strict=True):
            if not shared:
                some = share_anything(one.circle.everybody, one.week[0], one.week[-1])
                if (one.circle, some) not in no_hour:
                    hours = dict(zip(one.circle.people, self._hours(one.circle), strict=True))
                    no_hour[one.circle, some] = why_no_common_hour(hours, self.series.minutes if some else 0)
                reason = no_hour[one.circle, some]
            else:
                reason = why_not_free(one.week[0], one.circle.people, elsewhere=not free)
            found.append(_unplaced(one, reason, relief.get(one, "")))
        return found

    def _relief(self) -> dict[Missed, str]:
        """Return the cheapest change that helps, of those for whom there is one."""
        circles = list(dict.fromkeys(one.circle for one in self.missed))[:MOST]
        among = set(circles)
        open_ = [one for one in self.missed if one.circle in among]
        relief: dict[Missed, str] = {}
        for change in self._changes(max((len(one.people) for one in circles), default=0)):
            helped = self._possible(open_, change)
            relief |= {one: change.words(one.circle) for one, helps in zip(open_, helped, strict=True) if helps}
            open_ = [one for one, helps in zip(open_, helped, strict=True) if not helps]
            if not open_:
                break
        return relief

    def _changes(self, people: int) -> Iterator[_Change]:
        """Yield what is tried, the cheapest first: a shorter session, other hours, then what people have planned."""
        minutes = self.series.minutes
        for shorter in (one for one in LENGTHS if minutes <= 2 * one and one < minutes):
            yield self._shorter(shorter)
        for more in HOURS:
            for who in range(min(people, MOST_PEOPLE)):
                for earlier in (True, False):
                    yield self._longer_day(who, more, earlier)
        for who in range(min(people, MOST_PEOPLE)):
            yield self._without(who, "calendar")
        for who in range(min(people, MOST_PEOPLE)):
            yield self._without(who, "sessions")
        for who in range(min(people, MOST_PEOPLE)):
            yield self._on_a_holiday(who)

    def _shorter(self, minutes: int) -> _Change:
        words = f"with {minutes} minutes instead of {self.series.minutes}"
        return _Change(lambda circle: self._wish(circle, minutes=minutes), minutes, 0, lambda _: words)

    def _longer_day(self, who: int, more: int, earlier: bool) -> _Change:
        def wish(circle: Circle) -> Wish | None:
            if who >= len(circle.people):
                return None
            hours = self._hours(circle)
            hours[who] = _widened(hours[who], more, earlier)
            return self._wish(circle, hours=tuple(hours))

        hours = f"{more // 60} hour{'s' if more > 60 else ''} {'earlier' if earlier else 'later'}"
        verb = "began" if earlier else "ended"
        return _Change(wish, self.series.minutes, more, lambda circle: f"if {circle.people[who]} {verb} {hours}")

    def _without(self, who: int, what: str) -> _Change:
        def wish(circle: Circle) -> Wish | None:
            if who >= len(circle.people):
                return None
            others = [person for number, person in enumerate(circle.people) if number != who]
            if what == "sessions":
                return self._wish(circle, met=others)
            calendars = self.diaries.away_by(circle.people[who : who + 1])
            return self._wish(circle, away=others) if calendars else None

        words = "without the calendar of {}" if what == "calendar" else "if {} met others at other times"
        return _Change(wish, self.series.minutes, 0, lambda circle: words.format(circle.people[who]))

    def _on_a_holiday(self, who: int) -> _Change:
        def wish(circle: Circle) -> Wish | None:
            hours = self._hours(circle)
            if who >= len(hours) or not hours[who].country.holidays:
                return None
            hours[who] = evolve(hours[who], country=evolve(hours[who].country, holidays=()))
            return self._wish(circle, hours=tuple(hours))

        return _Change(wish, self.series.minutes, 0, lambda circle: f"on a holiday of {circle.people[who]}")

    def _plainly(self, *, met: bool, away: bool) -> _Change:
        def wish(circle: Circle) -> Wish:
            people = circle.people
            return self._wish(circle, met=people if met else (), away=people if away else ())

        return _Change(wish, self.series.minutes, 0, lambda _: "")

    def _hours(self, circle: Circle) -> list[Hours]:
        return [hours_in(self.roster, one, self.series, self.program.timezone) for one in circle.people]

    def _wish(
        self,
        circle: Circle,
        met: Sequence[str] | None = None,
        away: Sequence[str] | None = None,
        hours: tuple[Hours, ...] | None = None,
        minutes: int = 0,
    ) -> Wish:
        met = circle.people if met is None else met
        away = circle.people if away is None else away
        hours = circle.everybody if hours is None else hours
        frame = self._frames[circle]
        if minutes:
            frame = self._shorter_frame(frame, minutes)
        return Wish(frame, self.diaries.met_by(met), self.diaries.away_by(away), hours, 0)

    def _shorter_frame(self, frame: Frame, minutes: int) -> Frame:
        key = (frame, minutes)
        if key not in self._shorter_frames:
            self._shorter_frames[key] = evolve(frame, series=evolve(frame.series, minutes=minutes))
        return self._shorter_frames[key]

    def _possible(self, missed: Sequence[Missed], change: _Change) -> list[bool]:
        """Return which sessions have a time in their week by a change."""
        numbers: dict[Circle, int] = {}
        wishes: list[Wish] = []
        for circle in dict.fromkeys(one.circle for one in missed):
            wish = change.wish(circle)
            if wish is not None:
                numbers[circle] = len(wishes)
                wishes.append(wish)
        found = np.zeros(len(missed), dtype=np.bool_)
        if wishes:
            search = Search(wishes, evolve(self.series, minutes=change.minutes), self.diaries, wider=change.wider)
            asking = np.array([n for n, one in enumerate(missed) if one.circle in numbers], dtype=np.int64)
            which = np.array([numbers[missed[n].circle] for n in asking.tolist()], dtype=np.int64)
            for table, part in search.parts(which):
                open_ = search.open_times(table, which[part])
                found[asking[part]] = _fit([missed[n] for n in asking[part].tolist()], table, open_)
        return found.tolist()


def _fit(missed: Sequence[Missed], table: Timetable, open_: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Return which sessions have a time in their week and between those around them."""
    weeks = table.weeks[[one.index for one in missed]]
    at = table.moments[weeks]
    after = np.array([one.after for one in missed])[:, None, None]
    until = np.array([one.until for one in missed])[:, None, None]
    free = open_[np.arange(len(missed))[:, None], weeks] > 0
    fits = free & (at >= after) & (at + table.frame.series.minutes <= until)
    return np.asarray(fits.reshape(len(missed), -1).any(axis=1), dtype=np.bool_)


def _widened(hours: Hours, more: int, earlier: bool) -> Hours:
    """Return hours whose first window of each day begins earlier, or whose last one ends later."""
    week = []
    for windows in hours.week:
        if windows and earlier:
            windows = ((max(windows[0][0] - more, 0), windows[0][1]), *windows[1:])
        elif windows:
            windows = (*windows[:-1], (windows[-1][0], min(windows[-1][1] + more, 1439)))
        week.append(windows)
    return evolve(hours, week=tuple(week))
