"""One day with rounds: in each, every mentee meets another mentor; who has nobody in one has a break."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from mentorkit.core.contracts import Caution, CheckFacts, Pool
from mentorkit.core.diagnostics import Diagnostic, error
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import Occasion
from mentorkit.core.zones import to_local, to_utc
from mentorkit_models.flash.options import FlashOptions
from mentorkit_models.flash.timetables import booked, is_to_come, seated


def event(options: FlashOptions, pool: Pool) -> Occasion:
    """Return the occasion of the rounds that are still to come; everybody is there in all of them.

    Raises:
        ProgramError: none of them is to come, and nothing was ever matched, so that nobody would meet anybody.
    """
    rounds = (to_utc(one, pool.timezone) for one in options.round_starts)
    times = [one for one in rounds if is_to_come(pool, one) or _is_later_today(options, pool, one)]
    if not times and not pool.past and not pool.given:
        raise ProgramError((_not_to_come(options, pool),))
    seatings = {
        role: seated(options, pool, role, times, [times] * len(one.people), np.full(len(one.people), len(times)))
        for role, one in pool.seatings.items()
    }
    return booked(options, pool, seatings, times, rotate=True)


def beyond_the_program(options: FlashOptions, facts: CheckFacts) -> Iterator[Caution]:
    """Yield that some rounds lie outside of the program while others do not: those are never matched."""
    outside = [one for one in options.round_starts if not facts.starts <= one.date() <= facts.ends]
    if 0 < len(outside) < options.rounds:
        told = f"{len(outside)} of {options.rounds} rounds lie after the last day of the program, {facts.ends}"
        yield Caution(f"{told}: nobody meets in them", "begin earlier, or make the program longer", "starts")


def _is_later_today(options: FlashOptions, pool: Pool, moment: datetime) -> bool:
    """Return whether a round is still to come of an event that has not begun: until then everybody hears of all."""
    begins = to_utc(options.round_starts[0], pool.timezone)
    return (
        pool.now is not None
        and pool.now < begins
        and pool.starts <= to_local(moment, pool.timezone).date() <= pool.ends
    )


def _not_to_come(options: FlashOptions, pool: Pool) -> Diagnostic:
    begins = f"the event begins on {options.starts:%Y-%m-%d at %H:%M}"
    help_ = "change starts, or the days of the program"
    told = f"{begins}, and its program lasts from {pool.starts} to {pool.ends}"
    if pool.today is not None and any(pool.starts <= one.date() <= pool.ends for one in options.round_starts):
        now = f"{to_local(pool.now, pool.timezone):%Y-%m-%d at %H:%M}" if pool.now else f"{pool.today}"
        told = f"{begins}, and it is matched for {now}: nobody can be given rounds any more"
        help_ = "change starts; an event is matched before it begins"
    return error("event-not-to-come", told, path="model.options.starts", help=help_)
