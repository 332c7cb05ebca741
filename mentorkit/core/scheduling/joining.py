"""Sessions to come of a relationship that somebody joins: they stay where they are, with one more who is there.

Everybody else has them in their calendar. Where they do not suit whoever comes, that is said, and people move them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from attrs import evolve, frozen

from mentorkit.core.happenings import Joining
from mentorkit.core.history import TO_COME, History, KnownRelationship, KnownSession
from mentorkit.core.program import Program, Series
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import free_windows, minutes_since_epoch
from mentorkit.core.scheduling.circles import circle_of, hours_in, place_of
from mentorkit.core.sessions import Session
from mentorkit.core.zones import to_local


@frozen
class Unsuited:
    """Sessions that lie outside the hours of somebody who joins, or when they are elsewhere, first to last."""

    joining: Joining
    sessions: tuple[Session, ...]
    of: int


def with_joiners(
    program: Program, roster: Roster, history: History, joinings: Sequence[Joining], at: datetime
) -> tuple[tuple[KnownSession, ...], tuple[Unsuited, ...]]:
    """Return the sessions to come that change because somebody joins, by (starts, id), and those that do not suit them.

    `history` is with the joinings; `at` is UTC, aware. Whoever comes in the place of the one whose room people met in
    brings a room of their own.
    """
    known = {one.relationship.id: one for one in history.published}
    changed: dict[str, KnownSession] = {}
    found: list[Unsuited] = []
    for joining in joinings:
        theirs = known[joining.relationship]
        coming = [changed.get(one.session.id, one) for one in history.sessions if _is_theirs(program, one, joining, at)]
        if unsuited := _unsuited(program, roster, history, joining, [one.session for one in coming]):
            found.append(Unsuited(joining, unsuited, len(coming)))
        for one in coming:
            session = _with(program, roster, theirs, joining, one.session)
            changed[session.id] = evolve(one, session=session, changed=at)
    told = (evolve(one, sequence=one.sequence + 1) for one in changed.values())
    return tuple(sorted(told, key=lambda one: (one.session.starts, one.session.id))), tuple(found)


def _series(program: Program, session: Session) -> Series | None:
    return next((one for one in program.series if one.name == session.series), None)


def _is_theirs(program: Program, known: KnownSession, joining: Joining, at: datetime) -> bool:
    session, series = known.session, _series(program, known.session)
    meant = session.relationship == joining.relationship and known.state in TO_COME and session.starts > at
    return meant and (series is None or not series.who or joining.member.role in series.who)


def _with(program: Program, roster: Roster, known: KnownRelationship, joining: Joining, session: Session) -> Session:
    there = {*session.people, joining.member.person}
    people = tuple(dict.fromkeys(one for one in known.relationship.people() if one in there))
    series = _series(program, session)
    published = known.published_at or session.starts
    circle = circle_of(program, roster, program.model.roles, series, known.relationship, published) if series else None
    leads = circle is not None and circle.lead == joining.member.person
    place = place_of(roster, series, circle) if series and circle and leads else session.place
    return evolve(session, people=people, place=place)


def _unsuited(
    program: Program, roster: Roster, history: History, joining: Joining, sessions: Iterable[Session]
) -> tuple[Session, ...]:
    person = joining.member.person
    others = (one.session for one in history.sessions if one.state != "canceled" and person in one.session.people)
    busy = [(minutes_since_epoch(one.starts), minutes_since_epoch(one.starts) + one.minutes) for one in others]
    busy += roster.busy[person].spans.tolist() if person in roster.busy else []

    def suits(session: Session) -> bool:
        series = _series(program, session)
        if series is None:
            return True
        hours = hours_in(roster, person, series, program.timezone)
        day, begins = to_local(session.starts, hours.zone).date(), minutes_since_epoch(session.starts)
        ends = begins + session.minutes
        windows = (one for shift in (-1, 0) for one in free_windows(hours, day + timedelta(days=shift)))
        inside = any(first <= begins and ends <= last for first, last in windows)
        return inside and all(over <= begins or ends <= first for first, over in busy)

    return tuple(one for one in sessions if not suits(one))
