"""Who has left, and who pauses: said once, by recorded events and by the roster's own columns."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from mentorkit.core.history import History
from mentorkit.core.roster import Person, Roster


@frozen
class Standing:
    """Who cannot be placed now, whatever the rules say.

    Attributes:
        paused: people who pause.
        left: people who have left.
    """

    paused: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


def standing(roster: Roster, history: History, on: date | None) -> Standing:
    """Return who pauses or has left: by recorded events, and by `paused_until` and `left_on` as of the day `on`."""
    left_by_event = {event.person for event in history.events if event.kind == "left"}
    pauses = {event.person: event.kind for event in history.events if event.kind in ("paused", "resumed")}
    paused_by_event = {person for person, kind in pauses.items() if kind == "paused"}
    paused = {one.id for one in roster.people if on and _day(one, "paused_until", date.min) > on}
    left = {one.id for one in roster.people if on and _day(one, "left_on", date.max) <= on}
    return Standing(frozenset(paused | paused_by_event), frozenset(left | left_by_event))


def _day(person: Person, column: str, default: date) -> date:
    value = person.values.get(column)
    return value if isinstance(value, date) else default
