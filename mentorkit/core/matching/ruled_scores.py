"""Published scores: rules laid over the scores of pairs, in blocks; parts of them, and more rules over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.blaming import blaming, verdicts
from mentorkit.core.catalogue import Origin
from mentorkit.core.contracts import Ruling
from mentorkit.core.matching.scoring import Criteria
from mentorkit.core.problems import FORBIDDEN, BoolArray, IntArray, PairScores


@frozen(eq=False)
class NamedRule:
    """A prepared rule under the name that the program gave it; missing values are decided here."""

    name: str
    kind: str
    ruling: Ruling
    origin: Origin
    block_missing: bool = False

    def blocked(self, rows: IntArray, columns: IntArray) -> BoolArray:
        """Return which pairs it forbids, shape (len(rows), len(columns))."""
        what = f'the rule "{self.name}"'
        with blaming(self.origin, what):
            block = verdicts(self.ruling.blocked(rows, columns), (len(rows), len(columns)), self.origin, what)
        if self.ruling.lacking is None:
            return block
        first, second = (lacking[index] for lacking, index in zip(self.ruling.lacking, (rows, columns), strict=True))
        if not (first.any() or second.any()):
            return block
        lacking = first[:, None] | second
        return block | lacking if self.block_missing else block & ~lacking


@frozen(eq=False)
class PairSet:
    """Few pairs out of very many.

    Attributes:
        shape: number of rows and columns that there are.
        index: the pairs as (row, column), shape (k, 2).
    """

    shape: tuple[int, int]
    index: IntArray

    def inside(self, rows: IntArray, columns: IntArray) -> tuple[IntArray, IntArray]:
        """Return where in a block the pairs stand."""
        row = _positions(rows, self.shape[0])[self.index[:, 0]]
        column = _positions(columns, self.shape[1])[self.index[:, 1]]
        both = (row >= 0) & (column >= 0)
        return row[both], column[both]

    def block(self, rows: IntArray, columns: IntArray) -> BoolArray:
        """Return a block that is true for exactly these pairs."""
        block = np.zeros((len(rows), len(columns)), dtype=np.bool_)
        block[self.inside(rows, columns)] = True
        return block


def as_pairs(pairs: Sequence[tuple[int, int]]) -> IntArray:
    """Return pairs of indexes as an array of shape (k, 2)."""
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _positions(index: IntArray, size: int) -> IntArray:
    positions = np.full(size, -1)
    positions[index] = np.arange(len(index))
    return positions


@frozen(eq=False)
class RuledScores:
    """Published scores between two groups under criteria and rules.

    Attributes:
        required: pairs that stand over every rule that does not override them.
        themselves: the same person on both sides.
    """

    criteria: Criteria
    rules: tuple[NamedRule, ...]
    required: PairSet
    themselves: PairSet

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.criteria.shape

    def scores(self, rows: IntArray, columns: IntArray) -> NDArray[np.int16]:
        """Return published scores in tenths; FORBIDDEN where a rule forbids."""
        block = self.criteria.tenths(rows, columns)
        blocked = np.zeros(block.shape, dtype=np.bool_)
        for rule in self._by_rank(overriding=False):
            blocked |= rule.blocked(rows, columns)
        blocked[self.required.inside(rows, columns)] = False
        for rule in self._by_rank(overriding=True):
            blocked |= rule.blocked(rows, columns)
        blocked[self.themselves.inside(rows, columns)] = True
        block[blocked] = FORBIDDEN
        return block

    def blocked_by(self, rows: IntArray, columns: IntArray) -> Mapping[str, BoolArray]:
        """Return for each rule which pairs it forbids."""
        inside = self.themselves.inside(rows, columns)
        apart = np.ones((len(rows), len(columns)), dtype=np.bool_)
        apart[inside] = False
        return {rule.name: rule.blocked(rows, columns) & apart for rule in self.rules}

    def take(self, rows: IntArray, columns: IntArray) -> PairScores:
        """Return the scores of a part."""
        return TakenScores(self, rows, columns)

    def forbid(self, rule: str, blocked: Callable[[IntArray, IntArray], BoolArray]) -> PairScores:
        """Return the scores under one more rule."""
        return ForbiddingScores(self, rule, blocked)

    def _by_rank(self, *, overriding: bool) -> list[NamedRule]:
        return [rule for rule in self.rules if rule.ruling.overrides == overriding]


@frozen(eq=False)
class TakenScores:
    """A part of other scores."""

    inner: PairScores
    rows: IntArray
    columns: IntArray

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return len(self.rows), len(self.columns)

    def scores(self, rows: IntArray, columns: IntArray) -> NDArray[np.int16]:
        """Return published scores in tenths; FORBIDDEN where a rule forbids."""
        return self.inner.scores(self.rows[rows], self.columns[columns])

    def blocked_by(self, rows: IntArray, columns: IntArray) -> Mapping[str, BoolArray]:
        """Return for each rule which pairs it forbids."""
        return self.inner.blocked_by(self.rows[rows], self.columns[columns])

    def take(self, rows: IntArray, columns: IntArray) -> PairScores:
        """Return the scores of a part."""
        return TakenScores(self.inner, self.rows[rows], self.columns[columns])

    def forbid(self, rule: str, blocked: Callable[[IntArray, IntArray], BoolArray]) -> PairScores:
        """Return the scores under one more rule."""
        return ForbiddingScores(self, rule, blocked)


@frozen(eq=False)
class ForbiddingScores:
    """Other scores under one more rule."""

    inner: PairScores
    rule: str
    blocked: Callable[[IntArray, IntArray], BoolArray]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.inner.shape

    def scores(self, rows: IntArray, columns: IntArray) -> NDArray[np.int16]:
        """Return published scores in tenths; FORBIDDEN where a rule forbids."""
        return np.where(self.blocked(rows, columns), np.int16(FORBIDDEN), self.inner.scores(rows, columns))

    def blocked_by(self, rows: IntArray, columns: IntArray) -> Mapping[str, BoolArray]:
        """Return for each rule which pairs it forbids."""
        return {**self.inner.blocked_by(rows, columns), self.rule: self.blocked(rows, columns)}

    def take(self, rows: IntArray, columns: IntArray) -> PairScores:
        """Return the scores of a part."""
        return TakenScores(self, rows, columns)

    def forbid(self, rule: str, blocked: Callable[[IntArray, IntArray], BoolArray]) -> PairScores:
        """Return the scores under one more rule."""
        return ForbiddingScores(self, rule, blocked)
