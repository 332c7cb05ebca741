"""The search for a series' times: one weekday and clock time for all its sessions, single sessions moved where needed.

People with equal hours have the same possible times, so a `Shape` is worked out once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property

from attrs import define, frozen

from mentorkit.core.moments import add_length
from mentorkit.core.program import Series
from mentorkit.core.scheduling.availability import Hours, common_windows, local_minute, openings
from mentorkit.core.working_days import MONDAY_TO_FRIDAY, WorkingDays

QUARTER = 15
"""All clocks of the world differ by whole quarters of an hour, so clashes are looked for in quarters."""

WEEK = timedelta(days=6)


@frozen
class Choice:
    """Where a session goes: the UTC minute, and the wall-clock time of the lead."""

    moment: int
    local: datetime


@define(frozen=True, slots=False, eq=False)
class Option:
    """One weekday and clock time for a whole series.

    Attributes:
        clock: minute of the lead's local day.
        days: the day of each session, by number.
        moments: the UTC minute of each session; None where not everybody is within their hours then.
        comfort: 0 for the times people like best.
    """

    clock: int
    days: tuple[date, ...]
    moments: tuple[int | None, ...]
    minutes: int
    comfort: int

    @property
    def misses(self) -> int:
        """How many sessions have to move."""
        return self.moments.count(None)

    @cached_property
    def blocks(self) -> frozenset[int]:
        """The quarter-hours of all sessions that need not move."""
        return frozenset().union(*(blocks_of(m, self.minutes) for m in self.moments if m is not None))


@define(frozen=True, slots=False, eq=False)
class Shape:
    """All possible times of a series for people with these hours.

    Attributes:
        everybody: the lead's hours first.
        weeks: the days among which each session may move, ascending; empty where the program ends before.
        options: the best first, in tiers of equals.
    """

    everybody: tuple[Hours, ...]
    minutes: int
    weeks: tuple[tuple[date, ...], ...]
    openings: dict[date, dict[int, int]]
    options: tuple[tuple[Option, ...], ...]

    def choose(self, calendars: Sequence[set[int]], seed: int) -> list[Choice | None]:
        """Return where each session goes, given the quarter-hours in which each person is busy already.

        `seed` picks among equally good options, so that a mentor's sessions do not all begin at the same hour.
        """
        option = self._undisturbed(calendars, seed) or self._least_disturbed(calendars, seed)
        if option is None:
            return [None] * len(self.weeks)
        return self.follow(option, calendars)

    def at_the_usual_time(self, calendars: Sequence[set[int]], weekday: int, clock: int) -> Option | None:
        """Return the option on a weekday (0 is Monday) and minute of the day, unless another moves fewer sessions."""
        options = [option for tier in self.options for option in tier]
        usual = [option for option in options if (option.days[0].weekday(), option.clock) == (weekday, clock)]
        if not usual:
            return None
        moved = disturbed(usual[0], calendars)
        fewer = moved and any(disturbed(option, calendars) < moved for option in options)
        return None if fewer else usual[0]

    def _undisturbed(self, calendars: Sequence[set[int]], seed: int) -> Option | None:
        for tier in self.options:
            for number in range(len(tier)):
                option = tier[(seed + number) % len(tier)]
                if option.blocks and all(map(option.blocks.isdisjoint, calendars)):
                    return option
        return None

    def _least_disturbed(self, calendars: Sequence[set[int]], seed: int) -> Option | None:
        options = [tier[(seed + number) % len(tier)] for tier in self.options for number in range(len(tier))]

        return min(options, key=lambda option: disturbed(option, calendars), default=None)

    def follow(self, option: Option, calendars: Sequence[set[int]]) -> list[Choice | None]:
        """Return where each session goes by an option; those that cannot stand there move within their week."""
        chosen: list[Choice | None] = []
        free_from = 0
        for number, moment in enumerate(option.moments):
            choice = None
            if moment is not None and moment >= free_from and _free(blocks_of(moment, self.minutes), calendars):
                choice = _choice(moment, option.days[number], option.clock)
            else:
                choice = self._moved(option, number, free_from, calendars)
            if choice is not None:
                free_from = choice.moment + self.minutes
            chosen.append(choice)
        return chosen

    def _moved(self, option: Option, number: int, free_from: int, calendars: Sequence[set[int]]) -> Choice | None:
        """Return the nearest other time in the session's week: by day, then by clock."""
        nominal = option.days[number]
        for day in sorted(self.weeks[number], key=lambda day: (abs((day - nominal).days), day)):
            starts = self.openings[day]
            for clock in sorted(starts, key=lambda clock: (abs(clock - option.clock), clock)):
                if starts[clock] >= free_from and _free(blocks_of(starts[clock], self.minutes), calendars):
                    return _choice(starts[clock], day, clock)
        return None


def disturbed(option: Option, calendars: Sequence[set[int]]) -> int:
    """Return how many sessions of an option have to move."""
    return sum(moment is None or not _free(blocks_of(moment, option.minutes), calendars) for moment in option.moments)


def _choice(moment: int, day: date, clock: int) -> Choice:
    return Choice(moment, datetime.combine(day, time(clock // 60, clock % 60)))


def _free(blocks: frozenset[int], calendars: Sequence[set[int]]) -> bool:
    return all(map(blocks.isdisjoint, calendars))


def blocks_of(moment: int, minutes: int) -> frozenset[int]:
    """Return the quarter-hours a session touches."""
    return frozenset(range(moment // QUARTER, -(-(moment + minutes) // QUARTER)))


def tightness(everybody: Sequence[Hours], earliest: date) -> int:
    """Return how many minutes everybody shares in the first week: the fewer, the sooner their turn comes."""
    days = (earliest + timedelta(days=n) for n in range(7))
    return sum(ends - begins for day in days for begins, ends in common_windows(everybody, day))


def series_days(first: date, series: Series, country: WorkingDays = MONDAY_TO_FRIDAY) -> tuple[date, ...]:
    """Return the nominal days of a series that begins on `first`: the cadence's last step repeats."""
    days = [first]
    for number in range(series.count - 1):
        step = series.cadence[min(number, len(series.cadence) - 1)]
        days.append(add_length(days[-1], step, country))
    return tuple(days[: series.count])


def shape_of(everybody: tuple[Hours, ...], earliest: date, ready: date, series: Series, ends: date) -> Shape:
    """Return all possible times of a series whose first session lies in the seven days from `earliest`.

    Days before `ready` are second choice.
    """
    country = everybody[0].country
    weeks = tuple(_week(start, earliest, ends) for start in series_days(earliest, series, country))
    firsts = [earliest + timedelta(days=n) for n in range(7)]
    plans = [series_days(first, series, country) for first in firsts]
    days = {day for group in (*weeks, *plans) for day in group}
    starts = {day: openings(everybody, day, series.minutes) if day <= ends else {} for day in sorted(days)}
    options = [
        _option(everybody, plan, clock, series.minutes, starts)
        for plan in plans
        for clock in sorted({clock for day in plan for clock in starts[day]})
    ]
    tiers: dict[tuple[int, bool, int], list[Option]] = {}
    for option in options:
        tiers.setdefault((option.misses, option.days[0] < ready, option.comfort), []).append(option)
    ranked = tuple(tuple(tiers[rank]) for rank in sorted(tiers))
    return Shape(everybody, series.minutes, weeks, starts, ranked)


def _week(start: date, earliest: date, ends: date) -> tuple[date, ...]:
    """Return the seven days of a session; where they run past the program's end, the program's last seven."""
    if start > ends + WEEK:
        return ()
    last = min(start + WEEK, ends)
    first = max(last - WEEK, earliest)
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def _option(
    everybody: tuple[Hours, ...], plan: tuple[date, ...], clock: int, minutes: int, starts: dict[date, dict[int, int]]
) -> Option:
    moments = tuple(starts[day].get(clock) for day in plan)
    some = next(number for number, moment in enumerate(moments) if moment is not None)
    clocks = [local_minute(one.zone, plan[some], moments[some] or 0) % 1440 for one in everybody]
    return Option(clock, plan, moments, minutes, max(_comfort(one, minutes) for one in clocks))


def _comfort(clock: int, minutes: int) -> int:
    """Return 0 for mid-morning and afternoon on the half hour, 1 for the rest of the day, 2 for noon and the edges."""
    if clock % 30 or clock < 540 or clock + minutes > 1020 or 720 <= clock < 780:
        return 2
    return 0 if 570 <= clock <= 660 or 810 <= clock <= 930 else 1
