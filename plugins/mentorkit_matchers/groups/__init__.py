"""The matcher `groups`: mentors and mentees in groups, as many people as possible first, then as many points."""

from __future__ import annotations

from typing import Any, ClassVar

from mentorkit.core.problems import MatchingProblem, Solution


class GroupsMatcher:
    """Groups of several mentees with one or more mentors."""

    name = "groups"
    summary = "groups of mentees with one or more mentors, of allowed sizes, with a bound on what is possible"
    options: ClassVar[type[Any] | None] = None
    shapes = frozenset({"groups"})
    objectives: ClassVar[tuple[str, ...]] = ("coverage", "total-score")
    in_this_order = True

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (it has none)
        """Return none: the model names the columns of its `spread`."""
        return ()

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:  # noqa: ARG002 (it has none)
        """Return groups of allowed sizes that place as many mentees, and have as many points, as was found.

        Raises:
            ProgramError: people who must be together cannot be.
        """
        from mentorkit_matchers.groups.solving import solved  # NumPy's and SciPy's larger parts, only where needed

        return solved(problem)


__all__ = ["GroupsMatcher"]
