"""What pairs add up that have tags in common, told by counts: how many, out of how many on either side.

Scores that depend on such counts alone need no number for each pair of sets: whoever looks through all pairs adds up
who has which tag, a byte for each, and looks the sum up in a small table.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

IntArray = NDArray[np.integer[Any]]

MOST_TAGS = 127
"""Tags that somebody may have at the most to be counted in bytes, with room to spare."""


@frozen(eq=False)
class TagsInCommon:
    """One part of a sum over pairs, by how many tags a row and a column have in common.

    Attributes:
        tags: the tags of each row, as rows of `holders`; shape (rows, width), -1 where a row has fewer.
        row_kinds: the kind of each row, such as how many tags it has.
        holders: which set of tags has which tag, 1 or 0; uint8, shape (tags, sets).
        set_kinds: the kind of each set.
        sets: the set of each column.
        amounts: what is added; int32, shape (kinds of rows, kinds of sets, the most in common + 1).
    """

    tags: IntArray
    row_kinds: IntArray
    holders: NDArray[np.uint8]
    set_kinds: IntArray
    sets: IntArray
    amounts: NDArray[np.int32]

    def take(self, rows: IntArray, columns: IntArray) -> TagsInCommon:
        """Return the part for some of the rows and columns."""
        return TagsInCommon(
            self.tags[rows], self.row_kinds[rows], self.holders, self.set_kinds, self.sets[columns], self.amounts
        )

    def by_set(self, rows: IntArray) -> NDArray[np.int32]:
        """Return what some rows add with every set, shape (len(rows), sets)."""
        common = np.zeros((len(rows), self.holders.shape[1]), dtype=np.uint8)
        for tag in self.tags[rows].T:
            there = tag >= 0
            common[there] += self.holders[tag[there]]
        return self.amounts[self.row_kinds[rows][:, None], self.set_kinds, common]
