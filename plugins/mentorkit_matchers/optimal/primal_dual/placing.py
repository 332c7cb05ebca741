"""Rows that want a place find one: along paths that cost nothing, then at higher prices."""

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
def keep_the_best(by_row, state):  # type: ignore[no-untyped-def]
    """Work out what each row can gain at the prices, and keep only the partners that are its best."""
    state.filled[:] = 0
    for row in range(len(state.partner)):
        worth, column, gain = 0, state.partner[row], -1
        for edge in range(by_row.first[row], by_row.first[row + 1]):
            here = by_row.gains[edge] - state.prices[by_row.others[edge]]
            worth = max(worth, here)
            if by_row.others[edge] == column:
                gain = here
        state.worth[row] = worth
        state.partner[row] = -1
        if column >= 0 and gain == worth and has_room(state, column):
            enter(state, column, row)


@njit(cache=True)
def place_rows(by_row, state, aside):  # type: ignore[no-untyped-def]
    """Give a place to every row that gains from one, until at most `aside` are left; return how many are.

    Args:
        by_row: the pairs, seen from the rows.
        state: as `keep_the_best` leaves it.
        aside: how many rows may be left.
    """
    rows, columns = len(state.partner), len(state.prices)
    seen = np.zeros(columns, np.bool_)
    reached_by = np.full(columns, -1, np.int64)
    stack = np.empty(rows + columns + 1, np.int64)
    distances = room_for_distances(rows, columns, len(by_row.others))
    seekers = _seeking(np.arange(rows), state)
    while len(seekers) > aside:
        seen[:] = False
        found = 0
        for root in seekers:
            if state.worth[root] > 0 and _move(root, by_row, state, seen, reached_by, stack):
                found += 1
        seekers = _seeking(seekers, state)
        if len(seekers) > aside and found * WORTHWHILE <= len(seekers) + found:
            _raise_prices(seekers, by_row, state, distances)
            seekers = _seeking(seekers, state)
    return len(seekers)


@njit(cache=True)
def _seeking(rows, state):  # type: ignore[no-untyped-def]
    left = np.empty(len(rows), np.int64)
    size = 0
    for row in rows:
        if state.partner[row] < 0 and state.worth[row] > 0:
            left[size] = row
            size += 1
    return left[:size]


@njit(cache=True)
def _move(root, by_row, state, seen, reached_by, stack):  # type: ignore[no-untyped-def]
    """Let a row without a place and those in its way move along a path that costs nothing; return whether there is one.

    It ends at a free place, or at somebody who gains nothing from theirs and may as well be without.
    """
    stack[0] = root
    top, end = 1, -1
    while top > 0 and end < 0:
        top -= 1
        row = stack[top]
        if state.worth[row] == 0:
            end = state.partner[row]
            leave(state, row)
            break
        for edge in range(by_row.first[row], by_row.first[row + 1]):
            column = by_row.others[edge]
            if seen[column] or state.worth[row] + state.prices[column] != by_row.gains[edge]:
                continue
            seen[column] = True
            reached_by[column] = row
            if has_room(state, column):
                end = column
                break
            for at in range(state.first[column], state.first[column] + state.filled[column]):
                stack[top] = state.holders[at]
                top += 1
    if end < 0:
        return False
    _shift(end, state, reached_by)
    seen[end] = not has_room(state, end)
    for at in range(top):  # what was reached but not followed is open to the others
        if state.partner[stack[at]] >= 0:
            seen[state.partner[stack[at]]] = False
    return True


@njit(cache=True)
def _shift(column, state, reached_by):  # type: ignore[no-untyped-def]
    """Let every row on the path that leads to a free place of `column` move one on."""
    while column >= 0:
        row = reached_by[column]
        before = state.partner[row]
        leave(state, row)
        enter(state, column, row)
        column = before


@njit(cache=True)
def _raise_prices(seekers, by_row, state, distances):  # type: ignore[no-untyped-def]
    """Raise prices by what the nearest free place, or row that may be without one, is away from all seekers."""
    columns_met, rows_met, nearest = _measure(seekers, by_row, state, distances)
    for at in range(columns_met):
        column = distances.columns_met[at]
        if distances.columns[column] < nearest:
            state.prices[column] += nearest - distances.columns[column]
        distances.columns[column] = FAR
    for at in range(rows_met):
        row = distances.rows_met[at]
        if distances.rows[row] < nearest:
            state.worth[row] -= nearest - distances.rows[row]
        distances.rows[row] = FAR


@njit(cache=True)
def _measure(seekers, by_row, state, distances):  # type: ignore[no-untyped-def]
    """Measure ways from all seekers (E. W. Dijkstra, 1959); return how many columns and rows were met, and the end."""
    size, nearest, columns_met, rows_met = 0, FAR, 0, 0
    waiting = 0
    while waiting < len(seekers) or size > 0:
        if waiting < len(seekers):
            far, column, first, last = 0, -1, 0, 1
        else:
            far, column = distances.keys[0], distances.names[0]
            size = pop(distances.keys, distances.names, size)
            if far >= nearest:
                break
            if distances.columns[column] != far:
                continue
            first, last = state.first[column], state.first[column] + state.filled[column]
        for at in range(first, last):
            row = seekers[waiting] if column < 0 else state.holders[at]
            if distances.rows[row] != FAR:
                continue
            distances.rows[row] = far
            distances.rows_met[rows_met] = row
            rows_met += 1
            nearest = min(nearest, far + state.worth[row])
            for edge in range(by_row.first[row], by_row.first[row + 1]):
                other = by_row.others[edge]
                there = far + state.worth[row] + state.prices[other] - by_row.gains[edge]
                if there >= nearest or there >= distances.columns[other]:
                    continue
                if distances.columns[other] == FAR:
                    distances.columns_met[columns_met] = other
                    columns_met += 1
                distances.columns[other] = there
                if has_room(state, other):
                    nearest = there
                else:
                    size = push(distances.keys, distances.names, size, there, other)
        if column < 0:
            waiting += 1
    return columns_met, rows_met, nearest
