"""A mail that came back: an answer, or anything else."""

from __future__ import annotations

from datetime import UTC, datetime

from fuzz.desk_files import opened
from fuzz.laws import check_diagnostics
from fuzz.scratch import scratch
from fuzz.target import Target
from mentorkit.core.happenings import EVENT_KINDS
from mentorkit.core.program import AnswersFile
from mentorkit.incoming_mail import Bounced, read_mail
from mentorkit.incoming_mail.reading import MailReading

_AT = datetime(2027, 3, 1, tzinfo=UTC)


def run(data: bytes) -> None:
    """Read it and a copy of it: what it tells counts once, and only for whom it comes from."""
    inbox = scratch() / "inbox"
    inbox.mkdir(exist_ok=True)
    for name in ("one.eml", "two.eml"):
        (inbox / name).write_bytes(data)
    desk = opened()
    reading = read_mail(AnswersFile(str(inbox), "inbox/"), desk.program, desk.roster, _AT)
    check_diagnostics(reading.diagnostics)
    assert not any(one.is_error for one in reading.diagnostics)
    _check_told(reading)
    assert len({one.key for one in reading.bounced}) == len(reading.bounced) <= 1
    assert all(_is_whole(one) for one in reading.bounced)


def _check_told(reading: MailReading) -> None:
    assert len({one.id for one in reading.told}) == len(reading.told)
    assert len({one.person for one in reading.told}) <= 1
    for one in reading.told:
        assert one.person in opened().roster.by_id
        assert one.kind in EVENT_KINDS
        assert one.at <= _AT
        one.value.encode()
        one.subject.encode()


def _is_whole(bounced: Bounced) -> bool:
    return bool(bounced.id and bounced.key) and bounced.status.startswith(("4.", "5."))


TARGET = Target(
    "mail",
    run,
    words=(
        *("From: Ada <ada@example.org>\r\n", "Subject: Re: [mk-0f3a91c2]\r\n", "Date: Mon, 11 Jan 2027 10:00:00 +0100"),
        *("In-Reply-To: <", "References: <", "Message-ID: <a@b>\r\n", "Auto-Submitted: auto-replied\r\n", "\r\n\r\n"),
        *("Content-Type: multipart/mixed; boundary=x\r\n", "--x\r\n", "--x--", "Content-Transfer-Encoding: base64\r\n"),
        *(
            "Content-Type: text/plain; charset=utf-16\r\n",
            "=?utf-8?q?x?=",
            "quoted-printable",
            "yes",
            "no",
            "1. 4",
            "useful: 4",
        ),
        *("Content-Type: message/rfc822\r\n", "Content-Type: text/calendar; method=REPLY\r\n", "On x wrote:", "> "),
    ),
)
