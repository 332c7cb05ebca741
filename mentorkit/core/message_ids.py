"""Message-IDs: made of a transmission's key, and read back from what answers a message or returns it."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, unquote

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


_LONGEST = 120
"""Characters of a program's id that stand in a Message-ID: lines of a mail have at most 998 (RFC 5322, 2.1.1)."""


def mail_domain(program: str) -> str:
    """Return what stands behind the @ in names of a program's messages; nobody owns it, and no mail goes there."""
    word = _UNSAFE.sub("-", program).strip(".-") or "program"
    if len(word) > _LONGEST:
        word = f"{word[:_LONGEST]}-{hashlib.sha256(program.encode()).hexdigest()[:16]}"
    return f"{word}.mentorkit"


def message_id(program: str, key: str) -> str:
    """Return the Message-ID of a transmission, without angle brackets."""
    return f"{quote(key, safe='%')}@{mail_domain(program)}"


def key_of(program: str, written: str) -> str:
    """Return the key of the transmission that a Message-ID names, or "" where it is none of this program's."""
    local, _, domain = written.rpartition("@")
    return unquote(local) if domain == mail_domain(program) else ""
