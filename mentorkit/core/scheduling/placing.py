"""Real times for every session of every relationship.

A series keeps the weekday and the wall-clock time of its first offering member right across daylight saving, wherever
everybody else is still free then; otherwise that one session moves within its week. Nobody is in two sessions at once.
Who has the fewest possible times is served first. A session without a possible time comes back with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np

from mentorkit.core.contracts import Role
from mentorkit.core.many_values import collector_paused
from mentorkit.core.program import Program, Series
from mentorkit.core.relationships import Relationship
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import moment_of
from mentorkit.core.scheduling.axis import Axis
from mentorkit.core.scheduling.circles import (
    Circle,
    circle_of,
    frame_of,
    local_time,
    place_of,
    seed_of,
    session_id,
    wish_of,
)
from mentorkit.core.scheduling.diaries import Diaries
from mentorkit.core.scheduling.fixing import fixed_days, place_fixed
from mentorkit.core.scheduling.relaxing import Missed, missed_of, why_unplaced
from mentorkit.core.scheduling.searching import Laid, Numbers, Search
from mentorkit.core.sessions import Schedule, Session, Unplaced


def schedule(
    program: Program,
    roster: Roster,
    roles: tuple[Role, ...],
    relationships: Sequence[tuple[Relationship, datetime]],
    taken: Sequence[Session],
) -> Schedule:
    """Return sessions of all series for relationships, each given with the moment of its publication.

    The first session lies in the seven days from the program's start, or from the day after the publication where
    that is later, and there not in the first days if that can be; the others follow by the cadence, none after the
    last day of the relationship or the program. Where the matching has fixed the first session of the main series, it
    is there, before anything else is placed. `taken` are sessions that stay as they are. The result depends on neither
    the roster's order nor the relationships'.
    """
    with collector_paused():
        return _schedule(program, roster, roles, relationships, taken)


def _schedule(
    program: Program,
    roster: Roster,
    roles: tuple[Role, ...],
    relationships: Sequence[tuple[Relationship, datetime]],
    taken: Sequence[Session],
) -> Schedule:
    circles = {
        series: [
            circle
            for relationship, published in relationships
            if (circle := circle_of(program, roster, roles, series, relationship, published))
        ]
        for series in program.series
    }
    diaries = _diaries(roster, circles)
    diaries.enter(taken)
    sessions: list[Session] = []
    impossible: list[Unplaced] = []
    missed: list[Missed] = []
    for series, own in circles.items():
        placed, never, without = place_fixed(program, roster, series, own, diaries)
        sessions += placed
        impossible += never
        missed += without
        placed, without = _place(program, roster, series, [one for one in own if one.at is None], diaries)
        sessions += placed
        missed += without
    sessions.sort(key=lambda session: session.id)
    sessions.sort(key=lambda session: session.starts)
    unplaced = (*impossible, *why_unplaced(missed, roster, program, diaries))
    return Schedule(
        tuple(sessions), tuple(sorted(unplaced, key=lambda one: (one.relationship, one.series, one.number)))
    )


def _diaries(roster: Roster, circles: Mapping[Series, Sequence[Circle]]) -> Diaries:
    """Return diaries of everybody over all days on which any of them may meet."""
    days: set[int] = set()
    people: dict[str, None] = {}
    for series, own in circles.items():
        people |= dict.fromkeys(person for circle in own for person in circle.people)
        for frame in {frame_of(circle, series) for circle in own if circle.at is None}:
            days |= frame.days()
        days |= fixed_days(own, series)
    return Diaries(people, roster, Axis(days))


def _place(
    program: Program, roster: Roster, series: Series, circles: Sequence[Circle], diaries: Diaries
) -> tuple[list[Session], list[Missed]]:
    """Return the sessions of a series, and those that found no time."""
    if not circles:
        return [], []
    circles = sorted(circles, key=lambda circle: circle.relationship)
    wishes = [
        wish_of(one, frame_of(one, series), diaries, seed_of(program.seed, one.relationship, series.name))
        for one in circles
    ]
    search = Search(wishes, series, diaries)
    room = search.room(np.arange(len(circles)))
    laid = search.nothing(len(circles))
    for level in _levels(np.lexsort((np.arange(len(circles)), room)), circles):
        found = search.lay(level)
        for number in range(series.count):
            there = found.moments[:, number] >= 0
            diaries.book_all(search.met[level[there]], found.moments[there, number], series.minutes)
        laid.days[level], laid.clocks[level], laid.moments[level] = found.days, found.clocks, found.moments
    return _told(roster, series, circles, laid)


def _levels(order: Numbers, circles: Sequence[Circle]) -> Iterator[Numbers]:
    """Yield circles in portions in which nobody is twice: served so, it is as if they were served one by one."""
    reached: dict[str, int] = {}
    levels: list[list[int]] = []
    for number in order.tolist():
        level = max((reached.get(person, 0) for person in circles[number].people), default=0)
        if level == len(levels):
            levels.append([])
        levels[level].append(number)
        for person in circles[number].people:
            reached[person] = level + 1
    yield from (np.array(one, dtype=np.int64) for one in levels)


def _told(roster: Roster, series: Series, circles: Sequence[Circle], laid: Laid) -> tuple[list[Session], list[Missed]]:
    sessions: list[Session] = []
    missed: list[Missed] = []
    rows = zip(laid.days.tolist(), laid.clocks.tolist(), laid.moments.tolist(), strict=True)
    for circle, (days, clocks, moments) in zip(circles, rows, strict=True):
        name, zone = session_id(circle.relationship, series.name, 0)[:-1], circle.everybody[0].zone
        place = place_of(roster, series, circle)
        sessions += [
            Session(
                f"{name}{number}",
                circle.relationship,
                series.name,
                number,
                local_time(day, clock),
                zone,
                moment_of(moment),
                series.minutes,
                circle.people,
                place,
            )
            for number, (day, clock, moment) in enumerate(zip(days, clocks, moments, strict=True), 1)
            if moment >= 0
        ]
        if -1 in moments:
            missed += missed_of(circle, frame_of(circle, series), moments)
    return sessions, missed
