"""Who has a first place in a two-sided problem and who waits for one; how many more would have one under other rules.

By augmenting paths from the matching there is. Scores play no part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen

from mentorkit.core.matching.allowed_pairs import AllowedPairs
from mentorkit.core.matching.augmenting import Augmenting
from mentorkit.core.matching.certifying import Group
from mentorkit.core.matching.tasks import Solved
from mentorkit.core.problems import IntArray, MatchingProblem

MOST_LOOKED = 2_000_000_000
"""Pairs that are looked at for one change; beyond that a gain is told as a least one."""


@frozen(eq=False)
class Line:
    """Those who wait for a first place in a two-sided problem, beside those who have one.

    Attributes:
        place_of: the column of each row that has its first place by the matching; no required ones.
        free: places of each column beside those and required ones.
    """

    problem: MatchingProblem
    allowed: AllowedPairs
    waiting: tuple[int, ...]
    place_of: Mapping[int, int]
    free: IntArray


def is_measurable(problem: MatchingProblem) -> bool:
    """Return whether people of a served side are matched in pairs with those of another."""
    if problem.shape not in ("two-sided", "preferences") or len(problem.pairs) != 1:
        return False
    ((first, second),) = problem.pairs
    return first != second and problem.seatings[first].served and not problem.seatings[second].served


def _line(problem: MatchingProblem, groups: Sequence[Group]) -> Line | None:
    """Return who waits in a two-sided problem; None for any other."""
    if not is_measurable(problem):
        return None
    (first, second), pairs = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    required = {(wanting.index[a], offering.index[b]) for a, b in problem.required.get((first, second), ())}
    settled = {row for row, _ in required}
    free = offering.places.astype(np.int64)
    for _, column in required:
        free[column] -= 1
    place_of: dict[int, int] = {}
    for group in groups:
        (row,) = (wanting.index[one.person] for one in group.members if one.role == first)
        (column,) = (offering.index[one.person] for one in group.members if one.role == second)
        if row not in settled and row not in place_of and not wanting.covered[row]:
            place_of[row] = column
            free[column] -= 1
    could = np.flatnonzero(~wanting.covered & (wanting.places > 0)).tolist()
    waiting = tuple(row for row in could if row not in settled and row not in place_of)
    return Line(problem, AllowedPairs(pairs), waiting, place_of, free)


def full_line(problem: MatchingProblem, solved: Solved) -> Line | None:
    """Return a line in which as many have a place as can; None where that would take too long to find out.

    None, too, where a problem is not measurable.

    Where something else than coverage comes first, more could have one even without a change.
    """
    line = _line(problem, solved.groups)
    proven = problem.objective[:1] == ("coverage",) and solved.certificate.matched == solved.certificate.matched_bound
    if line is None or proven:
        return line
    search = Augmenting(line.allowed.row, line.free, line.place_of, MOST_LOOKED)
    waiting = tuple(row for row in line.waiting if not search.place(row))
    return None if search.over else Line(line.problem, line.allowed, waiting, search.place_of, search.free)


def gain_under(line: Line, problem: MatchingProblem) -> tuple[int, bool]:
    """Return how many more can be placed under other rules, and whether that is only a least number."""
    allowed = AllowedPairs(next(iter(problem.pairs.values())))
    kept = {row: column for row, column in line.place_of.items() if allowed.row(row)[column]}
    free = line.free.copy()
    lost = [row for row in line.place_of if row not in kept]
    for row in lost:
        free[line.place_of[row]] += 1
    search = Augmenting(allowed.row, free, kept, MOST_LOOKED)
    placed = sum(search.place(row) for row in (*lost, *line.waiting))
    return placed - len(lost), search.over


def loads_of(place_of: Mapping[int, int], columns: int) -> IntArray:
    """Return how many first places each column gives."""
    return np.bincount(np.fromiter(place_of.values(), dtype=np.int64, count=len(place_of)), minlength=columns)
