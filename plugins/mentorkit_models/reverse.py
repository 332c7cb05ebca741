"""The model `reverse`: somebody junior mentors an executive.

The roles keep their names and change their places: the mentor, who knows something that is new to the other, is the
junior; the mentee, who learns and whom coverage counts, is the executive. A rule `seniority-gap` is therefore negative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from attrs import field, frozen, validators

from mentorkit.core.contracts import (
    Asking,
    Fit,
    Gate,
    Pool,
    Role,
    enough_places,
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
    "leadership": 1,
    "knowledge-sharing": 1,
    "inclusion": 3,
    "executive-awareness": 3,
    "networks": 2,
    "confidential": 2,
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
    ) -> Literal["end", "continue"]:
        """Return that a pair ends with either of the two."""
        return "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well it suits: executives with a sponsor, and juniors outside their line who know something."""
        return Fit(
            0.0,
            goals=goals_served(_GOALS, goals),
            gates=(
                *enough_places(facts, "mentor", "mentee"),
                *differing_levels(facts),
                *_what_it_takes(facts),
            ),
            modifiers=short_time(facts, -2),
            lacks=(
                *lack_of(facts, "manager_id", "no executive is to be mentored from within their own line"),
                *topics_lacking(facts),
            ),
        )


def _what_it_takes(facts: RosterFacts) -> Iterator[Gate]:
    executives, knowing = facts.by_role.get("mentee", 0), facts.knowing.get("mentor", 0)
    if not facts.has("manager_id"):
        yield Gate("reporting-line", "without managers in the roster nobody can be kept out of an executive's own line")
    if facts.has("skills") and facts.has("wants") and knowing < executives:
        yield Gate(
            "topics", f"{knowing:,} juniors know a topic that an executive wants; there are {executives:,} executives"
        )
    if not facts.sponsor:
        says = "no executive stands behind it yet, and executives come first to a program that one of them asks for"
        yield Gate("sponsor", says, blocks=False)
