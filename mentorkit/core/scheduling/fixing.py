"""Sessions whose time the matching itself has fixed: slots that people offered, whatever hours and days say.

The first session of the main series is exactly there; the others follow by the cadence, on its weekday and at its clock
where that can be. Nobody is in two sessions at once, here neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from attrs import evolve

from mentorkit.core.moments import add_length
from mentorkit.core.program import Program, Series
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import minute_of, minutes_since_epoch
from mentorkit.core.scheduling.axis import day_number
from mentorkit.core.scheduling.circles import Circle, frame_of, local_time, place_of, seed_of, session_of, wish_of
from mentorkit.core.scheduling.diaries import Diaries
from mentorkit.core.scheduling.relaxing import Missed, missed_of
from mentorkit.core.scheduling.searching import Search
from mentorkit.core.scheduling.timetables import Frame
from mentorkit.core.scheduling.unplaced import why_not_then
from mentorkit.core.sessions import Session, Unplaced
from mentorkit.core.zones import to_local


def place_fixed(
    program: Program, roster: Roster, series: Series, circles: Sequence[Circle], diaries: Diaries
) -> tuple[list[Session], list[Unplaced], list[Missed]]:
    """Return the sessions of circles with a fixed time: first what is fixed of all of them, then what follows.

    With them come the fixed times that cannot be, and the later sessions that found no time.
    """
    placed: list[Session] = []
    impossible: list[Unplaced] = []
    missed: list[Missed] = []
    fixed = [(circle.at, circle) for circle in circles if circle.at is not None]
    fixed.sort(key=lambda each: (each[0], each[1].relationship))
    for at, circle in fixed:
        moment, local = minutes_since_epoch(at), to_local(at, circle.everybody[0].zone)
        others = tuple(one for one in circle.people if diaries.meets(one, moment, series.minutes))
        why = why_not_then(local, at <= circle.published, circle.ends, program.ends, others)
        if why:
            impossible.append(Unplaced(circle.relationship, series.name, 1, why))
            continue
        diaries.book(circle.people, moment, series.minutes)
        placed.append(session_of(series, circle, 1, moment, local, place_of(roster, series, circle)))
    for at, circle in fixed:
        if series.count > 1:
            more, without = _followed(program, roster, series, circle, at, diaries)
            placed += more
            missed += without
    return placed, impossible, missed


def fixed_days(circles: Sequence[Circle], series: Series) -> set[int]:
    """Return the days on which anything of circles with a fixed time may be, as days since 1970."""
    days: set[int] = set()
    for circle in circles:
        if circle.at is not None:
            days.add(day_number(circle.at.date()))
            if series.count > 1:
                days |= _rest(circle, series, circle.at).days()
    return days


def _rest(circle: Circle, series: Series, at: datetime) -> Frame:
    """Return the frame of the sessions after the first, which is at a moment."""
    lead = circle.everybody[0]
    rest = evolve(series, count=series.count - 1, cadence=series.cadence[min(1, len(series.cadence) - 1) :])
    earliest = add_length(to_local(at, lead.zone).date(), series.cadence[0], lead.country)
    return evolve(frame_of(circle, rest), earliest=earliest, ready=earliest)


def _followed(
    program: Program, roster: Roster, series: Series, circle: Circle, at: datetime, diaries: Diaries
) -> tuple[list[Session], list[Missed]]:
    local = to_local(at, circle.everybody[0].zone)
    frame = _rest(circle, series, at)
    seed = seed_of(program.seed, circle.relationship, series.name)
    wish = wish_of(circle, frame, diaries, seed, (local.weekday(), minute_of(local.time())))
    laid = Search([wish], frame.series, diaries).lay(np.array([0]))
    place = place_of(roster, series, circle)
    placed = []
    for number, (day, clock, moment) in enumerate(laid.of(0), 2):
        if moment >= 0:
            diaries.book(circle.people, moment, series.minutes)
            placed.append(session_of(series, circle, number, moment, local_time(day, clock), place))
    return placed, missed_of(circle, frame, laid.moments[0].tolist(), 2)
