"""The matcher `random`: pairs drawn by chance, within rules and places. It is what better matchings compare with.

Nobody is left who could still be placed with somebody free, but nothing else is made the most of.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from mentorkit.core.contracts import IntArray, MatchingProblem, Seating, Solution, solution_of
from mentorkit.core.shapes import Peers

_TOGETHER = 256
"""People who draw together, and partners among whom they do."""

_BLOCK = 1_000_000
"""Pairs that are looked at together when partners are sought among everybody."""


class Random:
    """Chance, within rules and places, for pairs."""

    name = "random"
    summary = "pairs drawn by chance, within rules and places"
    options: ClassVar[type[Any] | None] = None
    shapes = frozenset({"peers", "preferences", "two-sided"})
    objectives: ClassVar[tuple[str, ...]] = ()
    in_this_order = False

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (it has none)
        """Return none."""
        return ()

    def solve(self, options: Any, problem: MatchingProblem) -> Solution:  # noqa: ARG002 (it has none)
        """Return pairs by chance: everybody's first partner before anybody's second, new people before others."""
        (first, second), _ = next(iter(problem.pairs.items()))
        lots = _Lots.of(problem, first, second)
        lots.draw()
        roles = list(problem.seatings)
        a, b = roles.index(first), roles.index(second)
        groups = [[(a, row), (b, column)] for row, column in sorted(lots.pairs)]
        if first == second and _wants_trios(problem):
            lots.add_to_pairs(groups, a)
        return solution_of(groups)


def _wants_trios(problem: MatchingProblem) -> bool:
    return isinstance(problem.details, Peers) and problem.details.odd == "trio"


@define(eq=False)
class _Lots:
    """Who has drawn whom so far; lives for one problem.

    Attributes:
        rows: free places of who wants; between peers the same array as `columns`.
        columns: free places of who offers.
        pairs: who is together, as (row, column); between peers the smaller index first.
    """

    problem: MatchingProblem
    wanting: Seating
    roles: tuple[str, str]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    chance: np.random.Generator
    pairs: set[tuple[int, int]] = field(factory=set)

    @classmethod
    def of(cls, problem: MatchingProblem, first: str, second: str) -> _Lots:
        """Return lots in which only the required pairs are drawn."""
        wanting, offering = problem.seatings[first], problem.seatings[second]
        rows = wanting.places.astype(np.int64)
        columns = rows if first == second else offering.places.astype(np.int64)
        chance = np.random.default_rng(problem.seed & (2**64 - 1))
        lots = cls(problem, wanting, (first, second), rows, columns, chance)
        for a, b in problem.required.get((first, second), ()):
            lots._join(wanting.index[a], offering.index[b])
        return lots

    @property
    def _same(self) -> bool:
        return self.roles[0] == self.roles[1]

    def draw(self) -> None:
        """Let everybody draw until nobody can."""
        drawn = np.zeros(len(self.rows), dtype=np.int64)
        for row, column in self.pairs:
            drawn[[row, column] if self._same else row] += 1
        late = self.wanting.covered | (drawn > 0)
        order = self.chance.permutation(len(self.rows))
        turn: IntArray = order[np.argsort(late[order], kind="stable")]
        while len(turn):
            turn = self._round(turn[self.rows[turn] > 0])

    def add_to_pairs(self, groups: list[list[tuple[int, int]]], role: int) -> None:
        """Let one person who is left over join a pair of two who both may meet them and meet nobody else."""
        alone = [one for one in np.flatnonzero(self.rows == 1).tolist() if self.wanting.places[one] == 1]
        if len(alone) != 1 or not groups:
            return
        times = np.bincount([person for group in groups for _, person in group], minlength=len(self.rows))
        members = np.array([[person for _, person in group] for group in groups])
        scores = self.problem.pairs[self.roles].scores(np.array(alone), np.arange(len(self.rows)))[0]
        fits = (scores[members] >= 0).all(axis=1) & (times[members] == 1).all(axis=1)
        if fits.any():
            groups[int(self.chance.choice(np.flatnonzero(fits)))].append((role, alone[0]))

    def _round(self, turn: IntArray) -> IntArray:
        """Let people draw once, first from few partners, then, who found none, from all; return who may draw again."""
        again, none = [], []
        for start in range(0, len(turn), _TOGETHER):
            part = turn[start : start + _TOGETHER]
            free = np.flatnonzero(self.columns > 0)
            some = self.chance.choice(free, min(_TOGETHER, len(free)), replace=False)
            found = self._drawn(part, some)
            again.append(part[found])
            none.append(part[~found])
        left = np.concatenate([np.zeros(0, dtype=np.int64), *none])
        step = max(1, _BLOCK // max(1, len(self.columns)))
        for start in range(0, len(left), step):
            part = left[start : start + step]
            found = self._drawn(part, self.chance.permutation(np.flatnonzero(self.columns > 0)))
            again.append(part[found])
        return np.concatenate([np.zeros(0, dtype=np.int64), *again])

    def _drawn(self, rows: IntArray, partners: IntArray) -> NDArray[np.bool_]:
        """Return which of the rows found somebody among partners, who stand in an order by chance."""
        allowed = self.problem.pairs[self.roles].scores(rows, partners) >= 0
        found = np.zeros(len(rows), dtype=np.bool_)
        for number, row in enumerate(rows.tolist()):
            if self.rows[row] > 0:
                for column in partners[allowed[number] & (self.columns[partners] > 0)].tolist():
                    if self._pair(row, column) not in self.pairs and not (self._same and row == column):
                        self._join(row, column)
                        found[number] = True
                        break
        return found

    def _pair(self, row: int, column: int) -> tuple[int, int]:
        return (column, row) if self._same and column < row else (row, column)

    def _join(self, row: int, column: int) -> None:
        self.pairs.add(self._pair(row, column))
        self.rows[row] -= 1
        self.columns[column] -= 1
