"""A two-sided problem as numbers: who wants how many partners, who offers how many places, what each pair is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from attrs import define
from numpy.typing import NDArray

from mentorkit.core.diagnostics import error, listed
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import FORBIDDEN, BoolArray, IntArray, MatchingProblem, PairScores, Seating

OBJECTIVES = ("coverage", "total-score")

_KEPT = 60_000_000
"""Pairs whose scores are kept in memory (two bytes each); with more they are computed again in every round."""

_BLOCK = 1_000_000
"""Pairs that are looked at together."""

_SMALL = 60_000
"""Pairs of a problem so small that all are considered at once."""


@define(frozen=True, slots=False, eq=False)
class Market:
    """What is left to solve once the required pairs are fixed.

    Attributes:
        pairs: scores of (row that wants, column that offers).
        row_places: how many partners each row may still get; int64.
        column_places: how many places each column still has; int64.
        uncovered: rows for whom a first partner counts for coverage; bool.
        required: fixed pairs as (row, column), shape (k, 2); they are not among those to choose.
        gains: what each objective is worth, in the order in which they matter.
        seed: what ties between equally good pairs are broken by.
    """

    pairs: PairScores
    row_places: NDArray[np.int64]
    column_places: NDArray[np.int64]
    uncovered: BoolArray
    required: NDArray[np.int64]
    gains: Mapping[str, int]
    seed: int

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.pairs.shape

    @property
    def cover_gain(self) -> int:
        """What placing one more row is worth."""
        return self.gains["coverage"]

    @property
    def score_gain(self) -> int:
        """What a tenth of a point is worth."""
        return self.gains["total-score"]

    @property
    def most_gain(self) -> int:
        """More than any pair can be worth."""
        return self.cover_gain + 1_000 * self.score_gain + 1

    @property
    def tie_seed(self) -> int:
        """The seed as a number of 16 bits."""
        return self.seed & 0xFFFF

    def choices(self, usual: int) -> int:
        """Return how many pairs of a row to look at together: all in a small problem."""
        return self.shape[1] if self.shape[0] * self.shape[1] <= _SMALL else usual

    def blocks(self) -> Iterator[tuple[IntArray, NDArray[np.int16]]]:
        """Yield rows and their scores with all columns; FORBIDDEN where the pair is not to be chosen."""
        for rows in self._row_blocks():
            yield rows, self._kept[rows[0] : rows[-1] + 1] if self._kept is not None else self._scores(rows)

    def _row_blocks(self) -> Iterator[IntArray]:
        step = max(1, _BLOCK // max(1, self.shape[1]))
        for start in range(0, self.shape[0] if self.shape[1] else 0, step):
            yield np.arange(start, min(start + step, self.shape[0]))

    @cached_property
    def _kept(self) -> NDArray[np.int16] | None:
        if self.shape[0] * self.shape[1] > _KEPT:
            return None
        scores = np.empty(self.shape, dtype=np.int16)
        for rows in self._row_blocks():
            scores[rows[0] : rows[-1] + 1] = self._scores(rows)
        return scores

    def _scores(self, rows: IntArray) -> NDArray[np.int16]:
        scores = self.pairs.scores(rows, np.arange(self.shape[1]))
        fixed = self.required[(self.required[:, 0] >= rows[0]) & (self.required[:, 0] <= rows[-1])]
        scores[fixed[:, 0] - rows[0], fixed[:, 1]] = FORBIDDEN
        scores[:, self.column_places == 0] = FORBIDDEN
        scores[self.row_places[rows] == 0] = FORBIDDEN
        return scores


def market_of(problem: MatchingProblem) -> Market:
    """Return the market of a two-sided problem, its required pairs fixed.

    Raises:
        ProgramError: the objective names something that this matcher does not know.
    """
    ((first, second), pairs) = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    required = np.array(
        [(wanting.index[a], offering.index[b]) for found in problem.required.values() for a, b in found],
        dtype=np.int64,
    ).reshape(-1, 2)
    return Market(
        pairs,
        wanting.places - np.bincount(required[:, 0], minlength=len(wanting.people)),
        offering.places - np.bincount(required[:, 1], minlength=len(offering.people)),
        ~wanting.covered & ~np.isin(np.arange(len(wanting.people)), required[:, 0]),
        required,
        _gains(problem.objective, wanting, offering),
        problem.seed,
    )


def _gains(objective: tuple[str, ...], wanting: Seating, offering: Seating) -> dict[str, int]:
    """Return gains that put the first objective before the other; one that is not named comes last."""
    unknown = [name for name in objective if name not in OBJECTIVES]
    if unknown:
        message = f'the matcher "optimal" does not know the objective "{listed(unknown)}"'
        help_text = f"it knows {listed(OBJECTIVES)}"
        raise ProgramError([error("unknown-objective", message, path="matching.objective", help=help_text)])
    if objective[:1] == ("total-score",):
        return {"total-score": len(wanting.people) + 1, "coverage": 1}
    return {"coverage": 1_000 * int(min(wanting.places.sum(), offering.places.sum())) + 1, "total-score": 1}
