"""The rule `timezone-distance`: how many hours apart two people's clocks are when the program starts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

import numpy as np
from attrs import evolve, field, frozen, validators

from mentorkit.core.contracts import FloatArray, Group, Relaxation, RuleFacts, Ruling
from mentorkit.core.problems import BoolArray, IntArray
from mentorkit.core.zones import zone

_HOURS = 3
"""By how many hours the distance is widened at most, as advice."""


@frozen
class TimezoneOptions:
    """The largest difference between the offsets of two people from UTC, in hours."""

    at_most: float = field(validator=validators.ge(0))


class TimezoneDistance:
    """Offsets from UTC at noon of the day the program starts; people without a zone live in the program's."""

    name = "timezone-distance"
    summary = "`at_most` hours between the two clocks on the day the program starts"
    options = TimezoneOptions

    def columns(self, options: TimezoneOptions) -> tuple[str, ...]:  # noqa: ARG002 (always the same)
        """Return `timezone`."""
        return ("timezone",)

    def relaxations(self, options: TimezoneOptions) -> Sequence[Relaxation]:
        """Return larger distances, hour by hour."""
        hours = [options.at_most + more for more in range(1, _HOURS + 1)]
        return [Relaxation(f"allow {one:g} hours between time zones", evolve(options, at_most=one)) for one in hours]

    def prepare(self, options: TimezoneOptions, wanting: Group, offering: Group, facts: RuleFacts) -> Ruling:
        """Forbid pairs that are further apart."""
        first, second = _offsets(wanting, facts), _offsets(offering, facts)

        def blocked(rows: IntArray, columns: IntArray) -> BoolArray:
            return np.asarray(np.abs(first[rows][:, None] - second[columns]) > options.at_most)

        first_codes, second_codes = (np.unique(offsets, return_inverse=True)[1] for offsets in (first, second))
        return Ruling(blocked, classes=(first_codes, second_codes))


def _offsets(group: Group, facts: RuleFacts) -> FloatArray:
    names = [facts.zones[person.id] for person in group.people]
    hours = {name: _hours(name, facts.starts) for name in sorted(set(names))}
    return np.array([hours[name] for name in names], dtype=np.float64)


def _hours(name: str, day: date) -> float:
    offset = datetime.combine(day, time(12), tzinfo=zone(name)).utcoffset()
    return offset.total_seconds() / 3600 if offset is not None else 0.0
