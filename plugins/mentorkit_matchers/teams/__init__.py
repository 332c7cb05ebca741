"""The matcher `teams`: members of several roles, as many complete teams as possible first, then as many points."""

from __future__ import annotations

from typing import Any, ClassVar

from mentorkit.core.problems import MatchingProblem, Solution


class TeamsMatcher:
    """Teams with a number of members of each role."""

    name = "teams"
    summary = "teams of members of several roles, with a bound on what is possible"
    options: ClassVar[type[Any] | None] = None
    shapes = frozenset({"teams"})
    objectives: ClassVar[tuple[str, ...]] = ("coverage", "total-score")
    in_this_order = True

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (it has none)
        """Return none."""
        return ()

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:  # noqa: ARG002 (it has none)
        """Return as many complete teams, with as many points, as were found.

        Raises:
            ProgramError: the problem does not say what a team is made of, or people who must be together cannot be.
        """
        from mentorkit_matchers.teams.solving import solved  # NumPy's and SciPy's larger parts, only where needed

        return solved(problem)


__all__ = ["TeamsMatcher"]
