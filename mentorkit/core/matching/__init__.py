"""The stage `match`: program, people and what is published, to relationships with a certificate."""

from __future__ import annotations

from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.matching.solving import MatchingOutcome, match

__all__ = ["Decisions", "MatchingOutcome", "match"]
