"""A matching as text for a coordinator."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import Role
from mentorkit.core.relationships import Certificate, Matching, Reason, Relationship
from mentorkit.core.roster import Roster
from mentorkit.presenting.tables import counted, harmless, table


def matching_text(matching: Matching, roles: Sequence[Role], roster: Roster) -> str:
    """Return relationships, unmatched people, spare places and what is proven."""
    parts = [
        relationships_text(matching.relationships, roles, roster, indent="")
        if matching.relationships
        else "No new relationship."
    ]
    if matching.given:
        parts.append(f"{counted(len(matching.given), 'published relationship')} taken as given.")
    if matching.unmatched:
        rows = [(called(one.person, roster), one.role, reasons_text(one.reasons)) for one in matching.unmatched]
        parts.append("unmatched\n" + table(rows))
    if matching.spare:
        rows = [(called(one.person, roster), one.role, counted(one.places, "free place")) for one in matching.spare]
        parts.append("spare\n" + table(rows))
    parts.append(certificate_text(matching.certificate))
    return "\n\n".join(part for part in parts if part)


def called(person: str, roster: Roster) -> str:
    """Return a person's name with their id, or the id alone."""
    known = roster.by_id.get(person)
    return harmless(person if known is None or known.name == person else f"{known.name} ({person})")


def reasons_text(reasons: Sequence[Reason]) -> str:
    """Return why somebody is unmatched, in words."""
    return "; ".join(map(str, reasons))


def certificate_text(certificate: Certificate) -> str:
    """Return what is proven about a matching, and who had to wait, in a few lines."""
    bound = certificate.matched_bound
    lines = [
        f"{certificate.matched:,} matched"
        + (f" of {bound:,} possible" if bound is not None else "")
        + f", total score {certificate.total_score:,.1f}"
        + (f" of at most {certificate.total_score_bound:,.1f}" if certificate.total_score_bound is not None else "")
        + f" ({certificate.matcher})"
    ]
    queue = certificate.extra.get("queue")
    if queue:
        lines.append(
            f"Places are too few, and the longest waiting come first: {queue['in_turn']:,} are in turn, "
            f"{queue['behind']:,} behind them."
        )
    if certificate.exact and certificate.gap == 0:
        whose = "Proven for those in turn" if queue else "Proven"
        lines.append(f"{whose}: no other allowed matching places more people or, placing as many, scores higher.")
    if certificate.extra.get("blocking_pairs") == 0:
        lines.append(
            f"Stable: of {certificate.extra['listed_pairs']:,} pairs who list each other, no two would both rather be "
            "together than as they are."
        )
    if left_out := certificate.extra.get("left_out_by_length"):
        lines.append(
            f"{counted(left_out, 'person', 'people')} found nobody, with a list cut off after the best "
            f"{certificate.extra['list_length']:,}: a greater length of lists may place them."
        )
    return "\n".join(lines)


def relationships_text(
    relationships: Sequence[Relationship], roles: Sequence[Role], roster: Roster, indent: str = "  "
) -> str:
    """Return a table of relationships: who in which role, score, id."""
    header = [*(role.name for role in roles), "score", "relationship"]
    rows = [[*(_people(one, role.name, roster) for role in roles), f"{one.score:.1f}", one.id] for one in relationships]
    return table(rows, header, indent)


def _people(relationship: Relationship, role: str, roster: Roster) -> str:
    return ", ".join(called(person, roster) for person in relationship.people(role))
