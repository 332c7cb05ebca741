"""A model as somebody outside of mentorkit would write it: office hours with seats, at times that are moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

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

BETWEEN = ("visitor", "host")


@frozen
class OfficeHoursOptions:
    """`hours`: when each begins, local time of the program; the column `free` names those of each person."""

    hours: list[str] = field(factory=list)
    seats: int = 2


class OfficeHours:
    """Somebody is there at an hour, and a few come; each hour is over when it is."""

    name = "office-hours"
    summary = "an hour with somebody who is there for whoever comes"
    options = OfficeHoursOptions
    roles = (Role("host", "mentor", served=False), Role("visitor", "mentee", served=True))
    shape = "slots"
    matcher = "slots"
    template = ""

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        return {"host": frozenset(levels[1:]), "visitor": frozenset(levels[:1])}

    def columns(self, options: OfficeHoursOptions) -> tuple[str, ...]:
        return ("free",)

    def occasions(self, options: OfficeHoursOptions, pool: Pool) -> Sequence[Occasion]:
        zone = ZoneInfo(pool.timezone)
        times = tuple(datetime.fromisoformat(one).replace(tzinfo=zone).astimezone(UTC) for one in options.hours)
        coming = np.array([pool.today is None or one.astimezone(zone).date() > pool.today for one in times], bool)
        seatings = {
            role: evolve(seating, open=self._open(options, seating.values("free")) & coming)
            for role, seating in pool.seatings.items()
        }
        problem = MatchingProblem(
            shape=self.shape,
            occasion="match",
            seatings=seatings,
            pairs={BETWEEN: pool.pair_scores(*BETWEEN)},
            required={BETWEEN: pool.required(*BETWEEN)},
            objective=pool.objective,
            seed=pool.seed,
            details=Slots(tuple(options.hours), seats=options.seats, times=times),
        )
        last = max((one.astimezone(zone).date() for one in times), default=None)
        return [Occasion("match", problem, until=last)]

    def _open(self, options: OfficeHoursOptions, cells: Sequence[Any]) -> Any:
        free = [[hour.casefold() in (cell or ()) for hour in options.hours] for cell in cells]
        return np.array(free, dtype=np.bool_).reshape(len(cells), len(options.hours))

    def facilitator(self, options: OfficeHoursOptions, members: Sequence[Member], number: int) -> str:
        return next((one.person for one in members if one.role == "host"), "")

    def counted_pairs(self, options: OfficeHoursOptions, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        hosts = [one for one in members if one.role == "host"]
        return [(one, host) for one in members if one.role == "visitor" for host in hosts]

    def on_leaving(self, options: OfficeHoursOptions, relationship: Relationship, person: str) -> str:
        return "end" if person in relationship.people("host") else "continue"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        return Fit(1.0 if "quick-win" in goals else 0.1)


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    return [OfficeHours()]  # type: ignore[list-item]
