"""What the compiled solver works on: the considered pairs, who sits where, and what everything costs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

FAR = 2**60
"""Further away than anything is."""

WORTHWHILE = 20
"""As long as one in so many found a path, looking for more is quicker than changing prices."""


class Graph(NamedTuple):
    """The considered pairs, seen from one side.

    Attributes:
        first: where the pairs of each one start; int64, one more than there are.
        others: who is on the other side of each pair; int32.
        gains: what each pair is worth; int64.
    """

    first: Any
    others: Any
    gains: Any


class State(NamedTuple):
    """Who sits where, and prices.

    Attributes:
        prices: of each column; at least 0.
        worth: what each row gains, price subtracted; at least 0.
        partner: the column of each row, or -1.
        first: where the places of each column start in `holders`; one more than there are columns.
        filled: how many places of each column are taken.
        holders: the rows in the places, the taken ones of each column first.
    """

    prices: Any
    worth: Any
    partner: Any
    first: Any
    filled: Any
    holders: Any


class Distances(NamedTuple):
    """Room for a search for shortest ways; everything is as it was when the search is over.

    Attributes:
        columns: how far each column is away; FAR between searches.
        rows: likewise.
        keys: a heap of distances.
        names: whose distances they are.
        columns_met: which columns have a distance.
        rows_met: likewise.
    """

    columns: Any
    rows: Any
    keys: Any
    names: Any
    columns_met: Any
    rows_met: Any


@njit(cache=True)
def room_for_distances(rows, columns, pairs):  # type: ignore[no-untyped-def]
    """Return distances before the first search; a heap never holds more than all considered pairs."""
    return Distances(
        np.full(columns, FAR, np.int64),
        np.full(rows, FAR, np.int64),
        np.empty(pairs + 16, np.int64),
        np.empty(pairs + 16, np.int64),
        np.empty(columns, np.int64),
        np.empty(rows, np.int64),
    )


@njit(cache=True)
def has_room(state, column):  # type: ignore[no-untyped-def]
    """Return whether a place of a column is free."""
    return state.filled[column] < state.first[column + 1] - state.first[column]


@njit(cache=True)
def enter(state, column, row):  # type: ignore[no-untyped-def]
    """Let a row sit in a free place of a column."""
    state.holders[state.first[column] + state.filled[column]] = row
    state.filled[column] += 1
    state.partner[row] = column


@njit(cache=True)
def leave(state, row):  # type: ignore[no-untyped-def]
    """Take a row out of its place, if it has one."""
    column = state.partner[row]
    if column < 0:
        return
    last = state.first[column] + state.filled[column] - 1
    for at in range(state.first[column], last + 1):
        if state.holders[at] == row:
            state.holders[at] = state.holders[last]
            break
    state.filled[column] -= 1
    state.partner[row] = -1


@njit(cache=True)
def push(keys, names, size, key, name):  # type: ignore[no-untyped-def]
    """Put a name onto a heap of `size`; return its new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] <= key:
            break
        keys[at], names[at] = keys[above], names[above]
        at = above
    keys[at], names[at] = key, name
    return size + 1


@njit(cache=True)
def pop(keys, names, size):  # type: ignore[no-untyped-def]
    """Take the first name off a heap of `size`; return its new size."""
    size -= 1
    key, name = keys[size], names[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if key <= keys[below]:
            break
        keys[at], names[at] = keys[below], names[below]
        at = below
    keys[at], names[at] = key, name
    return size
