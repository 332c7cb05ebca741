"""Whether people will come to a session, as their calendars answer invitations: said, and nothing follows by itself.

It is written down as an answer (`answered`), with `SESSION.coming` as subject and `yes`, `no` or `maybe` as value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from mentorkit.core.history import Event

_ENDS = ".coming"
WORDS = ("yes", "no", "maybe")
"""What somebody may answer."""


def coming_subject(session: str) -> str:
    """Return the subject of an answer to whether somebody will come to a session."""
    return f"{session}{_ENDS}"


def session_asked(subject: str) -> str:
    """Return the session's id that such a subject is about, or "" where it is of something else."""
    return subject.removesuffix(_ENDS) if subject.endswith(_ENDS) else ""


def latest_answers(events: Iterable[Event]) -> Mapping[tuple[str, str], tuple[datetime, str]]:
    """Return when and what each person said last of each session, by session and person."""
    found: dict[tuple[str, str], tuple[datetime, str, str]] = {}
    for event in events:
        session = session_asked(event.subject) if event.kind == "answered" else ""
        if session:
            word = (event.at, event.id, event.value)
            found[session, event.person] = max(word, found.get((session, event.person), word))
    return {key: (at, value) for key, (at, _, value) in found.items()}
