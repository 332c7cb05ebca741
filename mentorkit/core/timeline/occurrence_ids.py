"""The ids of occurrences, which stand in delivery keys: `once`, a session's id or another key, and what is appended.

`+N` follows a session whose time has changed N times, so that its reminders come again; `~N` (from 2) is the N-th
occurrence of a repeated step. The first one has no number: a step that is repeated from now on sends nothing twice.
`@N` or `@Nx` follows a session in invitations, see `mentorkit.core.invitation_ids`.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from urllib.parse import quote

ONCE = "once"

_APPENDED = re.compile(r"(?:@[0-9]+x?|(?:\+[0-9]+)?(?:~[0-9]+)?)$", re.ASCII)


def occurrence_id(first: str = ONCE, moves: int = 0, number: int = 1) -> str:
    """Return the id of the occurrence `number` (1-based) of what hangs on a session with so many moves, or on none."""
    if not moves and number == 1:
        return first  # the same text, not a copy: large programs have millions
    return f"{first}{f'+{moves}' if moves else ''}{f'~{number}' if number > 1 else ''}"


def leaving_key(event: str) -> str:
    """Return what stands for somebody's leaving in ids of occurrences: short, made of its event's id."""
    return f"l{hashlib.sha256(event.encode()).hexdigest()[:10]}"


def occasion_key(occasion: str) -> str:
    """Return what stands for a round or an intake in ids of occurrences: its key, safe to be part of one."""
    return quote(occasion, safe="").replace("~", "%7E")


def joining_key(joined: datetime) -> str:
    """Return what stands for the joining of everybody who came to a relationship at a moment (aware)."""
    return f"j{hashlib.sha256(joined.astimezone(UTC).isoformat().encode()).hexdigest()[:10]}"


def session_of(occurrence: str) -> str:
    """Return the id of the session an occurrence hangs on; `once` where it hangs on none."""
    return _APPENDED.sub("", occurrence)
