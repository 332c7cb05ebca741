"""What a calendar answers to an invitation: the calendar's part of a mail."""

from __future__ import annotations

import base64

from fuzz.target import Target
from fuzz.targets import mail

_MAIL = b"""\
From: Dev Patel <dev@example.org>\r
Date: Mon, 11 Jan 2027 10:00:00 +0100\r
Message-ID: <1@example.org>\r
MIME-Version: 1.0\r
Content-Type: text/calendar; method=REPLY; charset=utf-8\r
Content-Transfer-Encoding: base64\r
\r
"""


def run(data: bytes) -> None:
    """Read a mail of somebody of the roster with these bytes as its calendar."""
    mail.run(_MAIL + base64.encodebytes(data))


TARGET = Target(
    "calendar_reply",
    run,
    words=(
        *("BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "METHOD:REPLY\r\n"),
        *("UID:r1-1@pilot.mentorkit\r\n", "SEQUENCE:2\r\n", "ATTENDEE;PARTSTAT=DECLINED:mailto:dev@example.org\r\n"),
        *("PARTSTAT=ACCEPTED", "TENTATIVE", "DELEGATED", "METHOD:REQUEST\r\n", "\r\n ", "SEQUENCE:x", "CN=", '"', ";"),
    ),
)
