"""The ids of invitations in delivery keys: `SESSION@N`, and `SESSION@Nx` for what takes it out of calendars.

N is the version of the session (its SEQUENCE): whoever was invited to an earlier one is invited again.
"""

from __future__ import annotations

import re

from mentorkit.core.program import INVITATION

_TRANSMISSION = re.compile(rf"[^.]+\.{INVITATION}\.p[0-9]+\.[^.]+\.(?P<session>.+)@[0-9]+x?(?:\.[0-9]+)?", re.ASCII)
_INVITED = re.compile(r"(?P<session>.+)@(?P<sequence>[0-9]+)(?P<canceled>x?)", re.ASCII)


def invitation_id(session: str, sequence: int, canceled: bool) -> str:
    """Return the id of the invitation to a version of a session, or of what takes it out of calendars."""
    return f"{session}@{sequence}{'x' if canceled else ''}"


def invited(occurrence: str) -> tuple[str, int, bool] | None:
    """Return which version of which session an occurrence invites to, and whether it cancels; None: no invitation."""
    found = _INVITED.fullmatch(occurrence)
    return (found["session"], int(found["sequence"]), bool(found["canceled"])) if found else None


def is_cancellation(occurrence: str) -> bool:
    """Return whether an occurrence takes a session out of somebody's calendar."""
    found = invited(occurrence)
    return found is not None and found[2]


def session_invited_to(key: str) -> str:
    """Return the id of the session that the transmission with this key invites to; "" where it is none of these."""
    found = _TRANSMISSION.fullmatch(key)
    return found["session"] if found else ""
