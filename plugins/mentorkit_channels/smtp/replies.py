"""What a mail server's replies mean for a message (RFC 5321, 4.2; enhanced status codes: RFC 3463, RFC 5248).

The first digit decides: 2 is yes, 4 not now, 5 no. Of noes, some say that nobody can be reached at an address, and some
that the server does not take mail from this sender at all: those are no fault of the recipient, whom it was told about.
"""

from __future__ import annotations

import re

from attrs import frozen

from mentorkit.core.contracts import Receipt
from mentorkit.core.mail_addresses import says_nobody

_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?=\s|$)")
_NOBODY = re.compile(
    r"unknown|no such|not found|does ?n[o']t exist|not exist|no mailbox|invalid (?:recipient|mailbox|address)"
    r"|mailbox (?:unavailable|disabled)|not a (?:valid|known)|nobody here",
    re.IGNORECASE,
)
_SENDER = re.compile(
    r"sender address rejected|send ?as ?denied|permissions? to send as"
    r"|(?:daily|hourly|sending|submission) (?:\w+ )*(?:limit|quota)",
    re.IGNORECASE,
)
_SENDER_STATUS = ("5.1.7", "5.1.8", "5.1.90", "5.2.252", "5.4.5", "5.7.60", "5.7.708")
"""Bad mailbox and bad system of the sender; enough recipients for today, sending as another (both Microsoft); enough
mails for today (Google); sending as another, sending from there at all (both Microsoft)."""
_LOCKED_OUT = (421, 530, 534, 535, 538)
_ADDRESS = re.compile(r"<[^<>\s]*>|[^\s<>\"'(]+@[^\s<>\"')]+")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")
_LONGEST = 240


@frozen
class Reply:
    """What the server said to one command.

    Attributes:
        lines: what stands after the code, line by line.
    """

    code: int
    lines: tuple[str, ...] = ("",)

    @property
    def text(self) -> str:
        """All lines as one; an enhanced code that each begins with stands only once."""
        first = self.lines[0]
        found = _STATUS.match(first)
        begins = f"{found[1]} " if found else ""
        return " ".join((first, *(line.removeprefix(begins) for line in self.lines[1:])))

    @property
    def status(self) -> str:
        """The enhanced code, such as `5.1.1`, or ""."""
        found = _STATUS.match(self.lines[0])
        return found[1] if found and found[1][0] == str(self.code)[0] else ""

    @property
    def is_yes(self) -> bool:
        """Whether it did what it was asked."""
        return 200 <= self.code < 300

    @property
    def locks_out(self) -> bool:
        """Whether it does not talk to us: it closes down, or wants another way of logging in."""
        return self.code in _LOCKED_OUT

    @property
    def refuses_sender(self) -> bool:
        """Whether it takes no mail from this sender, or no more today, whoever it is for."""
        return 500 <= self.code < 600 and (self.status in _SENDER_STATUS or _SENDER.search(self.text) is not None)

    @property
    def says_nobody(self) -> bool:
        """Whether nobody can be reached at the recipient's address."""
        if not 500 <= self.code < 600 or self.refuses_sender:
            return False
        if self.status:
            return says_nobody(self.status)
        return self.code in (551, 553) or (self.code == 550 and _NOBODY.search(self.text) is not None)


def receipt_of(reply: Reply, recipient: str) -> Receipt:
    """Return what became of a message by the reply that decided it.

    Args:
        reply: to RCPT, DATA or the final dot.
        recipient: whom not to name.
    """
    said = in_words(reply, recipient)
    if reply.is_yes:
        return Receipt("sent", said)
    if 400 <= reply.code < 500:
        return Receipt("deferred", said)
    if 500 <= reply.code < 600:
        return Receipt("failed", said, bad_address=reply.says_nobody)
    return Receipt("unknown", said)


def in_words(reply: Reply, recipient: str = "") -> str:
    """Return a reply as one printable line that names nobody: addresses in it give way to `<…>`."""
    words = _UNPRINTABLE.sub(" ", reply.text)
    words = _ADDRESS.sub("<…>", words)
    local = recipient.rpartition("@")[0]
    if len(local) > 2:
        words = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "<…>", words)
    line = " ".join(f"{reply.code} {words}".split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
