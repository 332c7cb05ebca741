"""Models as somebody outside of mentorkit would write them: the mentor is asked first, and perhaps only on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from mentorkit.core.contracts import (
    Asking,
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
from mentorkit.hookspecs import hookimpl


@frozen
class AskedOptions:
    """`days`: business days in which a mentor can answer; `open`: those after which a request is given up."""

    days: int = 3
    open: int = 10


class AskedFirst:
    """A mentee and a mentor who is asked before anybody is told."""

    name = "asked-first"
    summary = "mentors are asked before anybody is told"
    options = AskedOptions
    roles = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
    shape = "two-sided"
    matcher = "optimal"
    template = ""

    def asking(self, options: AskedOptions) -> Asking:
        return Asking(("mentor",), options.days)

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        return {"mentor": frozenset(levels[1:]), "mentee": frozenset(levels[:1])}

    def columns(self, options: AskedOptions) -> tuple[str, ...]:
        return ()

    def occasions(self, options: AskedOptions, pool: Pool) -> Sequence[Occasion]:
        between = ("mentee", "mentor")
        problem = MatchingProblem(
            shape=self.shape,
            occasion="match",
            seatings=pool.seatings,
            pairs={between: pool.pair_scores(*between)},
            required={between: pool.required(*between)},
            objective=pool.objective,
            seed=pool.seed,
        )
        return [Occasion("match", problem)]

    def counted_pairs(self, options: AskedOptions, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        by_role = {member.role: member for member in members}
        return [(by_role["mentee"], by_role["mentor"])]

    def on_leaving(self, options: AskedOptions, relationship: Relationship, person: str) -> str:
        return "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        return Fit(0.1)


class OnRequest(AskedFirst):
    """Somebody asks for help with a topic, and a mentor who knows it is asked."""

    name = "on-request"
    summary = "mentors are asked when somebody asks for help"

    def request_days(self, options: AskedOptions) -> int:
        return options.open


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    return [AskedFirst(), OnRequest()]  # type: ignore[list-item]
