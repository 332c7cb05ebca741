"""The search on rows of bits beside plain `datetime` arithmetic."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.busy_times import busy_times, span_of
from mentorkit.core.contracts import Role
from mentorkit.core.moments import parse_working_hours
from mentorkit.core.program import Length, Series
from mentorkit.core.scheduling import placing, schedule, searching
from mentorkit.core.scheduling.cadences import series_days, week_of
from mentorkit.core.working_days import WorkingDays
from mentorkit.core.zones import to_utc
from mentorkit.testing import a_moment, a_person, a_program, a_relationship, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
PUBLISHED = a_moment("2026-01-01T12:00:00+00:00")
ZONES = ["Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Africa/Cairo", "Australia/Lord_Howe"]
HOURS = ["", "09:00-12:30", "08:10-15:50", "mon-wed 09:00-17:00; thu 13:00-17:00", "sun-tue 10:00-12:00, 13:00-16:00"]


@st.composite
def worlds(draw):
    starts = draw(st.dates(date(2027, 1, 1), date(2027, 12, 1)))
    series = Series(
        "sessions",
        draw(st.integers(1, 4)),
        (Length(draw(st.integers(1, 9)), draw(st.sampled_from(["days", "weeks", "business days"]))),),
        minutes=draw(st.sampled_from([30, 50, 60, 90])),
        days=draw(st.sampled_from([None, None, frozenset(range(5)), frozenset({2, 6})])),
    )
    ends = starts + timedelta(days=draw(st.integers(5, 80)))
    program = a_program(starts=starts, ends=ends, series=(series,), seed=draw(st.integers(0, 9)))
    zones = draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=2))
    free = draw(st.lists(st.integers(0, 30), max_size=8, unique=True))
    off = tuple(starts + timedelta(days=day) for day in sorted(free))
    countries = {"AA": WorkingDays("AA", holidays=off), "BB": WorkingDays("BB", (4, 5), off[:2])}
    people, busy = [], {}
    for n in range(draw(st.integers(2, 5))):
        cells = {"working_hours": draw(st.sampled_from(HOURS)), "country": draw(st.sampled_from(["AA", "BB", "?"]))}
        person = a_person(f"p{n}", "mentor", timezone=draw(st.sampled_from(zones)), **cells)
        people.append(person)
        meetings = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 95), st.integers(1, 300)), max_size=20))
        begins = [a_moment(f"{starts}T00:00:00+00:00") + timedelta(days=d, minutes=15 * q) for d, q, _ in meetings]
        spans = [span_of(one, one + timedelta(minutes=m)) for one, (_, _, m) in zip(begins, meetings, strict=True)]
        if spans and draw(st.booleans()):
            busy[person.id] = busy_times(spans)
    groups = draw(st.lists(st.lists(st.sampled_from(range(len(people))), min_size=2, max_size=3, unique=True),
                           min_size=1, max_size=6, unique_by=lambda one: (one[0], *sorted(one[1:]))))  # fmt: skip
    relationships = [
        (a_relationship((f"p{one[0]}", "mentor"), *((f"p{n}", "mentee") for n in sorted(one[1:]))), PUBLISHED)
        for one in groups
    ]
    return program, evolve(a_roster(*people), countries=countries, busy=busy), relationships


def suits(program, roster, person, starts):
    """Say whether a session would suit somebody, by nothing but zoneinfo."""
    series, one = program.series[0], roster.by_id[person]
    ends = starts + timedelta(minutes=series.minutes)
    a, b = (moment.astimezone(ZoneInfo(one.text("timezone"))) for moment in (starts, ends))
    country = roster.countries.get(one.text("country"), WorkingDays())
    own = parse_working_hours(one.text("working_hours")) if one.text("working_hours") else None
    hours = [series.hours] if own is None else own[a.weekday()] or ()
    days = series.days
    if days is None:
        days = range(7) if own and None in own else set(range(7)) - set(country.weekend)
    inside = any(
        max(x, series.hours[0]) <= a.time() and b.time() <= min(y, series.hours[1]) and a.date() == b.date()
        for x, y in hours
    )
    first, last = span_of(starts, ends)
    spans = roster.busy[person].spans.tolist() if person in roster.busy else []
    away = any(begin < last + -last % 15 and end > first for begin, end in spans)  # calendars count by quarters
    return inside and a.weekday() in days and a.date() not in country.holidays and not away


@pytest.mark.uncounted
@given(worlds())
@settings(max_examples=150, deadline=None)
def test_what_is_placed_suits_everybody_and_what_is_not_has_no_time(world):
    program, roster, relationships = world
    series = program.series[0]
    found = schedule(program, roster, ROLES, relationships, ())
    diaries = {}
    for one in found.sessions:
        assert all(suits(program, roster, person, one.starts) for person in one.people)
        for person in one.people:
            diaries.setdefault(person, []).append((one.starts, one.starts + timedelta(minutes=one.minutes)))
    for diary in diaries.values():
        diary.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(diary))
    by_id = {relationship.id: relationship for relationship, _ in relationships}
    for one in found.unplaced:
        people = by_id[one.relationship].people()
        before = [
            other for other in found.sessions if other.relationship == one.relationship and other.number < one.number
        ]
        after = max((other.starts + timedelta(minutes=other.minutes) for other in before), default=PUBLISHED)
        for starts in times(program, roster, people[0], one.number):
            free = all(b <= starts or a >= starts + timedelta(minutes=series.minutes)
                       for person in people for a, b in diaries.get(person, ()))  # fmt: skip
            assert not (free and starts >= after and all(suits(program, roster, person, starts) for person in people))


def test_a_session_moves_in_its_week_even_where_none_of_the_series_can_be_when_it_should():
    """The week of the second one ends with the program, and holds days on which it lies by no first day."""
    off = tuple(date(2027, 1, day) for day in (1, 4, 5, 6))
    people = [a_person("p0", "mentor"), a_person("p1", "mentee", working_hours="09:00-12:30"), a_person("p2", "mentee")]
    people = [evolve(one, values={**one.values, "country": "AA"}) for one in people]
    roster = evolve(a_roster(*people), countries={"AA": WorkingDays("AA", holidays=off)})
    series = Series("sessions", 2, (Length(1, "business days"),), minutes=90)
    program = a_program(starts=date(2027, 1, 1), ends=date(2027, 1, 11), series=(series,))
    trio = a_relationship(("p0", "mentor"), ("p1", "mentee"), ("p2", "mentee"))
    pair = a_relationship(("p0", "mentor"), ("p1", "mentee"))
    found = schedule(program, roster, ROLES, [(trio, PUBLISHED), (pair, PUBLISHED)], ())
    assert [(trio.id, 1, 7), (trio.id, 2, 8), (pair.id, 2, 11)] == [
        (one.relationship, one.number, one.local.day) for one in found.sessions
    ]
    assert [(pair.id, 1)] == [(one.relationship, one.number) for one in found.unplaced]


def times(program, roster, lead, number):
    """Yield every quarter of the lead's clock in a session's week."""
    series, person = program.series[0], roster.by_id[lead]
    days = series_days(program.starts, series, roster.working_days(person))
    for day in week_of(days[number - 1], program.starts, program.ends):
        for quarter in range(96):
            local = datetime.combine(day, time(quarter // 4, quarter % 4 * 15))
            starts = to_utc(local, person.text("timezone"))
            if starts.astimezone(ZoneInfo(person.text("timezone"))).replace(tzinfo=None) == local:
                yield starts


@given(worlds())
@settings(max_examples=40, deadline=None)
def test_served_in_portions_it_is_as_if_one_by_one(world):
    program, roster, relationships = world
    expected = schedule(program, roster, ROLES, relationships, ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "_CELLS", 1)
        patch.setattr(placing, "_levels", lambda order, circles: (np.array([one]) for one in order))
        assert expected == schedule(program, roster, ROLES, relationships, ())
