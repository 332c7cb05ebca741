"""How many can be placed: a matching with several places per person that grows by augmenting paths.

Source: C. Berge, "Two theorems in graph theory" (1957): a matching has as many pairs as possible exactly when no path
leads from somebody without a place, over pairs that could change, to a free place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from mentorkit.core.problems import BoolArray, IntArray


class Augmenting:
    """A matching of rows, one place each, with columns that have several; lives for one search.

    Attributes:
        free: how many places each column still has.
        open: columns that a search may still reach; the others are full for good, see `place`.
        place_of: the column of each placed row.
        looked: how many pairs were looked at.
        over: whether a search was given up because so many were.
    """

    def __init__(
        self,
        allowed: Callable[[int], BoolArray],
        free: IntArray,
        place_of: Mapping[int, int] | None = None,
        most: int = 2**62,
    ) -> None:
        """Begin with a matching.

        Args:
            allowed: from a row to which columns it may have.
            free: places that each column has beside those of `place_of`.
            place_of: the column of each row that is placed already.
            most: pairs after which searches are given up.
        """
        self.allowed = allowed
        self.free = free.copy()
        self.open = np.ones(len(free), dtype=np.bool_)
        self.place_of = dict(place_of or {})
        self.held: list[dict[int, None]] = [{} for _ in range(len(free))]  # as sets, but always in the same order
        for row, column in self.place_of.items():
            self.held[column][row] = None
        self.most = most
        self.looked = 0

    @property
    def over(self) -> bool:
        """Whether searches are given up: whoever is not placed by then might still be."""
        return self.looked >= self.most

    def place(self, root: int) -> bool:
        """Place one more row, moving others if need be; return whether there was room.

        Where there was none, whatever was reached is full for good and is never looked at again.
        """
        unseen = np.flatnonzero(self.open)
        reached: dict[int, int] = {}
        waiting = [root]
        while waiting and len(unseen) and not self.over:
            row = waiting.pop()
            self.looked += len(unseen)
            fits = self.allowed(row)[unseen]
            new = unseen[fits]
            room = new[self.free[new] > 0]
            if len(room):
                reached[int(room[0])] = row
                self._move(int(room[0]), root, reached)
                return True
            unseen = unseen[~fits]
            reached.update(dict.fromkeys(new.tolist(), row))
            waiting += [holder for column in new.tolist() for holder in self.held[column]]
        if not self.over:
            self.open[:] = False
            self.open[unseen] = True
        return False

    def add_places(self) -> None:
        """Give every column one more place: none is full for good any more."""
        self.free += 1
        self.open[:] = True

    def _move(self, column: int, root: int, reached: Mapping[int, int]) -> None:
        self.free[column] -= 1
        while True:
            row = reached[column]
            before = self.place_of.get(row)
            self.place_of[row] = column
            self.held[column][row] = None
            if before is None or row == root:
                return
            self.held[before].pop(row, None)
            column = before
