"""Where a program, and each of its relationships, stands in its life: said once, and the same everywhere."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.program import Program
from mentorkit.core.relationships import Relationship
from mentorkit.core.zones import day_end, local_day, to_local, to_utc

Phase = Literal["sign-up", "before matching", "matched, not started", "running", "ended"]
RelationshipState = Literal["proposed", "published", "active", "ended"]

STATES: tuple[RelationshipState, ...] = ("proposed", "published", "active", "ended")
"""In the order of a relationship's life."""


def phase(program: Program, history: History, at: datetime) -> Phase:
    """Return where `at` (aware) lies in the program's life."""
    if at >= day_end(program.ends, program.timezone):
        return "ended"
    if not history.occasions:
        closes = program.signup_closes
        return "sign-up" if closes and at < day_end(closes, program.timezone) else "before matching"
    begins = to_utc(datetime.combine(program.starts, time()), program.timezone)
    return "running" if at >= begins else "matched, not started"


def relationship_start(program: Program, published_at: datetime) -> date:
    """Return the first day of a relationship: of the program, or of its publication where that comes later."""
    return max(program.starts, local_day(published_at, program.timezone))


def last_day(program: Program, relationship: Relationship) -> date:
    """Return the last day of a relationship: its own, or the program's."""
    return program.ends if relationship.until is None else min(relationship.until, program.ends)


def relationship_state(program: Program, known: KnownRelationship, at: datetime) -> RelationshipState:
    """Return the state of a relationship at a moment (aware).

    What is published is active from its first day on, and has ended after its last one.
    """
    if known.state != "published" or known.published_at is None:
        return known.state
    if at >= day_end(last_day(program, known.relationship), program.timezone):
        return "ended"
    begun = to_local(at, program.timezone).date() >= relationship_start(program, known.published_at)
    return "active" if begun else "published"
