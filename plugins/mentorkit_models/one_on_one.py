"""The model `one-on-one`: a senior gives a junior career guidance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from mentorkit.core.contracts import (
    Blend,
    Fit,
    Pool,
    Role,
    enough_places,
    few_hours,
    goals_served,
    lack_of,
    short_time,
)
from mentorkit.core.problems import Occasion
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit_models.suiting import differing_levels, topics_lacking
from mentorkit_models.two_sided import mentees_with_mentors, only_occasion

_GOALS = {
    "leadership": 3,
    "career-growth": 3,
    "onboarding": 2,
    "knowledge-sharing": 2,
    "inclusion": 2,
    "networks": 1,
    "confidential": 3,
}


class OneOnOne:
    """Pairs of one mentor and one mentee; a mentor may have several."""

    name = "one-on-one"
    summary = "a senior gives a junior career guidance"
    options: ClassVar[type[Any] | None] = None
    roles = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
    shape = "two-sided"
    matcher = "optimal"
    template = "traditional-one-on-one"

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        """Return the upper half of the levels as mentors, the rest as mentees."""
        mentors = len(levels) // 2
        border = len(levels) - mentors
        return {"mentor": frozenset(levels[border:]), "mentee": frozenset(levels[:border])}

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (it has none)
        """Return none."""
        return ()

    def occasions(self, options: Any, pool: Pool) -> Sequence[Occasion]:  # noqa: ARG002 (it has none)
        """Return one occasion with a two-sided problem."""
        return only_occasion(pool)

    def counted_pairs(self, options: Any, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:  # noqa: ARG002 (it has none)
        """Return the pair of mentee and mentor."""
        return mentees_with_mentors(members)

    def on_leaving(
        self,
        options: Any,  # noqa: ARG002 (it has none)
        relationship: Relationship,  # noqa: ARG002 (always the same)
        person: str,  # noqa: ARG002 (always the same)
    ) -> Literal["end", "continue"]:
        """Return that a pair ends with either of the two."""
        return "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well it suits: everybody needs a mentor of their own, above them, with time for months."""
        return Fit(
            0.0,
            goals=goals_served(_GOALS, goals),
            gates=(*enough_places(facts, "mentor", "mentee"), *differing_levels(facts)),
            modifiers=(
                *short_time(facts, -2),
                *few_hours(facts, -2, "a mentee of one's own takes an hour a month"),
            ),
            lacks=(
                *lack_of(facts, "manager_id", "nobody is to be mentored by somebody of their own reporting line"),
                *topics_lacking(facts),
            ),
            blends=(Blend("group", "groups take the mentees beyond the mentors' places"),),
        )
