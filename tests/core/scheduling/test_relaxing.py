"""What would help sessions without a time: whatever is named, helps."""

import re
from datetime import date, time, timedelta

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.busy_times import busy_times, span_of
from mentorkit.core.contracts import Role
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.program import Length, Series
from mentorkit.core.scheduling import schedule
from mentorkit.core.scheduling.lacking import why_lacking
from mentorkit.core.working_days import WorkingDays
from mentorkit.testing import a_moment, a_person, a_program, a_relationship, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
BEFORE = a_moment("2026-12-01T12:00:00+00:00")
MONDAY = date(2027, 1, 11)


def a_series(**changes):
    series = evolve(Series("sessions", 1, (Length(1, "weeks"),)), **changes)
    return a_program(starts=MONDAY, ends=MONDAY + timedelta(weeks=8), series=(series,))


def found(people, program=None, busy=None, countries=None):
    roster = evolve(a_roster(*people), busy=busy or {}, countries=countries or {})
    mentor = people[0].id
    pairs = [(a_relationship((mentor, "mentor"), (one.id, "mentee")), BEFORE) for one in people[1:]]
    return schedule(program or a_series(), roster, ROLES, pairs, ())


def explained(*args, **changes):
    return [one.explained for one in found(*args, **changes).unplaced]


def away(*spans):
    return busy_times(span_of(a_moment(f"{a}:00+00:00"), a_moment(f"{b}:00+00:00")) for a, b in spans)


def pair(**mentee):
    return [a_person("17", "mentor", working_hours="09:00-10:00"), a_person("42", "mentee", **mentee)]


def test_a_shorter_session_is_the_first_thing_that_is_tried():
    assert [
        "no common hour: 17 (Europe/London, 09:00–10:00) and 42 (Europe/London, 09:30–12:00) share less than 60 "  # noqa: RUF001
        "minutes; possible with 30 minutes instead of 60"
    ] == explained(pair(working_hours="09:30-12:00"))


def test_then_a_day_that_begins_earlier_or_ends_later():
    told = explained(pair(working_hours="10:00-12:00"))
    assert ["possible if 17 ended 1 hour later"] == [one.partition("; ")[2] for one in told]
    told = explained(pair(working_hours="11:00-12:00"))
    assert ["possible if 17 ended 2 hours later"] == [one.partition("; ")[2] for one in told]
    late = [
        a_person("17", "mentor", working_hours="11:00-12:00"),
        a_person("42", "mentee", working_hours="12:30-17:00"),
    ]
    short = explained(late, a_series(minutes=15))
    assert ["possible if 17 ended 1 hour later"] == [one.partition("; ")[2] for one in short]


def test_then_a_calendar_that_does_not_count():
    week = away(("2027-01-11T00:00", "2027-01-18T00:00"))
    assert [
        "no free hour in the week from 2027-01-11: 17 and 42 are busy by their calendars in all the hours they share; "
        "possible without the calendar of 42"
    ] == explained(pair(), busy={"42": week})


def test_then_sessions_with_others():
    hour = "mon 09:00-10:00"
    people = [a_person("17", "mentor", working_hours=hour)]
    people += [a_person(f"e{n}", "mentee", working_hours=hour) for n in (1, 2)]
    around = away(("2027-01-11T07:00", "2027-01-11T09:00"), ("2027-01-11T10:00", "2027-01-11T13:00"))
    busy = {one.id: around for one in people}
    (told,) = explained(people, busy=busy)
    assert told.endswith("meet others in all the hours they share; possible if 17 met others at other times")


def test_and_last_a_holiday():
    country = WorkingDays("XX", holidays=tuple(MONDAY + timedelta(days=n) for n in range(5)))
    (told,) = explained(pair(country="XX", working_hours="09:00-10:00"), countries={"XX": country})
    assert told.endswith("; possible on a holiday of 42")


def test_where_nothing_helps_nothing_is_named():
    (told,) = found(
        [a_person("17", "mentor", timezone="Asia/Tokyo"), a_person("42", "mentee", timezone="America/New_York")]
    ).unplaced
    assert "" == told.relief


def test_what_is_missing_of_published_relationships_is_explained_by_the_diaries_of_today():
    people = pair(working_hours="09:30-12:00")
    relationship = a_relationship(("17", "mentor"), ("42", "mentee"))
    known = KnownRelationship(relationship, "published", BEFORE)
    program = a_series(count=2)
    lacking = why_lacking(program, a_roster(*people), ROLES, History(relationships=(known,)), [known], BEFORE)
    assert [(1, "with 30 minutes instead of 60"), (2, "with 30 minutes instead of 60")] == [
        (one.number, one.relief) for one in lacking
    ]
    had = found(pair()).sessions[0]
    history = History(relationships=(known,), sessions=(KnownSession(evolve(had, relationship=relationship.id)),))
    lacking = why_lacking(program, a_roster(*people), ROLES, history, [known], BEFORE)
    assert [2] == [one.number for one in lacking]
    assert () == why_lacking(program, a_roster(*people), ROLES, history, [known], a_moment("2027-01-25T00:00:00+00:00"))


# ------------------------------------------------------------------------------------------------------------ a law

CLOCKS = st.integers(7, 16)
DAYS = st.sampled_from(["mon", "tue", "wed", "thu", "fri", "mon-wed", "mon-fri"])


@st.composite
def hours(draw):
    begins = draw(CLOCKS)
    ends = draw(st.integers(begins + 1, 18))
    return f"{draw(DAYS)} {begins:02}:00-{ends:02}:00"


MEETINGS = st.lists(st.tuples(st.integers(0, 4), st.integers(7, 17)), max_size=12)
WIDE = (time(6), time(20))


@given(st.lists(hours(), min_size=2, max_size=3), MEETINGS)
@settings(max_examples=60, deadline=None)
def test_whoever_does_what_is_named_finds_a_time(days, meetings):
    people = [a_person(f"p{n}", "mentor" if n == 0 else "mentee", working_hours=text) for n, text in enumerate(days)]
    spans = [(f"2027-01-{11 + day}T{hour:02}:00", f"2027-01-{11 + day}T{hour + 1:02}:00") for day, hour in meetings]
    busy = {"p1": away(*spans)}
    mentees = {a_relationship(("p0", "mentor"), (one.id, "mentee")).id: one.id for one in people[1:]}
    for one in found(people, a_series(hours=WIDE), busy).unplaced:
        changed, minutes, calendars = {person.id: person for person in people}, 60, dict(busy)
        if match := re.fullmatch(r"with (\d+) minutes instead of 60", one.relief):
            minutes = int(match[1])
        elif match := re.fullmatch(r"if (p\d) (began|ended) (\d) hours? (earlier|later)", one.relief):
            changed[match[1]] = _changed(changed[match[1]], match[2], int(match[3]))
        elif match := re.fullmatch(r"without the calendar of (p\d)", one.relief):
            calendars.pop(match[1])
        else:
            continue
        two = [changed["p0"], changed[mentees[one.relationship]]]
        assert () == found(two, a_series(hours=WIDE, minutes=minutes), calendars).unplaced


def _changed(person, verb, hours):
    text = person.text("working_hours")
    day, _, span = text.partition(" ")
    begins, ends = (int(clock[:2]) for clock in span.split("-"))
    begins, ends = (begins - hours, ends) if verb == "began" else (begins, ends + hours)
    return evolve(person, values={**person.values, "working_hours": f"{day} {begins:02}:00-{ends:02}:00"})
