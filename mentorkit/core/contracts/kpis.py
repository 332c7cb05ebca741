"""Key figures, and the counts they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol, runtime_checkable

from attrs import frozen

from mentorkit.core.contracts.plugin import Plugin

Unit = Literal["share", "days"]


@frozen
class KpiFacts:
    """Counts that KPIs are made of, as of one moment.

    Attributes:
        participants: people of the roster by role.
        matched: those of them who have been in a published relationship at least once.
        active: those of them who are in one now.
        relationships_started: published ones, ended or not.
        relationships_ended_early: those that ended before the program did.
        sessions_planned_so_far: sessions that are over by the clock and were not canceled.
        sessions_held: those of them of which somebody said that they took place.
        sessions_reported: those of them of which somebody said anything: held or missed.
        days_to_match: by matched person of a served role, from the first sight of them to the match.
        days_to_first_session: by relationship, from the match to its first session.
    """

    participants: Mapping[str, int]
    matched: Mapping[str, int]
    active: Mapping[str, int]
    served_roles: tuple[str, ...]
    offering_roles: tuple[str, ...]
    relationships_started: int
    relationships_ended_early: int
    sessions_planned_so_far: int
    sessions_held: int
    sessions_reported: int
    days_to_match: tuple[int, ...] = ()
    days_to_first_session: tuple[int, ...] = ()


@frozen
class Measure:
    """A KPI's value with what it was made of; `value` is None where the denominator is 0."""

    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        """Numerator by denominator."""
        return self.numerator / self.denominator if self.denominator else None


@runtime_checkable
class Kpi(Plugin, Protocol):
    """A key figure. `unit` says how to print it; `at_most` whether a target is an upper bound."""

    @property
    def unit(self) -> Unit:
        """How its value reads."""
        ...

    @property
    def at_most(self) -> bool:
        """Whether smaller is better."""
        ...

    def measure(self, options: Any, facts: KpiFacts) -> Measure:
        """Return its value."""
        ...
