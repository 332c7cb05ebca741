"""What became of verifying a saved matching, as text and as JSON."""

from __future__ import annotations

from typing import Any

from attrs import asdict

from mentorkit.core.matching.saved import SavedCertificate, SavedMatching
from mentorkit.core.matching.verifying import Verified
from mentorkit.presenting.tables import counted


def verification_text(saved: SavedMatching, verified: Verified, shown: str) -> str:
    """Return what was checked of a saved matching that holds; `shown` is its path."""
    lines = [f"{shown} holds: program {saved.program}, as of {saved.at}."]
    for one in saved.occasions:
        name = f"{one.occasion}: " if len(saved.occasions) > 1 else ""
        lines.append(name + _checked(len(one.relationships), verified.certificates[one.occasion]))
    return "\n".join(lines)


def _checked(relationships: int, certificate: SavedCertificate) -> str:
    told = f"{counted(relationships, 'relationship')}; {certificate.matched:,} matched"
    if certificate.extra.get("blocking_pairs") == 0:
        listed = counted(int(certificate.extra["listed_pairs"]), "pair")
        told += f", total score {certificate.total_score:,.1f}"
        return f"{told}; stable: of {listed} who list each other, no two would both rather be together."
    if certificate.matched_bound is None or certificate.total_score_bound is None:
        return f"{told}, total score {certificate.total_score:,.1f}; no bounds are claimed."
    gap = "unknown" if certificate.gap is None else f"{certificate.gap:,.1f}"
    return (
        f"{told} of at most {certificate.matched_bound:,}, total score {certificate.total_score:,.1f} of at most "
        f"{certificate.total_score_bound:,.1f}, gap {gap}; {counted(certificate.pairs_checked, 'pair')} checked."
    )


def verification_json(saved: SavedMatching, verified: Verified) -> dict[str, Any]:
    """Return the document of `mentorkit match --verify FILE --json`."""
    return {
        "verified": True,
        "program": saved.program,
        "at": saved.at,
        "occasions": [
            {
                "occasion": one.occasion,
                "relationships": len(one.relationships),
                "certificate": asdict(verified.certificates[one.occasion]),
            }
            for one in saved.occasions
        ],
    }
