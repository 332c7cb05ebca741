"""The stage `plan`: what a run would do at one moment."""

from __future__ import annotations

from mentorkit.core.planning.deciding import PlanResult, make_plan

__all__ = ["PlanResult", "make_plan"]
