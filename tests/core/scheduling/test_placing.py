from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.busy_times import busy_times, span_of
from mentorkit.core.contracts import Role
from mentorkit.core.moments import add_length, parse_hours
from mentorkit.core.program import Length, Series
from mentorkit.core.scheduling.placing import schedule
from mentorkit.core.working_days import WorkingDays
from mentorkit.core.zones import known_zones
from mentorkit.testing import a_moment, a_person, a_program, a_relationship, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
WEEKLY = Series("sessions", 6, (Length(1, "weeks"),))
BEFORE = a_moment("2026-12-01T12:00:00+00:00")


def pair(mentor, mentee):
    return a_relationship((mentor, "mentor"), (mentee, "mentee"))


def plan(program, people, relationships, taken=(), published=BEFORE):
    return schedule(program, a_roster(*people), ROLES, [(one, published) for one in relationships], taken)


def a_series(starts=date(2027, 1, 11), weeks=24, **changes):
    series = evolve(WEEKLY, **changes)
    return a_program(starts=starts, ends=starts + timedelta(weeks=weeks), series=(series,))


def clocks(sessions, zone):
    return [f"{one.starts.astimezone(ZoneInfo(zone)):%a %m-%d %H:%M}" for one in sessions]


def test_a_series_keeps_its_weekday_and_the_mentors_clock_across_daylight_saving():
    program = a_series(date(2027, 3, 1))
    people = [a_person("17", "mentor"), a_person("42", "mentee", timezone="Europe/Berlin")]
    sessions = plan(program, people, [pair("17", "42")]).sessions
    assert 6 == len(sessions)
    assert {sessions[0].local.time()} == {one.local.time() for one in sessions}
    assert {sessions[0].local.weekday()} == {one.local.weekday() for one in sessions}
    assert {timedelta(0), timedelta(hours=1)} == {
        one.starts.astimezone(ZoneInfo("Europe/London")).utcoffset() for one in sessions
    }


def test_a_session_moves_within_its_week_where_another_clock_has_changed():
    program = a_series(date(2027, 3, 1), hours=(time(8), time(18)), days=frozenset([0]))
    mentee = a_person("42", "mentee", timezone="America/Los_Angeles", working_hours="08:00-09:30")
    sessions = plan(program, [a_person("17", "mentor"), mentee], [pair("17", "42")]).sessions
    # Los Angeles goes to summer time on 14 March, London on the 28th
    assert [
        "Mon 03-01 16:00",
        "Mon 03-08 16:00",
        "Mon 03-15 15:30",
        "Mon 03-22 15:30",
        "Mon 03-29 16:00",
        "Mon 04-05 16:00",
    ] == clocks(sessions, "Europe/London")


def test_no_session_is_at_a_time_that_the_clocks_skip():
    night = a_series(date(2027, 3, 28), count=1, hours=(time(1), time(3)), days=frozenset([6]))  # 01:00 becomes 02:00
    people = [a_person(f"m{n}", "mentor") for n in range(8)] + [a_person(f"e{n}", "mentee") for n in range(8)]
    result = plan(night, people, [pair(f"m{n}", f"e{n}") for n in range(8)])
    assert ["Sun 03-28 02:00"] * 8 == [f"{one.local:%a %m-%d %H:%M}" for one in result.sessions]


def test_people_without_a_common_hour_are_told_so():
    people = [a_person("17", "mentor", timezone="Asia/Tokyo"), a_person("42", "mentee", timezone="America/New_York")]
    result = plan(a_series(count=1), people, [pair("17", "42")])
    assert () == result.sessions
    assert [
        "no common hour: 17 (Asia/Tokyo) and 42 (America/New_York) share none of 09:00–17:00"  # noqa: RUF001
    ] == [one.reason for one in result.unplaced]


def test_people_who_share_too_little_are_told_so():
    people = [
        a_person("17", "mentor", working_hours="09:00-10:30"),
        a_person("42", "mentee", working_hours="10:00-15:00"),
    ]
    result = plan(a_series(count=1), people, [pair("17", "42")])
    assert [
        "no common hour: 17 (Europe/London, 09:00–10:30) and 42 (Europe/London, 10:00–15:00) "  # noqa: RUF001
        "share less than 60 minutes"
    ] == [one.reason for one in result.unplaced]


def test_a_full_week_is_told_so():
    mentor = a_person("17", "mentor", working_hours="09:00-10:00")
    mentees = [a_person(f"e{n}", "mentee") for n in range(6)]
    program = a_series(count=1)
    result = plan(program, [mentor, *mentees], [pair("17", one.id) for one in mentees])
    assert 5 == len({one.local for one in result.sessions})
    left_out = result.unplaced[0].relationship
    person = next(one.id for one in mentees if pair("17", one.id).id == left_out)
    assert [f"no free hour in the week from 2027-01-11: 17 and {person} meet others in all the hours they share"] == [
        one.reason for one in result.unplaced
    ]


def test_no_session_falls_after_the_programs_last_day():
    program = a_series(weeks=4)
    result = plan(program, [a_person("17", "mentor"), a_person("42", "mentee")], [pair("17", "42")])
    assert [1, 2, 3, 4, 5] == [one.number for one in result.sessions]
    assert date(2027, 2, 8) >= result.sessions[-1].local.date()
    assert ["it would fall after the program's last day, 2027-02-08"] == [one.reason for one in result.unplaced[-1:]]


def test_a_series_that_just_fits_fits():
    program = a_series(weeks=5, count=6)
    people = [a_person("17", "mentor"), a_person("42", "mentee")]
    on_the_day = plan(program, people, [pair("17", "42")], published=a_moment("2027-01-11T10:00:00+00:00"))
    for result in (plan(program, people, [pair("17", "42")]), on_the_day):
        assert () == result.unplaced
        assert [1, 2, 3, 4, 5, 6] == [one.number for one in result.sessions]


def test_nobody_meets_before_the_program_starts():
    fridays = a_series(weeks=0, count=1, days=frozenset([4]))
    short = evolve(fridays, ends=fridays.starts + timedelta(days=2))
    result = plan(short, [a_person("17", "mentor"), a_person("42", "mentee")], [pair("17", "42")])
    assert ((), 1) == (result.sessions, len(result.unplaced))


def test_nobody_meets_before_the_day_after_the_publication():
    published = a_moment("2027-02-03T10:00:00+00:00")
    people = [a_person("17", "mentor"), a_person("42", "mentee")]
    first = plan(a_series(), people, [pair("17", "42")], published=published).sessions[0]
    assert date(2027, 2, 4) <= first.local.date() <= date(2027, 2, 10)


def test_people_have_time_to_hear_of_each_other_before_they_meet():
    people = [a_person(f"m{n}", "mentor") for n in range(20)] + [a_person(f"e{n}", "mentee") for n in range(20)]
    published = a_moment("2027-02-03T10:00:00+00:00")
    result = plan(a_series(count=1), people, [pair(f"m{n}", f"e{n}") for n in range(20)], published=published)
    assert {date(2027, 2, 8), date(2027, 2, 9), date(2027, 2, 10)} == {one.local.date() for one in result.sessions}


def test_sessions_that_stand_are_not_booked_over():
    people = [a_person("17", "mentor", working_hours="09:00-10:00"), a_person("42", "mentee"), a_person("43", "mentee")]
    mondays = a_series(count=1, days=frozenset([0]))
    first = plan(mondays, people, [pair("17", "42")])
    assert 1 == len(first.sessions)
    assert () == plan(mondays, people, [pair("17", "43")], taken=first.sessions).sessions


def test_one_session_moves_to_the_nearest_day_where_something_is_in_its_way():
    people = [a_person("17", "mentor", working_hours="09:00-10:00"), a_person("42", "mentee")]
    program = a_series(date(2027, 3, 1), count=3, weeks=4, days=frozenset([0, 1, 4]))
    some = plan(program, people, [pair("17", "42")]).sessions[0]
    taken = [
        evolve(some, starts=a_moment(f"2027-03-{day:02}T09:00:00+00:00"), people=("17",))
        for day in (8, 2, 16, 5, 19)  # one Monday, two Tuesdays, two Fridays
    ]
    sessions = plan(program, people, [pair("17", "42")], taken=taken).sessions
    assert ["Mon 03-01 09:00", "Tue 03-09 09:00", "Mon 03-15 09:00"] == clocks(sessions, "Europe/London")


def test_a_series_of_its_own_is_for_whom_it_says():
    circle = evolve(WEEKLY, name="mentor-circle", count=1, who=("mentor",), place_column="meeting_link")
    group = a_relationship(("17", "mentor"), ("18", "mentor"), ("42", "mentee"))
    program = evolve(a_series(count=1), series=(evolve(WEEKLY, count=1, place="Room 1"), circle))
    people = [a_person("17", "mentor", meeting_link="https://meet.example/17"), a_person("18", "mentor")]
    main, own = sorted(plan(program, [*people, a_person("42", "mentee")], [group]).sessions, key=lambda one: one.id)
    assert (f"{group.id}-1", ("17", "18", "42"), "Room 1") == (main.id, main.people, main.place)
    assert (f"{group.id}-mentor-circle-1", ("17", "18"), "https://meet.example/17") == (own.id, own.people, own.place)


def test_a_mentors_sessions_are_spread_over_the_day_and_the_week():
    people = [a_person(f"m{n}", "mentor") for n in range(40)] + [a_person(f"e{n}", "mentee") for n in range(40)]
    result = plan(a_series(count=1), people, [pair(f"m{n}", f"e{n}") for n in range(40)])
    assert 5 == len({one.local.weekday() for one in result.sessions})
    assert 6 <= len({one.local.time() for one in result.sessions})
    assert {0, 30} == {one.local.minute for one in result.sessions}
    clocks_met = {one.local.time() for one in result.sessions}
    assert all(time(9, 30) <= one <= time(11) or time(13, 30) <= one <= time(15, 30) for one in clocks_met)


# ------------------------------------------------------------------------------------------------------------ laws

ZONES = st.sampled_from(sorted(known_zones() - {"localtime"}))
WORKING_HOURS = st.sampled_from(["", "07:00-15:00", "09:00-12:00", "09:10-15:40", "10:00-19:00", "soon"])


@st.composite
def cases(draw):
    starts = draw(st.dates(date(2026, 1, 1), date(2030, 6, 30)))
    begins, length = draw(st.integers(6, 11)), draw(st.integers(3, 12))
    series = Series(
        "sessions",
        draw(st.integers(1, 6)),
        tuple(
            draw(
                st.lists(
                    st.builds(Length, st.integers(1, 5), st.sampled_from(["weeks", "days", "months"])),
                    min_size=1,
                    max_size=3,
                )
            )
        ),
        minutes=draw(st.sampled_from([15, 30, 45, 60, 90, 100])),
        hours=(time(begins), time(begins + length)),
        days=frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
    )
    program = a_program(
        starts=starts, ends=starts + timedelta(days=draw(st.integers(20, 300))), timezone=draw(ZONES), series=(series,),
        seed=draw(st.integers(0, 9)),
    )  # fmt: skip
    zones = draw(st.lists(ZONES, min_size=1, max_size=3))
    people = [
        a_person(f"p{n}", "mentor", "mentee", timezone=draw(st.sampled_from(zones)), working_hours=draw(WORKING_HOURS))
        for n in range(draw(st.integers(2, 6)))
    ]
    pairs = draw(
        st.lists(
            st.lists(st.sampled_from(range(len(people))), min_size=2, max_size=4, unique=True),
            min_size=1,
            max_size=8,
            unique_by=lambda group: (group[0], *sorted(group[1:])),
        )
    )
    relationships = [
        a_relationship((f"p{group[0]}", "mentor"), *((f"p{one}", "mentee") for one in sorted(group[1:])))
        for group in pairs
    ]
    return program, people, relationships


def within_hours(program, person, session):
    """Say whether a session lies within a person's hours, by nothing but zoneinfo."""
    series = program.series[0]
    zone = ZoneInfo(person.text("timezone"))
    begins = session.starts.astimezone(zone)
    ends = (session.starts + timedelta(minutes=session.minutes)).astimezone(zone)
    hours = series.hours
    if person.text("working_hours") not in ("", "soon"):
        own = parse_hours(person.text("working_hours"))
        hours = max(hours[0], own[0]), min(hours[1], own[1])
    return (
        begins.date() == ends.date() and hours[0] <= begins.time() and ends.time() <= hours[1]
        and begins.weekday() in series.days
    )  # fmt: skip


@given(cases())
@settings(max_examples=100, deadline=None)
def test_every_session_suits_everybody(case):
    program, people, relationships = case
    series = program.series[0]
    result = plan(
        program,
        people,
        relationships,
        published=datetime.combine(program.starts, time(), ZoneInfo("UTC")) - timedelta(days=9),
    )
    by_id = {one.id: one for one in people}
    diaries = defaultdict(list)
    for one in result.sessions:
        assert all(within_hours(program, by_id[person], one) for person in one.people)
        assert program.starts <= one.local.date() <= program.ends
        assert one.starts == one.local.replace(tzinfo=ZoneInfo(one.zone)).astimezone(ZoneInfo("UTC"))
        for person in one.people:
            diaries[person].append((one.starts, one.starts + timedelta(minutes=one.minutes)))
    for diary in diaries.values():
        assert all(first[1] <= second[0] for first, second in combinations(sorted(diary), 2))
    wanted = sorted((one.id, number) for one in relationships for number in range(1, series.count + 1))
    assert wanted == sorted((one.relationship, one.number) for one in (*result.sessions, *result.unplaced))
    for relationship in relationships:
        theirs = [one.number for one in result.sessions if one.relationship == relationship.id]
        assert sorted(theirs) == theirs


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_no_file_order_changes_the_schedule(case, random):
    program, people, relationships = case
    expected = plan(program, people, relationships)
    random.shuffle(people)
    random.shuffle(relationships)
    assert expected == plan(program, people, relationships)


@given(st.dates(date(2026, 1, 1), date(2030, 6, 30)), ZONES, ZONES)
@settings(max_examples=60, deadline=None)
def test_a_pair_keeps_one_weekday_and_clock_wherever_one_suits_all_its_sessions(starts, first, second):
    program = a_series(starts, weeks=30)
    people = [a_person("17", "mentor", timezone=first), a_person("42", "mentee", timezone=second)]
    found = plan(program, people, [pair("17", "42")], published=a_moment("2025-12-01T12:00:00+00:00"))
    suiting = [
        (day, clock)
        for day in range(7)
        for clock in range(9 * 60, 16 * 60 + 1, 30)
        if all(_suits(program, people, starts + timedelta(days=day + 7 * week), clock, first) for week in range(6))
    ]
    if suiting:
        assert 6 == len(found.sessions)
        assert 1 == len({(one.local.weekday(), one.local.time()) for one in found.sessions})


def _suits(program, people, day, clock, zone):
    local = datetime.combine(day, time(clock // 60, clock % 60))
    begins = local.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    ends = begins + timedelta(hours=1)
    for person in people:
        a, b = (one.astimezone(ZoneInfo(person.text("timezone"))) for one in (begins, ends))
        if a.date() != b.date() or a.time() < time(9) or b.time() > time(17) or a.weekday() > 4:
            return False
    return begins.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local


@pytest.mark.parametrize("unit", ["days", "weeks", "months"])
def test_the_last_step_of_a_cadence_repeats(unit):
    program = a_series(weeks=52, count=4, cadence=(Length(2, "weeks"), Length(1, unit)), days=frozenset(range(7)))
    sessions = plan(program, [a_person("17", "mentor"), a_person("42", "mentee")], [pair("17", "42")]).sessions
    days = [one.local.date() for one in sessions]
    assert [
        timedelta(weeks=2),
        add_length(days[1], Length(1, unit)) - days[1],
        add_length(days[1], Length(2, unit)) - days[2],
    ] == [b - a for a, b in pairwise(days)]


# ------------------------------------------------------------------------------------- days and hours of each person

GERMANY = WorkingDays("DE", holidays=(date(2027, 3, 26), date(2027, 3, 29)))
ISRAEL = WorkingDays("IL", weekend=(4, 5), holidays=(date(2027, 3, 23),))


def days_met(people, countries, starts=date(2027, 3, 22), **changes):
    program = a_series(starts, weeks=3, **{"count": 1, "cadence": (Length(1, "weeks"),), **changes})
    roster = evolve(a_roster(*people), countries=countries)
    pairs = [(pair(people[0].id, one.id), BEFORE) for one in people[1:]]
    return schedule(program, roster, ROLES, pairs, ())


def test_nobody_meets_on_a_holiday_of_anybody():
    people = [a_person("17", "mentor"), *(a_person(f"e{n}", "mentee", country="DE") for n in range(12))]
    found = days_met(people, {"DE": GERMANY}, date(2027, 3, 26))
    assert () == found.unplaced
    assert {date(2027, 3, 30), date(2027, 3, 31), date(2027, 4, 1)} == {one.local.date() for one in found.sessions}


def test_a_session_of_a_series_moves_off_a_holiday():
    people = [a_person("17", "mentor", working_hours="mon 09:00-10:00; fri 15:00-16:00", country="DE")]
    found = days_met([*people, a_person("42", "mentee")], {"DE": GERMANY}, count=2)
    assert ["03-22 09:00", "04-02 15:00"] == [f"{one.local:%m-%d %H:%M}" for one in found.sessions]


def test_a_week_may_begin_on_sunday():
    people = [a_person("17", "mentor", country="IL"), *(a_person(f"e{n}", "mentee", country="IL") for n in range(40))]
    assert {6, 0, 2, 3} == {
        one.local.weekday() for one in days_met(people, {"IL": ISRAEL}).sessions
    }  # not Tuesday 23rd


def test_people_of_two_weeks_share_four_days():
    people = [a_person("17", "mentor", country="IL"), *(a_person(f"e{n}", "mentee") for n in range(30))]
    assert {0, 2, 3} == {one.local.weekday() for one in days_met(people, {"IL": ISRAEL}).sessions}


def test_days_that_an_author_names_hold_for_everybody():
    people = [a_person("17", "mentor", country="IL"), a_person("42", "mentee")]
    found = days_met(people, {"IL": ISRAEL}, days=frozenset({4}))
    assert {4} == {one.local.weekday() for one in found.sessions}


def test_days_that_people_name_are_theirs():
    people = [a_person("17", "mentor", working_hours="sat-sun 10:00-12:00; fri 09:00-10:00")]
    found = days_met([*people, a_person("42", "mentee", working_hours="sun 09:00-17:00")], {})
    assert [6] == [one.local.weekday() for one in found.sessions]


def test_hours_that_differ_by_day_are_told():
    people = [a_person("17", "mentor", working_hours="mon, wed 09:00-10:00; fri 13:00-14:00, 09:00-10:00")]
    found = days_met([*people, a_person("42", "mentee", working_hours="tue 09:00-17:00")], {})
    assert [
        "no common hour: 17 (Europe/London, mon, wed 09:00–10:00 and fri 09:00–10:00, 13:00–14:00) and 42 "  # noqa: RUF001
        "(Europe/London, 09:00–17:00) share none"  # noqa: RUF001
    ] == [one.reason for one in found.unplaced]


# ------------------------------------------------------------------------------------------------- calendars elsewhere


def busy(*spans):
    return busy_times(span_of(a_moment(f"{a}+00:00"), a_moment(f"{b}+00:00")) for a, b in spans)


def test_nobody_meets_when_their_own_calendar_says_that_they_are_busy():
    people = [a_person("17", "mentor", working_hours="09:00-12:00"), a_person("42", "mentee")]
    away = busy(("2027-01-11T00:00", "2027-01-13T00:00"), ("2027-01-13T09:00", "2027-01-13T11:00"),
                ("2027-01-14T00:00", "2027-01-18T00:00"))  # fmt: skip
    for person in ("17", "42"):
        roster = evolve(a_roster(*people), busy={person: away})
        found = schedule(a_series(count=1), roster, ROLES, [(pair("17", "42"), BEFORE)], ())
        assert ["Wed 01-13 11:00"] == clocks(found.sessions, "Europe/London")


def test_a_series_moves_only_the_session_that_is_in_the_way():
    people = [a_person("17", "mentor", working_hours="mon 09:00-10:00; fri 15:00-16:00"), a_person("42", "mentee")]
    holiday = busy(("2027-01-18T08:00", "2027-01-19T08:00"), ("2027-01-15T08:00", "2027-01-15T18:00"),
                   ("2027-01-29T15:30", "2027-01-29T15:45"))  # fmt: skip
    roster = evolve(a_roster(*people), busy={"42": holiday})
    found = schedule(a_series(count=3), roster, ROLES, [(pair("17", "42"), BEFORE)], ())
    assert ["Mon 01-11 09:00", "Fri 01-22 15:00", "Mon 01-25 09:00"] == clocks(found.sessions, "Europe/London")
