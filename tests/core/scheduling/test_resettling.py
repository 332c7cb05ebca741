from datetime import date, time, timedelta
from itertools import combinations, pairwise

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import Role
from mentorkit.core.history import History, KnownRelationship, KnownSession, KnownTransmission
from mentorkit.core.memberships import members_now
from mentorkit.core.program import Agenda, Length, Series
from mentorkit.core.scheduling import resettle, schedule, series_marks
from mentorkit.core.zones import to_utc
from mentorkit.testing import a_moment, a_person, a_program, a_relationship, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
PUBLISHED = a_moment("2027-01-04T12:00:00+00:00")
BEFORE = a_moment("2027-01-05T12:00:00+00:00")
WEEKLY = Series("sessions", 6, (Length(1, "weeks"),), days=frozenset(range(5)))
ROOM = evolve(WEEKLY, place_column="meeting_link")
PEOPLE = (
    a_person("m1", "mentor", places=2, meeting_link="room 1"),
    a_person("m2", "mentor", timezone="Europe/Berlin"),
    a_person("e1", "mentee"),
    a_person("e2", "mentee", timezone="Europe/Berlin"),
    a_person("e3", "mentee", working_hours="10:00-16:00"),
)
PAIRS = (("m1", "e1"), ("m1", "e2"), ("m2", "e3"))


def with_series(*series, starts=date(2027, 1, 11), weeks=24):
    return a_program(starts=starts, ends=starts + timedelta(weeks=weeks), series=series)


def published(program, people=PEOPLE, pairs=PAIRS):
    """Return the history after the first run of a program."""
    relationships = [a_relationship((mentor, "mentor"), (mentee, "mentee")) for mentor, mentee in pairs]
    times = schedule(program, a_roster(*people), ROLES, [(one, PUBLISHED) for one in relationships], ())
    return History(
        relationships=tuple(KnownRelationship(one, "published", PUBLISHED) for one in relationships),
        sessions=tuple(KnownSession(one) for one in times.sessions),
        series=series_marks(program),
    )


def after(history, result):
    """Return the history once a run has written down what it decided."""
    changed = {one.session.id: one for one in result.happening.sessions}
    sessions = [changed.get(one.session.id, one) for one in history.sessions]
    return evolve(
        history,
        sessions=(*sessions, *(KnownSession(one) for one in result.added)),
        series={**history.series, **result.marks},
    )


def settle(program, history, at, people=PEOPLE):
    return resettle(program, a_roster(*people), ROLES, history, at)


def of(sessions, relationship, series="sessions"):
    found = [one for one in sessions if (one.session.relationship, one.session.series) == (relationship, series)]
    return sorted(found, key=lambda one: one.session.number)


def clocks(known):
    return [f"{one.session.local:%a %m-%d %H:%M}" for one in known if one.state != "canceled"]


def first_pair(history):
    return history.relationships[0].relationship.id


def test_a_program_that_did_not_change_moves_nothing():
    program = with_series(WEEKLY)
    result = settle(program, published(program), BEFORE)
    assert (False, (), {}) == (bool(result.happening), result.added, result.marks)


def test_agendas_are_no_part_of_a_mark():
    program = with_series(WEEKLY)
    agenda = Agenda("agendas/1.md", "Hello", "# Hello")
    assert series_marks(program) == series_marks(with_series(evolve(WEEKLY, agendas=(agenda,))))


@pytest.mark.parametrize(
    ("before", "now", "numbers"),
    [
        ("all", "none", {1, 2, 3, 4, 5, 6}),
        ("none", "suggest", {1, 2, 3, 4, 5, 6}),
        ("suggest", "all", {1, 2, 3, 4, 5, 6}),
        ("first", "all", {2, 3, 4, 5, 6}),
        ("all", "first", {2, 3, 4, 5, 6}),
        ("first", "none", {1}),
    ],
)
def test_bookings_move_nothing_and_give_calendars_a_new_version(before, now, numbers):
    history = published(with_series(evolve(WEEKLY, book=before)))
    result = settle(with_series(evolve(WEEKLY, book=now)), history, BEFORE)
    changed = result.happening.sessions
    known = {one.session.id: one.session for one in history.sessions}
    assert numbers == {one.session.number for one in changed}
    assert [(known[one.session.id], 1, 0, "planned") for one in changed] == [
        (one.session, one.sequence, one.moves, one.state) for one in changed
    ]
    again = settle(with_series(evolve(WEEKLY, book=now)), after(history, result), BEFORE)
    assert (False, {}) == (bool(again.happening), again.marks)


def test_what_is_booked_otherwise_and_laid_out_anew_in_one_go_is_one_version_on():
    history = published(with_series(evolve(WEEKLY, book="suggest")))
    longer = settle(with_series(evolve(WEEKLY, minutes=30)), history, BEFORE)
    assert {1} == {one.sequence for one in longer.happening.sessions}
    kept = settle(with_series(evolve(WEEKLY, hours=(time(8), time(18)))), history, BEFORE)
    assert {one.session.id: 1 for one in history.sessions} == {
        one.session.id: one.sequence for one in kept.happening.sessions
    }


def test_a_mark_from_before_bookings_were_part_of_it_changes_nothing():
    program = with_series(WEEKLY)
    history = published(program)
    old = {name: mark.rpartition(".")[0] for name, mark in history.series.items()}
    result = settle(program, evolve(history, series=old), BEFORE)
    assert (False, (), series_marks(program)) == (bool(result.happening), result.added, result.marks)


def test_a_longer_rhythm_counts_from_the_last_session_that_has_begun_and_keeps_weekday_and_clock():
    program = with_series(WEEKLY)
    history = published(program)
    pair = first_pair(history)
    sessions = of(history.sessions, pair)
    at = sessions[1].session.starts + timedelta(hours=2)
    result = settle(with_series(evolve(WEEKLY, cadence=(Length(2, "weeks"),))), history, at)
    now = of(after(history, result).sessions, pair)
    begun = [one.session.local for one in now[:2]]
    assert sessions[:2] == now[:2]
    assert [begun[-1] + timedelta(weeks=2 * n) for n in range(1, 5)] == [one.session.local for one in now[2:]]
    assert [(1, 1, at, "planned")] * 4 == [(one.sequence, one.moves, one.changed, one.state) for one in now[2:]]
    assert [one.session.id for one in sessions] == [one.session.id for one in now]


def test_the_cadence_goes_on_where_it_stands():
    steps = (Length(1, "weeks"), Length(1, "weeks"), Length(4, "weeks"))
    history = published(with_series(evolve(WEEKLY, cadence=steps)))
    pair = first_pair(history)
    second = of(history.sessions, pair)[1].session
    new = with_series(evolve(WEEKLY, cadence=(*steps[:2], Length(3, "weeks"))))
    now = of(after(history, settle(new, history, second.starts)).sessions, pair)
    assert [7, 7, 21, 21, 21] == [(b.session.local - a.session.local).days for a, b in pairwise(now)]


def test_what_fits_the_new_hours_stays_and_the_rest_moves():
    history = published(with_series(WEEKLY))
    new = with_series(evolve(WEEKLY, hours=(time(9), time(12))))
    now = after(history, settle(new, history, BEFORE))
    for before, known in zip(history.sessions, now.sessions, strict=True):
        fits = before.session.local.time() <= time(11)
        assert fits == (before == known)
        assert time(9) <= known.session.local.time() <= time(11)


def test_shorter_sessions_begin_when_they_did_and_remind_nobody_again():
    history = published(with_series(WEEKLY))
    result = settle(with_series(evolve(WEEKLY, minutes=45)), history, BEFORE)
    assert [one.session.starts for one in history.sessions] == [one.session.starts for one in result.happening.sessions]
    assert {(45, 1, 0)} == {(one.session.minutes, one.sequence, one.moves) for one in result.happening.sessions}


def test_what_people_moved_themselves_stays():
    history = published(with_series(WEEKLY))
    pair = first_pair(history)
    third = of(history.sessions, pair)[2]
    local = third.session.local.replace(hour=15, minute=30) + timedelta(days=1)
    moved = KnownSession(
        evolve(third.session, local=local, starts=to_utc(local, third.session.zone)), "moved", 1, 1, BEFORE
    )
    history = evolve(history, sessions=tuple(moved if one == third else one for one in history.sessions))
    result = settle(with_series(evolve(WEEKLY, cadence=(Length(2, "weeks"),), minutes=30)), history, BEFORE)
    now = of(after(history, result).sessions, pair)
    assert moved == now[2]
    days = [one.session.local.date() for one in now]
    assert [14, 42] == [(days[1] - days[0]).days, (days[4] - days[1]).days]


def test_a_session_later_today_stays_and_so_does_one_that_was_missed():
    history = published(with_series(WEEKLY))
    pair = first_pair(history)
    first, second, third = of(history.sessions, pair)[:3]
    missed = evolve(first, state="missed")
    history = evolve(history, sessions=tuple(missed if one == first else one for one in history.sessions))
    at = second.session.starts.replace(hour=0, minute=5)
    result = settle(with_series(evolve(WEEKLY, cadence=(Length(2, "weeks"),))), history, at)
    now = of(after(history, result).sessions, pair)
    assert [missed, second] == now[:2]
    assert third.session.local + timedelta(weeks=1) == now[2].session.local


def test_people_have_time_to_hear_of_a_new_time():
    history = published(with_series(evolve(WEEKLY, cadence=(Length(4, "weeks"),))))
    pair = first_pair(history)
    first = of(history.sessions, pair)[0].session
    at = first.starts + timedelta(days=6)  # tomorrow would be the next day of a weekly rhythm
    now = of(after(history, settle(with_series(WEEKLY), history, at)).sessions, pair)
    assert first.local + timedelta(days=14) == now[1].session.local


def test_fewer_sessions_cancel_the_last_and_move_nothing():
    history = published(with_series(WEEKLY))
    result = settle(with_series(evolve(WEEKLY, count=4)), history, BEFORE)
    assert {5, 6} == {one.session.number for one in result.happening.sessions}
    assert {("canceled", 1, BEFORE)} == {(one.state, one.sequence, one.changed) for one in result.happening.sessions}
    assert (6, ()) == (len(result.happening.sessions), result.added)


def test_more_sessions_are_added_in_the_rhythm():
    history = published(with_series(WEEKLY))
    result = settle(with_series(evolve(WEEKLY, count=8)), history, BEFORE)
    assert () == result.happening.sessions
    now = of(after(history, result).sessions, first_pair(history))
    assert [7] * 7 == [(b.session.local - a.session.local).days for a, b in pairwise(now)]


def test_sessions_that_were_canceled_come_back_under_their_ids():
    program = with_series(WEEKLY)
    history = published(program)
    fewer = after(history, settle(with_series(evolve(WEEKLY, count=2)), history, BEFORE))
    again = settle(program, fewer, BEFORE)
    assert () == again.added
    assert {("planned", 2, 1)} == {(one.state, one.sequence, one.moves) for one in again.happening.sessions}
    assert [one.session for one in history.sessions] == [one.session for one in after(fewer, again).sessions]


def test_a_removed_series_is_canceled_and_a_new_one_is_added():
    extra = evolve(WEEKLY, name="circle", count=1)
    history = published(with_series(WEEKLY))
    more = settle(with_series(WEEKLY, extra), history, BEFORE)
    assert (3, False, {"circle"}) == (len(more.added), bool(more.happening), set(more.marks))
    with_both = after(history, more)
    less = settle(with_series(WEEKLY), with_both, BEFORE)
    assert ({"canceled"}, {"circle"}) == (
        {one.state for one in less.happening.sessions},
        {one.session.series for one in less.happening.sessions},
    )
    back = settle(with_series(WEEKLY, extra), after(with_both, less), BEFORE)
    assert {"planned"} == {one.state for one in back.happening.sessions}


def test_a_new_place_alone_moves_nothing():
    history = published(with_series(WEEKLY))
    at = history.sessions[0].session.starts
    result = settle(with_series(evolve(WEEKLY, place="Room 7")), history, at)
    to_come = [one for one in history.sessions if one.session.starts > at]
    assert [evolve(one.session, place="Room 7") for one in to_come] == [
        one.session for one in result.happening.sessions
    ]
    assert {(1, 0)} == {(one.sequence, one.moves) for one in result.happening.sessions}


def test_people_who_are_missing_from_the_roster_keep_their_zone_and_place():
    people = [evolve(one, values={**one.values, "timezone": "Europe/Berlin"}) for one in PEOPLE if one.id == "m1"]
    abroad = published(with_series(ROOM), (*people, *PEOPLE[1:]))
    result = settle(with_series(evolve(ROOM, minutes=90)), abroad, BEFORE, PEOPLE[1:])
    theirs = [one.session for one in result.happening.sessions if "m1" in one.session.people]
    assert {("Europe/Berlin", "room 1")} == {(one.zone, one.place) for one in theirs}


def test_who_has_left_is_in_no_new_session():
    history = published(with_series(WEEKLY))
    pair, *others = history.relationships
    days = tuple(
        evolve(one, left=BEFORE, reason="left", event="1") if one.member.person == "e1" else one
        for one in pair.memberships
    )
    gone = evolve(pair, relationship=evolve(pair.relationship, members=members_now(days)), own_days=days)
    history = evolve(history, relationships=(gone, *others))
    result = settle(with_series(evolve(WEEKLY, minutes=45)), history, BEFORE)
    assert [("m1",)] * 6 == [one.session.people for one in of(result.happening.sessions, first_pair(history))]


def test_what_does_not_fit_any_more_is_canceled_and_named():
    history = published(with_series(WEEKLY))
    result = settle(with_series(WEEKLY, weeks=4), history, BEFORE)
    assert {6} == {one.number for one in result.unplaced}
    assert {"it would fall after the program's last day, 2027-02-08"} == {one.reason for one in result.unplaced}
    assert {6} == {one.session.number for one in result.happening.sessions if one.state == "canceled"}


def test_what_waits_for_an_old_time_has_lost_its_reason():
    history = published(with_series(WEEKLY))
    first, *_, last = of(history.sessions, first_pair(history))
    moved = evolve(last, moves=2)
    waiting = {
        key: KnownTransmission(key, state, "reminder", 1, BEFORE, deliveries=deliveries)
        for key, state, deliveries in (
            ("a", "due", (f"reminder/{last.session.id}+2/p1/mentor/r",)),
            ("b", "due", (f"reminder/{last.session.id}+2/p1/mentor/r", f"reminder/{first.session.id}/p1/mentor/r")),
            ("c", "due", ("kick-off/once/p1/mentor",)),
            ("d", "sent", ()),
        )
    }
    history = evolve(
        history, transmissions=waiting, sessions=tuple(moved if one == last else one for one in history.sessions)
    )
    assert ("a",) == settle(with_series(evolve(WEEKLY, count=5)), history, BEFORE).happening.superseded


def test_a_ledger_from_before_there_were_marks_gets_them_and_changes_nothing():
    history = evolve(published(with_series(WEEKLY)), series={})
    changed = with_series(evolve(WEEKLY, count=2))
    result = settle(changed, history, BEFORE)
    assert (False, (), series_marks(changed)) == (bool(result.happening), result.added, result.marks)


def test_sessions_come_to_relationships_that_had_none():
    history = published(with_series())
    result = settle(with_series(WEEKLY), history, BEFORE)
    assert 18 == len(result.added)


lengths = st.sampled_from((Length(3, "days"), Length(1, "weeks"), Length(2, "weeks"), Length(1, "months")))
some_series = st.builds(
    Series,
    st.just("sessions"),
    count=st.integers(1, 7),
    cadence=st.lists(lengths, min_size=1, max_size=3).map(tuple),
    minutes=st.sampled_from((30, 60, 90)),
    hours=st.sampled_from(((time(9), time(17)), (time(9), time(12)), (time(13), time(17)))),
    days=st.sampled_from((frozenset(range(5)), frozenset({0, 2}), frozenset({4}))),
    place=st.sampled_from(("", "Room 7")),
    who=st.sampled_from(((), ("mentor",))),
)
some_programs = st.builds(
    lambda series, other, weeks: with_series(
        *([series] if series else []), *([evolve(other, name="circle")] if other else []), weeks=weeks
    ),
    st.none() | some_series,
    st.none() | some_series,
    st.integers(8, 24),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(some_programs, st.integers(0, 400)), min_size=2, max_size=5), st.permutations(PEOPLE))
def test_whatever_changes_what_has_begun_stays_and_nobody_is_in_two_sessions(edits, shuffled):
    history = published(edits[0][0])
    at = BEFORE
    for program, hours in edits[1:]:
        at += timedelta(hours=hours)
        result = settle(program, history, at)
        assert result == settle(program, evolve(history, sessions=history.sessions[::-1]), at, shuffled)
        before = {one.session.id: one for one in history.sessions}
        for one in result.happening.sessions:
            known = before[one.session.id]
            assert known.session.starts > at or known.state == "canceled"
            assert known.sequence + 1 == one.sequence
            assert (known.session.relationship, known.session.number) == (one.session.relationship, one.session.number)
        history = after(history, result)
        alive = [one for one in history.sessions if one.state != "canceled"]
        assert len(history.sessions) == len({one.session.id for one in history.sessions})
        for one, other in combinations(alive, 2):
            if set(one.session.people) & set(other.session.people) and one.session.starts <= other.session.starts:
                assert one.session.starts + timedelta(minutes=one.session.minutes) <= other.session.starts
        tomorrow = (at + timedelta(days=1)).date()
        changed = {one.session.id for one in result.happening.sessions if one.session.local.date() > tomorrow}
        check_keys(program, [one for one in alive if one.session.id in changed])
        assert not settle(program, history, at).marks


def check_keys(program, changed):
    series = {one.name: one for one in program.series}
    for known in changed:
        declared, session = series[known.session.series], known.session
        assert declared.count >= session.number
        assert declared.minutes == session.minutes
        assert session.local.date() <= program.ends
        assert declared.hours[0] <= session.local.time()
        assert session.local.weekday() in declared.days
        assert declared.place == session.place


@settings(max_examples=20, deadline=None)
@given(some_series, some_series)
def test_a_change_and_back_again_before_anything_begins_leads_to_valid_sessions(series, other):
    program = with_series(series)
    history = published(program)
    there = after(history, settle(with_series(other), history, BEFORE))
    back = settle(program, there, BEFORE)
    now = after(there, back)
    alive = [one for one in now.sessions if one.state != "canceled"]
    check_keys(program, alive)
    expected = {(one.relationship.id, number) for one in history.relationships for number in range(1, series.count + 1)}
    never = expected - {(one.session.relationship, one.session.number) for one in history.sessions}
    missing = expected - {(one.session.relationship, one.session.number) for one in alive}
    assert missing <= never | {(one.relationship, one.number) for one in back.unplaced}


def test_who_waits_to_be_invited_to_a_session_that_changes_is_invited_to_what_it_is_then():
    history = published(with_series(WEEKLY))
    *_, before, last = of(history.sessions, first_pair(history))
    waiting = {
        key: KnownTransmission(key, "due", "calendar-invitation", 1, BEFORE, deliveries=(delivery,))
        for key, delivery in (
            ("canceled", f"calendar-invitation/{last.session.id}@0/p1/mentor/r"),
            ("taken out before", f"calendar-invitation/{last.session.id}@0x/p2/mentee/r"),
            ("as it was", f"calendar-invitation/{before.session.id}@0/p1/mentor/r"),
        )
    }
    history = evolve(history, transmissions=waiting)
    assert ("canceled",) == settle(with_series(evolve(WEEKLY, count=5)), history, BEFORE).happening.superseded
    longer = settle(with_series(evolve(WEEKLY, minutes=45)), history, BEFORE).happening
    assert {before.session.id, last.session.id} <= {one.session.id for one in longer.sessions}
    assert ("as it was", "canceled") == longer.superseded
