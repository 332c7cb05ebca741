"""Where the points of a pair come from: as text and as JSON."""

from __future__ import annotations

from typing import Any

from mentorkit.core.matching.explaining import PairExplanation
from mentorkit.core.roster import Roster
from mentorkit.presenting.matching_text import called
from mentorkit.presenting.tables import table


def pair_json(pair: PairExplanation) -> dict[str, Any]:
    """Return a pair with its criteria as JSON values."""
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


def pair_text(pair: PairExplanation, roster: Roster) -> str:
    """Return a pair as a table of its criteria under its score."""
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
