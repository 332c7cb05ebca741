"""A model as somebody outside of mentorkit would write it: colleagues meet as equals, or a newcomer has a buddy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

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
    Variant,
)
from mentorkit.core.shapes import Peers
from mentorkit.hookspecs import hookimpl

EQUALS = (Role("colleague", "peer", served=True),)
BUDDIES = (Role("buddy", "mentor", served=False), Role("newcomer", "mentee", served=True))


@frozen
class WelcomeOptions:
    """`buddies`: whether newcomers have a buddy each, instead of colleagues meeting as equals."""

    buddies: bool = False


class Welcome:
    """Two colleagues, or a newcomer with somebody who knows the place."""

    name = "welcome"
    summary = "colleagues in twos, or newcomers with a buddy"
    options = WelcomeOptions
    roles = EQUALS
    shape = "peers"
    matcher = "peers"
    template = ""

    def variant(self, options: WelcomeOptions) -> Variant:
        return Variant(BUDDIES, "optimal", _by_tenure, "two-sided") if options.buddies else Variant(EQUALS, "peers")

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        return {"colleague": frozenset(levels)}

    def columns(self, options: WelcomeOptions) -> tuple[str, ...]:
        return ()

    def occasions(self, options: WelcomeOptions, pool: Pool) -> Sequence[Occasion]:
        between = ("newcomer", "buddy") if options.buddies else ("colleague", "colleague")
        problem = MatchingProblem(
            shape="two-sided" if options.buddies else self.shape,
            occasion="match",
            seatings=pool.seatings,
            pairs={between: pool.pair_scores(*between)},
            required={between: pool.required(*between)},
            objective=pool.objective,
            seed=pool.seed,
            details=None if options.buddies else Peers(),
        )
        return [Occasion("match", problem)]

    def counted_pairs(self, options: WelcomeOptions, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        ordered = sorted(members, key=lambda one: one.role, reverse=True)
        return list(combinations(ordered, 2))

    def on_leaving(self, options: WelcomeOptions, relationship: Relationship, person: str) -> str:
        return "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        return Fit(1.0 if "onboarding" in goals else 0.1)


def _by_tenure(levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
    return {"newcomer": frozenset(levels[:1]), "buddy": frozenset(levels[1:])}


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    return [Welcome()]  # type: ignore[list-item]
