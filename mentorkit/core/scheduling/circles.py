"""Who of a relationship meets, in whose time, at which place and until when; and who is in sessions when."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from attrs import frozen

from mentorkit.core.contracts import Role
from mentorkit.core.moments import add_length
from mentorkit.core.phases import last_day
from mentorkit.core.program import MAIN_SERIES, Length, Program, Series
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import Hours, hours_of, moment_of
from mentorkit.core.scheduling.axis import day_of
from mentorkit.core.scheduling.diaries import Diaries
from mentorkit.core.scheduling.searching import Wish
from mentorkit.core.scheduling.timetables import Frame
from mentorkit.core.sessions import Session
from mentorkit.core.working_days import WorkingDays
from mentorkit.core.zones import to_local

NOTICE = Length(3, "business days")
"""How long before their first session people best hear of each other."""


@frozen(cache_hash=True)
class Circle:
    """One relationship in one series: who meets, in whose time, and from when on.

    Attributes:
        people: ids in the relationship's order.
        lead: whose clock and place count: the first offering member.
        everybody: the lead's hours, then the others' distinct ones.
        earliest: the first day on which they may meet.
        ready: the first day by which they have had time to hear of each other; better than the days before it.
        ends: the last day on which they may meet.
        published: the moment of their publication, UTC, aware.
        at: the moment of their first session, UTC, aware, where the matching has fixed it.
    """

    relationship: str
    people: tuple[str, ...]
    lead: str
    everybody: tuple[Hours, ...]
    earliest: date
    ready: date
    ends: date
    published: datetime
    at: datetime | None = None


def session_id(relationship: str, series: str, number: int) -> str:
    """Return the id of a session: the main series is not named in it."""
    middle = "" if series == MAIN_SERIES else f"{series}-"
    return f"{relationship}-{middle}{number}"


def circle_of(
    program: Program,
    roster: Roster,
    roles: tuple[Role, ...],
    series: Series,
    relationship: Relationship,
    published: datetime,
) -> Circle | None:
    """Return who of a relationship meets in a series; None where it has nobody in the series' roles."""
    members = [member for member in relationship.members if not series.who or member.role in series.who]
    if not members:
        return None
    lead = _lead(members, roles)
    people = tuple(dict.fromkeys(member.person for member in members))
    hours = {one: hours_in(roster, one, series, program.timezone) for one in people}
    others = sorted(set(hours.values()) - {hours[lead]})
    day = to_local(published, hours[lead].zone).date()
    earliest = max(program.starts, day + timedelta(days=1))
    ready, ends = max(earliest, add_length(day, NOTICE, hours[lead].country)), last_day(program, relationship)
    at = relationship.at if series.name == MAIN_SERIES else None
    return Circle(relationship.id, people, lead, (hours[lead], *others), earliest, ready, ends, published, at)


def hours_in(roster: Roster, person: str, series: Series, default_zone: str) -> Hours:
    """Return the hours in which somebody meets in a series."""
    found = roster.by_id.get(person)
    return hours_of(found, series, default_zone, roster.working_days(found))


def _lead(members: Sequence[Member], roles: tuple[Role, ...]) -> str:
    offering = {role.name for role in roles if role.side == "mentor"}
    return next((member.person for member in members if member.role in offering), members[0].person)


def place_of(roster: Roster, series: Series, circle: Circle) -> str:
    """Return where these people meet: the series' place, else what the lead's column says, else nothing."""
    lead = roster.by_id.get(circle.lead)
    return series.place or (lead.text(series.place_column) if lead and series.place_column else "")


def frame_of(circle: Circle, series: Series) -> Frame:
    """Return what the possible times of these people depend on, beside who is free."""
    lead = circle.everybody[0]
    return _frame(lead.zone, lead.country, circle.earliest, circle.ready, circle.ends, series)


@lru_cache(maxsize=1 << 12)
def _frame(zone: str, country: WorkingDays, earliest: date, ready: date, ends: date, series: Series) -> Frame:
    """Return one frame for all who are alike, so that equal ones are the same."""
    return Frame(zone, country, earliest, ready, ends, series)


def wish_of(circle: Circle, frame: Frame, diaries: Diaries, seed: int, usual: tuple[int, int] | None = None) -> Wish:
    """Return what these people look for."""
    people = circle.people
    return Wish(frame, diaries.met_by(people), diaries.away_by(people), circle.everybody, seed, usual)


def session_of(series: Series, circle: Circle, number: int, moment: int, local: datetime, place: str) -> Session:
    """Return a session at a UTC minute, which is this wall-clock time of its lead."""
    return Session(
        id=session_id(circle.relationship, series.name, number),
        relationship=circle.relationship,
        series=series.name,
        number=number,
        local=local,
        zone=circle.everybody[0].zone,
        starts=moment_of(moment),
        minutes=series.minutes,
        people=circle.people,
        place=place,
    )


@lru_cache(maxsize=1 << 16)
def local_time(day: int, clock: int) -> datetime:
    """Return the wall-clock time at a quarter of a day, given as days since 1970."""
    return datetime.combine(day_of(day), time(clock // 4, clock % 4 * 15))


def seed_of(*words: object) -> int:
    """Return a number by which equally good times are told apart."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(map(str, words)).encode(), digest_size=8).digest(), "big")
