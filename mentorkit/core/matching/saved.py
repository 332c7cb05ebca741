"""A matching as a value that can be saved: relationships, what is claimed of them, and the proof, all by ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts.preferences import choice_columns
from mentorkit.core.digesting import digest_of
from mentorkit.core.matching.tasks import Solved
from mentorkit.core.matching.written_proofs import written
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.program import Program
from mentorkit.core.relationships import Certificate, Member, Relationship
from mentorkit.core.roster import Roster
from mentorkit.core.zones import utc_text

FORMAT = 1


@frozen(kw_only=True)
class SavedMember:
    """Somebody in a relationship."""

    id: str
    role: str


@frozen(kw_only=True)
class SavedRelationship:
    """People who are together, by role as the model lists roles, and their score; `slot` where times were matched."""

    id: str
    members: tuple[SavedMember, ...]
    score: float
    slot: int | None = None


@frozen(kw_only=True)
class SavedCertificate:
    """What is claimed about an occasion's relationships: `Certificate` as plain values."""

    matcher: str
    exact: bool
    matched: int
    matched_bound: int | None
    total_score: float
    total_score_bound: float | None
    gap: float | None
    pairs_checked: int
    extra: Mapping[str, Any]


@frozen(kw_only=True)
class SavedOccasion:
    """One problem, what came out of it, and why nothing better can.

    Attributes:
        objective: names, in order.
        places: of everybody in the problem, by role and id, how many relationships they could join.
        said: what the matcher said beyond what is proven.
        proof: see `written_proofs`; None where there is none.
    """

    occasion: str
    objective: tuple[str, ...]
    places: Mapping[str, Mapping[str, int]]
    relationships: tuple[SavedRelationship, ...]
    certificate: SavedCertificate
    said: Mapping[str, Any]
    proof: Mapping[str, Any] | None


@frozen(kw_only=True)
class Digests:
    """What tells whether program and people are the same: digests of what a matching reads of them."""

    program: str
    roster: str


@frozen(kw_only=True)
class SavedMatching:
    """A matching with everything that is needed to prove it again, and no names.

    Attributes:
        at: the moment it was made for, RFC 3339.
        from_ledger: whether published relationships were taken as given.
    """

    program: str
    at: str
    from_ledger: bool
    digests: Digests
    occasions: tuple[SavedOccasion, ...]
    format: int = field(default=FORMAT)


def saved_matching(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    solved: tuple[Solved, ...],
    relationships: tuple[Relationship, ...],
    at: datetime,
    *,
    from_ledger: bool,
) -> SavedMatching:
    """Return what was matched at a moment (aware) as a value to save.

    Args:
        program: resolved.
        roster: everybody.
        catalogue: says which columns rules read.
        solved: every occasion's problem with its solution.
        relationships: what became of the solutions, for their ids.
        at: the moment.
        from_ledger: whether published relationships were taken as given.
    """
    ids = {(one.occasion, one.members): one.id for one in relationships}
    return SavedMatching(
        program=program.id,
        at=utc_text(at),
        from_ledger=from_ledger,
        digests=digests(program, roster, catalogue),
        occasions=tuple(_occasion(one, ids) for one in solved),
    )


def _occasion(solved: Solved, ids: Mapping[tuple[str, tuple[Member, ...]], str]) -> SavedOccasion:
    relationships = (
        SavedRelationship(
            id=ids[solved.occasion, group.members],
            members=tuple(SavedMember(id=one.person, role=one.role) for one in group.members),
            score=group.score,
            slot=group.slot,
        )
        for group in solved.groups
    )
    return SavedOccasion(
        occasion=solved.occasion,
        objective=solved.problem.objective,
        places=places_in(solved.problem),
        relationships=tuple(sorted(relationships, key=lambda one: one.id)),
        certificate=saved_certificate(solved.certificate),
        said=plain(solved.solution.extra),
        proof=None if solved.solution.proof is None else written(solved.solution.proof, solved.problem),
    )


def places_in(problem: MatchingProblem) -> Mapping[str, Mapping[str, int]]:
    """Return how many relationships everybody in a problem may join, by role and id."""
    return {
        role: dict(zip(seating.people, seating.places.tolist(), strict=True))
        for role, seating in problem.seatings.items()
    }


def saved_certificate(certificate: Certificate) -> SavedCertificate:
    """Return a certificate as plain values."""
    return SavedCertificate(
        matcher=certificate.matcher,
        exact=certificate.exact,
        matched=certificate.matched,
        matched_bound=certificate.matched_bound,
        total_score=certificate.total_score,
        total_score_bound=certificate.total_score_bound,
        gap=certificate.gap,
        pairs_checked=certificate.pairs_checked,
        extra=plain(certificate.extra),
    )


def plain(extra: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what somebody adds as JSON gives it back: tuples as lists, keys as text."""
    found: Mapping[str, Any] = json.loads(json.dumps(dict(extra)))
    return found


def digests(program: Program, roster: Roster, catalogue: Catalogue) -> Digests:
    """Return the digests of what a matching reads.

    Of the program it is the model, criteria, rules, matcher with options, objective, seed and days; of the roster
    everybody who takes part, with their places and the cells that criteria, rules and lists of choices read.
    """
    matching = program.matching
    read = {column for use in matching.criteria for column in (use.left, use.right, *use.only_if)}
    for rule in matching.rules:
        read |= set(catalogue.rules[rule.kind].implementation.columns(rule.options))
    read |= {column for _, _, columns in choice_columns(matching.matcher.options) for column in columns}
    criteria = [evolve(use, optional=False) for use in matching.criteria]
    rules = [evolve(use, optional=False) for use in matching.rules]
    made = (matching.matcher, matching.objective, program.seed, program.starts, program.ends)
    what = (program.id, program.model, criteria, rules, *made)
    people = [
        (one.id, one.roles, dict(one.places), {column: one.values[column] for column in read if column in one.values})
        for one in sorted(roster.participants, key=lambda one: one.id)
    ]
    return Digests(program=digest_of(what), roster=digest_of(people))
