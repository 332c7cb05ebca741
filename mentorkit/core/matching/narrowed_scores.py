"""Over any scores of pairs: a part of them, and the same under one more rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.matching.pair_sets import PairSet
from mentorkit.core.problems import FORBIDDEN, BoolArray, IntArray, PairScores, ScoreSums, Summand


class Narrowable:
    """What all scores of pairs have in common, as a base of theirs: what is made of them by wrapping them."""

    __slots__ = ()

    def take(self: PairScores, rows: IntArray, columns: IntArray) -> PairScores:
        """Return the scores of a part: the given rows and columns become 0, 1, 2 and so on."""
        return TakenScores(self, rows, columns)

    def forbid(self: PairScores, rule: str, blocked: Callable[[IntArray, IntArray], BoolArray]) -> PairScores:
        """Return the scores under one more rule; `blocked(rows, columns)` has their outer shape."""
        return ForbiddingScores(self, rule, blocked)

    def forbid_pairs(self: PairScores, rule: str, pairs: IntArray) -> PairScores:
        """Return the scores under one more rule that forbids exactly these (row, column) pairs, shape (k, 2)."""
        return ApartScores(self, rule, PairSet(self.shape, pairs))


@frozen(eq=False)
class TakenScores(Narrowable):
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

    def sums(self) -> ScoreSums | None:
        """Return the same scores as sums of few parts; None where they are none."""
        inner = self.inner.sums()
        return None if inner is None else inner.take(self.rows, self.columns)


@frozen(eq=False)
class ApartScores(Narrowable):
    """Other scores with some more pairs forbidden."""

    inner: PairScores
    rule: str
    apart: PairSet

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.inner.shape

    def scores(self, rows: IntArray, columns: IntArray) -> NDArray[np.int16]:
        """Return published scores in tenths; FORBIDDEN where a rule forbids."""
        block = self.inner.scores(rows, columns).copy()
        block[self.apart.inside(rows, columns)] = FORBIDDEN
        return block

    def blocked_by(self, rows: IntArray, columns: IntArray) -> Mapping[str, BoolArray]:
        """Return for each rule which pairs it forbids."""
        return {**self.inner.blocked_by(rows, columns), self.rule: self.apart.block(rows, columns)}

    def sums(self) -> ScoreSums | None:
        """Return the same scores as sums of few parts; None where they are none."""
        inner = self.inner.sums()
        return None if inner is None else inner.without(self.apart.index)


@frozen(eq=False)
class ForbiddingScores(Narrowable):
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

    def sums(self) -> ScoreSums | None:
        """Return the same scores as sums of few parts; None where they are none."""
        inner = self.inner.sums()
        if inner is None:
            return None
        everybody = np.arange(self.shape[1])
        whole = np.arange(self.shape[0]).reshape(-1, 1)
        more = Summand(whole, self.shape[0], lambda rows: ~self.blocked(rows, everybody))
        return evolve(inner, allowed=(*inner.allowed, more))
