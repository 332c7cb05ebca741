"""Deferred acceptance, compiled: the same as `proposing`, for long lists of many people. Needs numba."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mentorkit.core.contracts import BoolArray, IntArray


def accepted_in_order(
    begins: IntArray, receivers: IntArray, favors: IntArray, proposers: IntArray, wanted: IntArray, places: IntArray
) -> BoolArray:
    """Return which pairs are together, from lists laid end to end, each from its best choice on."""
    room = np.minimum(places, np.bincount(receivers, minlength=len(places)))
    heaps = np.concatenate([[0], np.cumsum(room)]).astype(np.int64)
    arrays = (begins, receivers, favors, proposers, wanted, heaps)
    found: BoolArray = _accepted(*(one.astype(np.int64) for one in arrays))
    return found


@njit(cache=True)
def _accepted(
    begins: NDArray[np.int64],
    receivers: NDArray[np.int64],
    favors: NDArray[np.int64],
    proposers: NDArray[np.int64],
    wanted: NDArray[np.int64],
    heaps: NDArray[np.int64],
) -> Any:
    """Receivers' heaps lie end to end, from `heaps[r]` on; each holds places in the lists, the least liked on top."""
    held = np.empty(heaps[-1], dtype=np.int64)
    filled = np.zeros(len(heaps) - 1, dtype=np.int64)
    following = begins[:-1].copy()
    wants = wanted.copy()
    open_again = np.arange(len(wants))[::-1].copy()
    is_open = np.ones(len(wants), dtype=np.bool_)
    last = len(wants) - 1
    while last >= 0:
        one = open_again[last]
        last -= 1
        is_open[one] = False
        while wants[one] > 0 and following[one] < begins[one + 1]:
            at = following[one]
            following[one] += 1
            low, size = heaps[receivers[at]], filled[receivers[at]]
            if size < heaps[receivers[at] + 1] - low:
                held[low + size] = at
                filled[receivers[at]] += 1
                wants[one] -= 1
                _rise(held, favors, low, size)
            elif size > 0 and favors[at] < favors[held[low]]:
                refused = proposers[held[low]]
                held[low] = at
                _sink(held, favors, low, size)
                wants[one] -= 1
                wants[refused] += 1
                if not is_open[refused]:
                    last += 1
                    open_again[last] = refused
                    is_open[refused] = True
    chosen = np.zeros(len(receivers), dtype=np.bool_)
    for receiver in range(len(filled)):
        for place in range(heaps[receiver], heaps[receiver] + filled[receiver]):
            chosen[held[place]] = True
    return chosen


@njit(cache=True)
def _rise(held: NDArray[np.int64], favors: NDArray[np.int64], low: int, place: int) -> None:
    """Let the entry at a place of a heap rise to where it belongs."""
    while place > 0:
        above = (place - 1) // 2
        if favors[held[low + place]] <= favors[held[low + above]]:
            return
        held[low + place], held[low + above] = held[low + above], held[low + place]
        place = above


@njit(cache=True)
def _sink(held: NDArray[np.int64], favors: NDArray[np.int64], low: int, size: int) -> None:
    """Let the entry on top of a heap sink to where it belongs."""
    place = 0
    while 2 * place + 1 < size:
        below = 2 * place + 1
        if below + 1 < size and favors[held[low + below + 1]] > favors[held[low + below]]:
            below += 1
        if favors[held[low + below]] <= favors[held[low + place]]:
            return
        held[low + place], held[low + below] = held[low + below], held[low + place]
        place = below
