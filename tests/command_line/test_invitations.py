"""Invitations from a program file to the mails: put into calendars, changed there, taken out, and each once."""

import email
import re
from email.policy import default

import icalendar
import pytest

from tests.command_line.conftest import PEOPLE, PROGRAM

CHANNEL = '\n[channels.files]\nuse = "outbox"\n'
SESSIONS = '\n[sessions]\ncount = 3\ncadence = "2 weeks"\n'
PUBLISHED = ("--at", "2027-01-04T10:00:00Z")


@pytest.fixture
def inviting(folder):
    (folder / "pilot.toml").write_text(PROGRAM + CHANNEL)
    return folder


def mails(folder):
    """Return the invitations in the outbox by their names: mail and calendar event."""
    found = {}
    for path in sorted((folder / "pilot.run" / "outbox").glob("*calendar-invitation*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=default)
        (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
        calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
        (event,) = calendar.walk("VEVENT")
        assert part.get_param("method") == calendar["METHOD"]
        found[path.name] = (mail, str(calendar["METHOD"]), event)
    return found


def test_everybody_gets_one_mail_for_each_session_and_none_twice(inviting, mentorkit):
    assert 0 == mentorkit("run", "pilot.toml", *PUBLISHED).code
    first = mails(inviting)
    rows = (inviting / "pilot.run" / "schedule.csv").read_text().splitlines()[1:]
    expected = {(f"{row.split(',')[0]}@pilot.mentorkit", n) for row in rows for n in (0, 1)}
    assert len(expected) == len(first)
    assert {uid for uid, _ in expected} == {str(event["UID"]) for _, _, event in first.values()}
    assert {"REQUEST"} == {method for _, method, _ in first.values()}
    mentorkit("run", "pilot.toml", "--at", "2027-01-04T11:00:00Z")
    assert first.keys() == mails(inviting).keys()


def test_a_session_that_moves_moves_in_both_calendars(inviting, mentorkit):
    mentorkit("run", "pilot.toml", *PUBLISHED)
    before = mails(inviting)
    session = (inviting / "pilot.run" / "schedule.csv").read_text().splitlines()[1].split(",")[0]
    moved = ("--person", "5", "--subject", session, "--value", "2027-01-15T15:00", "--at", "2027-01-05T10:00:00Z")
    assert 0 == mentorkit("record", "pilot.toml", "moved", *moved[:1], _person(inviting, session), *moved[2:]).code
    mentorkit("run", "pilot.toml", "--at", "2027-01-05T11:00:00Z")
    new = {name: one for name, one in mails(inviting).items() if name not in before}
    assert 2 == len(new)
    for mail, method, event in new.values():
        assert ("REQUEST", 1) == (method, event["SEQUENCE"])
        assert "Changed" in mail["Subject"]
        assert 15 == event["DTSTART"].dt.hour
    old = [event for _, _, event in before.values() if str(event["UID"]).startswith(f"{session}@")]
    assert {one["UID"] for _, _, one in new.values()} == {one["UID"] for one in old}


def _person(folder, session):
    row = next(
        one for one in (folder / "pilot.run" / "schedule.csv").read_text().splitlines() if one.startswith(session)
    )
    return row.split(",")[6].split(";")[0].split()[0]


def test_who_stays_behind_gets_the_sessions_taken_out_and_who_has_left_gets_nothing(inviting, mentorkit):
    mentorkit("run", "pilot.toml", *PUBLISHED)
    before = mails(inviting)
    assert 0 == mentorkit("record", "pilot.toml", "left", "--person", "4", "--at", "2027-01-05T10:00:00Z").code
    mentorkit("run", "pilot.toml", "--at", "2027-01-05T11:00:00Z")
    new = [one for name, one in mails(inviting).items() if name not in before]
    theirs = {str(event["UID"]) for mail, _, event in before.values() if "dev@example.org" in mail["To"]}
    assert theirs == {str(event["UID"]) for _, _, event in new}
    assert not [mail for mail, _, _ in new if "dev@example.org" in mail["To"]]
    for mail, method, event in new:
        assert ("CANCEL", "CANCELLED", 1) == (method, event["STATUS"], event["SEQUENCE"])
        assert "Canceled" in mail["Subject"]


def test_a_program_without_channels_sends_none(folder, mentorkit):
    assert 0 == mentorkit("run", "pilot.toml", *PUBLISHED).code
    assert {} == mails(folder)


def test_what_is_not_booked_invites_nobody(inviting, mentorkit):
    (inviting / "pilot.toml").write_text(f'{PROGRAM}{CHANNEL}{SESSIONS}book = "none"\n')
    assert 0 == mentorkit("run", "pilot.toml", *PUBLISHED).code
    assert {} == mails(inviting)


def test_what_is_booked_otherwise_is_told_to_calendars_under_a_new_version(inviting, mentorkit):
    """A calendar drops what has the version it knows already (RFC 5546, 2.1.5)."""
    seen, told = set(), {}
    for day, book in enumerate(["all", "suggest", "none", "all", "first"], 4):
        (inviting / "pilot.toml").write_text(f'{PROGRAM}{CHANNEL}{SESSIONS}book = "{book}"\n')
        assert 0 == mentorkit("run", "pilot.toml", "--at", f"2027-01-0{day}T10:00:00Z").code
        new = {name: one for name, one in mails(inviting).items() if name not in seen}
        seen |= new.keys()
        told[day] = {(method, str(event["STATUS"]), event["SEQUENCE"]) for _, method, event in new.values()}
        assert len(new) == len({(mail["To"], event["UID"]) for mail, _, event in new.values()})
    assert {
        4: {("REQUEST", "CONFIRMED", 0)},
        5: {("REQUEST", "TENTATIVE", 1)},
        6: {("CANCEL", "CANCELLED", 2)},
        7: {("REQUEST", "CONFIRMED", 3)},
        8: {("CANCEL", "CANCELLED", 4)},
    } == told
    said = {mail.get_body(("plain",)).get_content() for mail, _, _ in new.values()}
    assert all("The session itself is not canceled." in one for one in said)
    canceled = {str(event["UID"]) for _, _, event in new.values()}
    rows = (inviting / "pilot.run" / "schedule.csv").read_text().splitlines()[1:]
    assert {f"{one[0]}@pilot.mentorkit" for one in (row.split(",") for row in rows) if one[2] != "1"} == canceled


def test_an_author_writes_the_text_and_a_slip_in_it_is_told(inviting, mentorkit):
    text = inviting / "messages" / "calendar-invitation.md"
    text.parent.mkdir()
    text.write_text("---\nsubject: Come on {{ session.date }}\n---\nIt is {{ invitation.change }}.\n")
    mentorkit("run", "pilot.toml", *PUBLISHED)
    mail, _, _ = next(iter(mails(inviting).values()))
    assert mail["Subject"].startswith("Come on ")
    assert "It is new." in mail.get_body(("plain",)).get_content()
    text.write_text("---\nsubject: Come\n---\n{{ session.dat }}\n")
    refused = mentorkit("check", "pilot.toml")
    assert 2 == refused.code
    assert "calendar-invitation.md:4" in refused.out + refused.err


def test_readers_get_it_in_their_language(inviting, mentorkit):
    header, *rows = PEOPLE.splitlines()
    (inviting / "people.csv").write_text("\n".join([f"{header},language", *(f"{row},de" for row in rows)]) + "\n")
    mentorkit("run", "pilot.toml", *PUBLISHED)
    mail, _, _ = next(iter(mails(inviting).values()))
    assert "Guten Tag" in mail.get_body(("plain",)).get_content()
    assert re.search(r"\*\*\w+(tag|woch), \d+\. \w+ 2027, \d\d:\d\d Uhr", mail.get_body(("plain",)).get_content())


@pytest.mark.parametrize(("language", "hello"), [("pt-BR", "Olá"), ("pl", "Hello")])
def test_who_names_no_language_gets_it_in_that_of_the_program(inviting, mentorkit, language, hello):
    (inviting / "pilot.toml").write_text(PROGRAM + CHANNEL + f'[messages]\nlanguage = "{language}"\n')
    mentorkit("run", "pilot.toml", *PUBLISHED)
    mail, _, _ = next(iter(mails(inviting).values()))
    assert hello in mail.get_body(("plain",)).get_content()
    assert language == mail["Content-Language"]


def test_a_language_that_is_none_is_refused(inviting, mentorkit):
    (inviting / "pilot.toml").write_text(PROGRAM + CHANNEL + '[messages]\nlanguage = "Deutsch"\n')
    refused = mentorkit("check", "pilot.toml")
    assert (2, True) == (refused.code, '"Deutsch" is no language' in refused.err)


def test_its_name_is_taken(inviting, mentorkit):
    step = '\n[timeline.calendar-invitation]\nwhen = "start"\nto = "everyone"\nmessage = "messages/x"\n'
    (inviting / "pilot.toml").write_text(PROGRAM + CHANNEL + step)
    refused = mentorkit("check", "pilot.toml")
    assert 2 == refused.code
    assert "step-reserved" in refused.out + refused.err


def test_a_rehearsal_shows_them(inviting, mentorkit):
    assert 0 == mentorkit("run", "pilot.toml", "--simulate", "--world", "ideal", "--folder", "rehearsal").code
    assert list((inviting / "rehearsal" / "outbox").glob("*calendar-invitation*"))
