"""Relationships and the result of matching: what `match` returns, publishes and explains."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import field, frozen


@frozen(order=True)
class Member:
    """A person in a relationship, with the role they have in it."""

    person: str
    role: str


@frozen
class Relationship:
    """People who mentor each other: a pair, trio, group or team.

    Attributes:
        id: see `relationship_id`.
        members: sorted by role as the model lists roles, then by person.
        score: mean published score over the counted pairs, 0 to 100, one digit.
        occasion: the occasion (matching problem) it came from.
        slot: the name of the slot in which they meet; "" where they are not bound to one.
        at: the moment at which their first session is, UTC, aware, where the matching has fixed it.
        until: their last day; None: they last as long as the program.
    """

    id: str
    members: tuple[Member, ...]
    score: float
    occasion: str = "match"
    slot: str = ""
    at: datetime | None = None
    until: date | None = None

    def people(self, role: str | None = None) -> tuple[str, ...]:
        """Return the ids of its people, all or those with one role."""
        return tuple(m.person for m in self.members if role is None or m.role == role)


def relationship_id(program: str, members: Sequence[Member], ended_before: int = 0) -> str:
    """Return a short hash of program id, members with roles, and how many of theirs are over, proposals among them."""
    words = [program, *(f"{m.role}\x1f{m.person}" for m in sorted(members)), str(ended_before)]
    return "r" + hashlib.sha256("\x1e".join(words).encode()).hexdigest()[:10]


NOT_CHOSEN = "not-chosen"
"""The reason of who is unmatched although an allowed partner has a free place."""


@frozen
class Reason:
    """Why somebody is unmatched: a rule and how many possible partners it forbids.

    `rule` is a rule's name, or `capacity` (allowed partners without a free place), `not-chosen` (those with one),
    `joined-late`, `paused`, `leaving`, `no-partner`, `too-few` (there are no people for one group).
    """

    rule: str
    blocks: int

    def __str__(self) -> str:
        """Return the reason in words."""
        allowed = f"{self.blocks:,} allowed partner{'' if self.blocks == 1 else 's'}"
        told = {
            "capacity": f"{allowed}, all full",
            NOT_CHOSEN: f"{allowed} with a free place, but not matched",
            "too-few": "there are too few people for a group",
            "no-partner": "there is nobody on the other side",
            "joined-late": "joined after the matching",
            "paused": "paused",
            "leaving": "leaves before half of it is over",
        }
        return told.get(self.rule) or f"{self.rule} rules out {self.blocks:,}"


@frozen
class Unmatched:
    """A person of the served side without a relationship, and the reasons, the largest first."""

    person: str
    role: str
    reasons: tuple[Reason, ...]


@frozen
class Spare:
    """A person of the other side with free places."""

    person: str
    role: str
    places: int


@frozen
class Certificate:
    """What is claimed and proven about a matching; all scores are sums of published scores.

    Attributes:
        matched: served people placed, recomputed from the relationships.
        matched_bound: no allowed matching places more; None where the matcher bounds nothing.
        total_score: sum of served people's scores, recomputed; unrounded.
        total_score_bound: no allowed matching with `matched_bound` people scores more; None likewise.
        gap: bound minus score when `matched` equals its bound, else None.
        extra: what a model adds beyond pairs.
        pairs_checked: how many pairs were looked at to know the bounds.
        objective: what was to be made the best, in this order.
    """

    matcher: str
    exact: bool
    matched: int
    total_score: float
    matched_bound: int | None = None
    total_score_bound: float | None = None
    extra: Mapping[str, Any] = field(factory=dict)
    pairs_checked: int = 0
    objective: tuple[str, ...] = ("coverage", "total-score")

    @property
    def gap(self) -> float | None:
        """Bound minus score when everybody who can be placed is; else None."""
        if self.total_score_bound is None or self.matched != self.matched_bound:
            return None
        return round(self.total_score_bound - self.total_score, 6)


@frozen
class Matching:
    """The result of matching.

    Attributes:
        relationships: new ones first to last by id; those taken as given are not among them.
        given: published relationships that were taken as they are.
        unmatched: served people without a relationship, by person.
        spare: free places on the other side, by person.
    """

    relationships: tuple[Relationship, ...]
    unmatched: tuple[Unmatched, ...]
    spare: tuple[Spare, ...]
    certificate: Certificate
    given: tuple[Relationship, ...] = ()

    @property
    def people(self) -> frozenset[str]:
        """Ids of everybody in a new relationship."""
        return frozenset(person for one in self.relationships for person in one.people())
