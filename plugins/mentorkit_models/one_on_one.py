"""The model `one-on-one`: a senior gives a junior career guidance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from mentorkit.core.contracts import Fit, Pool, Role
from mentorkit.core.problems import Occasion
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit_models.two_sided import mentees_with_mentors, only_occasion

_GOALS = {"career-growth": 1.0, "leadership": 0.9, "confidential": 0.8, "onboarding": 0.5, "inclusion": 0.5}
_OTHER_GOAL = 0.2


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
    ) -> Literal["end", "continue", "refill"]:
        """Return that a pair ends with either of the two."""
        return "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well the goals suit it, less where mentors have too few places for the mentees."""
        worth = [_GOALS.get(goal, _OTHER_GOAL) for goal in goals]
        score = sum(worth) / len(worth) if worth else 0.5
        reasons = [f"one-on-one mentoring serves {goal}" for goal in goals if _GOALS.get(goal, 0) >= 0.8]
        places, mentees = facts.places.get("mentor", 0), facts.by_role.get("mentee", 0)
        if places < mentees:
            score *= places / mentees
            reasons.append(f"the mentors have {places:,} places for {mentees:,} mentees")
        elif mentees:
            reasons.append(f"every one of {mentees:,} mentees can have a mentor ({places:,} places)")
        return Fit(round(score, 3), tuple(reasons))
