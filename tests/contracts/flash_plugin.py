"""A model as somebody outside of mentorkit would write it: half an hour with somebody who knows, at a time both can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

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
from mentorkit.core.shapes import Slots
from mentorkit.hookspecs import hookimpl

BETWEEN = ("asker", "expert")


@frozen
class HalfHourOptions:
    """`times`: the half-hours, in order; the column `free` names those of each person. `meetings`: of an asker."""

    times: list[str]
    meetings: int = field(default=2)
    rotate: bool = False


class HalfHours:
    """Somebody asks, somebody knows."""

    name = "half-hours"
    summary = "half an hour with somebody who knows"
    options = HalfHourOptions
    roles = (Role("expert", "mentor", served=False), Role("asker", "mentee", served=True))
    shape = "slots"
    matcher = "slots"
    template = ""

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        return {"expert": frozenset(levels[1:]), "asker": frozenset(levels[:1])}

    def columns(self, options: HalfHourOptions) -> tuple[str, ...]:
        return ("free",)

    def occasions(self, options: HalfHourOptions, pool: Pool) -> Sequence[Occasion]:
        seatings = {
            role: evolve(seating, open=self._open(options, seating.values("free")))
            for role, seating in pool.seatings.items()
        }
        asker = seatings["asker"]
        seatings["asker"] = evolve(asker, places=np.full(len(asker.people), options.meetings))
        problem = MatchingProblem(
            shape=self.shape,
            occasion="match",
            seatings=seatings,
            pairs={BETWEEN: pool.pair_scores(*BETWEEN)},
            required={BETWEEN: pool.required(*BETWEEN)},
            objective=pool.objective,
            seed=pool.seed,
            details=Slots(tuple(options.times), rotate=options.rotate),
        )
        return [Occasion("match", problem)]

    def _open(self, options: HalfHourOptions, cells: Sequence[Any]) -> Any:
        free = [[time.casefold() in (cell or ()) for time in options.times] for cell in cells]
        return np.array(free, dtype=np.bool_).reshape(len(cells), len(options.times))

    def counted_pairs(self, options: HalfHourOptions, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        by_role = {member.role: member for member in members}
        return [(by_role["asker"], by_role["expert"])]

    def on_leaving(self, options: HalfHourOptions, relationship: Relationship, person: str) -> str:
        return "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        return Fit(1.0 if "quick-win" in goals else 0.1)


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    return [HalfHours()]  # type: ignore[list-item]
