"""Why somebody is matched as they are: as text for a coordinator and as JSON."""

from __future__ import annotations

from typing import Any

from mentorkit.core.matching.explaining import Explanation
from mentorkit.core.roster import Roster
from mentorkit.presenting.matching_text import called, reasons_text
from mentorkit.presenting.pairs import pair_json, pair_text
from mentorkit.presenting.relief import opening_json, openings_text
from mentorkit.presenting.tables import table


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as JSON values."""
    return {
        "id": explanation.person,
        "roles": list(explanation.roles),
        "relationships": [
            {
                "id": one.relationship.id,
                "score": one.relationship.score,
                "pairs": [pair_json(pair) for pair in one.pairs],
            }
            for one in explanation.relationships
        ],
        "rules": [{"name": rule.name, "kind": rule.kind} for rule in explanation.rules],
        "unmatched": [
            {"role": one.role, "reasons": [{"rule": reason.rule, "blocks": reason.blocks} for reason in one.reasons]}
            for one in explanation.unmatched
        ],
        **({"openings": [opening_json(one) for one in explanation.openings]} if explanation.unmatched else {}),
    }


def explanation_text(explanation: Explanation, roster: Roster) -> str:
    """Return an explanation as text: each pair criterion by criterion, then what stands in the way."""
    parts = [called(explanation.person, roster) + _as(explanation)]
    parts += [pair_text(pair, roster) for one in explanation.relationships for pair in one.pairs]
    for one in explanation.unmatched:
        rows = [(reason.rule, str(reason)) for reason in one.reasons]
        parts.append(f"unmatched as {one.role}: {reasons_text(one.reasons[:1])}\n{table(rows)}")
    if explanation.openings:
        parts.append(openings_text(explanation.openings))
    if explanation.relationships and explanation.rules:
        parts.append("rules kept: " + ", ".join(rule.name for rule in explanation.rules))
    if not explanation.relationships and not explanation.unmatched and explanation.roles:
        parts.append("Not matched, and nobody of the served side: free places are listed as spare.")
    return "\n".join(parts)


def _as(explanation: Explanation) -> str:
    return f", {' and '.join(explanation.roles)}" if explanation.roles else " does not take part"
