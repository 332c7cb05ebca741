"""Models in rounds: which round is matched on a day, and which comes next.

The first matching is the first round, or the latest one that has begun where the first run comes late. Rounds that no
run came to are not made up for, and one whose last day is over is never matched.
"""

from __future__ import annotations

from datetime import date

from mentorkit.core.contracts import Round
from mentorkit.core.history import History
from mentorkit.core.program import Program


def round_of(program: Program, occasion: str, day: date | None) -> Round | None:
    """Return the round that an occasion is, else the one that goes on on a day; None of a model without rounds.

    Before the first round, and where no day counts, that is the first one.
    """
    rounds = program.model.rounds
    named = [one for one in rounds if one.key == occasion]
    begun = [one for one in rounds if day is not None and one.on <= day]
    return next(iter([*named, *begun[::-1], *rounds]), None)


def round_due(program: Program, history: History, today: date) -> Round | None:
    """Return the round that a run on this day matches; None where none is due."""
    current = round_of(program, "", today)
    if current is None or current.key in history.occasions or today > min(current.until, program.ends):
        return None
    return current if current.on <= today or not history.occasions else None


def next_round(program: Program, history: History, after: date) -> Round | None:
    """Return the first round that is matched after a day; None where there is none.

    There is none before a first matching that is due by then already.
    """
    if not history.occasions and round_due(program, history, after) is not None:
        return None
    coming = (one for one in program.model.rounds if one.on > after and one.key not in history.occasions)
    return next((one for one in coming if one.on <= program.ends), None)
