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
    """What can be proposed: everybody's list laid end to end, each from its best choice on.

    Attributes:
        begins: where the list of each proposer begins, and after the last where it ends; int64.
        proposer: index of who may propose; int64.
        receiver: index of whom to; int64.
        favor: how the receiver ranks the proposer, the smaller the better; int64.
        number: the number of each pair as it was given.
    """

    begins: NDArray[np.int64]
    proposer: NDArray[np.int64]
    receiver: NDArray[np.int64]
    favor: NDArray[np.int64]
    number: NDArray[np.int64]


def proposals(proposer: IntArray, receiver: IntArray, choice: IntArray, favor: IntArray, size: int) -> Proposals:
    """Return pairs as lists.

    Args:
        proposer: index of who may propose.
        receiver: index of whom to.
        choice: how the proposer ranks the receiver; the smaller, the better.
        favor: how the receiver ranks the proposer; likewise.
        size: how many proposers there are.
    """
    order = np.lexsort((choice, proposer)).astype(np.int64)
    arrays = [one[order].astype(np.int64) for one in (proposer, receiver, favor)]
    begins = np.searchsorted(arrays[0], np.arange(size + 1)).astype(np.int64)
    return Proposals(begins, arrays[0], arrays[1], arrays[2], order)


def accepted(lists: Proposals, wanted: IntArray, places: IntArray, *, compiled: bool | None = None) -> BoolArray:
    """Return which pairs, as they were given, are together in the end.

    Args:
        lists: everything that can be proposed.
        wanted: how many receivers each proposer wants.
        places: how many proposers each receiver takes.
        compiled: whether to run compiled code, which needs numba; None: where it is installed and worth it.
    """
    if compiled is None:
        compiled = len(lists.number) >= _COMPILED_FROM and find_spec("numba") is not None
    if compiled:
        from mentorkit_matchers.stable.compiled import accepted_in_order
    else:
        accepted_in_order = _accepted_in_order
    arrays = lists.begins, lists.receiver, lists.favor, lists.proposer
    chosen = np.zeros(len(lists.number), dtype=np.bool_)
    chosen[lists.number] = accepted_in_order(*arrays, wanted.astype(np.int64), places.astype(np.int64))
    return chosen


def _accepted_in_order(
    begins: IntArray, receivers: IntArray, favors: IntArray, proposers: IntArray, wanted: IntArray, places: IntArray
) -> BoolArray:
    """Return which pairs are together. Every receiver keeps a heap of what it holds, the least liked on top."""
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
