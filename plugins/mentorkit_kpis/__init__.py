"""The bundled key figures, each with the numerator and the denominator that it prints."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import Kpi
from mentorkit.hookspecs import hookimpl
from mentorkit_kpis.counts import COUNTED
from mentorkit_kpis.lives import ActivePairRate, Retention
from mentorkit_kpis.surveys import GoalAttainment, NetPromoterScore, SurveyMean


@hookimpl
def mentorkit_kpis() -> Sequence[Kpi]:
    """Offer the bundled key figures."""
    return (*COUNTED, ActivePairRate(), Retention(), SurveyMean(), NetPromoterScore(), GoalAttainment())
