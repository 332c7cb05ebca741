"""Published scores: rules laid over the scores of pairs, in blocks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.blaming import blaming, verdicts
from mentorkit.core.catalogue import Origin
from mentorkit.core.contracts import Ruling
from mentorkit.core.matching.narrowed_scores import Narrowable
from mentorkit.core.matching.pair_sets import PairSet, as_pairs
from mentorkit.core.matching.scoring import Criteria
from mentorkit.core.problems import (
    FORBIDDEN,
    BoolArray,
    IntArray,
    ScoreSums,
    Summand,
    sorted_pairs,
)


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

    def allowed(self, shape: tuple[int, int]) -> tuple[Summand, ...]:
        """Return which pairs it allows, as a condition by patterns; nothing where `apart` says it all."""
        everybody = np.arange(shape[1])
        if self.ruling.pairs is not None:
            return () if not self._blocks_who_lack else (self._all_known(shape),)
        if self.ruling.classes is None:
            whole = np.arange(shape[0]).reshape(-1, 1)
            return (Summand(whole, shape[0], lambda rows: ~self.blocked(rows, everybody)),)
        (first, rows), (second, columns) = (self._patterns(side) for side in (0, 1))
        return (Summand(rows.reshape(-1, 1), len(first), lambda some: ~self.blocked(first[some], second), columns),)

    def apart(self) -> IntArray:
        """Return the pairs it forbids beside those that `allowed` does not allow, shape (k, 2)."""
        if self.ruling.pairs is None:
            return as_pairs([])
        if self.ruling.lacking is None or self.block_missing:
            return self.ruling.pairs
        lacks = self.ruling.lacking[0][self.ruling.pairs[:, 0]] | self.ruling.lacking[1][self.ruling.pairs[:, 1]]
        return self.ruling.pairs[~lacks]

    @property
    def _blocks_who_lack(self) -> bool:
        return self.block_missing and self.ruling.lacking is not None

    def _all_known(self, shape: tuple[int, int]) -> Summand:
        assert self.ruling.lacking is not None
        first, second = self.ruling.lacking

        def make(some: IntArray) -> BoolArray:
            return np.asarray((some == 0)[:, None] & ~second)

        return Summand(first.astype(np.int64).reshape(shape[0], 1), 2, make)

    def _patterns(self, side: int) -> tuple[IntArray, IntArray]:
        """Return one person of each pattern of a group, and everybody's pattern."""
        assert self.ruling.classes is not None
        classes = self.ruling.classes[side]
        lacks = self.ruling.lacking[side] if self.ruling.lacking else np.zeros(len(classes), dtype=np.bool_)
        _, one_each, codes = np.unique(
            np.stack([classes, lacks], axis=1), axis=0, return_index=True, return_inverse=True
        )
        return one_each, np.asarray(codes).reshape(-1)


@frozen(eq=False)
class RuledScores(Narrowable):
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

    def sums(self) -> ScoreSums | None:
        """Return the same scores as sums of few parts."""
        allowed = [one for rule in self.rules for one in rule.allowed(self.shape)]
        apart = [self.required.index, self.themselves.index, *(rule.apart() for rule in self.rules)]
        return ScoreSums(self.shape, self.criteria.summands, tuple(allowed), sorted_pairs(np.concatenate(apart)))

    def _by_rank(self, *, overriding: bool) -> list[NamedRule]:
        return [rule for rule in self.rules if rule.ruling.overrides == overriding]
