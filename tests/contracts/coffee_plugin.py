"""A model as somebody outside of mentorkit would write it: a coffee with somebody new in every round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
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
    Round,
)
from mentorkit.core.shapes import Peers, Played
from mentorkit.hookspecs import hookimpl

PAIR = ("guest", "guest")


@frozen
class CoffeeOptions:
    """`days`: how long a round is; `pause`: how many days there are between two."""

    days: int = 14
    pause: int = 0


class Coffee:
    """Two colleagues, or three, who have not met; the host of each meeting takes turns."""

    name = "coffee"
    summary = "a coffee with somebody new, again and again"
    options = CoffeeOptions
    roles = (Role("guest", "peer", served=True),)
    shape = "peers"
    matcher = "rotation"
    template = ""

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        return {"guest": frozenset(levels)}

    def columns(self, options: CoffeeOptions) -> tuple[str, ...]:
        return ()

    def rounds(self, options: CoffeeOptions, starts: date, ends: date) -> Sequence[Round]:
        step = options.days + options.pause
        begins = (starts + timedelta(days=n) for n in range(0, (ends - starts).days + 2 - options.days, step))
        return [Round(f"round-{n}", on, on + timedelta(days=options.days - 1)) for n, on in enumerate(begins, 1)]

    def occasions(self, options: CoffeeOptions, pool: Pool) -> Sequence[Occasion]:
        problem = MatchingProblem(
            shape=self.shape,
            occasion="coffee",
            seatings=pool.seatings,
            pairs={PAIR: pool.pair_scores(*PAIR)},
            required={PAIR: pool.required(*PAIR)},
            objective=pool.objective,
            seed=pool.seed,
            details=Peers(rounds=self._played(pool)),
        )
        return [Occasion("coffee", problem)]

    def _played(self, pool: Pool) -> tuple[Played, ...]:
        rounds: dict[str, list[tuple[str, ...]]] = {}
        for one in pool.past:
            rounds.setdefault(one.relationship.occasion, []).append(one.relationship.people())
        return tuple(tuple(groups) for groups in rounds.values())

    def facilitator(self, options: CoffeeOptions, members: Sequence[Member], number: int) -> str:
        return members[(number - 1) % len(members)].person

    def counted_pairs(self, options: CoffeeOptions, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        return list(combinations(members, 2))

    def on_leaving(self, options: CoffeeOptions, relationship: Relationship, person: str) -> str:
        return "continue" if len(relationship.members) > 2 else "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        return Fit(1.0 if "networks" in goals else 0.1)


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    return [Coffee()]  # type: ignore[list-item]
