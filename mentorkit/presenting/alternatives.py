"""Whom else somebody could have been matched with, and what it would cost: as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mentorkit.core.matching.alternatives import Alternative, Versus
from mentorkit.core.matching.costing import Cost
from mentorkit.core.relationships import Member
from mentorkit.core.roster import Roster
from mentorkit.presenting.matching_text import called
from mentorkit.presenting.pairs import pair_json, pair_text
from mentorkit.presenting.tables import counted

_ABSENT = {
    "roles": "their roles do not meet",
    "paused": "{who} pauses",
    "left": "{who} has left",
    "leaving": "{who} leaves before half of it is over",
    "no-place": "{who} has no free place",
    "scope": "the model's scope leaves one of them out",
    "in-line": "{who} is behind others who wait longer",
}


_NONE = "  none: rules, or pairs that must be matched, leave nobody else"


def alternative_json(alternative: Alternative) -> dict[str, Any]:
    """Return an alternative as JSON values."""
    return {
        "role": alternative.member.role,
        "partner": _member(alternative.partner),
        "score": alternative.score,
        "now": alternative.now,
        "cost": _cost_json(alternative.cost),
    }


def versus_json(one: Versus) -> dict[str, Any]:
    """Return why somebody is not with a certain other person as JSON values."""
    return {
        "role": one.member.role or None,
        "other": _member(one.other),
        "together": one.together,
        "absent": one.absent or None,
        "who": one.who or None,
        "rules": list(one.rules),
        "pair": None if one.pair is None else pair_json(one.pair),
        "full": one.full or None,
        "cost": _cost_json(one.cost),
    }


def _member(member: Member) -> dict[str, Any]:
    return {"id": member.person, "role": member.role or None}


def _cost_json(cost: Cost | None) -> dict[str, Any] | None:
    return None if cost is None else {"kind": cost.kind, "people": cost.people, "points": cost.points}


def alternatives_text(alternatives: Sequence[Alternative], roster: Roster) -> str:
    """Return whom somebody would have otherwise, and what that would cost everybody."""
    lines = [
        f"  {called(one.partner.person, roster)} ({one.partner.role}): {one.score:.1f}, now {one.now:.1f}; "
        + _cost_text(one.cost)
        for one in alternatives
    ]
    return "\n".join(["best alternative", *(lines or [_NONE])])


def versus_text(one: Versus, roster: Roster) -> str:
    """Return why somebody is not with a certain other person."""
    title = f"{called(one.member.person, roster)} and {called(one.other.person, roster)}"
    if one.together:
        return f"{title}: they are together"
    if one.rules:
        return f"{title}: kept apart by {', '.join(one.rules)}"
    if one.absent and one.pair is None:
        return f"{title}: {_why(one, roster)}"
    pair = "" if one.pair is None else "\n" + pair_text(one.pair, roster)
    if one.absent:
        return f"{title}: allowed, but {_why(one, roster)}{pair}"
    if one.full:
        return f"{title}: allowed, but pairs that must be matched take all places of {called(one.full, roster)}{pair}"
    return f"{title}: allowed; {_cost_text(one.cost)}{pair}"


def _why(one: Versus, roster: Roster) -> str:
    return _ABSENT[one.absent].format(who=called(one.who, roster) if one.who else "")


def _cost_text(cost: Cost | None) -> str:
    """Return what becomes of everybody with a pair."""
    if cost is None:
        return "what it would cost is not known, as nothing proves this matching to be the best"
    if cost.kind == "at-least":
        if cost.people:
            return f"with that pair at least {_fewer(cost.people)}"
        if not cost.points:
            return "it may cost nothing: prices alone cannot tell"
        return f"with that pair the total score would be at least {cost.points:,.1f} lower, or fewer would be matched"
    if not cost.people and not cost.points:
        return "it would cost nothing: another matching is as good"
    told = [f"{_fewer(cost.people)}"] if cost.people else []
    if cost.points:
        told.append(f"the total score would be {abs(cost.points):,.1f} {'lower' if cost.points > 0 else 'higher'}")
    return "with that pair " + " and ".join(told)


def _fewer(people: int) -> str:
    return f"{counted(abs(people), 'person', 'people')} {'fewer' if people > 0 else 'more'} would be matched"
