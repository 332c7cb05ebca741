"""What the rounds played say: who met whom and when last, and who was left out when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from attrs import frozen

from mentorkit.core.problems import IntArray
from mentorkit.core.shapes import Played
from mentorkit_matchers.rotation.seats import Table

NEVER = -1


@frozen(eq=False)
class Past:
    """The rounds before, for the people who are present, by index.

    Attributes:
        met: sparse matrix; 1 plus the last round in which two people met, 0 for those who never did.
        left_out: the last round in which each person was left out or one of three, NEVER for none.
        thirds: in how many trios each person was.
        new: who was in no round yet; bool.
    """

    met: Any
    left_out: IntArray
    thirds: IntArray
    new: IntArray

    def last_met(self, rows: IntArray, columns: IntArray) -> IntArray:
        """Return for single pairs 1 plus the last round in which they met, or 0."""
        if not len(rows):
            return np.zeros(0, dtype=np.int64)
        return np.asarray(self.met[rows, columns]).reshape(-1).astype(np.int64)


def past_of(rounds: Sequence[Played], people: Sequence[str], table: Table) -> Past:
    """Return what the rounds say about some people; in a trio everybody meets the other two."""
    from scipy.sparse import csr_matrix

    index = {person: number for number, person in enumerate(people)}
    left_out = np.full(len(people), NEVER)
    thirds = np.zeros(len(people), dtype=np.int64)
    seen: set[str] = set(table.first) if rounds else set()
    found: dict[tuple[int, int], int] = {}
    for number, played in enumerate(rounds):
        there = {person for group in played for person in group}
        for person in seen - there:
            _note(left_out, index, person, number)
        seen |= there
        for group in played:
            known = [index[person] for person in group if person in index]
            if len(group) > 2:
                left_out[known] = number
                thirds[known] += 1
            for one, other in combinations(known, 2):
                found[min(one, other), max(one, other)] = number + 1
    pairs = np.array(list(found), dtype=np.int64).reshape(-1, 2)
    when = np.array(list(found.values()), dtype=np.int64)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    size = (len(people), len(people))
    met = csr_matrix((np.concatenate([when, when]), (both[:, 0], both[:, 1])), shape=size)
    return Past(met, left_out, thirds, np.array([person not in seen for person in people], dtype=np.bool_))


def _note(left_out: IntArray, index: Mapping[str, int], person: str, number: int) -> None:
    if person in index:
        left_out[index[person]] = number
