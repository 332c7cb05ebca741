"""Who is invited to what: whoever's calendar does not show the session as it is."""

from datetime import datetime, time, timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import Role
from mentorkit.core.history import KnownRelationship, KnownSession
from mentorkit.core.program import INVITATION, Length, Series, Step, When
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.sessions import Session
from mentorkit.core.timeline.inviting import invitations_before
from mentorkit.core.timeline.laying_out import Calendar, Sent, transmissions
from mentorkit.core.zones import to_utc
from mentorkit.testing import a_message, a_moment, a_person, a_program, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
ROSTER = a_roster(a_person("m", "mentor"), a_person("e", "mentee"), a_person("f", "mentee"))
NUMBERS = {"m": 1, "e": 2, "f": 3}
PUBLISHED = a_moment("2027-01-11T09:00:00+00:00")
GROUP = KnownRelationship(
    Relationship("r1", tuple(Member(one, "mentor" if one == "m" else "mentee") for one in NUMBERS), 81.3),
    "published",
    PUBLISHED,
)
STEP = Step(INVITATION, When("session"), ("matched",), a_message(), per="occurrence")


def a_session(number: int = 1, days: int = 14, people=("m", "e", "f"), **known: object) -> KnownSession:
    local = datetime.fromisoformat("2027-01-11T10:00") + timedelta(days=days)
    starts = to_utc(local, "UTC")
    return KnownSession(Session(f"r1-{number}", "r1", "sessions", number, local, "UTC", starts, 60, people), **known)


def invited(*sessions: KnownSession, told=(), at=PUBLISHED, program=None, known=GROUP, **calendar: object):
    """Return who is invited: person, and session with version as ids of occurrences say it."""
    program = evolve(program or a_program(timeline=()), invitation=STEP)
    deliveries = dict(told)
    laid_out = transmissions(
        program,
        ROSTER,
        ROLES,
        Calendar((known,), sessions, PUBLISHED, invited=invitations_before(deliveries, NUMBERS), at=at, **calendar),
        NUMBERS,
        Sent(deliveries, ()),
    )
    assert all(1 == len(one.deliveries) for one in laid_out), "a calendar takes one event from a mail"
    return [(one.recipient.id, one.deliveries[0].occurrence) for one in laid_out]


def sent(person: str, occurrence: str, state: str = "sent") -> tuple[str, str]:
    role = "mentor" if person == "m" else "mentee"
    return f"{INVITATION}/{occurrence}/p{NUMBERS[person]}/{role}/r1", state


ALL = [sent(one, "r1-1@0") for one in NUMBERS]


def test_everybody_is_invited_once_to_each_session_to_come():
    assert {(one, f"r1-{n}@0") for one in NUMBERS for n in (1, 2)} == set(invited(a_session(1), a_session(2, 28)))
    assert [] == invited(a_session(1), told=ALL)
    assert [] == invited(a_session(1, days=-1))


def dues(program, *sessions, at=PUBLISHED, known=GROUP):
    calendar = Calendar((known,), sessions, PUBLISHED, at=at)
    made = transmissions(evolve(program, invitation=STEP), ROSTER, ROLES, calendar, NUMBERS, Sent({}, ()))
    return {one.recipient.id: one.due for one in made if one.step == INVITATION}


@pytest.mark.parametrize(
    ("when", "days", "due"),
    [
        ({"offset": Length(0, "days"), "at": time(17)}, 14, "2027-01-11T17:00:00+00:00"),
        ({"offset": Length(0, "days"), "at": time(8)}, 14, "2027-01-11T09:00:00+00:00"),
        ({"offset": Length(2, "days"), "at": time(17)}, 14, "2027-01-11T09:00:00+00:00"),
        ({"offset": Length(0, "days"), "at": time(17)}, 0, "2027-01-11T09:00:00+00:00"),
    ],
)
def test_nobody_is_invited_before_they_are_told_with_whom_unless_it_would_be_too_late(when, days, due):
    announcing = Step("news", When("match", **when), ("mentor", "mentee"), a_message())
    program = a_program(timeline=(announcing,))
    assert dict.fromkeys(NUMBERS, a_moment(due)) == dues(program, a_session(days=days))


def test_who_is_told_nothing_waits_for_nothing_and_what_was_told_long_ago_delays_nothing():
    announcing = Step("news", When("match", offset=Length(0, "days"), at=time(17)), ("mentor",), a_message())
    found = dues(a_program(timeline=(announcing,)), a_session())
    assert [17, 9, 9] == [found[one].hour for one in NUMBERS]
    later = PUBLISHED + timedelta(days=2)
    assert {later} == set(dues(a_program(timeline=(announcing,)), a_session(), at=later).values())


def test_what_changes_goes_to_everybody_again_under_its_new_version():
    assert {(one, "r1-1@1") for one in NUMBERS} == set(invited(a_session(state="moved", sequence=1), told=ALL))


def test_what_is_canceled_is_taken_out_where_it_was_put_in_and_nowhere_else():
    canceled = a_session(state="canceled", sequence=1)
    assert {("m", "r1-1@1x"), ("e", "r1-1@1x")} == set(invited(canceled, told=ALL[:2]))
    assert [] == invited(canceled)
    out = [sent("m", "r1-1@1x"), sent("e", "r1-1@1x")]
    assert [] == invited(canceled, told=[*ALL[:2], *out])


def test_the_end_of_a_relationship_takes_its_sessions_out():
    ended = evolve(GROUP, state="ended", ended_at=PUBLISHED, end_noted=PUBLISHED, reason="ended")
    found = invited(a_session(state="canceled", sequence=1), told=ALL, known=ended)
    assert {(one, "r1-1@1x") for one in NUMBERS} == set(found)


def test_who_does_not_come_any_more_is_told_and_the_others_see_who_comes():
    found = invited(a_session(people=("m", "e"), sequence=1), told=ALL)
    assert {("m", "r1-1@1"), ("e", "r1-1@1"), ("f", "r1-1@1x")} == set(found)


def test_who_was_taken_out_hears_no_more_of_later_versions_and_who_comes_back_does():
    told = [*ALL, sent("m", "r1-1@1"), sent("e", "r1-1@1"), sent("f", "r1-1@1x")]
    assert {("m", "r1-1@2"), ("e", "r1-1@2")} == set(invited(a_session(people=("m", "e"), sequence=2), told=told))
    back = invited(a_session(sequence=2), told=told)
    assert {(one, "r1-1@2") for one in NUMBERS} == set(back)


def test_a_session_that_has_begun_is_nothing_to_invite_to():
    session = a_session(1)
    begins = session.session.starts
    assert 3 == len(invited(session, at=begins - timedelta(seconds=1)))
    assert [] == invited(session, at=begins)


def test_who_has_left_gets_nothing():
    found = invited(a_session(people=("m", "e"), sequence=1), told=ALL, gone=frozenset({"f"}))
    assert {("m", "r1-1@1"), ("e", "r1-1@1")} == set(found)


@pytest.mark.parametrize("state", ["failed", "superseded", "suppressed", "expired"])
def test_what_nobody_got_needs_not_be_taken_back_and_a_change_is_told(state):
    told = [sent(one, "r1-1@0", state) for one in NUMBERS]
    assert [] == invited(a_session(state="canceled", sequence=1), told=told)
    assert {(one, "r1-1@1") for one in NUMBERS} == set(invited(a_session(state="moved", sequence=1), told=told))


@pytest.mark.parametrize(("book", "expected"), [("all", {1, 2}), ("suggest", {1, 2}), ("first", {1}), ("none", set())])
def test_a_series_says_to_which_of_its_sessions(book, expected):
    program = a_program(timeline=(), series=(Series("sessions", 2, (Length(2, "weeks"),), book=book),))
    found = invited(a_session(1), a_session(2, 28), program=program)
    assert {f"r1-{n}@0" for n in expected} == {occurrence for _, occurrence in found}


def test_a_program_without_such_a_step_invites_nobody():
    laid_out = transmissions(
        a_program(timeline=()), ROSTER, ROLES, Calendar((GROUP,), (a_session(),), PUBLISHED, at=PUBLISHED), NUMBERS
    )
    assert () == laid_out


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["move", "cancel", "e leaves it", "f leaves it", "run", "nothing goes out"]), max_size=12)
)
def test_whatever_happens_calendars_show_the_session_as_it_is(story):
    """After a run in which everything goes out, each calendar has the latest version, or has it taken out."""
    known, told, shown = a_session(), {}, {}
    for deed in [*story, "run"]:
        if deed == "move" and known.state != "canceled":
            known = evolve(known, state="moved", sequence=known.sequence + 1)
        elif deed == "cancel" and known.state != "canceled":
            known = evolve(known, state="canceled", sequence=known.sequence + 1)
        elif deed.endswith("leaves it") and deed[0] in known.session.people:
            people = tuple(one for one in known.session.people if one != deed[0])
            known = evolve(known, session=evolve(known.session, people=people), sequence=known.sequence + 1)
        elif deed in ("run", "nothing goes out"):
            for person, occurrence in invited(known, told=told.items()):
                key, state = sent(person, occurrence, "sent" if deed == "run" else "failed")
                assert key not in told, "the same thing is never sent twice"
                told[key] = state
                if deed == "run":
                    shown[person] = None if occurrence.endswith("x") else int(occurrence.partition("@")[2])
    there = known.session.people if known.state != "canceled" else ()
    failed = {key for key, state in told.items() if state == "failed"}
    for person in NUMBERS:
        missed = (
            sent(person, f"r1-1@{known.sequence}")[0] in failed or sent(person, f"r1-1@{known.sequence}x")[0] in failed
        )
        assert missed or (known.sequence if person in there else None) == shown.get(person)
