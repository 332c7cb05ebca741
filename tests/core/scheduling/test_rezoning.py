"""Newer zone data: the local time stays, its moment moves."""

from datetime import datetime, timedelta

import pytest
from attrs import evolve

from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.planning import make_plan
from mentorkit.core.scheduling.rezoning import rezone
from mentorkit.core.sessions import Session
from mentorkit.core.zones import to_utc, tzdata_version
from mentorkit.plugin_loading import build_catalogue
from mentorkit.presenting.plan_text import plan_text
from mentorkit.testing import a_moment, a_person, a_program, a_relationship, a_roster

NOW = a_moment("2027-03-01T12:00:00+00:00")
PAIR = a_relationship(("17", "mentor"), ("42", "mentee"))
CATALOGUE = build_catalogue()
OLD = {"tzdata": "2025.1"}


def session(local, hours=0, number=1, **changes):
    """Return a session in the zone of Vancouver, laid out by data that differ by so many hours."""
    local = datetime.fromisoformat(local)
    starts = to_utc(local, "America/Vancouver") + timedelta(hours=hours)
    known = Session(
        f"{PAIR.id}-{number}", PAIR.id, "sessions", number, local, "America/Vancouver", starts, 60, ("17", "42")
    )
    return KnownSession(known, **changes)


def history(*sessions, data=OLD):
    published = KnownRelationship(PAIR, "published", a_moment("2027-01-01T12:00:00+00:00"))
    return History(relationships=(published,), sessions=sessions, data=data, numbers={"17": 1, "42": 2})


def test_a_session_to_come_keeps_its_local_time_and_its_calendar_entry_changes():
    known = session("2027-12-06T10:00", hours=1, sequence=2, moves=1)
    (changed,) = rezone(history(known), NOW).sessions
    assert (known.session.local, known.session.starts - timedelta(hours=1)) == (
        changed.session.local,
        changed.session.starts,
    )
    assert (3, 1, NOW, "planned") == (changed.sequence, changed.moves, changed.changed, changed.state)


@pytest.mark.parametrize(
    "known",
    [
        session("2027-12-06T10:00"),
        session("2027-01-06T10:00", hours=1),
        session("2027-12-06T10:00", hours=1, state="canceled"),
        session("2027-12-06T10:00", hours=1, state="held"),
    ],
    ids=["the same by both", "over", "canceled", "held"],
)
def test_others_stay_as_they_are(known):
    assert () == rezone(history(known), NOW).sessions


def test_the_same_data_are_not_looked_through_again():
    assert () == rezone(history(session("2027-12-06T10:00", hours=1), data={"tzdata": tzdata_version()}), NOW).sessions


def test_a_time_that_happens_twice_may_be_the_second():
    local = datetime.fromisoformat("2027-10-31T02:30")
    berlin = evolve(session("2027-10-31T02:30").session, zone="Europe/Berlin", local=local)
    first = to_utc(berlin.local, "Europe/Berlin")
    for starts in (first, first + timedelta(hours=1)):
        assert () == rezone(history(KnownSession(evolve(berlin, starts=starts))), NOW).sessions


def test_a_plan_lists_them_once_and_remembers_the_data():
    roster = a_roster(a_person("17", "mentor", name="Ada"), a_person("42", "mentee", name="Ben"))
    program = a_program(timeline=())
    known = history(session("2027-05-06T10:00", hours=1))
    plan = make_plan(program, roster, CATALOGUE, known, NOW).plan
    assert {"tzdata": tzdata_version()} == plan.data
    assert [1] == [one.sequence for one in plan.rearranged.sessions]
    told = plan_text(plan, program, program.model.roles, roster, known)
    assert "1 session keeps its local time: by newer zone data it is at another moment in UTC" in told
    assert "2027-05-06T18:00:00Z  →  2027-05-06T17:00:00Z" in told
    later = evolve(known, data=plan.data, sessions=plan.rearranged.sessions)
    again = make_plan(program, roster, CATALOGUE, later, NOW).plan
    assert ({}, ()) == (again.data, again.rearranged.sessions)
