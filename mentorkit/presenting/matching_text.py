"""A matching as text for a coordinator."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import Role
from mentorkit.core.counted import has_score
from mentorkit.core.history import CONTACT
from mentorkit.core.relationships import Certificate, Matching, Reason, Relationship
from mentorkit.core.roster import Roster
from mentorkit.presenting.tables import counted, harmless, table

_BETTER = {
    "coverage": ("places more people", "placing as many"),
    "total-score": ("scores higher", "scoring as much"),
}
"""What a better matching would do, and what it would have to do all the same."""


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
    """Return a person's name with their id, or the id alone; of a contact, what the program calls it."""
    known = roster.by_id.get(person)
    return harmless(
        person.removeprefix(CONTACT) if known is None or known.name == person else f"{known.name} ({person})"
    )


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
        + (f" of at most {certificate.total_score_bound:,.1f}" if _bounds_points(certificate) else "")
        + f" ({certificate.matcher})"
    ]
    queue = certificate.extra.get("queue")
    if queue:
        lines.append(
            f"Places are too few, and the longest waiting come first: {queue['in_turn']:,} are in turn, "
            f"{queue['behind']:,} behind them."
        )
    if certificate.extra.get("blocking_pairs") != 0:
        lines.append(_proven_text(certificate, " for those in turn" if queue else ""))
    else:
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


def _proven_text(certificate: Certificate, of_whom: str) -> str:
    """Return how far the matching can be from the best possible, in words."""
    people, points = certificate.matched_bound, certificate.total_score_bound
    if people is None or points is None:
        return f"How far it is from the best possible is not known: {certificate.matcher} hands in no proof."
    more, below = people - certificate.matched, round(points - certificate.total_score, 6)
    if more == below == 0:
        return f"Proven{of_whom}: no other allowed matching {_better(certificate.objective)}."
    score_first = _in_order(certificate.objective)[0] == "total-score"
    if more and not (score_first and below):
        return f"Proven{of_whom}: at most {counted(more, 'more person', 'more people')} could be placed."
    share = 100 * below / points if points else 0.0
    told = f"{below:,.1f} points ({'under 0.01' if share < 0.01 else f'{share:.2f}'} %)"
    return f"Proven{of_whom}: at most {told} below the best possible."


def _bounds_points(certificate: Certificate) -> bool:
    """Whether the bound on points is one for matchings like this: it holds for those that place as many as possible."""
    if certificate.total_score_bound is None:
        return False
    return certificate.gap is not None or _in_order(certificate.objective)[0] == "total-score"


def _in_order(objective: Sequence[str]) -> list[str]:
    """Return people and points in the order in which they matter; what the objective does not name comes last."""
    return sorted(_BETTER, key=lambda name: objective.index(name) if name in objective else len(objective))


def _better(objective: Sequence[str]) -> str:
    """Return what no better matching could do, in the order of the objective."""
    first, second = (_BETTER[name] for name in _in_order(objective))
    last = max(objective.index(name) if name in objective else len(objective) for name in _BETTER)
    given = [name for name in objective[:last] if name not in _BETTER]
    among = f" and being as good in {' and '.join(given)}" if given else ""
    return f"{first[0]} or, {first[1]}{among}, {second[0]}"


def relationships_text(
    relationships: Sequence[Relationship], roles: Sequence[Role], roster: Roster, indent: str = "  "
) -> str:
    """Return a table of relationships: who in which role, in which slot if in one, score, id."""
    slots = any(one.slot for one in relationships)
    header = [*(role.name for role in roles), *(["slot"] if slots else []), "score", "relationship"]
    rows = [
        [
            *(_people(one, role.name, roster) for role in roles),
            *([harmless(one.slot)] if slots else []),
            f"{one.score:.1f}" if has_score(one, roles) else "-",
            one.id,
        ]
        for one in relationships
    ]
    return table(rows, header, indent)


def _people(relationship: Relationship, role: str, roster: Roster) -> str:
    return ", ".join(called(person, roster) for person in relationship.people(role))
