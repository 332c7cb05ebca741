"""What was published: as text for a coordinator and as JSON."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from mentorkit.core.contracts import Role
from mentorkit.core.plan import Plan
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster
from mentorkit.core.zones import utc_text
from mentorkit.presenting.matching_json import match_json
from mentorkit.presenting.matching_text import called, matching_text
from mentorkit.presenting.tables import counted, table
from mentorkit.presenting.unplaced_text import unplaced_text


def publication_text(plan: Plan, program: Program, roles: Sequence[Role], roster: Roster, file: str) -> str:
    """Return what was published and how to go on."""
    if plan.matching is None:
        return _nothing(program)
    if not plan.matching.relationships and not plan.rearranged.joinings:
        told = matching_text(plan.matching, roles, roster)
        return f"{program.name}: nobody who waits can be matched now; nothing was published.\n\n{told}"
    made = counted(len(plan.matching.relationships), "relationship")
    asked = f"{made} proposed; each is published once everybody asked has accepted"
    parts = [f"{program.name}: {asked if plan.asking else f'published {made}'}."]
    parts.append(matching_text(plan.matching, roles, roster))
    if plan.rearranged.joinings:
        parts.append("\n".join(_joined(plan, roster)))
    if plan.rearranged.endings:
        ids = ", ".join(one.relationship for one in plan.rearranged.endings)
        parts.append(f"{counted(len(plan.rearranged.endings), 'relationship')} ended by the rematch: {ids}.")
    lines = [] if plan.asking else [f"{counted(len(plan.schedule.sessions), 'session')} at real times."]
    lines += [f"{told}: see `mentorkit status`." for told in unplaced_text(plan.schedule.unplaced)]
    lines.append(
        f"Nothing was sent yet: `mentorkit run {shlex.quote(file)}` {'asks' if plan.asking else 'tells'} people."
    )
    return "\n\n".join([*parts, "\n".join(lines)])


def _joined(plan: Plan, roster: Roster) -> list[str]:
    """Return who has taken which free seat."""
    found = plan.rearranged.joinings
    rows = [(called(one.member.person, roster), one.member.role, one.relationship) for one in found]
    return [f"{counted(len(found), 'free seat')} taken:", *table(rows).splitlines()]


def _nothing(program: Program) -> str:
    if program.matching.publish == "review":
        return "Nothing is proposed: a run proposes when it is time to match; `--fill` matches now."
    return 'Nothing is proposed: runs publish by themselves (matching.publish = "auto"); `--fill` matches now.'


def publication_json(plan: Plan, roles: Sequence[Role]) -> dict[str, Any]:
    """Return what was published as a JSON document: the keys of `match --json`, with the ids of what has ended."""
    ended = [{"id": one.relationship, "reason": one.reason} for one in plan.rearranged.endings]
    head = {
        "published_at": None if plan.asking else utc_text(plan.published or plan.at),
        "asked_at": utc_text(plan.at) if plan.asking and plan.matching else None,
        "ended": ended,
        "joined": [
            {"relationship": one.relationship, "id": one.member.person, "role": one.member.role}
            for one in plan.rearranged.joinings
        ],
        "sessions": len(plan.schedule.sessions),
    }
    if plan.matching is None:
        return {**head, "published_at": None, "relationships": []}
    return {**head, **match_json(plan.matching, roles)}
