"""Bundled kinds of criteria (soft wishes) and rules (what is out of the question)."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import Criterion, Rule
from mentorkit.hookspecs import hookimpl
from mentorkit_criteria.equality import DIFFERENT, SAME, DifferentValues, SameValues
from mentorkit_criteria.languages import SharedLanguage
from mentorkit_criteria.numbers import Gap, Near
from mentorkit_criteria.pair_lists import Always, Never, NotMatchedBefore
from mentorkit_criteria.reporting_line import OutsideReportingLine
from mentorkit_criteria.seniority import SeniorityGap
from mentorkit_criteria.tag_sets import Overlap, Similar
from mentorkit_criteria.timezones import TimezoneDistance


@hookimpl
def mentorkit_criteria() -> Sequence[Criterion]:
    """Offer the bundled criteria."""
    return [Overlap(), Similar(), SameValues(), DifferentValues(), Near(), Gap()]


@hookimpl
def mentorkit_rules() -> Sequence[Rule]:
    """Offer the bundled rules."""
    return [
        SeniorityGap(),
        OutsideReportingLine(),
        SAME,
        DIFFERENT,
        SharedLanguage(),
        TimezoneDistance(),
        Always(),
        Never(),
        NotMatchedBefore(),
    ]
