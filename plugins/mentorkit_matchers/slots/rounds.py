"""Rounds of an event: who meets whom is known, and every meeting gets a round.

Meetings are the edges of a bipartite graph in which nobody has more than there are rounds; its edges can then be
colored with as many colors as rounds, so that at nobody a color is there twice. Source: D. König, "Über Graphen und
ihre Anwendung auf Determinantentheorie und Mengenlehre" (1916), by alternating paths.
"""

from __future__ import annotations

import numpy as np

from mentorkit.core.problems import IntArray

_NONE = -1


def rounds_of(rows: IntArray, columns: IntArray, rounds: int) -> IntArray:
    """Return the round of each meeting, 0-based; nobody of the rows has two meetings in one.

    A column with more meetings than rounds counts as several people, each with as many meetings as rounds at most.
    """
    order = np.argsort(columns, kind="stable")
    nth = np.empty(len(columns), dtype=np.int64)
    nth[order] = np.arange(len(order)) - np.searchsorted(columns[order], columns[order])
    _, seats = np.unique(columns * (len(columns) + 1) + nth // rounds, return_inverse=True)
    at_row = [[_NONE] * rounds for _ in range(int(rows.max(initial=-1)) + 1)]
    at_seat = [[_NONE] * rounds for _ in range(int(seats.max(initial=-1)) + 1)]
    ends = list(zip(rows.tolist(), seats.tolist(), strict=True))
    for edge, (row, seat) in enumerate(ends):
        color = at_row[row].index(_NONE)
        if at_seat[seat][color] != _NONE:
            _make_free(seat, color, at_seat[seat].index(_NONE), (at_row, at_seat), ends)
        at_row[row][color] = at_seat[seat][color] = edge
    colors = np.full(len(rows), _NONE, dtype=np.int64)
    for taken in at_row:
        for color, edge in enumerate(taken):
            if edge != _NONE:
                colors[edge] = color
    return colors


def _make_free(
    seat: int, color: int, other: int, at: tuple[list[list[int]], list[list[int]]], ends: list[tuple[int, int]]
) -> None:
    """Swap two colors along the path that leaves a seat by one of them, which is then free there."""
    at_row, at_seat = at
    path = []
    side, node, wanted = 1, seat, color
    while True:
        edge = at[side][node][wanted]
        if edge == _NONE:
            break
        path.append((edge, wanted))
        side = 1 - side
        node = ends[edge][side]
        wanted = other if wanted == color else color
    for edge, before in path:
        row, place = ends[edge]
        at_row[row][before] = at_seat[place][before] = _NONE
    for edge, before in path:
        row, place = ends[edge]
        now = other if before == color else color
        at_row[row][now] = at_seat[place][now] = edge
