"""A problem of groups as numbers: who can be placed, what each mentee and mentor are worth together, who is apart."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from mentorkit.core.problems import TENTHS, BoolArray, Effort, IntArray, MatchingProblem, PairScores
from mentorkit.core.shapes import GroupPlan, Groups
from mentorkit_matchers.all_pairs import Search, all_pairs

NEVER = -1e11
"""What a pair that a rule forbids is worth: more than anything can make up for."""

_KEPT = 60_000_000
"""Pairs whose scores are kept in memory (two bytes each); of more, parts are computed whenever they are needed."""

_SEEN = 4
"""Pairs of a mentee that a look for anybody's allowed pairs takes; they leave few mentors unseen."""

_FEW = 200
"""Mentees with whom mentors whom nobody takes first are compared at a time, until somebody is allowed."""

_BLOCK = 1_000_000
"""Pairs that are looked at together."""


@frozen(eq=False)
class Spread:
    """One column in which the mentees of a group should differ.

    Attributes:
        codes: of each mentee; equal values have equal codes, and an empty cell is a value of its own.
        weight: tenths of points for a mentee all of whose group mates differ.
    """

    codes: NDArray[np.int64]
    weight: float


@define(frozen=True, slots=False, eq=False)
class Setting:
    """What is to be solved. Mentees and mentors are numbered among those who can be placed at all.

    Attributes:
        rows: index of each mentee in the problem's seating.
        columns: index of each mentor in the problem's seating.
        places: how many groups each mentor may be in.
        pairs: scores of the problem's mentees and mentors.
        mentees_apart: scores of mentees among each other, whose rules hold; None: none do.
        mentors_apart: the same of mentors.
        together: pairs that must be in one group: (mentee, mentor), shape (k, 2).
        mates: pairs of mentees that must be in one group.
        leaders: pairs of mentors that must be in one group.
    """

    problem: MatchingProblem
    details: Groups
    roles: tuple[str, str]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    places: NDArray[np.int64]
    spread: tuple[Spread, ...]
    together: NDArray[np.int64]
    mates: NDArray[np.int64]
    leaders: NDArray[np.int64]

    @property
    def pairs(self) -> PairScores:
        """Scores of the problem's mentees with its mentors."""
        return self.problem.pairs[self.roles]

    @property
    def plan(self) -> GroupPlan:
        """The usual groups of these people."""
        return self.details.plan(len(self.rows), len(self.columns), int(self.places.sum()))

    @property
    def small(self) -> bool:
        """Whether the scores of all pairs are kept."""
        return len(self.rows) * len(self.columns) <= _KEPT

    def tenths(self, mentees: IntArray, mentors: IntArray) -> NDArray[np.int16]:
        """Return the scores of some mentees with some mentors, -1 where a rule forbids them."""
        if self.small:
            return np.asarray(self._kept[np.ix_(mentees, mentors)])
        return self.pairs.scores(self.rows[mentees], self.columns[mentors])

    def worth(self, mentees: IntArray, mentors: IntArray) -> NDArray[np.float64]:
        """Return the same, with NEVER where a rule forbids."""
        tenths = self.tenths(mentees, mentors).astype(np.float64)
        tenths[tenths < 0] = NEVER
        return tenths

    def apart(self, mentees: IntArray) -> BoolArray | None:
        """Return which of these mentees a rule keeps apart, shape (mentees, mentees); None: nobody ever is."""
        return forbidden(self.problem, self.roles[0], self.rows[mentees])

    def rivals(self, mentors: IntArray) -> BoolArray | None:
        """Return which of these mentors a rule keeps apart, shape (mentors, mentors); None: nobody ever is."""
        return forbidden(self.problem, self.roles[1], self.columns[mentors])

    @cached_property
    def _kept(self) -> NDArray[np.int16]:
        kept = np.empty((len(self.rows), len(self.columns)), dtype=np.int16)
        step = max(1, _BLOCK // max(1, len(self.columns)))
        for start in range(0, len(self.rows), step):
            kept[start : start + step] = self.pairs.scores(self.rows[start : start + step], self.columns)
        return kept


def forbidden(problem: MatchingProblem, role: str, people: IntArray) -> BoolArray | None:
    """Return which people of a role a rule keeps apart, shape (people, people); None: nobody ever is."""
    if (role, role) not in problem.pairs:
        return None
    block = problem.pairs[role, role].scores(people, people) < 0
    np.fill_diagonal(block, val=False)
    return np.asarray(block | block.T)


def setting_of(problem: MatchingProblem) -> Setting:
    """Return the setting of a problem of groups; mentees whom every mentor is forbidden are no part of it."""
    details = problem.details if isinstance(problem.details, Groups) else Groups()
    roles = next(pair for pair in problem.pairs if pair[0] != pair[1])
    mentee, mentor = (problem.seatings[role] for role in roles)
    together = _numbers(problem, roles)
    mates, leaders = (_numbers(problem, (role, role)) for role in roles)
    bound = np.isin(np.arange(len(mentee.people)), [*together[:, 0], *mates.reshape(-1)])
    who = np.flatnonzero((bound | ~mentee.covered) & (mentee.places > 0))
    rows, columns = _possible(problem.pairs[roles], who, np.flatnonzero(mentor.places > 0), problem.effort)
    row, column = (_places(some, len(one.people)) for some, one in ((rows, mentee), (columns, mentor)))
    return Setting(
        problem,
        details,
        roles,
        rows,
        columns,
        mentor.places[columns].astype(np.int64),
        tuple(
            Spread(codes_of(mentee.take(rows).values(name)), weight * TENTHS)
            for name, weight in sorted(details.spread.items())
        ),
        np.stack([row[together[:, 0]], column[together[:, 1]]], axis=1),
        row[mates],
        column[leaders],
    )


def _possible(
    pairs: PairScores, rows: IntArray, columns: IntArray, effort: Effort
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the mentees with an allowed mentor, and the mentors with an allowed mentee."""
    some_mentor, some_mentee = np.zeros(len(rows), dtype=np.bool_), np.zeros(len(columns), dtype=np.bool_)
    left = np.arange(len(columns))
    rows_too = len(rows) * len(columns) <= _KEPT
    if not rows_too:
        nothing = np.full(len(rows), -1, dtype=np.int64)
        look = all_pairs(pairs.take(rows, columns), effort)
        found = look.better(Search(np.zeros(len(columns), dtype=np.int64), nothing, _SEEN))
        some_mentor[found.rows], some_mentee[found.columns] = True, True
        left = np.flatnonzero(~some_mentee)
    start = 0
    while start < len(rows) and len(left):
        step = max(1, _BLOCK // len(left)) if rows_too else _FEW
        allowed = pairs.scores(rows[start : start + step], columns[left]) >= 0
        some_mentor[start : start + step] |= allowed.any(axis=1)
        some_mentee[left] |= allowed.any(axis=0)
        start += step
        left = left if rows_too else left[~some_mentee[left]]
    return rows[some_mentor].astype(np.int64), columns[some_mentee].astype(np.int64)


def _numbers(problem: MatchingProblem, roles: tuple[str, str]) -> NDArray[np.int64]:
    first, second = (problem.seatings[role].index for role in roles)
    found = [(first[a], second[b]) for a, b in problem.required.get(roles, ())]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _places(kept: IntArray, size: int) -> NDArray[np.int64]:
    numbers = np.full(size, -1, dtype=np.int64)
    numbers[kept] = np.arange(len(kept))
    return numbers


def codes_of(values: Sequence[Any]) -> NDArray[np.int64]:
    """Return a number for each value, the same for equal ones: text and tags case-folded, and empty is a value, too."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(_folded(value), len(numbers)) for value in values], dtype=np.int64)


def _folded(value: Any) -> Hashable:
    """Return what values are compared by: text and tags case-folded."""
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, frozenset):
        return frozenset(str(one).casefold() for one in value)
    key: Hashable = value
    return key
