"""How many sessions find no time, and how many the program is too short for, in words."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.sessions import Unplaced
from mentorkit.presenting.tables import counted


def unplaced_text(unplaced: Sequence[Unplaced]) -> list[str]:
    """Return a sentence for each cause, none where all sessions have a time."""
    no_time = [one for one in unplaced if not one.beyond]
    beyond = [one for one in unplaced if one.beyond]
    return [
        f"{_of(found)} {words[len(found) > 1]}"
        for found, words in (
            (no_time, ("finds no time", "find no time")),
            (beyond, ("would fall after the program's last day", "would fall after the program's last day")),
        )
        if found
    ]


def _of(found: Sequence[Unplaced]) -> str:
    pairs = len({one.relationship for one in found})
    return f"{counted(len(found), 'session')} of {counted(pairs, 'relationship')}"
