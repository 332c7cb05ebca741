"""Why a person is matched as they are: every criterion's share of the published score, or what stood in the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Group
from mentorkit.core.history import History
from mentorkit.core.matching.pooling import parted
from mentorkit.core.matching.relaxing import Opening
from mentorkit.core.matching.requesting import looked_for_now, with_topics
from mentorkit.core.matching.scoreboard import MATCHED_BEFORE, criteria_between
from mentorkit.core.matching.usability import usable
from mentorkit.core.problems import TENTHS, UNIT_BITS
from mentorkit.core.program import Program
from mentorkit.core.relationships import Matching, Member, Relationship, Unmatched
from mentorkit.core.roster import Roster


@frozen
class CriterionPart:
    """What one criterion adds to the score of a pair.

    Attributes:
        weight: as declared; 0 where `only_if` drops the criterion for this pair.
        similarity: s in [0, 1].
        points: of the published score; one digit, and the points of a pair add up to its score exactly.
    """

    name: str
    kind: str
    weight: float
    similarity: float
    points: float


@frozen
class PairExplanation:
    """A counted pair, its published score and where the points come from, in the declared order of criteria."""

    wants: Member
    offers: Member
    score: float
    parts: tuple[CriterionPart, ...]


@frozen
class RelationshipExplanation:
    """A relationship, with those counted pairs that they are one of, or with all."""

    relationship: Relationship
    pairs: tuple[PairExplanation, ...]


@frozen
class RuleNote:
    """A rule that no relationship breaks."""

    name: str
    kind: str


@frozen
class Explanation:
    """Everything there is to say about one person in a matching.

    Attributes:
        roles: what they take part as; empty: they are no participant.
        relationships: new ones, then published ones.
        rules: the rules every pair was checked against, in declared order; then what was matched before.
        unmatched: for each served role without a relationship, the reasons: how many partners each rule forbids, and
            under `capacity` how many are allowed but full, under `not-chosen` how many are allowed and are not.
        openings: what would allow them further partners, where that was asked for.
    """

    person: str
    roles: tuple[str, ...]
    relationships: tuple[RelationshipExplanation, ...]
    rules: tuple[RuleNote, ...]
    unmatched: tuple[Unmatched, ...]
    openings: tuple[Opening, ...] = ()


def explain_person(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    matching: Matching,
    person: str,
    history: History | None = None,
) -> Explanation:
    """Return why a person is matched as they are; `history` is what the matching was made with.

    Raises:
        KeyError: there is no such person in the roster.
    """
    roster = with_topics(program, roster, looked_for_now(program, history)) if history else roster
    program, _ = usable(program, roster, catalogue)
    before = [RuleNote(MATCHED_BEFORE, MATCHED_BEFORE)] if history and parted(program, history) else []
    theirs = [one for one in (*matching.relationships, *matching.given) if person in one.people()]
    return Explanation(
        person,
        roster.by_id[person].roles,
        tuple(_relationship(program, roster, catalogue, one, person) for one in theirs),
        (*(RuleNote(rule.name, rule.kind) for rule in program.matching.rules), *before),
        tuple(one for one in matching.unmatched if one.person == person),
    )


def explain_relationships(
    program: Program, roster: Roster, catalogue: Catalogue, relationships: Sequence[Relationship]
) -> tuple[RelationshipExplanation, ...]:
    """Return relationships with all their counted pairs, in their order."""
    program, _ = usable(program, roster, catalogue)
    return tuple(_relationship(program, roster, catalogue, one) for one in relationships)


def _relationship(
    program: Program, roster: Roster, catalogue: Catalogue, relationship: Relationship, person: str = ""
) -> RelationshipExplanation:
    """Return a relationship with its counted pairs, all or those of a person."""
    model = catalogue.models[program.model.use.name].implementation
    there = tuple(member for member in relationship.members if member.person in roster.by_id)
    counted = model.counted_pairs(program.model.use.options, there)
    pairs = [(a, b) for a, b in counted if not person or person in (a.person, b.person)]
    return RelationshipExplanation(
        relationship, tuple(explain_pair(program, roster, catalogue, wants, offers) for wants, offers in pairs)
    )


def explain_pair(
    program: Program, roster: Roster, catalogue: Catalogue, wants: Member, offers: Member
) -> PairExplanation:
    """Return where the points of a pair come from; `program` has only criteria that the roster has columns for."""
    first, second = (Group(member.role, (roster.by_id[member.person],)) for member in (wants, offers))
    criteria = criteria_between(program, catalogue, first, second)
    only = np.zeros(1, dtype=np.int64)
    tenths = int(criteria.tenths(only, only)[0, 0])
    exact = [int(criteria.contribution(number, only, only)[0, 0]) for number in range(len(criteria.parts))]
    parts = tuple(
        CriterionPart(
            part.use.name,
            part.use.kind,
            part.use.weight if part.rows[0] and part.columns[0] else 0.0,
            float(part.similarity(only, only)[0, 0]),
            points / TENTHS,
        )
        for part, points in zip(criteria.parts, _apportioned(exact, tenths), strict=True)
    )
    return PairExplanation(wants, offers, tenths / TENTHS, parts)


def _apportioned(units: Sequence[int], tenths: int) -> list[int]:
    """Return whole tenths that add up to `tenths`: rounded down, the largest remainders up (Hamilton's method)."""
    floors = [one >> UNIT_BITS for one in units]
    by_remainder = sorted(range(len(floors)), key=lambda number: (-(units[number] % (1 << UNIT_BITS)), number))
    up = by_remainder[: tenths - sum(floors)]
    return [floor + (number in up) for number, floor in enumerate(floors)]
