"""The people of a simulation: what they do, in a world that is a function of program, roster and seed alone."""

from __future__ import annotations

from mentorkit.core.simulating.rates import IDEAL, WORLDS, Rates
from mentorkit.core.simulating.tally import happened
from mentorkit.core.simulating.world import World

__all__ = ["IDEAL", "WORLDS", "Rates", "World", "happened"]
