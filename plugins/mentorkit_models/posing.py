"""From a pool to the one problem that a program matches by."""

from __future__ import annotations

from typing import Any

from mentorkit.core.contracts import Pool
from mentorkit.core.problems import MatchingProblem


def problem_of(pool: Pool, shape: str, *between: tuple[str, str], details: Any = None) -> MatchingProblem:
    """Return the problem of everybody in the pool, with scores between these roles, as (who wants, who offers)."""
    return MatchingProblem(
        shape=shape,
        occasion="match",
        seatings=pool.seatings,
        pairs={pair: pool.pair_scores(*pair) for pair in between},
        required={pair: pool.required(*pair) for pair in between},
        objective=pool.objective,
        seed=pool.seed,
        details=details,
    )
