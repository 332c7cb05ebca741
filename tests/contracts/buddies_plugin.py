"""A model as somebody outside of mentorkit would write it: colleagues who coach each other in twos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Literal

from attrs import frozen

from mentorkit.core.contracts import (
    Fit,
    MatchingProblem,
    Member,
    MentoringModel,
    Occasion,
    Pool,
    Relationship,
    Role,
    RosterFacts,
)
from mentorkit.core.shapes import Peers
from mentorkit.hookspecs import hookimpl


@frozen
class BuddiesOptions:
    """`odd`: what becomes of the one who is left over."""

    odd: Literal["trio", "leave-out"] = "trio"


class Buddies:
    """Two colleagues, or three."""

    name = "buddies"
    summary = "colleagues who coach each other"
    options = BuddiesOptions
    roles = (Role("buddy", "peer", served=True),)
    shape = "peers"
    matcher = "peers"
    template = "traditional-one-on-one"

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        return {"buddy": frozenset(levels)}

    def columns(self, options: BuddiesOptions) -> tuple[str, ...]:
        return ()

    def occasions(self, options: BuddiesOptions, pool: Pool) -> Sequence[Occasion]:
        problem = MatchingProblem(
            shape=self.shape,
            occasion="match",
            seatings=pool.seatings,
            pairs={("buddy", "buddy"): pool.pair_scores("buddy", "buddy")},
            required={("buddy", "buddy"): pool.required("buddy", "buddy")},
            objective=pool.objective,
            seed=pool.seed,
            details=Peers(odd=options.odd),
        )
        return [Occasion("match", problem)]

    def counted_pairs(self, options: BuddiesOptions, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        return list(combinations(members, 2))

    def on_leaving(self, options: BuddiesOptions, relationship: Relationship, person: str) -> str:
        return "continue" if len(relationship.members) > 2 else "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        return Fit(1.0 if "knowledge-sharing" in goals else 0.1)


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    return [Buddies()]  # type: ignore[list-item]
