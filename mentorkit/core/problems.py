"""Matching problems and solutions: what models pose, scopes narrow, matchers solve and the core certifies.

Everything is index arrays, so that 100,000 people fit; pair scores are computed in blocks on request and there is no
dense matrix in the interface.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from attrs import define, evolve, field, frozen
from numpy.typing import NDArray

IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

FORBIDDEN = -1
"""The score of a pair that a rule forbids."""

TENTHS = 10
"""Scores in blocks are whole numbers of tenths: a published 81.3 is 813."""


class PairScores(Protocol):
    """Published scores between the people of two seatings, by index.

    Rows are people of the first role (the one that wants), columns of the second (the one that offers). A block names
    each of its rows and columns once, in any order.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        ...

    def scores(self, rows: IntArray, columns: IntArray) -> NDArray[np.int16]:
        """Return published scores in tenths, shape (len(rows), len(columns)); FORBIDDEN where a rule forbids."""
        ...

    def blocked_by(self, rows: IntArray, columns: IntArray) -> Mapping[str, BoolArray]:
        """Return for each rule, by name, which pairs it forbids, shape (len(rows), len(columns)) each."""
        ...

    def take(self, rows: IntArray, columns: IntArray) -> PairScores:
        """Return the scores of a part: the given rows and columns become 0, 1, 2 and so on."""
        ...

    def forbid(self, rule: str, blocked: Callable[[IntArray, IntArray], BoolArray]) -> PairScores:
        """Return the scores under one more rule; `blocked(rows, columns)` has their outer shape."""
        ...


@define(frozen=True, slots=False, eq=False)
class Seating:
    """The people of one role in a problem, in a seeded order that does not depend on the roster file's.

    Attributes:
        role: the role's name.
        served: whether coverage counts these people.
        people: their ids.
        places: how many relationships each may still join; int, same length.
        covered: whether each is in a published relationship already; bool, same length.
    """

    role: str
    served: bool
    people: tuple[str, ...]
    places: IntArray
    covered: BoolArray

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Index of each person by id."""
        return {person: index for index, person in enumerate(self.people)}

    def take(self, kept: IntArray) -> Seating:
        """Return the seating of a part of its people."""
        return Seating(
            self.role,
            self.served,
            tuple(self.people[i] for i in kept),
            self.places[kept],
            self.covered[kept],
        )


@frozen(eq=False)
class MatchingProblem:
    """One problem for a matcher.

    Attributes:
        shape: what kind of problem it is: `two-sided`, `preferences`, `peers`, `groups`, `slots`, `teams` or a
            model's own.
        occasion: key of the occasion it belongs to.
        seatings: by role, in the model's order of roles.
        pairs: scores by (role that wants, role that offers).
        required: memberships that must be part of the result (rule `always`): pairs of ids in the order of `pairs`.
        objective: names, in order.
        seed: for whatever a matcher breaks ties by, beyond the order of the seatings.
        details: what the model tells a matcher of its shape (group sizes, slots); plain values.
    """

    shape: str
    occasion: str
    seatings: Mapping[str, Seating]
    pairs: Mapping[tuple[str, str], PairScores]
    required: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = field(factory=dict)
    objective: tuple[str, ...] = ("coverage", "total-score")
    seed: int = 0
    details: Mapping[str, Any] = field(factory=dict)

    def keep(self, role: str, kept: BoolArray) -> MatchingProblem:
        """Return the problem with only the people of `role` for whom `kept` is true: a scope's first tool."""
        index = np.flatnonzero(kept)
        seatings = {**self.seatings, role: self.seatings[role].take(index)}
        pairs = {}
        for (first, second), scores in self.pairs.items():
            rows = index if first == role else np.arange(scores.shape[0])
            columns = index if second == role else np.arange(scores.shape[1])
            pairs[first, second] = scores.take(rows, columns) if role in (first, second) else scores
        return evolve(self, seatings=seatings, pairs=pairs)

    def forbid(
        self, between: tuple[str, str], rule: str, blocked: Callable[[IntArray, IntArray], BoolArray]
    ) -> MatchingProblem:
        """Return the problem under one more rule between two roles: a scope's second tool."""
        return evolve(self, pairs={**self.pairs, between: self.pairs[between].forbid(rule, blocked)})


@frozen
class Occasion:
    """A moment at which a program matches, and the problem to solve then.

    Attributes:
        key: unique in the program (`match` for a program that matches once).
        on: the day it is due, or None for the program's own matching moment.
    """

    key: str
    problem: MatchingProblem
    on: date | None = None


@frozen(eq=False)
class Proof:
    """Prices that prove a bound on a two-sided problem, for anybody to recompute (Lagrangian duality).

    Attributes:
        prices: one non-negative whole price per person of the offering seating.
        cover_gain: what placing one more served person is worth, in the prices' unit.
        score_gain: what a tenth of a point is worth, in the prices' unit.
    """

    prices: NDArray[np.int64]
    cover_gain: int
    score_gain: int


@frozen(eq=False)
class Solution:
    """What a matcher returns: memberships as three parallel arrays, and what it can prove.

    Attributes:
        group: number of the relationship, 0-based; int.
        seating: index of the role in the problem's order of seatings; int.
        person: index of the person in that seating; int.
        exact: whether the matcher claims an optimum.
        proof: what the core recomputes the bounds from on its own; None: the bounds are the matcher's word, and
            the certificate then carries none.
        extra: what belongs into the certificate's `extra`.
    """

    group: IntArray
    seating: IntArray
    person: IntArray
    exact: bool = False
    proof: Proof | None = None
    extra: Mapping[str, Any] = field(factory=dict)


def solution_of(groups: Sequence[Sequence[tuple[int, int]]], **claims: Any) -> Solution:
    """Return a solution from groups of (seating index, person index): for matchers that think in Python lists."""
    flat = [(number, seating, person) for number, group in enumerate(groups) for seating, person in group]
    columns = np.array(flat, dtype=np.int64).reshape(-1, 3).T
    return Solution(columns[0], columns[1], columns[2], **claims)
