"""The part of the report that counts what happens: sessions by month and by number, messages by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import get_args

from mentorkit.core.deliveries import State
from mentorkit.core.history import History, KnownSession
from mentorkit.core.program import Program
from mentorkit.core.reporting.figures import (
    OUTCOMES,
    ChannelFigures,
    MonthFigures,
    NumberFigures,
    SessionFigures,
    StepFigures,
)
from mentorkit.core.reporting.lives import main_series
from mentorkit.core.reporting.small_cells import bands, is_small, withheld
from mentorkit.core.reporting.trend import month_name, month_of

STATES: tuple[State, ...] = get_args(State)


def is_over(known: KnownSession, at: datetime) -> bool:
    """Return whether a session has ended by the clock."""
    return known.session.starts + timedelta(minutes=known.session.minutes) <= at


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
        numbers=_numbers(program, planned),
    )


def _months(program: Program, planned: Sequence[KnownSession]) -> tuple[MonthFigures, ...]:
    """Return every month from the first session to the last, empty ones among them."""
    by_month = Counter(month_of(known.session.starts, program) for known in planned)
    held = Counter(month_of(known.session.starts, program) for known in planned if known.state == "held")
    if not by_month:
        return ()
    months = range(min(by_month), max(by_month) + 1)
    return tuple(
        MonthFigures(month_name(months[first]), month_name(months[last]), planned_then, held_then)
        for first, last, planned_then, held_then in _told([(by_month[month], held[month]) for month in months], program)
    )


def _numbers(program: Program, planned: Sequence[KnownSession]) -> tuple[NumberFigures, ...]:
    """Return how many sessions of each number in the main series are planned, and how many were held."""
    series = main_series(program)
    sessions = [known for known in planned if series is not None and known.session.series == series.name]
    by_number = Counter(known.session.number for known in sessions)
    held = Counter(known.session.number for known in sessions if known.state == "held")
    numbers = range(1, max(by_number, default=0) + 1)
    return tuple(
        NumberFigures(numbers[first], numbers[last], planned_then, held_then)
        for first, last, planned_then, held_then in _told(
            [(by_number[number], held[number]) for number in numbers], program
        )
    )


def _told(rows: Sequence[tuple[int, int]], program: Program) -> Iterator[tuple[int, int, int, int | None]]:
    """Yield (first row, last row, planned, held), rows joined until no count is small.

    Where all that was held is a small count, it is left to the total, and what is planned is told without it.
    """
    small = program.privacy.small_cells
    if is_small(sum(held for _, held in rows), small):
        yield from ((one.first, one.last, one.counts[0], None) for one in bands([row[:1] for row in rows], small))
    else:
        yield from ((one.first, one.last, one.counts[0], one.counts[1]) for one in bands(rows, small))


def step_figures(program: Program, history: History) -> tuple[StepFigures, ...]:
    """Return messages by step: the program's steps in its order, then those it does not know anymore."""
    by_step: dict[str, Counter[str]] = {step.name: Counter() for step in program.steps}
    known = sorted(history.transmissions.values(), key=lambda transmission: transmission.step)
    for transmission in known:
        by_step.setdefault(transmission.step, Counter())[transmission.state] += 1
    sent = {step: states for step, states in by_step.items() if states}
    told: dict[str, Sequence[int | None]] = {
        state: withheld([one[state] for one in sent.values()], program.privacy.small_cells) for state in STATES
    }
    return tuple(
        StepFigures(step, {state: told[state][place] for state in sorted(states)})
        for place, (step, states) in enumerate(sent.items())
    )


def channel_figures(program: Program, history: History) -> tuple[ChannelFigures, ...]:
    """Return messages by channel: the program's in its order, then those that it does not know anymore.

    Where there is one channel only, its counts are those of the program as a whole, and nobody is told apart.
    """
    by_channel: dict[str, Counter[str]] = {use.name: Counter() for use in program.channels}
    for known in history.transmissions.values():
        refused = [
            one for one in history.refusals.get(known.key, ()) if (one, known.state) != (known.channel, "failed")
        ]
        for channel, outcome in ((known.channel, known.state), *((one, "passed_on") for one in refused)):
            if channel and outcome in OUTCOMES:
                by_channel.setdefault(channel, Counter())[outcome] += 1
    small = program.privacy.small_cells if len(by_channel) > 1 else 1
    told = {one: withheld([counts[one] for counts in by_channel.values()], small) for one in OUTCOMES}
    return tuple(
        ChannelFigures(channel, {one: told[one][place] for one in OUTCOMES}) for place, channel in enumerate(by_channel)
    )
