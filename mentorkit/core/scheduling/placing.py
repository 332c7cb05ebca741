"""Real times for every session of every relationship.

A series keeps the weekday and the wall-clock time of its first offering member right across daylight saving, wherever
everybody else is still within their hours; otherwise that one session moves within its week. Nobody is in two
sessions at once. A session without a possible time comes back with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from mentorkit.core.contracts import Role
from mentorkit.core.program import Program, Series
from mentorkit.core.relationships import Relationship
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.circles import (
    Busy,
    Circle,
    busy_with,
    circle_of,
    elsewhere,
    place_of,
    seed_of,
    session_of,
)
from mentorkit.core.scheduling.fixing import place_fixed
from mentorkit.core.scheduling.searching import Shape, blocks_of, shape_of, tightness
from mentorkit.core.scheduling.unplaced import why_unplaced
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
    busy = busy_with(taken)
    sessions: list[Session] = []
    unplaced: list[Unplaced] = []
    for series in program.series:
        circles = [
            circle
            for relationship, published in relationships
            if (circle := circle_of(program, roster, roles, series, relationship, published))
        ]
        placed, missed = place_fixed(program, roster, series, circles, busy)
        sessions += placed
        unplaced += missed
        for circle, shape in _hardest_first([one for one in circles if one.at is None], series):
            placed, missed = _place(program, roster, series, circle, shape, busy)
            sessions += placed
            unplaced += missed
    return Schedule(
        tuple(sorted(sessions, key=lambda session: (session.starts, session.id))),
        tuple(sorted(unplaced, key=lambda one: (one.relationship, one.series, one.number))),
    )


def _hardest_first(circles: Sequence[Circle], series: Series) -> Iterator[tuple[Circle, Shape]]:
    """Yield the circles with the fewest common hours first; those with the same possible times share one search."""
    widths = {circle.alike: 0 for circle in circles}
    for earliest, ready, ends, everybody in widths:
        widths[earliest, ready, ends, everybody] = tightness(everybody, earliest)
    ordered = sorted(circles, key=lambda circle: (widths[circle.alike], circle.alike, circle.relationship))
    for (earliest, ready, ends, everybody), group in groupby(ordered, key=lambda circle: circle.alike):
        shape = shape_of(everybody, earliest, ready, series, ends)
        for circle in group:
            yield circle, shape


def _place(
    program: Program, roster: Roster, series: Series, circle: Circle, shape: Shape, busy: Busy
) -> tuple[list[Session], list[Unplaced]]:
    seed = seed_of(program.seed, circle.relationship, series.name)
    booked = [busy[person] for person in circle.people]
    calendars = [*booked, *elsewhere(roster, circle.people)]
    place = place_of(roster, series, circle)
    placed: list[Session] = []
    missed: list[Unplaced] = []
    for number, choice in enumerate(shape.choose(calendars, seed), 1):
        if choice is None:
            reason = why_unplaced(shape, number, circle.people, circle.ends, roster, series, program)
            missed.append(Unplaced(circle.relationship, series.name, number, reason))
            continue
        blocks = blocks_of(choice.moment, series.minutes)
        for calendar in booked:
            calendar |= blocks
        placed.append(session_of(series, circle, number, choice, place))
    return placed, missed
