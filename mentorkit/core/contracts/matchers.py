"""Matchers: what solves a problem."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from mentorkit.core.contracts.plugin import Plugin
from mentorkit.core.problems import MatchingProblem, Solution


@runtime_checkable
class Matcher(Plugin, Protocol):
    """Solves problems of one or more shapes."""

    @property
    def shapes(self) -> frozenset[str]:
        """The shapes it can solve."""
        ...

    def columns(self, options: Any) -> tuple[str, ...]:
        """Return the roster columns it reads, beyond criteria and rules: it finds them by `Seating.values`."""
        ...

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:
        """Return a solution that uses no forbidden pair, exceeds no places and holds every required pair.

        Where the work is long it asks `problem.effort.over()` now and then, and returns the best it has when that is
        true. The core recomputes all of that; a solution that breaks it is reported as the matcher's bug.
        """
        ...


@runtime_checkable
class PursuesObjectives(Matcher, Protocol):
    """A matcher that says which objectives it makes the most of, so that others are refused.

    `check` refuses them, and `match` does before it asks the matcher: a problem's objective names at least one of
    what it pursues and nothing else, each once, and no `worst-off` or `even-load` before `coverage`.
    One without this attribute is asked to solve whatever the program declares. One that pursues none (`()`) goes with
    `coverage` and `total-score` in either order: the first of them decides whether people who wait come first.
    """

    @property
    def objectives(self) -> tuple[str, ...]:
        """The names of the objectives that it pursues."""
        ...

    @property
    def in_this_order(self) -> bool:
        """Whether it pursues all of them in just this order."""
        ...
