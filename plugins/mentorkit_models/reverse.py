"""The model `reverse`: somebody junior mentors an executive.

The roles keep their names and change their places: the mentor, who knows something that is new to the other, is the
junior; the mentee, who learns and whom coverage counts, is the executive. A rule `seniority-gap` is therefore negative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import field, frozen, validators

from mentorkit.core.contracts import Asking, Fit, Pool, Role
from mentorkit.core.problems import Occasion
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit_models.two_sided import mentees_with_mentors, only_occasion

_GOALS = {
    "executive-awareness": 1.0,
    "inclusion": 1.0,
    "networks": 0.67,
    "confidential": 0.67,
    "leadership": 0.33,
    "knowledge-sharing": 0.33,
}


@frozen
class ReverseOptions:
    """Options of `reverse`.

    Attributes:
        ask: whether executives are asked before a pair is published.
        answer_days: business days after which no answer counts as no.
    """

    ask: bool = True
    answer_days: int = field(default=5, validator=validators.ge(1))


class Reverse:
    """Pairs of a junior mentor and an executive; whoever leaves ends their pair."""

    name = "reverse"
    summary = "a junior mentors an executive"
    options = ReverseOptions
    roles = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
    shape = "two-sided"
    matcher = "optimal"
    template = "reverse-mentoring"

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        """Return the upper half of the levels as mentees, the rest as mentors."""
        border = len(levels) - len(levels) // 2
        return {"mentor": frozenset(levels[:border]), "mentee": frozenset(levels[border:])}

    def columns(self, options: ReverseOptions) -> tuple[str, ...]:  # noqa: ARG002 (always the same)
        """Return none."""
        return ()

    def occasions(self, options: ReverseOptions, pool: Pool) -> Sequence[Occasion]:  # noqa: ARG002 (always the same)
        """Return one occasion with a two-sided problem."""
        return only_occasion(pool)

    def counted_pairs(
        self,
        options: ReverseOptions,  # noqa: ARG002 (always the same)
        members: Sequence[Member],
    ) -> Sequence[tuple[Member, Member]]:
        """Return the pair of executive and junior."""
        return mentees_with_mentors(members)

    def asking(self, options: ReverseOptions) -> Asking | None:
        """Return that executives are asked first, unless the options say otherwise."""
        return Asking(("mentee",), options.answer_days) if options.ask else None

    def on_leaving(
        self,
        options: ReverseOptions,  # noqa: ARG002 (always the same)
        relationship: Relationship,  # noqa: ARG002 (always the same)
        person: str,  # noqa: ARG002 (always the same)
    ) -> Literal["end", "continue", "refill"]:
        """Return that a pair ends with either of the two."""
        return "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well the goals suit it, less where fewer juniors than executives take part."""
        worth = [_GOALS.get(goal, 0.0) for goal in goals]
        score = sum(worth) / len(worth) if worth else 0.5
        reasons = [f"reverse mentoring serves {goal}" for goal in goals if _GOALS.get(goal, 0) >= 1]
        juniors, executives = facts.places.get("mentor", 0), facts.by_role.get("mentee", 0)
        if juniors < executives:
            score *= juniors / executives
            reasons.append(f"the juniors have {juniors:,} places for {executives:,} executives")
        elif executives:
            reasons.append(f"every one of {executives:,} executives can have a mentor ({juniors:,} places)")
        return Fit(round(score, 3), tuple(reasons))
