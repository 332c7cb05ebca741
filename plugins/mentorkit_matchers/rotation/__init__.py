"""The matcher `rotation`: the next round of a circle of peers in which nobody meets the same person again.

A roster that stays gets the rounds of the circle method, which needs no search and never runs out before everybody has
met everybody. Where people join and leave, joiners sit where leavers sat, and pairs that cannot be are mended by a
matching among those who have not met.
"""

from __future__ import annotations

from typing import Any, ClassVar

from mentorkit.core.problems import MatchingProblem, Solution


class Rotation:
    """Rounds of pairs without a repeat for as long as there can be."""

    name = "rotation"
    summary = "the next round of pairs, all of whom have not met yet"
    options: ClassVar[type[Any] | None] = None
    shapes = frozenset({"peers"})
    objectives: ClassVar[tuple[str, ...]] = ()
    in_this_order = False

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (it has none)
        """Return none."""
        return ()

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:  # noqa: ARG002 (it has none)
        """Return the round after those that were played (`Peers.rounds`)."""
        from mentorkit_matchers.rotation.next_round import solution

        return solution(problem)
