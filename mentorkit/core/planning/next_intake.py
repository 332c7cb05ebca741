"""When the next intake is: the day on which a later matching fills free places."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import evolve

from mentorkit.core.moments import add_length
from mentorkit.core.program import Program


def next_intake(program: Program, today: date) -> date | None:
    """Return the first day of an intake after `today`, within the program; None where there is none."""
    intake = program.matching.intake
    if intake is None:
        return None
    if intake.weekday is not None:
        day = max(today + timedelta(days=1), program.starts)
        day += timedelta(days=(intake.weekday - day.weekday()) % 7)
    else:
        number = 1
        while (day := add_length(program.starts, evolve(intake.every, amount=intake.every.amount * number))) <= today:
            number += 1
    return day if day <= program.ends else None
