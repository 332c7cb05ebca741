"""What an invitation says to calendars: put in, changed and taken out, under one name for ever."""

from datetime import datetime, timedelta

import icalendar
import pytest
from attrs import evolve

from mentorkit.core.contracts import Role
from mentorkit.core.deliveries import Delivery, Recipient
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.invitation_ids import invitation_id
from mentorkit.core.program import INVITATION, Length, Series
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.sessions import Session
from mentorkit.core.zones import to_utc
from mentorkit.invitations import make_inviter
from mentorkit.testing import a_moment, a_person, a_program, a_roster, a_transmission

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
ROSTER = a_roster(
    a_person("m", "mentor", name='Ada "the Countess" Lovelace', email="ada@example.org", timezone="Europe/London"),
    a_person("e", "mentee", name="Bo\r\nATTENDEE:mailto:eve@example.org", email="bo@example.org"),
)
PUBLISHED = a_moment("2027-01-11T09:00:00+00:00")
PAIR = KnownRelationship(
    Relationship("r1", (Member("m", "mentor"), Member("e", "mentee")), 81.3), "published", PUBLISHED
)
PROGRAM = a_program(contacts={"coordinator": "Aurora <aurora@example.org>"})


def a_known(local: str = "2027-04-05T09:00", zone: str = "Europe/London", **known: object) -> KnownSession:
    start = datetime.fromisoformat(local)
    session = Session("r1-1", "r1", "sessions", 1, start, zone, to_utc(start, zone), 60, ("m", "e"), "Room 1")
    return KnownSession(session, **known)


def invite(known: KnownSession, canceled: bool = False, program=PROGRAM, person: str = "m", **history: object):
    occurrence = invitation_id(known.session.id, known.sequence, canceled)
    delivery = Delivery(
        f"{INVITATION}/{occurrence}/p1/mentor/r1", INVITATION, occurrence, Recipient(1, person, "mentor")
    )
    transmission = a_transmission("k", person=person, step=INVITATION, deliveries=(delivery,))
    past = evolve(History(numbers={"m": 1, "e": 2}, relationships=(PAIR,), sessions=(known,)), **history)
    return make_inviter(program, ROLES, ROSTER, past)(transmission)


def event_of(invited) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(invited.invitation.content).walk("VEVENT")
    return event


def test_a_request_tells_local_time_with_its_zone_and_everybody_who_comes():
    invited = invite(a_known())
    event = event_of(invited)
    assert ("REQUEST", "new") == (invited.invitation.method, invited.change)
    assert b"\r\nMETHOD:REQUEST\r\n" in invited.invitation.content
    assert b"DTSTART;TZID=Europe/London:20270405T090000\r\n" in invited.invitation.content
    assert b"DTEND;TZID=Europe/London:20270405T100000\r\n" in invited.invitation.content
    assert 1 == invited.invitation.content.count(b"BEGIN:VTIMEZONE")
    assert "mailto:aurora@example.org" == event["ORGANIZER"]
    assert ["mailto:ada@example.org", "mailto:bo@example.org"] == event["ATTENDEE"]
    assert "NEEDS-ACTION" == event["ATTENDEE"][0].params["PARTSTAT"]
    assert ("CONFIRMED", "OPAQUE", 0) == (event["STATUS"], event["TRANSP"], event["SEQUENCE"])
    assert PUBLISHED == event["DTSTAMP"].dt


def test_an_hour_that_ends_when_the_clocks_have_gone_back_is_told_in_utc():
    """02:30 in summer time to 02:30 in winter time: by the clock it would last no time at all."""
    event = event_of(invite(a_known("2027-10-31T02:30", "Europe/Berlin")))
    assert a_moment("2027-10-31T00:30:00+00:00") == event["DTSTART"].dt
    assert a_moment("2027-10-31T01:30:00+00:00") == event["DTEND"].dt
    before = event_of(invite(a_known("2027-10-31T01:00", "Europe/Berlin")))
    assert "Europe/Berlin" == before["DTSTART"].params["TZID"]


def test_what_is_changed_keeps_its_uid_and_has_a_higher_sequence():
    before = invite(a_known())
    told = {f"{INVITATION}/{invitation_id('r1-1', 0, False)}/p1/mentor/r1": "sent"}
    changed = a_moment("2027-02-01T10:00:00+00:00")
    after = invite(a_known("2027-04-06T11:00", sequence=1, state="moved", changed=changed), deliveries=told)
    assert (before.invitation.uid, 0) == (after.invitation.uid, before.invitation.sequence)
    assert (1, "changed") == (after.invitation.sequence, after.change)
    assert changed == event_of(after)["DTSTAMP"].dt


@pytest.mark.parametrize("state", ["superseded", "expired", "failed"])
def test_what_changed_before_anybody_was_invited_is_new_to_them(state):
    told = {f"{INVITATION}/{invitation_id('r1-1', 0, False)}/p1/mentor/r1": state}
    assert "new" == invite(a_known(sequence=1), deliveries=told).change


def test_a_cancellation_is_for_one_person_in_utc_and_says_so_twice():
    invited = invite(a_known(sequence=2, state="canceled", changed=PUBLISHED), canceled=True)
    event = event_of(invited)
    assert ("CANCEL", "canceled", 2) == (invited.invitation.method, invited.change, event["SEQUENCE"])
    assert b"\r\nMETHOD:CANCEL\r\n" in invited.invitation.content
    assert "CANCELLED" == event["STATUS"]
    assert b"DTSTART:20270405T080000Z\r\n" in invited.invitation.content
    assert b"VTIMEZONE" not in invited.invitation.content
    assert "mailto:ada@example.org" == event["ATTENDEE"]


@pytest.mark.parametrize(
    ("state", "change"), [("canceled", "canceled"), ("planned", "withdrawn"), ("moved", "withdrawn")]
)
def test_what_takes_place_without_being_in_a_calendar_is_not_called_canceled(state, change):
    invited = invite(a_known(sequence=1, state=state, changed=PUBLISHED), canceled=True)
    assert ("CANCEL", change) == (invited.invitation.method, invited.change)


def test_names_stay_names_whatever_is_in_them():
    content = invite(a_known()).invitation.content
    event = event_of(invite(a_known()))
    assert 2 == len(event["ATTENDEE"])
    assert "Ada 'the Countess' Lovelace" == event["ATTENDEE"][0].params["CN"]
    assert not any(line.startswith(b"ATTENDEE:") for line in content.split(b"\r\n"))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_a_suggested_session_is_tentative_and_blocks_no_time():
    program = evolve(PROGRAM, series=(Series("sessions", 2, (Length(2, "weeks"),), book="suggest"),))
    event = event_of(invite(a_known(), program=program))
    assert ("TENTATIVE", "TRANSPARENT") == (event["STATUS"], event["TRANSP"])


def test_the_same_invitation_is_the_same_bytes():
    assert invite(a_known()).invitation == invite(a_known()).invitation


def test_a_session_that_is_not_known_any_more_invites_nobody():
    assert invite(a_known(), sessions=()) is None


@pytest.mark.parametrize("zone", ["Africa/Cairo", "America/Vancouver", "Asia/Kathmandu", "Pacific/Apia"])
def test_a_reader_without_zone_data_finds_the_moment(zone):
    known = a_known("2026-11-09T09:00", zone)
    calendar = icalendar.Calendar.from_ical(invite(known).invitation.content)
    (there,) = (one.to_tz(lookup_tzid=False) for one in calendar.walk("VTIMEZONE"))
    local = known.session.local.replace(tzinfo=there)
    assert timedelta() == local - known.session.starts
