"""The rule `seniority-gap`: how many levels the offering person stands above the wanting one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import Attribute, evolve, field, frozen

from mentorkit.core.contracts import FloatArray, Group, Relaxation, RuleFacts, Ruling
from mentorkit.core.problems import BoolArray, IntArray

_LEVELS = 3
"""By how many levels a bound is widened at most, as advice."""


def _not_below(options: SeniorityGapOptions, _: Attribute[float | None], at_most: float | None) -> None:
    if at_most is not None and options.at_least is not None and at_most < options.at_least:
        raise ValueError(f"at_most is {at_most:g}, and at_least {options.at_least:g}: no pair can meet both")


@frozen
class SeniorityGapOptions:
    """Bounds of the gap in levels, both included; without a bound that side is open."""

    at_least: float | None = None
    at_most: float | None = field(default=None, validator=_not_below)


class SeniorityGap:
    """Levels of the offering side minus those of the wanting side; between two of one role the absolute difference."""

    name = "seniority-gap"
    summary = "mentor's level minus mentee's, `at_least` and `at_most`"
    options = SeniorityGapOptions

    def columns(self, options: SeniorityGapOptions) -> tuple[str, ...]:  # noqa: ARG002 (always the same)
        """Return `level`."""
        return ("level",)

    def relaxations(self, options: SeniorityGapOptions) -> Sequence[Relaxation]:
        """Return wider bounds, level by level, the upper one first."""
        found = []
        for levels in range(1, _LEVELS + 1):
            if options.at_most is not None:
                wider = options.at_most + levels
                found.append(Relaxation(f"allow a seniority gap of {wider:g}", evolve(options, at_most=wider)))
            if options.at_least is not None:
                wider = options.at_least - levels
                found.append(Relaxation(f"allow a seniority gap of {wider:g}", evolve(options, at_least=wider)))
        return found

    def prepare(self, options: SeniorityGapOptions, wanting: Group, offering: Group, facts: RuleFacts) -> Ruling:  # noqa: ARG002 (needs no facts)
        """Forbid gaps outside of the bounds."""
        low, high = wanting.cells("level").numbers, offering.cells("level").numbers
        alike = wanting.role == offering.role

        def blocked(rows: IntArray, columns: IntArray) -> BoolArray:
            gap = high[columns] - low[rows][:, None]
            if alike:
                gap = np.abs(gap)
            outside = np.zeros(gap.shape, dtype=np.bool_)
            if options.at_least is not None:
                outside |= gap < options.at_least
            if options.at_most is not None:
                outside |= gap > options.at_most
            return outside

        return Ruling(blocked, (np.isnan(low), np.isnan(high)), classes=(_numbered(low), _numbered(high)))


def _numbered(levels: FloatArray) -> IntArray:
    """Return a number for each distinct level."""
    return np.asarray(np.unique(levels, return_inverse=True)[1])
