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

from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.proofs import Price, Proof
from mentorkit.core.tags_in_common import TagsInCommon

IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

FORBIDDEN = -1
"""The score of a pair that a rule forbids."""

TENTHS = 10
"""Scores in blocks are whole numbers of tenths: a published 81.3 is 813."""

UNIT_BITS = 10
"""A tenth of a point is 2 to this power units: what criteria contribute is a whole number of units."""


@frozen(eq=False)
class Summand:
    """One part of a sum over pairs, by patterns that many rows share.

    Attributes:
        codes: the patterns of each row, shape (rows, width); -1 where a row has fewer.
        size: how many patterns there are.
        make: from some patterns to what each of them adds in every column, or to every kind of column where `kinds`
            says which kind each is; shape (len(patterns), columns or kinds).
        kinds: the kind of each column; None: `make` gives all columns.
        common: the same told by tags in common, which is the quicker way to it; None: it cannot be told so.
    """

    codes: IntArray
    size: int
    make: Callable[[IntArray], NDArray[Any]]
    kinds: IntArray | None = None
    common: TagsInCommon | None = None

    def numbers(self, patterns: IntArray, columns: IntArray | None = None) -> NDArray[Any]:
        """Return what some patterns add in some columns, or in all, shape (len(patterns), len(columns))."""
        made = np.asarray(self.make(patterns))
        if self.kinds is None:
            return made if columns is None else np.take(made, columns, axis=1)
        return np.take(made, self.kinds if columns is None else self.kinds[columns], axis=1)

    def take(self, rows: IntArray, columns: IntArray) -> Summand:
        """Return the part for some of the rows and columns."""
        if self.kinds is not None:
            common = None if self.common is None else self.common.take(rows, columns)
            return Summand(self.codes[rows], self.size, self.make, self.kinds[columns], common)
        return Summand(self.codes[rows], self.size, lambda patterns: self.numbers(patterns, columns))


@frozen(eq=False)
class ScoreSums:
    """Published scores as sums of few parts: what lets a matcher look through all pairs quickly.

    The sum of a pair's parts in units is rounded to tenths by one shift: `(units + 512) >> 10`.

    Attributes:
        parts: what makes up the score; blocks of int32 in units.
        allowed: which pairs are allowed; blocks of bool, and all of them must hold. One pattern per row.
        apart: pairs that are not to be chosen beside those, shape (k, 2), each once, sorted; required pairs are among
            them, because nobody is to choose them.
    """

    shape: tuple[int, int]
    parts: tuple[Summand, ...]
    allowed: tuple[Summand, ...]
    apart: NDArray[np.int64]

    def take(self, rows: IntArray, columns: IntArray) -> ScoreSums:
        """Return the sums of some of the rows and columns."""
        return ScoreSums(
            (len(rows), len(columns)),
            tuple(part.take(rows, columns) for part in self.parts),
            tuple(part.take(rows, columns) for part in self.allowed),
            pairs_within(self.apart, self.shape, rows, columns),
        )

    def without(self, pairs: IntArray) -> ScoreSums:
        """Return the sums with more pairs that are not to be chosen, shape (k, 2)."""
        return evolve(self, apart=sorted_pairs(np.concatenate([self.apart, pairs])))


def sorted_pairs(pairs: IntArray) -> NDArray[np.int64]:
    """Return pairs of indexes, shape (k, 2), by row and column, each once."""
    index = pairs.reshape(-1, 2).astype(np.int64)
    width = int(index[:, 1].max(initial=0)) + 1
    keys = np.sort(index[:, 0] * width + index[:, 1])  # many times quicker than `unique` on rows of two
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return np.stack([keys // width, keys % width], axis=1)


def pairs_within(pairs: IntArray, shape: tuple[int, int], rows: IntArray, columns: IntArray) -> NDArray[np.int64]:
    """Return those of the pairs that are among some rows and columns, by the numbers they have there, sorted."""
    place = []
    for axis, kept in enumerate((rows, columns)):
        numbers = np.full(shape[axis], -1, dtype=np.int64)
        numbers[kept] = np.arange(len(kept))
        place.append(numbers[pairs[:, axis]])
    inside = (place[0] >= 0) & (place[1] >= 0)
    return sorted_pairs(np.stack([place[0][inside], place[1][inside]], axis=1))


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

    def forbid_pairs(self, rule: str, pairs: IntArray) -> PairScores:
        """Return the scores under one more rule that forbids exactly these (row, column) pairs, shape (k, 2)."""
        ...

    def sums(self) -> ScoreSums | None:
        """Return the same scores as sums of few parts; None where they are none. Blocks are always there."""
        ...


Values = Callable[[str], tuple[Any, ...]]


def _no_values(column: str) -> tuple[Any, ...]:
    raise KeyError(column)


@define(frozen=True, slots=False, eq=False)
class Seating:
    """The people of one role in a problem, in a seeded order that does not depend on the roster file's.

    Attributes:
        role: the role's name.
        served: whether coverage counts these people.
        people: their ids.
        places: how many relationships each may still join; int, same length.
        covered: whether each is in a published relationship already; bool, same length.
        values: typed cells of a roster column, in the order of `people`; None where a cell is empty.
        open: at which slots each person can meet, shape (people, slots), for problems with slots; else None.
    """

    role: str
    served: bool
    people: tuple[str, ...]
    places: IntArray
    covered: BoolArray
    values: Values = _no_values
    open: BoolArray | None = None

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Index of each person by id."""
        return {person: index for index, person in enumerate(self.people)}

    def take(self, kept: IntArray) -> Seating:
        """Return the seating of a part of its people."""

        def values(column: str) -> tuple[Any, ...]:
            everybody = self.values(column)
            return tuple(everybody[i] for i in kept)

        return Seating(
            self.role,
            self.served,
            tuple(self.people[i] for i in kept),
            self.places[kept],
            self.covered[kept],
            values,
            None if self.open is None else self.open[kept],
        )


def _never() -> bool:
    return False


def _silently(what: str, share: float) -> None:
    del what, share


@frozen(eq=False)
class Effort:
    """How much a matcher may spend, and whom it tells how far it is.

    Attributes:
        over: whether to stop: the time is up, or somebody asked for it. A matcher then returns the best it has, with
            the bound it can prove.
        megabytes: of memory that it should stay below; None: it need not care.
        tell: told what is being done and which share of it is done, 0 to 1.
    """

    over: Callable[[], bool] = _never
    megabytes: int | None = None
    tell: Callable[[str, float], None] = _silently

    def room(self, usual: int) -> int:
        """Return how many bytes to keep of what could be made anew: no more than a quarter of what there is."""
        return usual if self.megabytes is None else min(usual, self.megabytes * 250_000)


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
        details: what the model tells a matcher of its shape: one of `mentorkit.core.shapes`, or a model's own.
        kept: pairs of ids that are together now and stay so where nothing is lost by it, by the two roles.
        head_start: prices from an earlier solution, by person of the offering side; any others do, too, only slower.
        effort: how much a matcher may spend.
    """

    shape: str
    occasion: str
    seatings: Mapping[str, Seating]
    pairs: Mapping[tuple[str, str], PairScores]
    required: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = field(factory=dict)
    objective: tuple[str, ...] = ("coverage", "total-score")
    seed: int = 0
    details: Any = None
    kept: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = field(factory=dict)
    head_start: Mapping[str, Price] = field(factory=dict)
    effort: Effort = field(factory=Effort)

    def apart(self) -> MatchingProblem:
        """Return the same problem in tables and arrays of its own: what is written there is not written here."""
        seatings = {role: one.take(np.arange(len(one.people))) for role, one in self.seatings.items()}
        head_start, kept = dict(self.head_start), dict(self.kept)
        required, pairs = dict(self.required), dict(self.pairs)
        return evolve(self, seatings=seatings, pairs=pairs, required=required, kept=kept, head_start=head_start)

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
        until: the last day of the relationships it makes, or None where they last as long as the program.
    """

    key: str
    problem: MatchingProblem
    on: date | None = None
    until: date | None = None


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
        slot: in problems with slots, the slot of each membership, the same for all of a group; None without slots.
        extra: what belongs into the certificate's `extra`.
        diagnostics: what the coordinator should know of how it was solved, such as what to install.
    """

    group: IntArray
    seating: IntArray
    person: IntArray
    exact: bool = False
    proof: Proof | None = None
    slot: IntArray | None = None
    extra: Mapping[str, Any] = field(factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def solution_of(groups: Sequence[Sequence[tuple[int, int]]], **claims: Any) -> Solution:
    """Return a solution from groups of (seating index, person index): for matchers that think in Python lists."""
    flat = [(number, seating, person) for number, group in enumerate(groups) for seating, person in group]
    columns = np.array(flat, dtype=np.int64).reshape(-1, 3).T
    return Solution(columns[0], columns[1], columns[2], **claims)
