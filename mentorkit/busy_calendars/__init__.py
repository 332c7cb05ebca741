"""Reads the calendars that people exported, named in the roster column `busy_calendar`: when they are busy, no more."""

from __future__ import annotations

from mentorkit.busy_calendars.calendar_files import BusyReading, read_busy_calendars

__all__ = ["BusyReading", "read_busy_calendars"]
