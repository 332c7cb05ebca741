"""Answers, calendars' answers and bounces in a folder of mail, from the program file to what follows."""

from email import message_from_bytes
from email.policy import default

import pytest

from mentorkit.core.step_codes import step_code
from tests.command_line.conftest import PROGRAM
from tests.incoming_mail.test_letters import BOUNCE, REPLY, a_mail

PUBLISHED = ("--at", "2027-01-11T12:00:00Z")
LATER = ("--at", "2027-01-12T12:00:00Z")
MORE = """
[answers]
files = ["inbox"]
[channels.files]
use = "outbox"
[timeline.check-in]
when = "session + 0 days at 18:00"
to = "everyone"
message = "messages/check-in"
[timeline.match-announcement]
when = "match + 0 days at 09:00"
to = "everyone"
message = "messages/hello"
[surveys.pulse]
message = "messages/hello"
questions = "pulse.toml"
when = "start + 0 days at 09:00"
to = "mentee"
"""
QUESTIONS = """
[[question]]
id = "use"
text = "Was it of use?"
kind = "scale"
[[question]]
id = "more"
text = "What else?"
"""
CHECK_IN = "---\nsubject: Did you meet? [{{ code }}]\n---\nAnswer yes or no.\n"


@pytest.fixture
def inbox(folder, mentorkit):
    (folder / "pilot.toml").write_text(PROGRAM + MORE)
    (folder / "messages").mkdir()
    (folder / "messages" / "check-in.md").write_text(CHECK_IN)
    (folder / "messages" / "hello.md").write_text("---\nsubject: Hello\n---\nHello {{ me.name }}.\n")
    (folder / "pulse.toml").write_text(QUESTIONS)
    (folder / "inbox").mkdir()
    assert 0 == mentorkit("run", "pilot.toml", *PUBLISHED).code
    return folder / "inbox"


def outbox(inbox, step):
    paths = sorted((inbox.parent / "pilot.run" / "outbox").glob(f"*.{step}.*"))
    return [message_from_bytes(path.read_bytes(), policy=default) for path in paths]


def came_in(inbox, name, mail, sender="dev@example.org", at="Tue, 12 Jan 2027 10:00:00 +0000"):
    del mail["From"], mail["Date"]
    mail["From"], mail["Date"] = sender, at
    (inbox / name).write_bytes(mail.as_bytes())


def session_of(inbox, person):
    rows = (inbox.parent / "pilot.run" / "schedule.csv").read_text().splitlines()[1:]
    return next(row.split(",")[0] for row in rows if person in row.split(",")[6].replace(";", " ").split())


def events(mentorkit, *when):
    document = mentorkit("plan", "pilot.toml", *(when or LATER), "--json").document
    return [(one["person"], one["kind"], one["subject"]) for one in document["events"]]


def test_a_survey_is_answered_line_by_line_and_counts_once(inbox, mentorkit):
    (asked,) = [one for one in outbox(inbox, "pulse") if "dev@example.org" in one["To"]]
    reply = a_mail("use: 4\n2) More time\n\nOn Monday, office wrote:\n> use: 1\n", In_Reply_To=asked["Message-ID"])
    came_in(inbox, "1.eml", reply)
    came_in(inbox, "copy.eml", reply)
    assert {("4", "answered", "pulse.use"), ("4", "answered", "pulse.more")} == set(events(mentorkit))
    assert 0 == mentorkit("run", "pilot.toml", *LATER).code
    assert [] == events(mentorkit, "--at", "2027-01-13T12:00:00Z")


def test_a_code_in_the_subject_is_enough(inbox, mentorkit):
    came_in(
        inbox,
        "1.eml",
        a_mail("Yes!\n", Subject=f"Re: Did you meet? [{step_code('pilot', 'check-in')}]"),
        at="Fri, 15 Jan 2027 20:00:00 +0000",
    )
    ((person, kind, _),) = events(mentorkit, "--at", "2027-01-16T12:00:00Z")
    assert ("4", "met") == (person, kind)


MET = {"met": [], "met\n1. 4\n2. More": ["form.use", "form.more"], "Hi,\n\nWe met.\n": []}


@pytest.mark.parametrize("text", MET)
def test_a_survey_after_a_session_takes_the_word_that_its_message_asks_for(inbox, mentorkit, text):
    program = inbox.parent / "pilot.toml"
    form = '[surveys.form]\nquestions = "pulse.toml"\nmessage = "messages/hello"\nto = "everyone"\nwhen = "session"\n'
    program.write_text(program.read_text() + form)
    mail = a_mail(text, Subject=f"Re: Hello [{step_code('pilot', 'form')}]")
    came_in(inbox, "1.eml", mail, at="Fri, 15 Jan 2027 20:00:00 +0000")
    found = events(mentorkit, "--at", "2027-01-16T12:00:00Z")
    assert [("4", "met")] == [one[:2] for one in found if one[1] != "answered"]
    assert sorted(MET[text]) == sorted(subject for _, kind, subject in found if kind == "answered")


def test_a_survey_of_one_question_takes_the_number_behind_the_word(inbox, mentorkit):
    (inbox.parent / "one.toml").write_text('[[question]]\nid = "use"\ntext = "Of use?"\nkind = "scale"\n')
    program = inbox.parent / "pilot.toml"
    form = '[surveys.form]\nquestions = "one.toml"\nmessage = "messages/hello"\nto = "everyone"\nwhen = "session"\n'
    program.write_text(program.read_text() + form)
    code = step_code("pilot", "form")
    came_in(inbox, "1.eml", a_mail("met, 4\n", Subject=f"[{code}]"), at="Fri, 15 Jan 2027 20:00:00 +0000")
    told = mentorkit("plan", "pilot.toml", "--at", "2027-01-16T12:00:00Z").out.splitlines()
    shown = {tuple(line.split()[-2:]) for line in told if "Dev Patel (4)" in line and "2027-01-15" in line}
    assert ("form.use", "4") in shown
    assert 1 == len([line for line in told if line.startswith("  met ")])


def test_who_has_moved_a_session_is_named_until_somebody_records_when(inbox, mentorkit):
    mail = a_mail("Moved\n", Subject=f"Re: Did you meet? [{step_code('pilot', 'check-in')}]")
    came_in(inbox, "1.eml", mail, at="Fri, 15 Jan 2027 20:00:00 +0000")
    told = mentorkit("plan", "pilot.toml", "--at", "2027-01-16T12:00:00Z")
    assert "it is not known when they meet instead" in told.err


@pytest.mark.parametrize(("text", "value"), [("Yes!", "yes"), ("No.", "no"), ("Vielleicht", "maybe")])
def test_an_answer_in_words_to_an_invitation_says_whether_they_come_and_never_whether_they_met(
    inbox, mentorkit, text, value
):
    invitation = outbox(inbox, "calendar-invitation")[-1]
    (address,) = (one.addr_spec for one in invitation["To"].addresses)
    session = invitation["Message-ID"].strip("<>").split(".")[4].partition("%40")[0]
    came_in(inbox, "1.eml", a_mail(f"{text}\n", In_Reply_To=invitation["Message-ID"]), address)
    assert [("answered", f"{session}.coming")] == [one[1:] for one in events(mentorkit)]
    assert 0 == mentorkit("run", "pilot.toml", *LATER).code
    told = mentorkit("status", "pilot.toml", "--at", "2027-01-12T13:00:00Z").out
    assert (value == "no") == ("will not come" in told)


def test_an_answer_to_an_invitation_that_is_no_plain_one_is_named(inbox, mentorkit):
    invitation = outbox(inbox, "calendar-invitation")[-1]
    (address,) = (one.addr_spec for one in invitation["To"].addresses)
    came_in(inbox, "1.eml", a_mail("Can we make it Friday?\n", In_Reply_To=invitation["Message-ID"]), address)
    told = mentorkit("plan", "pilot.toml", *LATER)
    assert 0 == told.code
    assert "its first line is no plain answer" in told.err


def test_what_no_calendar_brings_people_to_is_told_to_the_coordinator(inbox, mentorkit):
    session = session_of(inbox, "4")
    answer = a_mail("Sorry")
    answer.add_alternative(REPLY.replace("r1-1@", f"{session}@"), subtype="calendar", params={"method": "REPLY"})
    came_in(inbox, "1.eml", answer)
    assert [("4", "answered", f"{session}.coming")] == events(mentorkit)
    mentorkit("run", "pilot.toml", *LATER)
    told = mentorkit("status", "pilot.toml", "--at", "2027-01-12T13:00:00Z").out
    assert "will not come, says their calendar" in told
    assert session in told
    moved = ("--subject", session, "--value", "2027-01-20T15:00", "--at", "2027-01-12T14:00:00Z")
    assert 0 == mentorkit("record", "pilot.toml", "moved", "--person", "4", *moved).code
    assert "will not come" not in mentorkit("status", "pilot.toml", "--at", "2027-01-12T15:00:00Z").out


def test_a_bounce_makes_a_message_failed_and_its_address_is_tried_no_more(inbox, mentorkit):
    (sent,) = [one for one in outbox(inbox, "match-announcement") if "dev@example.org" in one["To"]]
    bounce = BOUNCE.replace("<20270111T0900Z.match-announcement.p1.mentor@pilot.mentorkit>", sent["Message-ID"])
    (inbox / "bounce.eml").write_text(bounce)
    (inbox / "again.eml").write_text(bounce)
    ran = mentorkit("run", "pilot.toml", *LATER, "--json")
    assert 1 == ran.code
    assert ["came back: 5.1.1"] == [one["detail"] for one in ran.document["failed"]]
    again = mentorkit("run", "pilot.toml", "--at", "2027-01-12T13:00:00Z", "--json")
    assert [] == again.document["failed"]
    told = mentorkit("status", "pilot.toml", "--at", "2027-01-12T14:00:00Z").out
    assert "came back: 5.1.1" in told
    assert "not reached at this address" in told
    assert 0 == mentorkit("ledger", "verify", "pilot.toml").code


def test_a_bounce_counts_once_also_where_its_message_is_tried_again(inbox, mentorkit):
    (sent,) = [one for one in outbox(inbox, "match-announcement") if "dev@example.org" in one["To"]]
    bounce = BOUNCE.replace("<20270111T0900Z.match-announcement.p1.mentor@pilot.mentorkit>", sent["Message-ID"])
    (inbox / "bounce.eml").write_text(bounce)
    assert 1 == mentorkit("run", "pilot.toml", *LATER).code
    assert 0 == mentorkit("ledger", "retry", "pilot.toml").code
    for minute in (30, 40):
        again = mentorkit("run", "pilot.toml", "--at", f"2027-01-12T13:{minute}:00Z", "--json")
        assert ([], 0) == (again.document["failed"], again.code)
    assert "not reached at this address" not in mentorkit("status", "pilot.toml", "--at", "2027-01-12T14:00:00Z").out
    (inbox / "new.eml").write_text(bounce.replace("Mon, 11 Jan 2027", "Tue, 12 Jan 2027"))
    again = mentorkit("run", "pilot.toml", "--at", "2027-01-12T15:00:00Z", "--json")
    assert ["came back: 5.1.1"] == [one["detail"] for one in again.document["failed"]]


@pytest.mark.parametrize(
    ("status", "action"),
    [("4.4.1", "delayed"), ("5.2.2", "failed"), ("4.4.7", "failed"), ("2.0.0", "delivered"), ("", "failed")],
)
def test_only_what_will_never_arrive_is_failed_and_only_unknown_people_are_given_up(inbox, mentorkit, status, action):
    (sent,) = [one for one in outbox(inbox, "match-announcement") if "dev@example.org" in one["To"]]
    bounce = BOUNCE.replace(
        "20270111T0900Z.match-announcement.p1.mentor@pilot.mentorkit", sent["Message-ID"].strip("<>")
    )
    (inbox / "1.eml").write_text(
        bounce.replace("Action: failed", f"Action: {action}").replace("Status: 5.1.1", f"Status: {status}")
    )
    ran = mentorkit("run", "pilot.toml", *LATER, "--json")
    assert (status in ("5.2.2", "4.4.7")) == bool(ran.document["failed"])
    assert "not reached at this address" not in mentorkit("status", "pilot.toml", "--at", "2027-01-12T14:00:00Z").out


def test_what_cannot_be_understood_is_named_and_stops_nothing(inbox, mentorkit):
    asked = outbox(inbox, "pulse")[0]
    came_in(inbox, "stranger.eml", a_mail("4", In_Reply_To=asked["Message-ID"]), sender="eve@evil.example")
    came_in(inbox, "vague.eml", a_mail("Well, it depends.", Subject=f"[{step_code('pilot', 'check-in')}]"))
    (inbox / "noise.eml").write_bytes(b"\x00\xff\n\n\x80")
    ran = mentorkit("run", "pilot.toml", *LATER)
    assert 0 == ran.code
    for name in ("stranger.eml", "vague.eml", "noise.eml"):
        assert f"inbox/{name}" in ran.err
    assert [] == events(mentorkit)


def test_out_of_office_and_other_programs_mails_are_nobodys_business(inbox, mentorkit):
    asked = outbox(inbox, "pulse")[0]
    came_in(inbox, "away.eml", a_mail("Yes", In_Reply_To=asked["Message-ID"], Auto_Submitted="auto-replied"))
    came_in(inbox, "other.eml", a_mail("Yes", In_Reply_To="<20270111T0900Z.pulse.p3.mentee@other.mentorkit>"))
    ran = mentorkit("run", "pilot.toml", *LATER)
    assert (0, True) == (ran.code, "mail-unclear" not in ran.err)
    assert [] == events(mentorkit)


def test_a_maildir_is_read_and_what_is_of_tomorrow_waits(inbox, mentorkit):
    asked = next(one for one in outbox(inbox, "pulse") if "dev@example.org" in one["To"])
    for box in ("new", "cur", "tmp"):
        (inbox / box).mkdir()
    came_in(inbox, "new/1736.M1P2.host", a_mail("use: 3", In_Reply_To=asked["Message-ID"]))
    came_in(
        inbox,
        "cur/1737.M1P2.host:2,S",
        a_mail("more: sun", In_Reply_To=asked["Message-ID"]),
        at="Wed, 20 Jan 2027 10:00:00 +0000",
    )
    came_in(inbox, "tmp/1738.M1P2.host", a_mail("more: half", In_Reply_To=asked["Message-ID"]))
    assert [("4", "answered", "pulse.use")] == events(mentorkit)
