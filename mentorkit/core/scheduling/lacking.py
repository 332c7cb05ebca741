"""Why sessions of published relationships still have no time, and what would help, by the diaries of today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from mentorkit.core.contracts import Role
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.program import Program, Series
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import minutes_since_epoch
from mentorkit.core.scheduling.axis import Axis
from mentorkit.core.scheduling.circles import Circle, circle_of, frame_of
from mentorkit.core.scheduling.diaries import Diaries
from mentorkit.core.scheduling.relaxing import Missed, missed_of, why_unplaced
from mentorkit.core.sessions import Unplaced
from mentorkit.core.zones import to_local

MOST = 300
"""For so many relationships the reason is looked for, in the history's order."""


def why_lacking(
    program: Program,
    roster: Roster,
    roles: tuple[Role, ...],
    history: History,
    lacking: Sequence[KnownRelationship],
    at: datetime,
) -> tuple[Unplaced, ...]:
    """Return the sessions without a time of published relationships, with the reason and what would help.

    Only what is still to come is looked at, and nothing of a series whose first session the matching has fixed.
    """
    lacking = lacking[:MOST]
    had: dict[str, list[KnownSession]] = {known.relationship.id: [] for known in lacking}
    for session in history.sessions:
        if session.state != "canceled" and session.session.relationship in had:
            had[session.session.relationship].append(session)
    missed = [
        one
        for known in lacking
        for series in program.series
        if (circle := circle_of(program, roster, roles, series, known.relationship, known.published_at or at))
        for one in _missed(circle, series, had[known.relationship.id], at)
    ]
    days = {day for frame in {one.frame for one in missed} for day in frame.days()}
    diaries = Diaries((person for one in missed for person in one.circle.people), roster, Axis(days))
    diaries.enter(known.session for known in history.sessions if known.state != "canceled")
    return why_unplaced(missed, roster, program, diaries)


def _missed(circle: Circle, series: Series, had: Iterable[KnownSession], at: datetime) -> Iterable[Missed]:
    """Yield the sessions of a series without a time whose week is still to come."""
    if circle.at is None:
        today = to_local(at, circle.everybody[0].zone).date()
        missed = missed_of(circle, frame_of(circle, series), _moments(series, had))
        yield from (one for one in missed if one.week and one.week[0] > today)


def _moments(series: Series, had: Iterable[KnownSession]) -> list[int]:
    moments = [-1] * series.count
    for one in had:
        if one.session.series == series.name and one.session.number <= series.count:
            moments[one.session.number - 1] = minutes_since_epoch(one.session.starts)
    return moments
