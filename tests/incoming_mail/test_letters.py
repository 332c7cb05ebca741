"""A mail as a value, whatever comes in."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.incoming_mail.letters import CalendarReply, Failure, read_letter
from mentorkit.testing import a_moment


def a_mail(text: str = "Yes\n", **headers: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Date"] = "Ada Lovelace <Ada@Example.org>", "Mon, 11 Jan 2027 10:00:00 +0100"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


REPLY = """\
BEGIN:VCALENDAR
METHOD:REPLY
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:r1-1@pilot.mentorkit
SEQUENCE:2
DTSTAMP:20270111T090000Z
ATTENDEE;PARTSTAT=DECLINED;CN=Ada:MAILTO:Ada@Example.org
END:VEVENT
END:VCALENDAR
"""


def test_who_wrote_when_in_answer_to_what():
    letter = read_letter(
        a_mail(
            Subject="=?utf-8?q?Re=3A_How_was_it=3F_=5Bmk-0f3a91c2=5D?=", In_Reply_To="<b@x>", References="<a@x> <b@x>"
        ).as_bytes()
    )
    assert ("ada@example.org", a_moment("2027-01-11T09:00:00+00:00")) == (letter.sender, letter.at)
    assert (("b@x", "a@x"), ("mk-0f3a91c2",)) == (letter.answers_to, letter.codes)
    assert ("Yes", False) == (letter.text.strip(), letter.automatic)


def test_a_copy_is_the_same_letter():
    one = a_mail(Message_ID="<1@x>").as_bytes()
    other = b"Received: from elsewhere\r\n" + one
    assert read_letter(one).id == read_letter(other).id
    assert read_letter(one).id != read_letter(a_mail(Message_ID="<2@x>").as_bytes()).id
    assert read_letter(a_mail("a").as_bytes()).id != read_letter(a_mail("b").as_bytes()).id


def test_a_calendar_answers():
    mail = a_mail()
    mail.add_alternative(REPLY, subtype="calendar", params={"method": "REPLY"})
    expected = CalendarReply("r1-1@pilot.mentorkit", "declined")
    assert expected == read_letter(mail.as_bytes()).reply
    request = a_mail()
    request.add_alternative(REPLY.replace("METHOD:REPLY", "METHOD:REQUEST"), subtype="calendar")
    assert read_letter(request.as_bytes()).reply is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
    ],
)
def test_machines_are_told_apart(headers):
    assert read_letter(a_mail(**headers).as_bytes()).automatic


BOUNCE = """\
From: MAILER-DAEMON@mx.example.org
To: bounces@example.org
Subject: Undelivered Mail Returned to Sender
Date: Mon, 11 Jan 2027 10:00:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ada@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--B
Content-Type: text/rfc822-headers

Message-ID: <20270111T0900Z.match-announcement.p1.mentor@pilot.mentorkit>
Subject: Your mentoring partner

--B--
"""


def test_a_bounce_says_which_message_and_why():
    letter = read_letter(BOUNCE.encode())
    assert (Failure("failed", "5.1.1"),) == letter.failures
    assert ("20270111T0900Z.match-announcement.p1.mentor@pilot.mentorkit",) == letter.answers_to
    whole = BOUNCE.replace("text/rfc822-headers", "message/rfc822")
    assert letter.answers_to == read_letter(whole.encode()).answers_to


@pytest.mark.parametrize("returned", ["message/global", "message/global-headers"])
def test_a_bounce_of_mail_to_an_address_beyond_ascii_says_the_same(returned):
    """RFC 6533: servers answer so where the message came with SMTPUTF8."""
    written = BOUNCE.replace("message/delivery-status", "message/global-delivery-status")
    letter = read_letter(written.replace("text/rfc822-headers", returned).encode())
    assert (Failure("failed", "5.1.1"),) == letter.failures
    assert read_letter(BOUNCE.encode()).answers_to == letter.answers_to


@given(
    st.binary(max_size=400)
    | st.text(max_size=300).map(lambda text: BOUNCE.replace("failed", text).encode("utf-8", "replace"))
)
def test_any_bytes_are_a_letter_or_none(content):
    try:
        letter = read_letter(content)
    except ValueError:
        return
    assert letter.id.startswith("mail-")


@given(st.text(max_size=200))
def test_any_calendar_is_an_answer_or_none(text):
    mail = a_mail()
    mail.add_alternative(REPLY.replace("DECLINED", text.replace("\n", "")[:50]) + text, subtype="calendar")
    try:
        read_letter(mail.as_bytes(policy=mail.policy.clone(cte_type="8bit")))
    except ValueError:
        return
