"""What would help those who are unmatched: as text for a coordinator and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mentorkit.core.matching.relaxing import Opening, Remedy
from mentorkit.core.roster import Roster
from mentorkit.presenting.matching_text import called
from mentorkit.presenting.report_words import plural
from mentorkit.presenting.tables import counted, table

_MOST_NAMED = 2
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


def relief_text(remedies: Sequence[Remedy], unmatched: int, roster: Roster, unmeasured: str = "") -> str:
    """Return what would help everybody who is unmatched, what helps most people first, or why that is `unmeasured`."""
    title = f"what would help ({counted(unmatched, 'person', 'people')} unmatched)"
    if unmeasured:
        return f"{title}\n  That is not measured: {unmeasured}."
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
    places = remedy.places
    if not places:
        return remedy.label
    named = [called(one.person, roster) for one in places[:_MOST_NAMED]]
    if len(places) == 1:
        return f"{_more(places[0].places)} for {named[0]}{_instead(remedy.others)}"
    alike = len({one.places for one in places}) == 1
    if len(places) > len(named):
        role = places[0].role
        whom = f"{counted(len(places), role, plural(role))}, such as {' and '.join(named)}"
    elif alike:
        whom = " and ".join(named)
    else:
        shares = (f"{one.places:,} for {name}" for one, name in zip(places, named, strict=True))
        return f"{_more(remedy.people)}: {' and '.join(shares)}"
    return f"{_more(places[0].places)} for each of {whom}" if alike else f"{_more(remedy.people)}, for {whom}"


def _more(places: int) -> str:
    return "one more place" if places == 1 else f"{places:,} more places"


def _instead(others: int) -> str:
    if not others:
        return ""
    return f" (or for one of {others:,} others)" if others > 1 else " (or for one other)"


def _as_written(settings: Mapping[str, object]) -> str:
    return ", ".join(f"{path} = {_value(value)}" for path, value in settings.items())


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False, default=str)
