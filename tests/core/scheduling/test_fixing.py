"""Sessions whose time the matching has fixed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import Role
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.program import Length, Series
from mentorkit.core.relationships import Relationship
from mentorkit.core.scheduling import resettle, schedule, series_marks
from mentorkit.core.sessions import BEYOND, BEYOND_THEIRS, Schedule
from mentorkit.testing import a_moment, a_person, a_program, a_relationship, a_roster

ROLES = (Role("expert", "mentor", served=False), Role("asker", "mentee", served=True))
SERIES = Series("sessions", 3, (Length(1, "weeks"), Length(2, "weeks")), minutes=30)
PROGRAM = a_program(starts=date(2027, 1, 11), ends=date(2027, 3, 1), series=(SERIES,))
PUBLISHED = a_moment("2027-01-10T12:00:00+00:00")
SUNDAY_NIGHT = a_moment("2027-01-17T22:15:00+00:00")


def meeting(expert: str, asker: str, at: datetime | None, until: date | None = None) -> Relationship:
    return evolve(a_relationship((expert, "expert"), (asker, "asker")), at=at, until=until)


def planned(*relationships: Relationship, program: Any = PROGRAM, taken: Any = ()) -> Schedule:
    people = {member.person: member.role for one in relationships for member in one.members}
    roster = a_roster(*(a_person(*one) for one in sorted(people.items())))
    return schedule(program, roster, ROLES, [(one, PUBLISHED) for one in relationships], taken)


def test_the_first_is_exactly_there_whatever_hours_say_and_the_others_follow_by_the_cadence() -> None:
    found = planned(meeting("x", "a", SUNDAY_NIGHT))
    assert () == found.unplaced
    first, second, third = found.sessions
    assert (SUNDAY_NIGHT, "22:15", 1) == (first.starts, f"{first.local:%H:%M}", first.number)
    assert date(2027, 1, 24) <= second.local.date() <= date(2027, 1, 30)
    assert 14 == (third.local.date() - second.local.date()).days


def test_others_keep_its_weekday_and_clock_where_hours_allow_it() -> None:
    tuesday = a_moment("2027-01-12T09:30:00+00:00")
    found = planned(meeting("x", "a", tuesday))
    assert [tuesday + timedelta(days=days) for days in (0, 7, 21)] == [one.starts for one in found.sessions]


@pytest.mark.parametrize(
    ("at", "until", "reason"),
    [
        (SUNDAY_NIGHT, date(2027, 1, 16), f"{BEYOND_THEIRS}, 2027-01-16"),
        (a_moment("2027-03-02T09:00:00+00:00"), None, f"{BEYOND}, 2027-03-01"),
        (PUBLISHED, None, "the time that the matching gave it, 2027-01-10 12:00, was past when it was published"),
    ],
)
def test_a_time_that_cannot_be_is_told(at: datetime, until: date | None, reason: str) -> None:
    found = planned(meeting("x", "a", at, until), program=evolve(PROGRAM, series=(evolve(SERIES, count=1),)))
    assert ((), [reason]) == (found.sessions, [one.reason for one in found.unplaced])


def test_who_meets_others_then_is_named_and_nobody_is_in_two_places() -> None:
    first = planned(meeting("x", "a", SUNDAY_NIGHT)).sessions
    found = planned(meeting("x", "b", SUNDAY_NIGHT + timedelta(minutes=15)), taken=first)
    told = [one.reason for one in found.unplaced if one.number == 1]
    assert ["the time that the matching gave it, 2027-01-17 22:30, is taken: x meets others then"] == told


def test_changed_keys_never_move_what_the_matching_fixed() -> None:
    pair = meeting("x", "a", SUNDAY_NIGHT)
    sessions = planned(pair).sessions
    history = History(
        relationships=(KnownRelationship(pair, "published", PUBLISHED),),
        sessions=tuple(KnownSession(one) for one in sessions),
        series=series_marks(PROGRAM),
    )
    changed = evolve(PROGRAM, series=(evolve(SERIES, days=(3,)),))
    roster = a_roster(a_person("x", "expert"), a_person("a", "asker"))
    happening = resettle(changed, roster, ROLES, history, PUBLISHED + timedelta(hours=1)).happening
    assert {2, 3} == {one.session.number for one in happening.sessions}
    assert {3} == {one.session.local.weekday() for one in happening.sessions}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("xyz"), st.sampled_from("abcd"), st.one_of(st.none(), st.integers(0, 60))),
        min_size=1,
        max_size=7,
        unique_by=lambda one: one[:2],
    )
)
def test_whatever_is_fixed_nobody_is_in_two_sessions(cases: list[tuple[str, str, int | None]]) -> None:
    begins = a_moment("2027-01-12T08:00:00+00:00")
    times = {(x, a): None if n is None else begins + timedelta(minutes=15 * n) for x, a, n in cases}
    found = planned(*(meeting(x, a, at) for (x, a), at in times.items()))
    assert 3 * len(cases) == len(found.sessions) + len(found.unplaced)
    for one, other in combinations(found.sessions, 2):
        apart = abs(one.starts - other.starts) >= timedelta(minutes=30)
        assert apart or not set(one.people) & set(other.people)
    for session in found.sessions:
        at = times[session.people[0], session.people[1]]
        assert session.number > 1 or at is None or at == session.starts
