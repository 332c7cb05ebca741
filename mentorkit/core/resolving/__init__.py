"""From what is declared to what it means: names, dates, people, pairs, sessions and steps of one program."""

from __future__ import annotations

from mentorkit.core.resolving.files import FoundText, PlaceIn, Problems, ProgramFiles
from mentorkit.core.resolving.whole import Surroundings, resolve

__all__ = ["FoundText", "PlaceIn", "Problems", "ProgramFiles", "Surroundings", "resolve"]
