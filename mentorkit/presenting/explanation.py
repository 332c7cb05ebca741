"""Why somebody is matched as they are: as text for a coordinator and as JSON."""

from __future__ import annotations

from typing import Any

from mentorkit.core.matching.explaining import Explanation, PairExplanation
from mentorkit.core.roster import Roster
from mentorkit.presenting.matching_text import called, reasons_text
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
                "pairs": [_pair_json(pair) for pair in one.pairs],
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


def _pair_json(pair: PairExplanation) -> dict[str, Any]:
    return {
        "wants": {"id": pair.wants.person, "role": pair.wants.role},
        "offers": {"id": pair.offers.person, "role": pair.offers.role},
        "score": pair.score,
        "criteria": [
            {
                "name": part.name,
                "kind": part.kind,
                "weight": part.weight,
                "similarity": round(part.similarity, 4),
                "points": part.points,
            }
            for part in pair.parts
        ],
    }


def explanation_text(explanation: Explanation, roster: Roster) -> str:
    """Return an explanation as text: each pair criterion by criterion, then what stands in the way."""
    parts = [called(explanation.person, roster) + _as(explanation)]
    parts += [_pair_text(pair, roster) for one in explanation.relationships for pair in one.pairs]
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


def _pair_text(pair: PairExplanation, roster: Roster) -> str:
    rows = [
        (
            part.name,
            part.kind,
            f"{part.similarity:.2f}" if part.weight else "-",
            f"{part.weight:g}" if part.weight else "does not apply",
            f"{part.points:.1f}",
        )
        for part in pair.parts
    ]
    wants, offers = (f"{called(one.person, roster)} ({one.role})" for one in (pair.wants, pair.offers))
    header = ("criterion", "kind", "similarity", "weight", "points")
    return f"{wants} with {offers}: {pair.score:.1f}\n{table(rows, header)}"
