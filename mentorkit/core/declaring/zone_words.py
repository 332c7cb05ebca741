"""What to write instead of a text that is no time zone."""

from __future__ import annotations

import re

from mentorkit.core.diagnostics import suggestion
from mentorkit.core.zones import known_zones

_OFFSET = re.compile(r"(?:UTC|GMT)? ?([+-])0?(\d{1,2})(?::?00)?", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z]{1,5}")
_USUAL = 'zones are written like "Europe/Berlin"'


def zone_advice(text: str) -> str:
    """Return the zone that a text may mean, or how zones are written."""
    if match := _OFFSET.fullmatch(text.strip()):
        fixed = f"Etc/GMT{'-' if match[1] == '+' else '+'}{match[2]}"  # their sign counts westwards
        other = f'; the same hour all year is "{fixed}"' if fixed in known_zones() else ""
        return f"{_USUAL}, by a city of the zone{other}"
    wanted = text.strip().replace(" ", "_").casefold()
    named = [zone for zone in known_zones() if wanted in (zone.casefold(), zone.rpartition("/")[2].casefold())]
    if named:
        return f'did you mean "{min(named, key=lambda zone: (zone.casefold() != wanted, zone))}"?'
    if _LETTERS.fullmatch(text.strip()):
        return f"{_USUAL}, by a city of the zone: an abbreviation may mean several"
    return suggestion(text, (zone for zone in known_zones() if "/" in zone)) or _USUAL
