"""What a mail address is, in program files and rosters alike: one addr-spec, plainly written; when it is of nobody."""

from __future__ import annotations

import re

_LONGEST = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
_ATOM = r"[^\s@,;:<>()\[\]\\\".]+"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")

_NOBODY_THERE = re.compile(r"5\.1\.(?:[0-6]|9|10)|5\.2\.1")
"""Bad mailbox, bad system, no mail accepted there (null MX), no such recipient; a mailbox that is disabled."""


def is_mail_address(text: str) -> bool:
    """Return whether a text is exactly one address such as `ada@example.org`: no name, no quotes, no empty part."""
    return len(text) <= _LONGEST and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def says_nobody(status: str) -> bool:
    """Return whether a mail server's status such as `5.1.1` says that nobody is reached at an address (RFC 3463)."""
    return _NOBODY_THERE.fullmatch(status) is not None
