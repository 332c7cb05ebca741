"""What a mail address is, in program files and rosters alike: one addr-spec, plainly written."""

from __future__ import annotations

import re

_LONGEST = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
_ATOM = r"[^\s@,;:<>()\[\]\\\".]+"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")


def is_mail_address(text: str) -> bool:
    """Return whether a text is exactly one address such as `ada@example.org`: no name, no quotes, no empty part."""
    return len(text) <= _LONGEST and text.isprintable() and _ADDRESS.fullmatch(text) is not None
