"""Who of a relationship meets, in whose time, at which place and until when; and who is in sessions when."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from attrs import frozen

from mentorkit.core.contracts import Role
from mentorkit.core.moments import add_length
from mentorkit.core.phases import last_day
from mentorkit.core.program import MAIN_SERIES, Length, Program, Series
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import Roster
from mentorkit.core.scheduling.availability import Hours, hours_of, minutes_since_epoch, moment_of
from mentorkit.core.scheduling.searching import Choice, blocks_of
from mentorkit.core.sessions import Session
from mentorkit.core.zones import to_local

NOTICE = Length(3, "business days")
"""How long before their first session people best hear of each other."""

Busy = Mapping[str, set[int]]
"""Person to the quarter-hours they are in sessions."""


@frozen
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

    @property
    def alike(self) -> tuple[date, date, date, tuple[Hours, ...]]:
        """What the possible times depend on."""
        return self.earliest, self.ready, self.ends, self.everybody


def session_id(relationship: str, series: str, number: int) -> str:
    """Return the id of a session: the main series is not named in it."""
    middle = "" if series == MAIN_SERIES else f"{series}-"
    return f"{relationship}-{middle}{number}"


def busy_with(taken: Iterable[Session]) -> Busy:
    """Return when everybody is in these sessions."""
    busy: dict[str, set[int]] = defaultdict(set)
    for session in taken:
        for person in session.people:
            busy[person] |= blocks_of(minutes_since_epoch(session.starts), session.minutes)
    return busy


def elsewhere(roster: Roster, people: Iterable[str]) -> list[set[int]]:
    """Return the quarter-hours in which people are busy by their own calendars, of those who have one."""
    calendars = (roster.busy[person].spans for person in people if person in roster.busy)
    return [{one for a, b in spans.tolist() for one in blocks_of(a, b - a)} for spans in calendars]


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


def session_of(series: Series, circle: Circle, number: int, choice: Choice, place: str) -> Session:
    """Return a session at the time that was chosen for it."""
    return Session(
        id=session_id(circle.relationship, series.name, number),
        relationship=circle.relationship,
        series=series.name,
        number=number,
        local=choice.local,
        zone=circle.everybody[0].zone,
        starts=moment_of(choice.moment),
        minutes=series.minutes,
        people=circle.people,
        place=place,
    )


def seed_of(*words: object) -> int:
    """Return a number by which equally good times are told apart."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(map(str, words)).encode(), digest_size=8).digest(), "big")
