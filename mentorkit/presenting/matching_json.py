"""A matching as JSON: the keys that scripts rely on (docs/reference/json.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mentorkit.core.contracts import Role, Side
from mentorkit.core.relationships import Certificate, Matching, Relationship
from mentorkit.core.zones import utc_text


def match_json(matching: Matching, roles: Sequence[Role]) -> dict[str, Any]:
    """Return the document of `mentorkit match --json`."""
    return {
        "relationships": [_relationship(one, roles) for one in matching.relationships],
        "unmatched": [
            {
                "id": one.person,
                "role": one.role,
                "reasons": [{"rule": reason.rule, "blocks": reason.blocks} for reason in one.reasons],
            }
            for one in matching.unmatched
        ],
        "spare": [{"id": one.person, "role": one.role, "places": one.places} for one in matching.spare],
        "certificate": certificate_json(matching.certificate),
    }


def _relationship(relationship: Relationship, roles: Sequence[Role]) -> dict[str, Any]:
    return {
        "id": relationship.id,
        "members": [{"id": one.person, "role": one.role} for one in relationship.members],
        "mentors": _of_side(relationship, roles, "mentor"),
        "mentees": _of_side(relationship, roles, "mentee"),
        "peers": _of_side(relationship, roles, "peer"),
        "score": relationship.score,
        **({"slot": relationship.slot} if relationship.slot else {}),
        **({"at": utc_text(relationship.at)} if relationship.at else {}),
        **({"until": relationship.until.isoformat()} if relationship.until else {}),
    }


def _of_side(relationship: Relationship, roles: Sequence[Role], side: Side) -> list[str]:
    there = {role.name for role in roles if role.side == side}
    return [member.person for member in relationship.members if member.role in there]


def certificate_json(certificate: Certificate) -> dict[str, Any]:
    """Return what is claimed and proven about a matching."""
    extra = {"extra": dict(certificate.extra)} if certificate.extra else {}
    return {
        "matcher": certificate.matcher,
        "exact": certificate.exact,
        "matched": certificate.matched,
        "matched_bound": certificate.matched_bound,
        "total_score": certificate.total_score,
        "total_score_bound": certificate.total_score_bound,
        "gap": certificate.gap,
        "pairs_checked": certificate.pairs_checked,
        **extra,
    }
