"""Invitations as entries of a calendar on a server: what is stored, under which name, and what is there already."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote
from xml.etree import ElementTree

from mentorkit.core.contracts import Invitation

VERSION = b"X-MENTORKIT-SEQUENCE"
"""The SEQUENCE that we have written; the other one is counted up by people's programs, with a reminder of their own."""
_FOLD = re.compile(rb"\r?\n[ \t]")
_VERSION = re.compile(rb"^" + VERSION + rb"(?:;[^:\r\n]*)?:([0-9]{1,9})\r?$", re.MULTILINE | re.IGNORECASE)
_PARTY = re.compile(rb"\A(ORGANIZER|ATTENDEE)(?=[;:])")
_LONGEST_NAME = 150
_LONGEST_LINE = 75
_TYPES = "{DAV:}resourcetype"
_CALENDAR = "{urn:ietf:params:xml:ns:caldav}calendar"
_WRITING = frozenset({"{DAV:}all", "{DAV:}write", "{DAV:}bind"})


def entry_name(uid: str) -> str:
    """Return under which name the entry with a UID is stored: the same for ever, one step of a path."""
    name = quote(uid, safe="@")
    return f"{name if len(name) <= _LONGEST_NAME else hashlib.sha256(uid.encode()).hexdigest()}.ics"


def stored(invitation: Invitation) -> bytes:
    """Return what a calendar stores of an invitation: without a METHOD (RFC 4791, 4.1).

    Servers that write to people themselves are told that somebody else does (SCHEDULE-AGENT, RFC 6638, 7.1).
    """
    lines: list[bytes] = []
    for line in _FOLD.sub(b"", invitation.content).splitlines():
        if line == b"END:VEVENT":
            lines.append(VERSION + b":%d" % invitation.sequence)
        if not line.startswith(b"METHOD:"):
            lines.append(_PARTY.sub(rb"\1;SCHEDULE-AGENT=CLIENT", line))
    return b"".join(map(_folded, lines))


def _folded(line: bytes) -> bytes:
    """Return a line as RFC 5545, 3.1 wants it: no more than 75 bytes in one, and no letter torn apart."""
    parts: list[bytes] = []
    part = b""
    for letter in line.decode("utf-8", "replace"):
        more = letter.encode()
        if len(part) + len(more) > _LONGEST_LINE - (1 if parts else 0):
            parts.append(part)
            part = b""
        part += more
    return b"\r\n ".join([*parts, part]) + b"\r\n"


def version_of(entry: bytes) -> int:
    """Return which SEQUENCE we have written into an entry; -1 where somebody's program has dropped that, or made it."""
    return max((int(one) for one in _VERSION.findall(_FOLD.sub(b"", entry))), default=-1)


def is_writable_calendar(answer: bytes) -> bool | None:
    """Return whether what a server says of a place says that we may write there; None: it is no calendar.

    A server that does not say who may what is believed.
    """
    if b"<!" in answer:
        return None  # no server needs a document type here, and nobody needs its entities
    try:
        tree = ElementTree.fromstring(answer)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    if not any(kind.find(_CALENDAR) is not None for kind in tree.iter(_TYPES)):
        return None
    rights = {right.tag for one in tree.iter("{DAV:}privilege") for right in one}
    return not rights or bool(rights & _WRITING)
