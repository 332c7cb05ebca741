"""Who takes which free seat: the best way for those who got up to sit down again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit_matchers.groups.grouping import NOBODY


def assigned(gains: NDArray[np.float64], empty: NDArray[np.float64], now: IntArray) -> NDArray[np.int64] | None:
    """Return which person takes each seat in the best way, NOBODY for none; None: as it is now is as good.

    Args:
        gains: of each person on each seat.
        empty: of each seat without anybody.
        now: the seat of each person now, NOBODY for those who have none.
    """
    from scipy.optimize import linear_sum_assignment

    people, seats = gains.shape
    without = int((now == NOBODY).sum())
    square = np.zeros((seats + without, seats + without))
    square[:people, :seats] = gains
    square[people:, :seats] = empty
    row, column = linear_sum_assignment(square, maximize=True)
    taken = np.full(seats, NOBODY, dtype=np.int64)
    sits = (column < seats) & (row < people)
    taken[column[sits]] = row[sits]
    before = np.full(seats, NOBODY, dtype=np.int64)
    before[now[now != NOBODY]] = np.flatnonzero(now != NOBODY)
    if _value(gains, empty, taken) <= _value(gains, empty, before) + 1e-6:
        return None
    return taken


def _value(gains: NDArray[np.float64], empty: NDArray[np.float64], taken: IntArray) -> float:
    seats = np.flatnonzero(taken != NOBODY)
    return float(gains[taken[seats], seats].sum() + empty[taken == NOBODY].sum())
