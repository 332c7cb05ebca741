"""Sessions whose time the matching itself has fixed: slots that people offered, whatever hours and days say.

The first session of the main series is exactly there; the others follow by the cadence, on its weekday and at its clock
where that can be. Nobody is in two sessions at once, here neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve

from mentorkit.core.moments import add_length
from mentorkit.core.program import Program, Series
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import minute_of, minutes_since_epoch
from mentorkit.core.scheduling.circles import Busy, Circle, elsewhere, place_of, seed_of, session_of
from mentorkit.core.scheduling.searching import Choice, blocks_of, shape_of
from mentorkit.core.scheduling.unplaced import why_not_then, why_unplaced
from mentorkit.core.sessions import Session, Unplaced
from mentorkit.core.zones import to_local


def place_fixed(
    program: Program, roster: Roster, series: Series, circles: Sequence[Circle], busy: Busy
) -> tuple[list[Session], list[Unplaced]]:
    """Return the sessions of circles with a fixed time: first what is fixed of all of them, then what follows."""
    placed: list[Session] = []
    missed: list[Unplaced] = []
    fixed = [(circle.at, circle) for circle in circles if circle.at is not None]
    fixed.sort(key=lambda each: (each[0], each[1].relationship))
    for at, circle in fixed:
        choice = Choice(minutes_since_epoch(at), to_local(at, circle.everybody[0].zone))
        others = _who_meets_others(circle, series, choice, busy)
        why = why_not_then(choice.local, at <= circle.published, circle.ends, program.ends, others)
        if why:
            missed.append(Unplaced(circle.relationship, series.name, 1, why))
            continue
        _book(circle, series, choice, busy)
        placed.append(session_of(series, circle, 1, choice, place_of(roster, series, circle)))
    for at, circle in fixed:
        if series.count > 1:
            more, without = _followed(program, roster, series, circle, at, busy)
            placed += more
            missed += without
    return placed, missed


def _who_meets_others(circle: Circle, series: Series, choice: Choice, busy: Busy) -> tuple[str, ...]:
    blocks = blocks_of(choice.moment, series.minutes)
    return tuple(person for person in circle.people if not blocks.isdisjoint(busy[person]))


def _book(circle: Circle, series: Series, choice: Choice, busy: Busy) -> None:
    for person in circle.people:
        busy[person].update(blocks_of(choice.moment, series.minutes))


def _followed(
    program: Program, roster: Roster, series: Series, circle: Circle, at: datetime, busy: Busy
) -> tuple[list[Session], list[Unplaced]]:
    local = to_local(at, circle.everybody[0].zone)
    rest = evolve(series, count=series.count - 1, cadence=series.cadence[min(1, len(series.cadence) - 1) :])
    earliest = add_length(local.date(), series.cadence[0], circle.everybody[0].country)
    shape = shape_of(circle.everybody, earliest, earliest, rest, circle.ends)
    calendars = [*(busy[person] for person in circle.people), *elsewhere(roster, circle.people)]
    usual = shape.at_the_usual_time(calendars, local.weekday(), minute_of(local.time()))
    seed = seed_of(program.seed, circle.relationship, series.name)
    choices = shape.follow(usual, calendars) if usual else shape.choose(calendars, seed)
    placed, missed = [], []
    for number, choice in enumerate(choices, 2):
        if choice is None:
            reason = why_unplaced(shape, number - 1, circle.people, circle.ends, roster, rest, program)
            missed.append(Unplaced(circle.relationship, series.name, number, reason))
            continue
        _book(circle, series, choice, busy)
        placed.append(session_of(series, circle, number, choice, place_of(roster, series, circle)))
    return placed, missed
