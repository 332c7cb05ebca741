"""A model as somebody outside of mentorkit would write it, which warns of what its options come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from mentorkit.core.contracts import (
    Caution,
    CheckFacts,
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

PAIR = ("walker", "walker")


@frozen
class WalkOptions:
    """`weeks`: how long a walk a week goes on; `fails`: how the model answers when it is asked for cautions."""

    weeks: int = 4
    fails: str = ""


class Walks:
    """Two colleagues who walk together."""

    name = "walks"
    summary = "two colleagues who walk together once a week"
    options = WalkOptions
    roles = (Role("walker", "peer", served=True),)
    shape = "peers"
    matcher = "peers"
    template = ""

    def cautions(self, options: WalkOptions, facts: CheckFacts) -> Sequence[Caution]:
        if options.fails == "raises":
            raise RuntimeError("no idea")
        if options.fails == "words":
            return ["beware"]  # type: ignore[list-item]
        weeks, there = (facts.ends - facts.starts).days // 7, len(facts.people["walker"])
        late = [Caution(f"{options.weeks} weeks of walks do not fit into {weeks}", "walk less", "weeks")]
        odd = [Caution(f"{there} people do not make pairs", "ask one more")]
        return [*(late if options.weeks > weeks else []), *(odd if there % 2 and not facts.signup_open else [])]

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        return {"walker": frozenset(levels)}

    def columns(self, options: WalkOptions) -> tuple[str, ...]:
        return ()

    def occasions(self, options: WalkOptions, pool: Pool) -> Sequence[Occasion]:
        problem = MatchingProblem(
            shape=self.shape,
            occasion="match",
            seatings=pool.seatings,
            pairs={PAIR: pool.pair_scores(*PAIR)},
            required={PAIR: pool.required(*PAIR)},
            objective=pool.objective,
            seed=pool.seed,
            details=Peers(),
        )
        return [Occasion("match", problem)]

    def counted_pairs(self, options: WalkOptions, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        return [(members[0], members[1])]

    def on_leaving(self, options: WalkOptions, relationship: Relationship, person: str) -> str:
        return "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        return Fit(0.1)


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    return [Walks()]  # type: ignore[list-item]
