"""The stage `report`: figures without names."""

from __future__ import annotations

from mentorkit.core.reporting.counting import make_report

__all__ = ["make_report"]
