"""One day with rounds: in each, every mentee meets another mentor; who has nobody in one has a break."""

from __future__ import annotations

import numpy as np

from mentorkit.core.contracts import Pool
from mentorkit.core.problems import Occasion
from mentorkit.core.zones import to_utc
from mentorkit_models.flash.options import FlashOptions
from mentorkit_models.flash.timetables import booked, is_to_come, seated


def event(options: FlashOptions, pool: Pool) -> Occasion:
    """Return the occasion of the rounds that are still to come; everybody is there in all of them."""
    rounds = (to_utc(one, pool.timezone) for one in options.round_starts)
    times = [one for one in rounds if is_to_come(pool, one)]
    seatings = {
        role: seated(options, pool, role, times, [times] * len(one.people), np.full(len(one.people), len(times)))
        for role, one in pool.seatings.items()
    }
    return booked(options, pool, seatings, times, rotate=True)
