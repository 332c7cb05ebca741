"""The matcher `peers`: the best pairs among equals, with prices and odd sets that prove it.

Column generation around a matching in a general graph. On the pairs considered so far the best fractional matching is
an assignment, solved by a library; what it leaves over in odd cycles a search in the manner of J. Edmonds matches. A
look through all pairs for those that would be better follows each step, until there are none: then the matching is
the best there is among all allowed pairs. Source of the whole: J. Edmonds, "Maximum matching and a polyhedron with
0,1-vertices" (1965); of starting from the fractional matching: U. Derigs and A. Metz, "On the use of optimal fractional
matchings for solving the (integer) matching problem" (1986).
"""

from __future__ import annotations

from typing import Any, ClassVar

from mentorkit.core.problems import MatchingProblem, Solution


class Peers:
    """Exact as long as time allows, and proven to be nearly so where an even number is beyond 20,000; see `nearly`."""

    name = "peers"
    summary = "the best pairs among peers, with a proof; an odd one makes a trio or is left out"
    options: ClassVar[type[Any] | None] = None
    shapes = frozenset({"peers"})
    objectives: ClassVar[tuple[str, ...]] = ("coverage", "total-score")
    in_this_order = False

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (it has none)
        """Return none."""
        return ()

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:  # noqa: ARG002 (it has none)
        """Return pairs that are best in coverage and total score, in the declared order, and at most one trio."""
        from mentorkit_matchers.peers.solving import solution  # only who has peers needs it

        return solution(problem)
