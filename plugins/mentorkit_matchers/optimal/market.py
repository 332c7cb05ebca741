"""A two-sided problem as numbers: who wants how many partners, who offers how many places, what each pair is worth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import define
from numpy.typing import NDArray

from mentorkit.core.problems import TENTHS, BoolArray, Effort, IntArray, MatchingProblem, Seating
from mentorkit_matchers.all_pairs import AllPairs, all_pairs

OBJECTIVES = ("coverage", "total-score", "worst-off", "even-load", "fewest-changes")

ALWAYS = ("coverage", "total-score")
"""Objectives that are pursued last where the program does not name them."""


@define(frozen=True, slots=False, eq=False)
class Market:
    """What is left to solve once the required pairs are fixed.

    Attributes:
        pairs: scores of (row that wants, column that offers), without the required pairs.
        row_places: how many partners each row may still get; int64.
        column_places: how many places each column still has; int64.
        uncovered: rows for whom a first partner counts for coverage; bool.
        required: fixed pairs as (row, column), shape (k, 2); they are not among those to choose.
        loads: how many of the required pairs each column has; int64.
        kept: pairs that are together now, as (row, column), shape (k, 2), sorted.
        gains: what each objective is worth, in the order in which they matter.
        at_least: only pairs with so many tenths may be chosen.
        seed: what ties between equally good pairs are broken by.
    """

    pairs: AllPairs
    row_places: NDArray[np.int64]
    column_places: NDArray[np.int64]
    uncovered: BoolArray
    required: NDArray[np.int64]
    loads: NDArray[np.int64]
    kept: NDArray[np.int64]
    gains: Mapping[str, int]
    at_least: int
    seed: int
    effort: Effort

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.pairs.shape

    @property
    def cover_gain(self) -> int:
        """What placing one more row is worth."""
        return self.gains.get("coverage", 0)

    @property
    def score_gain(self) -> int:
        """What a tenth of a point is worth."""
        return self.gains.get("total-score", 0)

    @property
    def even_gain(self) -> int:
        """What one less in the sum of the squares of loads is worth."""
        return self.gains.get("even-load", 0)

    @property
    def kept_gain(self) -> int:
        """What one kept pair is worth."""
        return self.gains.get("fewest-changes", 0)

    @property
    def most_gain(self) -> int:
        """More than any pair can be worth."""
        return self.cover_gain + 100 * TENTHS * self.score_gain + self.kept_gain + 1

    @property
    def covers(self) -> NDArray[np.int64]:
        """What the first partner of each row is worth beside the pair's own worth."""
        return np.where(self.uncovered, self.cover_gain, 0)

    def worth(self, rows: IntArray, columns: IntArray, tenths: IntArray) -> NDArray[np.int64]:
        """Return what single pairs are worth, coverage and loads aside."""
        gains = tenths.astype(np.int64) * self.score_gain
        if self.kept_gain and len(self.kept):
            keys = self.kept[:, 0] * self.shape[1] + self.kept[:, 1]
            own = rows * self.shape[1] + columns
            gains[keys[np.minimum(np.searchsorted(keys, own), len(keys) - 1)] == own] += self.kept_gain
        return gains

    def place_costs(self, columns: IntArray, taken: IntArray) -> NDArray[np.int64]:
        """Return what the next place of some columns costs beside `taken` chosen pairs, for the load to be even."""
        return np.asarray(self.even_gain * (2 * (self.loads[columns] + taken) + 1), dtype=np.int64)


def complete(problem: MatchingProblem) -> tuple[str, ...]:
    """Return a problem's objective with what is pursued last if nobody names it.

    Those who are together now stay so among equals, even where `fewest-changes` is not named.
    """
    last = (*ALWAYS, "fewest-changes") if any(problem.kept.values()) else ALWAYS
    return (*problem.objective, *(name for name in last if name not in problem.objective))


def market_of(problem: MatchingProblem, objective: tuple[str, ...]) -> Market:
    """Return the market of a two-sided problem, its required pairs fixed, for an objective."""
    ((first, second), pairs) = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    required, kept = (_numbers(found, wanting, offering) for found in (problem.required, problem.kept))
    loads = np.bincount(required[:, 1], minlength=len(offering.people))
    gains = _gains([name for name in objective if name != "worst-off"], problem, wanting, offering)
    return Market(
        all_pairs(pairs.forbid_pairs("required", required) if len(required) else pairs, problem.effort),
        wanting.places - np.bincount(required[:, 0], minlength=len(wanting.people)),
        offering.places - loads,
        ~wanting.covered & ~np.isin(np.arange(len(wanting.people)), required[:, 0]),
        required,
        loads,
        kept,
        gains,
        0,
        problem.seed,
        problem.effort,
    )


def _numbers(
    pairs: Mapping[tuple[str, str], tuple[tuple[str, str], ...]], wanting: Seating, offering: Seating
) -> NDArray[np.int64]:
    """Return pairs of ids as numbers, sorted; those with somebody who is not there are left out."""
    known = {
        (wanting.index[a], offering.index[b])
        for found in pairs.values()
        for a, b in found
        if a in wanting.index and b in offering.index
    }
    return np.array(sorted(known), dtype=np.int64).reshape(-1, 2)


def _gains(objective: list[str], problem: MatchingProblem, wanting: Seating, offering: Seating) -> dict[str, int]:
    """Return gains in which one step of an objective is worth more than all that the later ones can differ by."""
    slots = min(int(wanting.places.sum()), int(offering.places.sum()))
    loads = np.minimum(offering.places, len(wanting.people)).astype(np.int64)
    ranges = {
        "coverage": len(wanting.people),
        "total-score": 100 * TENTHS * slots,
        "even-load": int((loads**2).sum()),
        "fewest-changes": sum(len(pairs) for pairs in problem.kept.values()),
    }
    gains, later = {}, 0
    for name in reversed(objective):
        gains[name] = later + 1
        later += gains[name] * ranges[name]
    return {name: gains[name] for name in objective}
