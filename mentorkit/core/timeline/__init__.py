"""The timeline, laid out over real people."""

from __future__ import annotations

from mentorkit.core.timeline.laying_out import Calendar, Sent, grouped, occurring, transmissions

__all__ = ["Calendar", "Sent", "grouped", "occurring", "transmissions"]
