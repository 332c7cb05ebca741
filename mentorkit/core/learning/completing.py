"""Relationships that have come to their own last day: the program itself says so, in the first run after it."""

from __future__ import annotations

from mentorkit.core.happenings import OWN_EVENT
from mentorkit.core.history import COMPLETED, Event
from mentorkit.core.learning.known import Known
from mentorkit.core.program import Program
from mentorkit.core.zones import day_end

_BEGINNING = f"{OWN_EVENT}{COMPLETED}:"


def completions(program: Program, known: Known) -> list[Event]:
    """Return an event for each published relationship whose last day is over, in the order of these days.

    It is of the first member, and its moment is the end of that day in the program's zone.
    """
    over = [
        (day_end(one.relationship.until, program.timezone), one.relationship)
        for one in known.relationships.values()
        if one.state == "published" and one.relationship.until is not None
    ]
    return [
        Event(f"{_BEGINNING}{one.id}", at, one.members[0].person, "ended", one.id, COMPLETED)
        for at, one in sorted(over, key=lambda each: (each[0], each[1].id))
        if at <= known.now
    ]


def is_completion(event: Event) -> bool:
    """Return whether an event says that a relationship has come to its last day."""
    return event.id.startswith(_BEGINNING)
