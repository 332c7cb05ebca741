"""Deferred acceptance over lists of pairs; the outcome is the same in whatever order people propose."""

from __future__ import annotations

import heapq
from importlib.util import find_spec

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.contracts import BoolArray, IntArray

_COMPILED_FROM = 300_000
"""Listed pairs from which compiled code is worth loading."""


@frozen(eq=False)
class Proposals:
    """What can be proposed: pairs of two people who list each other, as parallel arrays of int64.

    Attributes:
        proposer: index of who may propose.
        receiver: index of whom to.
        choice: how the proposer ranks the receiver; the smaller, the better.
        favor: how the receiver ranks the proposer; likewise.
    """

    proposer: NDArray[np.int64]
    receiver: NDArray[np.int64]
    choice: NDArray[np.int64]
    favor: NDArray[np.int64]


def accepted(proposals: Proposals, wanted: IntArray, places: IntArray, *, compiled: bool | None = None) -> BoolArray:
    """Return which pairs are together in the end.

    Args:
        proposals: everything that can be proposed.
        wanted: how many receivers each proposer wants.
        places: how many proposers each receiver takes.
        compiled: whether to run compiled code, which needs numba; None: where it is installed and worth it.
    """
    order = np.lexsort((proposals.choice, proposals.proposer))
    begins = np.searchsorted(proposals.proposer[order], np.arange(len(wanted) + 1))
    if compiled is None:
        compiled = len(order) >= _COMPILED_FROM and find_spec("numba") is not None
    if compiled:
        from mentorkit_matchers.stable.compiled import accepted_in_order
    else:
        accepted_in_order = _accepted_in_order
    listed = proposals.receiver[order], proposals.favor[order], proposals.proposer[order]
    chosen = np.zeros(len(order), dtype=np.bool_)
    chosen[order] = accepted_in_order(begins, *listed, wanted.astype(np.int64), places.astype(np.int64))
    return chosen


def _accepted_in_order(
    begins: IntArray, receivers: IntArray, favors: IntArray, proposers: IntArray, wanted: IntArray, places: IntArray
) -> BoolArray:
    """Return which pairs are together, from lists laid end to end, each from its best choice on.

    Every receiver keeps a heap of the proposals it holds, the least liked on top.
    """
    whom, favor, who = receivers.tolist(), favors.tolist(), proposers.tolist()
    held: list[list[tuple[int, int]]] = [[] for _ in range(len(places))]
    room, wants, following = places.tolist(), wanted.tolist(), begins.tolist()
    ends = following[1:]
    open_again = list(range(len(wanted) - 1, -1, -1))
    while open_again:
        one = open_again.pop()
        while wants[one] > 0 and following[one] < ends[one]:
            at = following[one]
            following[one] += 1
            proposal, kept = (-favor[at], at), held[whom[at]]
            if len(kept) < room[whom[at]]:
                heapq.heappush(kept, proposal)
                wants[one] -= 1
            elif kept and proposal > kept[0]:
                refused = who[heapq.heapreplace(kept, proposal)[1]]
                wants[one] -= 1
                wants[refused] += 1
                open_again.append(refused)
    chosen = np.zeros(len(whom), dtype=np.bool_)
    chosen[[at for kept in held for _, at in kept]] = True
    return chosen
