"""The stage `learn`: what became known since the last run, and what follows from it."""

from __future__ import annotations

from mentorkit.core.learning.applying import applied
from mentorkit.core.learning.consequences import consequences
from mentorkit.core.learning.known import joined
from mentorkit.core.learning.learning import Learned, learn

__all__ = ["Learned", "applied", "consequences", "joined", "learn"]
