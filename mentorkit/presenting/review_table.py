"""A matching as the rows of a review file: relationships with scores and reasons, who has nobody, what is forbidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Role
from mentorkit.core.counted import has_score
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching.explaining import PairExplanation, explain_relationships
from mentorkit.core.planning.broken_rules import broken_rules
from mentorkit.core.program import Program
from mentorkit.core.relationships import Matching, Member, Relationship
from mentorkit.core.roster import Roster
from mentorkit.presenting.matching_text import reasons_text
from mentorkit.review_files import Review


def review_header(roles: Sequence[Role]) -> tuple[str, ...]:
    """Return the headers: for each role the ids and the names."""
    people = [word for role in roles for word in (role.name, f"{role.name} name")]
    return ("relationship", *people, "score", "reasons", "decision")


def review_rows(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    roles: Sequence[Role],
    matching: Matching,
    review: Review | None = None,
) -> Iterator[tuple[str, ...]]:
    """Yield one row per relationship, then one for everybody without any, then one for each that `review` forbids.

    Decisions of the review are kept.
    """
    decided = [row for row in (review.rows if review else ()) if row.decision]
    kept = {row.members: row.decision for row in decided if row.decision != "forbid"}
    overridden = _overridden(program, roster, catalogue, matching.relationships) if kept else {}
    for one in explain_relationships(program, roster, catalogue, matching.relationships):
        members = one.relationship.members
        decision = kept.get(members) or _of_a_part(members, kept)
        score = f"{one.relationship.score:.1f}" if has_score(one.relationship, roles) else ""
        against = overridden.get(one.relationship.id, "") if decision else ""
        why = "; ".join(part for part in (against, _reasons(one.pairs)) if part)
        yield (one.relationship.id, *_people(members, roles, roster), score, why, decision)
    for nobody in matching.unmatched:
        alone = (Member(nobody.person, nobody.role),)
        yield ("", *_people(alone, roles, roster), "", f"unmatched: {reasons_text(nobody.reasons)}", "")
    for row in decided:
        if row.decision == "forbid":
            yield (row.relationship, *_people(row.members, roles, roster), "", "forbidden by this review", "forbid")


def _overridden(
    program: Program, roster: Roster, catalogue: Catalogue, relationships: Iterable[Relationship]
) -> Mapping[str, str]:
    """Return in words, by relationship, which rules would forbid them if nobody had decided to keep them."""
    as_published = History(relationships=tuple(KnownRelationship(one, "published") for one in relationships))
    rules: dict[str, dict[str, None]] = {}
    for one in broken_rules(program, roster, catalogue, as_published):
        rules.setdefault(one.relationship, {})[one.rule] = None
    return {relationship: f"overrides {', '.join(names)}" for relationship, names in rules.items()}


def _of_a_part(members: Sequence[Member], kept: Mapping[tuple[Member, ...], str]) -> str:
    """Return the decision that keeps some of these members together, as in a group that has grown."""
    if len(members) < 3:
        return ""
    return next((word for some, word in kept.items() if set(some) < set(members)), "")


def _people(members: Iterable[Member], roles: Sequence[Role], roster: Roster) -> Iterator[str]:
    by_role: Mapping[str, list[str]] = {role.name: [] for role in roles}
    for member in members:
        by_role[member.role].append(member.person)
    for people in by_role.values():
        yield ";".join(people)
        yield "; ".join(roster.by_id[one].name if one in roster.by_id else one for one in people)


def _reasons(pairs: Sequence[PairExplanation]) -> str:
    """Return what each criterion adds to the score, the most first; in a group the mean over its pairs."""
    points: dict[str, float] = {}
    for pair in pairs:
        for part in pair.parts:
            points[part.name] = points.get(part.name, 0.0) + part.points / len(pairs)
    found = sorted(((-worth, name) for name, worth in points.items() if worth >= 0.05))
    return ", ".join(f"{name} {-worth:.1f}" for worth, name in found)
