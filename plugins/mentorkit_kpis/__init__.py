"""The bundled key figures, each with the numerator and the denominator that it prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from attrs import frozen

from mentorkit.core.contracts import Kpi, KpiFacts, Measure
from mentorkit.hookspecs import hookimpl


@frozen
class Figure:
    """A key figure that takes no options."""

    name: str
    summary: str
    unit: Literal["share", "days"]
    at_most: bool
    of: Callable[[KpiFacts], Measure]
    options: None = None

    def measure(self, options: None, facts: KpiFacts) -> Measure:  # noqa: ARG002 (the contract's signature)
        """Return its value."""
        return self.of(facts)


def match_rate(facts: KpiFacts) -> Measure:
    """Return people of served roles who were matched at least once, by all of them."""
    return Measure(
        sum(facts.matched[role] for role in facts.served_roles),
        sum(facts.participants[role] for role in facts.served_roles),
    )


def mentor_utilization(facts: KpiFacts) -> Measure:
    """Return people of offering roles who are in a relationship now, by all of them."""
    return Measure(
        sum(facts.active[role] for role in facts.offering_roles),
        sum(facts.participants[role] for role in facts.offering_roles),
    )


def session_completion(facts: KpiFacts) -> Measure:
    """Return sessions held by sessions planned so far; nothing by nothing while nobody has reported on any."""
    return Measure(facts.sessions_held, facts.sessions_planned_so_far if facts.sessions_reported else 0)


def days_to_match(facts: KpiFacts) -> Measure:
    """Return the mean of the days from a person's first sight to their match."""
    return Measure(sum(facts.days_to_match), len(facts.days_to_match))


def days_to_first_session(facts: KpiFacts) -> Measure:
    """Return the mean of the days from the match to the first session."""
    return Measure(sum(facts.days_to_first_session), len(facts.days_to_first_session))


def early_end_rate(facts: KpiFacts) -> Measure:
    """Return relationships that ended before the program did, by all that have started."""
    return Measure(facts.relationships_ended_early, facts.relationships_started)


FIGURES = (
    Figure("match-rate", "people who were matched, of all who want a partner", "share", False, match_rate),
    Figure("mentor-utilization", "mentors with a partner now, of all mentors", "share", False, mentor_utilization),
    Figure("session-completion", "sessions held, of all planned so far", "share", False, session_completion),
    Figure("days-to-match", "days from the first sight of a person to their match", "days", True, days_to_match),
    Figure("days-to-first-session", "days from a match to its first session", "days", True, days_to_first_session),
    Figure("early-end-rate", "relationships ended early, of all started", "share", True, early_end_rate),
)


@hookimpl
def mentorkit_kpis() -> Sequence[Kpi]:
    """Offer the bundled key figures."""
    return FIGURES
