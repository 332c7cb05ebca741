"""Which matching is due: the first one, an intake or round, one for requests, or one for who lost their partner."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from itertools import count

from attrs import field, frozen

from mentorkit.core.history import AGAIN, REQUESTS, History
from mentorkit.core.matching.again import admitted, who_lost
from mentorkit.core.matching.intakes import intake_due
from mentorkit.core.matching.rounds import round_of
from mentorkit.core.program import Program
from mentorkit.core.requests import looked_for
from mentorkit.core.roster import Roster


@frozen
class Due:
    """A matching that is due.

    Attributes:
        occasion: what it is called; "": as the model calls it.
        only: by role, the ids of those who can be matched; everybody in roles that are not named.
        between: whether it is made between others, and has taken place only if it found somebody.
    """

    occasion: str = ""
    only: Mapping[str, frozenset[str]] = field(factory=dict)
    between: bool = False


def matching_due(program: Program, roster: Roster, history: History, today: date) -> Due | None:
    """Return the matching that a run on this day makes; None where none is due."""
    if not history.occasions and not program.model.rounds:
        return Due()
    intake = intake_due(program, history, today)
    if intake is not None:
        return Due(intake)
    if program.model.request_days is not None:
        wanted = looked_for(program, history)
        return Due(_free(f"{REQUESTS}{today}", history.occasions), between=True) if wanted else None
    current = round_of(program, "", today)
    goes_on = current is None or today <= current.until
    lost = who_lost(program, roster, history, today) if goes_on else frozenset()
    if lost:
        return Due(_free(f"{AGAIN}{today}", history.occasions), admitted(program.model.roles, lost), between=True)
    return None


def _free(key: str, taken: Collection[str]) -> str:
    """Return a key that no occasion has, nor begins with: the first time as it is, then counted."""
    names = (key if number == 1 else f"{key}-{number}" for number in count(1))
    return next(one for one in names if not any(f"{known}-".startswith(f"{one}-") for known in taken))
