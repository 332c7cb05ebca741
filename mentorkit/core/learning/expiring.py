"""What time alone does: nobody answered what they were asked, for as long as they had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from mentorkit.core.acceptance import EXPIRED, answers_of, last_day_to_answer, yet_to_answer
from mentorkit.core.happenings import OWN_EVENT
from mentorkit.core.history import Event, KnownRelationship
from mentorkit.core.program import Program
from mentorkit.core.zones import day_end

_BEGINNING = f"{OWN_EVENT}{EXPIRED}:"


def is_expiry(event: Event) -> bool:
    """Return whether an event says that nobody answered in time."""
    return event.id.startswith(_BEGINNING)


def unanswered(
    program: Program, relationships: Iterable[KnownRelationship], events: Iterable[Event], at: datetime
) -> Iterator[Event]:
    """Yield the end of every proposal that somebody was asked about and did not answer in time, by relationship id.

    Whoever accepts late is in time as long as no run has noticed: a yes is worth more than a deadline. But what would
    be over by now never begins, whoever has accepted it.
    """
    asking = program.model.asking
    open_ones = [one for one in relationships if one.is_asked]
    if asking is None or not open_ones:
        return
    answers = answers_of(events)
    for known in sorted(open_ones, key=lambda one: one.relationship.id):
        silent = yet_to_answer(asking, known.relationship, answers)
        day = last_day_to_answer(asking, known, program.timezone) if silent else known.relationship.until
        if day is not None and at >= day_end(day, program.timezone):
            person = (*silent, *known.relationship.people())[0]
            yield Event(f"{_BEGINNING}{known.relationship.id}", at, person, "ended", known.relationship.id, EXPIRED)
