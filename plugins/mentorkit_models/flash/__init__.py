"""The model `flash`: one or two meetings about one topic, instead of months.

It has three forms. On request, somebody asks and gets the mentor who suits the topic best, or the next one. In office
hours mentors say when they are there. At an event everybody meets a few people in rounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from mentorkit.core.contracts import (
    Asking,
    Blend,
    Caution,
    CheckFacts,
    Fit,
    Modifier,
    Pool,
    Role,
    Variant,
    few_hours,
    goals_served,
    lack_of,
)
from mentorkit.core.problems import Occasion
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit_models.flash.event import beyond_the_program, event
from mentorkit_models.flash.office_hours import no_time_to_come, office_hours
from mentorkit_models.flash.on_request import on_request
from mentorkit_models.flash.options import FlashOptions
from mentorkit_models.suiting import topics_lacking
from mentorkit_models.two_sided import mentees_with_mentors

__all__ = ["Flash", "FlashOptions"]

_GOALS = {
    "leadership": 1,
    "career-growth": 1,
    "onboarding": 2,
    "knowledge-sharing": 3,
    "inclusion": 1,
    "executive-awareness": 1,
    "networks": 3,
    "confidential": 1,
    "reach": 3,
    "quick-win": 3,
}

_FEW_TOPICS = 3
"""With fewer topics hardly anybody finds theirs."""


class Flash:
    """A mentee, or a table of them, and a mentor, for one or two meetings."""

    name = "flash"
    summary = "one or two meetings about one topic, just in time"
    options = FlashOptions
    roles = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
    shape = "two-sided"
    matcher = "optimal"
    template = "flash-mentoring"

    def variant(self, options: FlashOptions) -> Variant:
        """Return the matcher and shape of the form."""
        if options.form == "requests":
            return Variant(self.roles, self.matcher)
        return Variant(self.roles, "slots", shape="slots")

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        """Return the upper half of the levels as mentors, the rest as mentees."""
        border = len(levels) - len(levels) // 2
        return {"mentor": frozenset(levels[border:]), "mentee": frozenset(levels[:border])}

    def columns(self, options: FlashOptions) -> tuple[str, ...]:
        """Return the columns of times, in office hours."""
        if options.form != "office-hours":
            return ()
        return (options.column, options.mentee_column) if options.mentee_column else (options.column,)

    def occasions(self, options: FlashOptions, pool: Pool) -> Sequence[Occasion]:
        """Return one occasion, of the form's shape."""
        if options.form == "event":
            return (event(options, pool),)
        return (office_hours(options, pool) if options.form == "office-hours" else on_request(options, pool),)

    def cautions(self, options: FlashOptions, facts: CheckFacts) -> Sequence[Caution]:
        """Return that office hours have no time to give away, or that an event goes on after the last day."""
        if options.form == "office-hours":
            return list(no_time_to_come(options, facts))
        return list(beyond_the_program(options, facts)) if options.form == "event" else ()

    def request_days(self, options: FlashOptions) -> int | None:
        """Return after how many business days a request expires; None where nobody requests."""
        return options.expiry_days if options.form == "requests" else None

    def asking(self, options: FlashOptions) -> Asking | None:
        """Return that mentors are asked about a request; who offered a time, or comes to an event, has said yes."""
        asks = options.form == "requests" and options.ask
        return Asking(("mentor",), options.answer_days) if asks else None

    def counted_pairs(
        self,
        options: FlashOptions,  # noqa: ARG002 (always the same)
        members: Sequence[Member],
    ) -> Sequence[tuple[Member, Member]]:
        """Return each mentee with the mentor."""
        return mentees_with_mentors(members)

    def on_leaving(
        self,
        options: FlashOptions,  # noqa: ARG002 (always the same)
        relationship: Relationship,
        person: str,
    ) -> Literal["end", "continue"]:
        """Return that a table goes on as long as it has a mentor and a mentee."""
        others = [member.role for member in relationship.members if member.person != person]
        return "continue" if {"mentor", "mentee"} <= set(others) else "end"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well it suits: busy experts, narrow questions, many people, little time."""
        return Fit(
            0.0,
            goals=goals_served(_GOALS, goals),
            modifiers=(*few_hours(facts, 2, "one meeting is what fits"), *_few_topics(facts)),
            lacks=(
                *lack_of(facts, "manager_id", "nobody is to be given their own manager"),
                *topics_lacking(facts),
            ),
            blends=(Blend("one-on-one", "an event comes first, and those who get on there become pairs"),),
        )


def _few_topics(facts: RosterFacts) -> Iterator[Modifier]:
    if facts.has("skills") and facts.topics < _FEW_TOPICS:
        yield Modifier(-2, f"mentors offer {facts.topics} different {'topic' if facts.topics == 1 else 'topics'}")
