"""The matcher `slots`: meetings of mentors and mentees at times when both can, booked singly or as rounds of an event.

The best meetings come from a linear program over few promising ones, which grows by those that a look through all pairs
and slots finds better; the prices of slots prove how good the result is. Where everybody is there all the time, the
rounds of an event follow from whom everybody meets, by coloring a bipartite graph.
"""

from __future__ import annotations

from typing import Any, ClassVar

from mentorkit.core.problems import MatchingProblem, Solution


class Slots:
    """Meetings in slots: no clash, nobody meets the same person twice, nobody more often than they want."""

    name = "slots"
    summary = "meetings at times when both can, and rounds in which everybody meets somebody new"
    options: ClassVar[type[Any] | None] = None
    shapes = frozenset({"slots"})
    objectives: ClassVar[tuple[str, ...]] = ("coverage", "total-score")
    in_this_order = False

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (it has none)
        """Return none."""
        return ()

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:  # noqa: ARG002 (it has none)
        """Return meetings that are best, or nearly so, in coverage and total score, in the declared order.

        Raises:
            ProgramError: required pairs have no slot to meet in.
        """
        from mentorkit_matchers.slots.answering import solution

        return solution(problem)
