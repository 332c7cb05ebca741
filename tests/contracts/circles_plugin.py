"""A model as somebody outside of mentorkit would write it: circles of several newcomers with one or two hosts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

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
from mentorkit.core.shapes import Groups
from mentorkit.hookspecs import hookimpl

BETWEEN = (("newcomer", "host"), ("newcomer", "newcomer"), ("host", "host"))


@frozen
class CirclesOptions:
    """`fewest` and `most` newcomers of a circle; those in one should differ in the columns of `spread`."""

    fewest: int = 2
    most: int = 4
    spread: dict[str, float] = field(factory=dict)


class Circles:
    """Several newcomers with one or two hosts."""

    name = "circles"
    summary = "newcomers in circles around their hosts"
    options = CirclesOptions
    roles = (Role("host", "mentor", served=False), Role("newcomer", "mentee", served=True))
    shape = "groups"
    matcher = "groups"
    template = "traditional-one-on-one"

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        return {"host": frozenset(levels[1:]), "newcomer": frozenset(levels[:1])}

    def columns(self, options: CirclesOptions) -> tuple[str, ...]:
        return tuple(options.spread)

    def occasions(self, options: CirclesOptions, pool: Pool) -> Sequence[Occasion]:
        problem = MatchingProblem(
            shape=self.shape,
            occasion="match",
            seatings=pool.seatings,
            pairs={pair: pool.pair_scores(*pair) for pair in BETWEEN},
            required={pair: pool.required(*pair) for pair in BETWEEN},
            objective=pool.objective,
            seed=pool.seed,
            details=Groups(mentees=(options.fewest, options.most), mentors=(1, 2), spread=options.spread),
        )
        return [Occasion("match", problem)]

    def counted_pairs(self, options: CirclesOptions, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        hosts = [one for one in members if one.role == "host"]
        return [(one, host) for one in members if one.role == "newcomer" for host in hosts]

    def on_leaving(self, options: CirclesOptions, relationship: Relationship, person: str) -> str:
        return "continue"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        return Fit(1.0 if "onboarding" in goals else 0.1)


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    return [Circles()]  # type: ignore[list-item]
