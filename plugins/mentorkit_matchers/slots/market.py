"""Meetings in slots as numbers: who can meet when, who wants how many meetings, what each is worth."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from attrs import define, evolve
from numpy.typing import NDArray

from mentorkit.core.problems import BoolArray, IntArray, MatchingProblem, PairScores
from mentorkit.core.shapes import Slots

_KEPT = 60_000_000
"""Pairs whose scores are kept in memory (two bytes each); with more they are computed again in every look."""

_BLOCK = 1_000_000
"""Pairs that are looked at together."""


@define(frozen=True, slots=False, eq=False)
class SlotMarket:
    """Who wants meetings (rows) and who gives them (columns).

    Attributes:
        pairs: scores of (row, column).
        row_open: when each row can meet, shape (rows, slots); never, where no meeting is wanted.
        column_open: the same of columns.
        row_places: how many meetings each row gets at most; int64.
        column_places: in how many slots each column meets at most; int64.
        room: how many rows a column meets in a slot at most, shape (columns, slots); int64.
        covered: rows who have somebody already; bool.
        uncovered: rows for whom a first meeting counts for coverage; those with a required one are not among them.
        required: pairs that must meet, shape (k, 2).
        same: the column that is the same person as a row, or -1; int64.
        bonus: what every meeting is worth beside its score, in tenths.
        narrowed: whether some columns got fewer slots than they could have: those of tables are chosen beforehand.
        one_at_a_time: whether a row has one meeting in a slot at most; if not, slots are only rooms.
        seed: what ties are broken by.
    """

    pairs: PairScores
    row_open: BoolArray
    column_open: BoolArray
    row_places: IntArray
    column_places: IntArray
    room: IntArray
    covered: BoolArray
    uncovered: BoolArray
    required: IntArray
    same: IntArray
    bonus: int
    seed: int
    narrowed: bool = False
    one_at_a_time: bool = True

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of rows, columns and slots."""
        return len(self.row_open), len(self.column_open), self.row_open.shape[1]

    @property
    def limited(self) -> BoolArray:
        """Which columns cannot meet in all of their slots."""
        found: BoolArray = self.column_places < self.column_open.sum(axis=1)
        return found

    def blocks(self, width: int = 1) -> Iterator[tuple[IntArray, NDArray[np.int16]]]:
        """Yield rows and their scores with all columns, FORBIDDEN where a rule forbids; fewer at once by `width`."""
        step = max(1, _BLOCK // max(1, self.shape[1] * width))
        for start in range(0, self.shape[0] if self.shape[1] else 0, step):
            rows = np.arange(start, min(start + step, self.shape[0]))
            yield rows, self._scores(rows) if self._kept is None else self._kept[rows[0] : rows[-1] + 1]

    def row(self, row: int) -> NDArray[np.int16]:
        """Return the scores of one row with all columns; FORBIDDEN where a rule forbids."""
        if self._kept is not None:
            kept: NDArray[np.int16] = self._kept[row]
            return kept
        found: NDArray[np.int16] = self.pairs.scores(np.array([row]), np.arange(self.shape[1]))[0]
        return found

    @cached_property
    def _kept(self) -> NDArray[np.int16] | None:
        if self.shape[0] * self.shape[1] > _KEPT:
            return None
        scores = np.empty(self.shape[:2], dtype=np.int16)
        step = max(1, _BLOCK // max(1, self.shape[1]))
        for start in range(0, self.shape[0], step):
            rows = np.arange(start, min(start + step, self.shape[0]))
            scores[rows[0] : rows[-1] + 1] = self._scores(rows)
        return scores

    def _scores(self, rows: IntArray) -> NDArray[np.int16]:
        return self.pairs.scores(rows, np.arange(self.shape[1]))

    def is_required(self, rows: IntArray, columns: IntArray) -> BoolArray:
        """Return which of the pairs must meet."""
        width = self.shape[1]
        return np.isin(rows * width + columns, self.required[:, 0] * width + self.required[:, 1])

    def as_one_slot(self) -> SlotMarket:
        """Return the market of who meets whom, if everybody is there in all slots: when they meet is decided later."""
        _, columns, slots = self.shape
        return evolve(
            self,
            row_open=np.any(self.row_open, axis=1).reshape(-1, 1),
            column_open=np.any(self.column_open, axis=1).reshape(-1, 1),
            row_places=np.minimum(self.row_places, slots),
            column_places=np.minimum(self.column_places, 1),
            room=(np.minimum(self.column_places, slots) * self.room[:, :1].max(initial=0)).reshape(columns, 1),
            one_at_a_time=False,
        )


def market_of(problem: MatchingProblem) -> SlotMarket:
    """Return the market of a problem with slots.

    Raises:
        ValueError: the model says nothing about slots, or not who is there when.
    """
    if not isinstance(problem.details, Slots):
        raise ValueError("a problem with slots needs Slots as its details")
    ((first, second), pairs) = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    if wanting.open is None or offering.open is None:
        raise ValueError("a problem with slots needs Seating.open for both roles")
    required = np.array(
        [(wanting.index[a], offering.index[b]) for found in problem.required.values() for a, b in found],
        dtype=np.int64,
    ).reshape(-1, 2)
    details = problem.details
    column_open = offering.open & (offering.places > 0)[:, None]
    chosen = column_open
    if details.seats > 1:
        chosen = column_open & (np.cumsum(column_open, axis=1) <= offering.places[:, None])
    return SlotMarket(
        pairs,
        wanting.open & (wanting.places > 0)[:, None],
        chosen,
        np.minimum(wanting.places, wanting.open.sum(axis=1)).astype(np.int64),
        offering.places.astype(np.int64),
        np.full(column_open.shape, details.seats, dtype=np.int64),
        wanting.covered,
        ~wanting.covered & ~np.isin(np.arange(len(wanting.people)), required[:, 0]),
        required,
        np.array([offering.index.get(person, -1) for person in wanting.people], dtype=np.int64),
        _EVERY_MEETING if details.rotate else 0,
        problem.seed,
        bool((chosen != column_open).any()),
    )


_EVERY_MEETING = 1_000
"""What a meeting is worth beside its score where as many as possible are wanted: as much as the best score."""


def shuffled(size: int, seed: int) -> IntArray:
    """Return a number of 16 bits for each index, by Fibonacci hashing."""
    found: IntArray = ((np.arange(size, dtype=np.int64) + (seed & 0xFFFF)) * 40_503) & 0xFFFF
    return found
