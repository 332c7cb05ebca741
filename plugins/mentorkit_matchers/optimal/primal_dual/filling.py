"""Places that are free but not cheap find rows: along paths that cost nothing, then at lower prices."""

from __future__ import annotations

import numpy as np
from numba import njit

from mentorkit_matchers.optimal.primal_dual.state import (
    FAR,
    WORTHWHILE,
    enter,
    has_room,
    leave,
    pop,
    push,
    room_for_distances,
)


@njit(cache=True)
def fill_places(by_column, state):  # type: ignore[no-untyped-def]
    """Fill every free place that costs something, or lower its price to nothing.

    Args:
        by_column: the pairs, seen from the columns.
        state: in which every row that gains from a place has one.
    """
    rows, columns = len(state.partner), len(state.prices)
    seen, seen_rows = np.zeros(columns, np.bool_), np.zeros(rows, np.bool_)
    wanted_by, came_from = np.full(rows, -1, np.int64), np.full(columns, -1, np.int64)
    stack = np.empty(columns + 1, np.int64)
    distances = room_for_distances(rows, columns, len(by_column.others))
    dear = _dear(np.arange(columns), state)
    while len(dear):
        seen[:] = False
        seen_rows[:] = False
        found = 0
        for root in dear:
            while (
                state.prices[root] > 0
                and has_room(state, root)
                and _fill(root, by_column, state, seen, seen_rows, wanted_by, came_from, stack)
            ):
                found += 1
        dear = _dear(dear, state)
        if len(dear) and found * WORTHWHILE <= len(dear) + found:
            _lower_prices(dear, by_column, state, distances)
            dear = _dear(dear, state)


@njit(cache=True)
def _dear(columns, state):  # type: ignore[no-untyped-def]
    left = np.empty(len(columns), np.int64)
    size = 0
    for column in columns:
        if state.prices[column] > 0 and has_room(state, column):
            left[size] = column
            size += 1
    return left[:size]


@njit(cache=True)
def _fill(root, by_column, state, seen, seen_rows, wanted_by, came_from, stack):  # type: ignore[no-untyped-def]
    """Fill one free place of `root` along a path that costs nothing; return whether there is one.

    It ends at a row without a place, or at a column whose place costs nothing and may as well be free.
    """
    stack[0] = root
    top, end = 1, -1
    seen[root] = True
    while top > 0 and end < 0:
        top -= 1
        column = stack[top]
        if column != root and state.prices[column] == 0:
            end = came_from[column]
            break
        for edge in range(by_column.first[column], by_column.first[column + 1]):
            row = by_column.others[edge]
            other = state.partner[row]
            if seen_rows[row] or other == column:
                continue
            if state.worth[row] + state.prices[column] != by_column.gains[edge]:
                continue
            seen_rows[row] = True
            wanted_by[row] = column
            if other < 0:
                end = row
                break
            if not seen[other]:
                seen[other] = True
                came_from[other] = row
                stack[top] = other
                top += 1
    if end < 0:
        return False
    for at in range(top):
        seen[stack[at]] = False
    seen[root] = False
    _hand_on(end, root, state, wanted_by, came_from)
    return True


@njit(cache=True)
def _hand_on(row, root, state, wanted_by, came_from):  # type: ignore[no-untyped-def]
    """Let rows on the path from `row` to the free place of `root` move one on."""
    while True:
        column = wanted_by[row]
        leave(state, row)
        if column == root:
            enter(state, column, row)
            return
        follower = came_from[column]
        leave(state, follower)
        enter(state, column, row)
        row = follower


@njit(cache=True)
def _lower_prices(dear, by_column, state, distances):  # type: ignore[no-untyped-def]
    """Lower prices by what the nearest row without a place, or column that costs nothing, is away."""
    columns_met, rows_met, nearest = _measure(dear, by_column, state, distances)
    for at in range(columns_met):
        column = distances.columns_met[at]
        if distances.columns[column] < nearest:
            less = nearest - distances.columns[column]
            state.prices[column] -= less
            for place in range(state.first[column], state.first[column] + state.filled[column]):
                state.worth[state.holders[place]] += less
        distances.columns[column] = FAR
    for at in range(rows_met):
        distances.rows[distances.rows_met[at]] = FAR


@njit(cache=True)
def _measure(dear, by_column, state, distances):  # type: ignore[no-untyped-def]
    """Measure ways from all dear columns; return how many columns and rows were met, and how far the end is away."""
    size, nearest, columns_met, rows_met = 0, FAR, 0, 0
    waiting = 0
    while waiting < len(dear) or size > 0:
        if waiting < len(dear):
            column, far = dear[waiting], 0
            waiting += 1
        else:
            far, row = distances.keys[0], distances.names[0]
            size = pop(distances.keys, distances.names, size)
            if far >= nearest:
                break
            if distances.rows[row] != far:
                continue
            column = state.partner[row]
        if distances.columns[column] <= far:
            continue
        if distances.columns[column] == FAR:
            distances.columns_met[columns_met] = column
            columns_met += 1
        distances.columns[column] = far
        nearest = min(nearest, far + state.prices[column])
        for edge in range(by_column.first[column], by_column.first[column + 1]):
            row = by_column.others[edge]
            if state.partner[row] == column:
                continue
            there = far + state.worth[row] + state.prices[column] - by_column.gains[edge]
            if there >= nearest or there >= distances.rows[row]:
                continue
            if distances.rows[row] == FAR:
                distances.rows_met[rows_met] = row
                rows_met += 1
            distances.rows[row] = there
            if state.partner[row] < 0:
                nearest = there
            else:
                size = push(distances.keys, distances.names, size, there, row)
    return columns_met, rows_met, nearest
