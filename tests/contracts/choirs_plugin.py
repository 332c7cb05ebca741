"""A model as somebody outside of mentorkit would write it: choirs that are never to lack a voice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mentorkit.core.contracts import (
    Fit,
    MatchingProblem,
    Member,
    MentoringModel,
    Occasion,
    OnLeaving,
    Pool,
    Relationship,
    Role,
    RosterFacts,
)
from mentorkit.core.shapes import Groups
from mentorkit.hookspecs import hookimpl

BETWEEN = (("singer", "conductor"), ("singer", "singer"), ("conductor", "conductor"))


class Choirs:
    """Three singers with a conductor; whoever leaves is replaced."""

    name = "choirs"
    summary = "singers around a conductor"
    options = None
    roles = (Role("conductor", "mentor", served=False), Role("singer", "mentee", served=True))
    shape = "groups"
    matcher = "groups"
    template = "traditional-one-on-one"

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        return {"conductor": frozenset(levels[1:]), "singer": frozenset(levels[:1])}

    def columns(self, options: None) -> tuple[str, ...]:
        return ()

    def occasions(self, options: None, pool: Pool) -> Sequence[Occasion]:
        problem = MatchingProblem(
            shape=self.shape,
            occasion="match",
            seatings=pool.seatings,
            pairs={pair: pool.pair_scores(*pair) for pair in BETWEEN},
            required={pair: pool.required(*pair) for pair in BETWEEN},
            objective=pool.objective,
            seed=pool.seed,
            details=Groups(mentees=(3, 3), mentors=(1, 1)),
        )
        return [Occasion("match", problem)]

    def counted_pairs(self, options: None, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        conductors = [one for one in members if one.role == "conductor"]
        return [(one, leads) for one in members if one.role == "singer" for leads in conductors]

    def on_leaving(self, options: None, relationship: Relationship, person: str) -> OnLeaving:
        return "refill"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        return Fit(0.5)


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    return [Choirs()]
