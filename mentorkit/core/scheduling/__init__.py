"""The stage `schedule`: real times for every session of every relationship."""

from __future__ import annotations

from mentorkit.core.scheduling.placing import schedule, session_id

__all__ = ["schedule", "session_id"]
