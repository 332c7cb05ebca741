"""What would help those who are unmatched: as text for a coordinator and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mentorkit.core.matching.relaxing import Opening, Remedy
from mentorkit.core.roster import Roster
from mentorkit.presenting.matching_text import called
from mentorkit.presenting.tables import counted, table

_MOST_NAMED = 3
"""How many people who would get more places are named in text; JSON has all."""


def remedy_json(remedy: Remedy) -> dict[str, Any]:
    """Return a remedy as JSON values."""
    return {
        "label": remedy.label,
        "people": remedy.people,
        "at_least": remedy.at_least,
        "rule": remedy.rule or None,
        "set": dict(remedy.settings),
        "places": [{"id": one.person, "role": one.role, "more": one.places} for one in remedy.places],
        "others": remedy.others,
    }


def opening_json(opening: Opening) -> dict[str, Any]:
    """Return what opens partners for one person as JSON values."""
    return {
        "label": opening.label,
        "partners": opening.partners,
        "rule": opening.rule,
        "set": dict(opening.settings),
    }


def relief_text(remedies: Sequence[Remedy], unmatched: int, roster: Roster) -> str:
    """Return what would help everybody who is unmatched, what helps most people first."""
    title = f"what would help ({counted(unmatched, 'person', 'people')} unmatched)"
    if not remedies:
        return f"{title}\n  No single change of a rule and no further places would let more people be placed."
    rows = [(_advice(one, roster), _gain(one), _as_written(one.settings)) for one in remedies]
    return f"{title}\n{table(rows)}"


def openings_text(openings: Sequence[Opening]) -> str:
    """Return what would allow one person further partners."""
    rows = [
        (one.label, f"{counted(one.partners, 'further partner')} allowed", _as_written(one.settings))
        for one in openings
    ]
    return f"what would open partners\n{table(rows)}" if rows else ""


def _gain(remedy: Remedy) -> str:
    least = "at least " if remedy.at_least else ""
    return f"{least}{remedy.people:,} more {'person' if remedy.people == 1 else 'people'} matched"


def _advice(remedy: Remedy, roster: Roster) -> str:
    if not remedy.places:
        return remedy.label
    named = [
        called(one.person, roster) + (f" {one.places} more" if one.places > 1 else "")
        for one in remedy.places[:_MOST_NAMED]
    ]
    rest = len(remedy.places) - len(named)
    whom = ", ".join(named) + (f" and {rest:,} others" if rest > 1 else " and one other" if rest else "")
    if remedy.people == 1:
        others = f"one of {remedy.others:,} others" if remedy.others > 1 else "one other"
        instead = f" (or for {others})" if remedy.others else ""
        return f"one more place for {whom}{instead}"
    return f"{remedy.people:,} more places: {whom}"


def _as_written(settings: Mapping[str, object]) -> str:
    return ", ".join(f"{path} = {_value(value)}" for path, value in settings.items())


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False, default=str)
