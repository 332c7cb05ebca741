"""Key figures of how relationships live: whether they keep meeting, and how long they last."""

from __future__ import annotations

from attrs import field, frozen, validators

from mentorkit.core.contracts import KpiFacts, Measure, Unit

LATE = 1.5
"""A relationship is active while it last met at most so many cadences ago."""


@frozen
class ActivePairRate:
    """Relationships that met lately, by all that live; nothing by nothing while nobody has said that any met."""

    name: str = "active-pair-rate"
    summary: str = "relationships that met lately, of all that go on"
    unit: Unit = "share"
    at_most: bool = False
    options: None = None

    def measure(self, options: None, facts: KpiFacts) -> Measure:  # noqa: ARG002 (the contract's signature)
        """Return its value."""
        live = [one for one in facts.relationships if one.live]
        told = facts.sessions_reported or any(one.days_since_met is not None for one in facts.relationships)
        lately = LATE * (facts.cadence_days or 0)
        met = sum(one.days_since_met is not None and one.days_since_met <= lately for one in live)
        words = (
            f"relationships that met in the last {lately:g} days",
            "relationships that go on, or did at the program's end",
        )
        return Measure(met, len(live) if told and facts.cadence_days else 0, "", *words)


@frozen
class RetentionOptions:
    """After how many weeks; None: after half of the program."""

    weeks: int | None = field(default=None, validator=validators.optional(validators.ge(1)))


@frozen
class Retention:
    """Relationships that lived for so many weeks, by all that could have."""

    name: str = "retention"
    summary: str = "relationships that lasted, of all that are old enough to tell"
    unit: Unit = "share"
    at_most: bool = False
    options: type[RetentionOptions] = RetentionOptions

    def measure(self, options: RetentionOptions | None, facts: KpiFacts) -> Measure:
        """Return its value."""
        weeks = (options.weeks if options else None) or max(1, facts.weeks // 2)
        old = [one for one in facts.relationships if one.possible_days >= 7 * weeks]
        lasted = sum(one.lived_days >= 7 * weeks for one in old)
        return Measure(lasted, len(old), "", f"relationships that lasted {weeks} weeks", "relationships as old as that")
