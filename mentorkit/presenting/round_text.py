"""A round of a model that matches again and again, in words and as JSON."""

from __future__ import annotations

from mentorkit.core.contracts import Round


def round_text(one: Round) -> str:
    """Return `round-2 on Mon 2027-01-25, until Sun 2027-02-07`."""
    return f"{one.key} on {one.on:%a} {one.on}, until {one.until:%a} {one.until}"


def round_json(one: Round) -> dict[str, str]:
    """Return key, day and last day."""
    return {"key": one.key, "on": one.on.isoformat(), "until": one.until.isoformat()}
