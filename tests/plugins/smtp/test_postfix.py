"""Mail through a real server, read back over IMAP."""

import re

import pytest
from attrs import evolve

from mentorkit.core.contracts import ChannelDownError, Invitation, Secret
from mentorkit_channels.mail import as_bytes
from servers.mail import GONE, PASSWORD, USER

NAMES = ("Ada Osei", "Łukasz Grün", "Zoë, née Müller", "李小龍", "محمد", 'Eve "the" <x>', "Ångström " * 4)
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\n"
    "BEGIN:VEVENT\r\nUID:s1@l7\r\nSUMMARY:Zoë\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def parts_of(mail):
    return [part.get_content_type() for part in mail.walk()]


def body_of(content):
    return content.replace(b"\r\n", b"\n").partition(b"\n\n")[2]


def text_of(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_fifty_mails_arrive_once_each_and_as_they_were_written(mail, opened, hello):
    channel = opened(mail.smtp)
    sent = [
        evolve(
            hello,
            to_name=NAMES[number % len(NAMES)],
            subject=f"{number}: Grüße, 你好, {NAMES[number % len(NAMES)].strip()}",
            text=f"Nummer {number}\n.\n..\nGrüße, Zoë\n" + "lang " * 300 * (number % 2) + "\n",
            message_id=f"{number}@l7.mentorkit",
        )
        for number in range(50)
    ]
    receipts = [channel.prepare(one).commit() for one in sent]
    assert {"sent"} == {receipt.outcome for receipt in receipts}
    assert all("queued as" in receipt.detail for receipt in receipts)
    read = mail.mails("ada", 50)
    assert 50 == len(read)
    for outgoing, arrived in zip(
        sent, sorted(read, key=lambda one: int(one["Message-ID"][1:].split("@")[0])), strict=True
    ):
        assert outgoing.subject == arrived["Subject"]
        assert outgoing.text == text_of(arrived)
        assert f"<{outgoing.message_id}>" == arrived["Message-ID"]
        assert "auto-generated" == arrived["Auto-Submitted"]
        assert "Aurora mentoring <aurora@example.org>" == arrived["From"]
        assert "<aurora@example.org>" == arrived["Return-Path"]
        (recipient,) = arrived["To"].addresses
        assert "ada@example.org" == recipient.addr_spec
        assert outgoing.to_name.split() == recipient.display_name.replace("\u200b", "").split()
        assert ["multipart/alternative", "text/plain", "text/html"] == parts_of(arrived)


def test_nobody_there_is_a_bad_address_and_mail_off_the_server_is_denied(mail, opened, hello):
    channel = opened(mail.smtp)
    nobody = channel.prepare(evolve(hello, to_address="nobody@example.org")).commit()
    assert ("failed", True) == (nobody.outcome, nobody.bad_address)
    assert re.match(r"550 5\.1\.1 <…>: .*unknown", nobody.detail, re.IGNORECASE)
    elsewhere = channel.prepare(evolve(hello, to_address="ada@example.com")).commit()
    assert ("failed", False) == (elsewhere.outcome, elsewhere.bad_address)
    assert "554 5.7.1 <…>: Relay access denied" == elsewhere.detail
    assert "sent" == channel.prepare(hello).commit().outcome
    assert 1 == len(mail.mails("ada", 1))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_logging_in_over_tls(mail, opened, hello, tmp_path, security):
    password = tmp_path / "password"
    password.write_text(f"{PASSWORD}\n")
    port = mail.smtp if security == "starttls" else mail.smtps
    ca = str(mail.certificates.authority)
    usual = {"security": security, "ca": ca, "user": USER}
    channel = opened(port, **usual, password=Secret("file", str(password)))
    assert "sent" == channel.prepare(hello).commit().outcome
    assert 1 == len(mail.mails("ada", 1))
    password.write_text("wrong\n")
    with pytest.raises(ChannelDownError, match=r"does not let us in: 535 5\.7\.8"):
        opened(port, **usual, password=Secret("file", str(password))).prepare(hello)


def test_without_tls_there_is_no_way_to_log_in(mail, opened, hello):
    channel = opened(mail.smtp, host="localhost", user=USER, password=Secret("env", "PASSWORD"))
    with pytest.raises(ChannelDownError, match="no way of logging in"):
        channel.prepare(hello)


def test_an_invitation_arrives_with_all_its_parts(mail, opened, hello):
    invited = evolve(hello, invitation=Invitation("REQUEST", "s1@l7", 0, ICS.encode()))
    assert "sent" == opened(mail.smtp).prepare(invited).commit().outcome
    (arrived,) = mail.mails("ada", 1)
    assert [
        *("multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"),
        "application/ics",
    ] == parts_of(arrived)
    calendar = next(part for part in arrived.walk() if part.get_content_type() == "text/calendar")
    assert "REQUEST" == calendar.get_param("method")
    assert ICS == calendar.get_content().replace("\r\n", "\n").replace("\n", "\r\n")
    (attachment,) = arrived.iter_attachments()
    assert ICS.encode() == attachment.get_content()


def test_what_is_abandoned_never_arrives(mail, opened, hello):
    channel = opened(mail.smtp)
    for number in range(5):
        channel.prepare(evolve(hello, subject=f"abandoned {number}")).abandon()
    assert "sent" == channel.prepare(evolve(hello, subject="sent")).commit().outcome
    assert ["sent"] == [one["Subject"] for one in mail.mails("ada", 1)]


@pytest.mark.parametrize("end", ["\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n"], ids=repr)
def test_nothing_is_smuggled_past_it(mail, opened, hello, end):
    smuggled = "MAIL FROM:<eve@example.org>\r\nRCPT TO:<ben@example.org>\r\nDATA\r\nSubject: smuggled\r\n\r\nhi"
    text = f"Hello{end}{smuggled}{end}"
    assert "sent" == opened(mail.smtp).prepare(evolve(hello, text=text, html=text)).commit().outcome
    assert 1 == len(mail.mails("ada", 1))
    assert [] == mail.mails("ben", 0)


def test_what_cannot_be_delivered_comes_back_to_the_address_for_bounces(mail, opened, hello):
    channel = opened(mail.smtp, bounces="bounces@example.org")
    assert "sent" == channel.prepare(evolve(hello, to_address=f"{GONE}@example.org")).commit().outcome
    (bounce,) = mail.mails("bounces", 1)
    assert "multipart/report" == bounce.get_content_type()
    assert hello.message_id.encode() in bounce.as_bytes()


def test_the_mail_on_the_server_is_the_mail_that_was_made(mail, opened, hello):
    opened(mail.smtp).prepare(hello).commit()
    (arrived,) = mail.mails("ada", 1)
    made = as_bytes(evolve(hello, from_name="Aurora mentoring", from_address="aurora@example.org"))
    assert body_of(made) == body_of(arrived.as_bytes())
