"""Who meets whom so far, and what else fits beside it."""

from __future__ import annotations

import numpy as np
from attrs import define

from mentorkit.core.problems import BoolArray, IntArray
from mentorkit_matchers.slots.market import SlotMarket
from mentorkit_matchers.slots.meetings import Meetings
from mentorkit_matchers.slots.programs import Left


@define(eq=False)
class Booking:
    """Booked meetings and what is left; lives for one search.

    Attributes:
        taken: which of the meetings are booked.
        row_left: how many more meetings each row may get.
        column_left: how many more each column may give.
        room: how many more rows each column can meet in each slot.
        row_busy: when each row has a meeting.
        column_busy: when each column has one.
        met: pairs that meet, as row times columns plus column.
    """

    market: SlotMarket
    meetings: Meetings
    taken: BoolArray
    row_left: IntArray
    column_left: IntArray
    room: IntArray
    row_busy: BoolArray
    column_busy: BoolArray
    met: set[int]

    @classmethod
    def of(cls, market: SlotMarket, meetings: Meetings, taken: IntArray) -> Booking:
        """Return the booking of some of the meetings, those that fit."""
        left = Left.all_of(market)
        rows, columns, slots = market.shape
        made = cls(
            market,
            meetings,
            np.zeros(len(meetings), dtype=np.bool_),
            left.row_places.copy(),
            left.column_places.copy(),
            left.room.copy(),
            np.zeros((rows, slots), dtype=np.bool_),
            np.zeros((columns, slots), dtype=np.bool_),
            set(),
        )
        made.take_all(taken)
        return made

    def fits(self, number: int) -> bool:
        """Return whether a meeting is possible beside those booked."""
        row, column, slot, key = self._where(number)
        twin = int(self.market.same[row])
        return bool(
            self.row_left[row] > 0
            and self.column_left[column] > 0
            and self.room[column, slot] > 0
            and key not in self.met
            and not (self.market.one_at_a_time and self.row_busy[row, slot])
            and not (twin >= 0 and self.column_busy[twin, slot])
        )

    def take_all(self, numbers: IntArray) -> None:
        """Book meetings one after the other, those that fit."""
        for number in numbers.tolist():
            if self.fits(number):
                self._take(number)

    def fill(self) -> None:
        """Book whatever still fits and is worth something, the best first; to have a meeting at all is worth it."""
        worth = self.meetings.tenths + self.market.bonus
        worth = worth + self.left().uncovered[self.meetings.rows]
        room = self.room[self.meetings.columns, self.meetings.slots] > 0
        possible = np.flatnonzero(~self.taken & (worth > 0) & (self.row_left[self.meetings.rows] > 0) & room)
        self.take_all(possible[np.argsort(-worth[possible], kind="stable")])

    def left(self) -> Left:
        """Return what is left to give away."""
        has_one = self.row_left < self.market.row_places
        width = self.market.shape[1]
        open_pairs = [
            (row, column) for row, column in self.market.required.tolist() if row * width + column not in self.met
        ]
        required = np.array(open_pairs, dtype=np.int64).reshape(-1, 2)
        return Left(self.row_left, self.column_left, self.room, self.market.uncovered & ~has_one, required)

    def _take(self, number: int) -> None:
        row, column, slot, key = self._where(number)
        self.taken[number] = True
        self.row_left[row] -= 1
        self.column_left[column] -= 1
        self.room[column, slot] -= 1
        self.row_busy[row, slot] = self.column_busy[column, slot] = True
        self.met.add(key)
        twin = int(self.market.same[row])
        if twin >= 0:  # the same person gives no meeting while they get one
            self.room[twin, slot] = 0

    def _where(self, number: int) -> tuple[int, int, int, int]:
        row, column = int(self.meetings.rows[number]), int(self.meetings.columns[number])
        return row, column, int(self.meetings.slots[number]), row * self.market.shape[1] + column
