"""A message that a mail server could not deliver."""

from __future__ import annotations

from fuzz.target import Target
from fuzz.targets import mail

TARGET = Target(
    "bounce",
    mail.run,
    words=(
        *mail.TARGET.words,
        *("Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n", "Action: failed\r\n"),
        *("Content-Type: message/delivery-status\r\n", "Status: 5.1.1\r\n", "Final-Recipient: rfc822; ada@example.org"),
        *("Content-Type: text/rfc822-headers\r\n", "Diagnostic-Code: smtp; 550", "Status: 4.2.2", "Action: delayed"),
    ),
)
