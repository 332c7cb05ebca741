"""Which pairs of some relationships are forbidden, and by which rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np

from mentorkit.core.problems import FORBIDDEN, MatchingProblem
from mentorkit.core.relationships import Member

_TOGETHER = 128
"""Pairs that are looked up together: their rows and columns make a block."""


def forbidden_pairs(
    problem: MatchingProblem, groups: Sequence[Sequence[Member]]
) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield role and id of one, role and id of the other, and the rules, of every forbidden pair that is together.

    Everybody must be in the problem. Required pairs are never forbidden.
    """
    for (first, second), scores in problem.pairs.items():
        rows, columns = problem.seatings[first], problem.seatings[second]
        pairs = sorted(
            {
                (rows.index[a.person], columns.index[b.person])
                for group in groups
                for a, b in permutations(group, 2)
                if (a.role, b.role) == (first, second) and (first != second or a < b)
            }
        )
        for start in range(0, len(pairs), _TOGETHER):
            part = np.array(pairs[start : start + _TOGETHER], dtype=np.int64)
            row, at_row = np.unique(part[:, 0], return_inverse=True)
            column, at_column = np.unique(part[:, 1], return_inverse=True)
            forbidden = scores.scores(row, column)[at_row, at_column] == FORBIDDEN
            for a, b in part[forbidden].tolist():
                blocked = scores.blocked_by(np.array([a]), np.array([b]))
                rules = [name for name, block in blocked.items() if block[0, 0]]
                yield first, rows.people[a], second, columns.people[b], " and ".join(sorted(rules)) or "a rule"
