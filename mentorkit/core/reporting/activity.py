"""The part of the report that counts what happens: sessions by month, messages by step."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from mentorkit.core.history import History, KnownSession
from mentorkit.core.program import Program
from mentorkit.core.reporting.figures import MonthFigures, SessionFigures, StepFigures
from mentorkit.core.reporting.kpis import is_over
from mentorkit.core.zones import to_local


def session_figures(program: Program, history: History, at: datetime) -> SessionFigures:
    """Return the counts of all sessions as of `at`."""
    states = Counter(known.state for known in history.sessions)
    planned = [known for known in history.sessions if known.state != "canceled"]
    return SessionFigures(
        planned=len(planned),
        so_far=sum(is_over(known, at) for known in planned),
        held=states["held"],
        missed=states["missed"],
        canceled=states["canceled"],
        months=_months(program, planned),
    )


def _months(program: Program, planned: list[KnownSession]) -> tuple[MonthFigures, ...]:
    """Return every month from the first session to the last, empty ones among them."""
    by_month = Counter(_month(program, known) for known in planned)
    held = Counter(_month(program, known) for known in planned if known.state == "held")
    if not by_month:
        return ()
    first, last = min(by_month), max(by_month)
    return tuple(
        MonthFigures(f"{number // 12}-{number % 12 + 1:02}", by_month[number], held[number])
        for number in range(first, last + 1)
    )


def _month(program: Program, known: KnownSession) -> int:
    """Return the number of a session's month, counted from year 0."""
    local = to_local(known.session.starts, program.timezone)
    return local.year * 12 + local.month - 1


def step_figures(program: Program, history: History) -> tuple[StepFigures, ...]:
    """Return messages by step: the program's steps in its order, then those it does not know anymore."""
    by_step: dict[str, Counter[str]] = {step.name: Counter() for step in program.timeline}
    known = sorted(history.transmissions.values(), key=lambda transmission: transmission.step)
    for transmission in known:
        by_step.setdefault(transmission.step, Counter())[transmission.state] += 1
    return tuple(StepFigures(step, dict(sorted(states.items()))) for step, states in by_step.items() if states)
