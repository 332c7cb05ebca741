"""The matcher `circles`: everybody in one circle of peers, sizes even, and as many points as possible."""

from __future__ import annotations

from typing import Any, ClassVar

from mentorkit.core.problems import MatchingProblem, Solution


class CirclesMatcher:
    """Circles of peers in which every two count."""

    name = "circles"
    summary = "circles of peers, even in size, with a bound on what is possible"
    options: ClassVar[type[Any] | None] = None
    shapes = frozenset({"circles"})
    objectives: ClassVar[tuple[str, ...]] = ("coverage", "total-score")
    in_this_order = True

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (it has none)
        """Return none."""
        return ()

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:  # noqa: ARG002 (it has none)
        """Return as many people in circles, with as many points, as were found.

        Raises:
            ProgramError: people who must be together cannot be.
        """
        from mentorkit_matchers.circles.solving import solved  # only who has circles needs it

        return solved(problem)


__all__ = ["CirclesMatcher"]
