"""The stage `schedule`: real times for every session of every relationship."""

from __future__ import annotations

from mentorkit.core.scheduling.circles import session_id
from mentorkit.core.scheduling.marking import series_marks
from mentorkit.core.scheduling.placing import schedule
from mentorkit.core.scheduling.resettling import Resettled, resettle

__all__ = ["Resettled", "resettle", "schedule", "series_marks", "session_id"]
