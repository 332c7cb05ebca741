"""As many people with a meeting as there can be, and the slots that prove it.

Alternating paths: somebody without a meeting takes a place from somebody who has another meeting, or who finds another
place in the same way. Where no path leads to room, the slots that were reached are all taken by people who have nothing
else.
Source: the augmenting paths of C. Berge, "Two theorems in graph theory" (1957); the proof is that of D. König (1931).
"""

from __future__ import annotations

from collections import deque

import numpy as np
from attrs import define

from mentorkit.core.problems import BoolArray, IntArray
from mentorkit_matchers.slots.market import SlotMarket

Place = tuple[int, int, int]
"""A meeting as row, column, slot."""


@define(eq=False)
class Covering:
    """Meetings while places change hands; lives for one search.

    Attributes:
        held: meetings of each row.
        given: meetings of each column.
        covering: the slots that were reached in vain, shape (columns, slots).
    """

    market: SlotMarket
    held: list[list[Place]]
    given: list[list[Place]]
    covering: BoolArray
    required: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, market: SlotMarket, meetings: list[Place]) -> Covering:
        """Return the search that begins with some meetings."""
        rows, columns, slots = market.shape
        required = frozenset((row, column) for row, column in market.required.tolist())
        nothing = np.zeros((columns, slots), dtype=np.bool_)
        made = cls(market, [[] for _ in range(rows)], [[] for _ in range(columns)], nothing, required)
        for place in meetings:
            made._add(place)
        return made

    def cover_everybody(self) -> int:
        """Give a meeting to as many rows as possible; return for how many a path was needed."""
        waiting = [row for row in np.flatnonzero(self.market.uncovered).tolist() if not self.held[row]]
        return sum(self._place(row) for row in waiting)

    def meetings(self) -> list[Place]:
        """Return all meetings, by row."""
        return [place for places in self.held for place in sorted(places)]

    def is_possible(self) -> bool:
        """Return whether nobody who is a row and a column has two meetings at one time, which no path looks at."""
        twins = np.flatnonzero(self.market.same >= 0).tolist()
        return not any(
            {slot for *_, slot in self.held[row]} & {slot for *_, slot in self.given[self.market.same[row]]}
            for row in twins
        )

    def _place(self, root: int) -> bool:
        came: dict[int, Place] = {}
        reached = self.covering.copy()
        waiting = deque([root])
        while waiting:
            row = waiting.popleft()
            for column, slot in self._new_places(row, reached):
                if self._free(column, slot):
                    self._move((row, column, slot), root, came)
                    return True
                if self._full(column):
                    reached[column] = True
                for holder, place in self._holders(column, slot):
                    if len(self.held[holder]) > 1:
                        self._remove(place)
                        self._move((row, column, slot), root, came)
                        return True
                    if holder not in came and holder != root:
                        came[holder] = (row, column, slot)
                        waiting.append(holder)
        self.covering = reached
        return False

    def _new_places(self, row: int, reached: BoolArray) -> list[tuple[int, int]]:
        """Return where a row could meet somebody and nobody looked yet, and note that somebody did."""
        columns = np.flatnonzero(self.market.row(row) >= 0)
        open_at = self.market.column_open[columns] & self.market.row_open[row] & ~reached[columns]
        twin = int(self.market.same[row])
        busy = {slot for _, _, slot in self.given[twin]} if twin >= 0 else set()
        which, slots = np.nonzero(open_at)
        reached[columns[which], slots] = True
        return [
            (int(columns[one]), int(slot))
            for one, slot in zip(which.tolist(), slots.tolist(), strict=True)
            if slot not in busy and not self._gets_meeting(int(columns[one]), int(slot))
        ]

    def _gets_meeting(self, column: int, slot: int) -> bool:
        """Return whether somebody is to meet others although they have a meeting as a row."""
        twins = np.flatnonzero(self.market.same == column)
        return any(at == slot for row in twins.tolist() for _, _, at in self.held[row])

    def _free(self, column: int, slot: int) -> bool:
        here = sum(at == slot for _, _, at in self.given[column])
        return here < self.market.room[column, slot] and not self._full(column)

    def _full(self, column: int) -> bool:
        return bool(self.market.limited[column]) and len(self.given[column]) >= self.market.column_places[column]

    def _holders(self, column: int, slot: int) -> list[tuple[int, Place]]:
        """Return who would make room by leaving, with the meeting that they would leave."""
        here = [place for place in self.given[column] if place[2] == slot]
        if len(here) < self.market.room[column, slot]:
            here = self.given[column]
        return [(place[0], place) for place in here if place[:2] not in self.required]

    def _move(self, place: Place, root: int, came: dict[int, Place]) -> None:
        """Give a place to its row, what the row had to whoever came for it, and so on to the root."""
        while True:
            row = place[0]
            if row != root:
                self._remove(self.held[row][0])
            self._add(place)
            if row == root:
                return
            place = came[row]

    def _add(self, place: Place) -> None:
        self.held[place[0]].append(place)
        self.given[place[1]].append(place)

    def _remove(self, place: Place) -> None:
        self.held[place[0]].remove(place)
        self.given[place[1]].remove(place)


def as_places(rows: IntArray, columns: IntArray, slots: IntArray) -> list[Place]:
    """Return meetings as triples."""
    return list(zip(rows.tolist(), columns.tolist(), slots.tolist(), strict=True))
