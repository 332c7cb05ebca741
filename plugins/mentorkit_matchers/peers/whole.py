"""From a best fractional matching to a best matching: whoever is left over by an odd cycle gets a mate, or stays alone.

The people of an odd set may together be priced higher than each for themselves: of so many people one is left out
whatever happens. Sets and prices prove that the matching is the best among the considered pairs.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.proofs import OddSet
from mentorkit_matchers.peers.augmenting import Graph, find_mate
from mentorkit_matchers.peers.circle import Circle, Edges
from mentorkit_matchers.peers.compiling import compiled_find_mate
from mentorkit_matchers.peers.double_cover import Fractional
from mentorkit_matchers.peers.odd_sets import NOBODY, OddSets

_WORTH_COMPILING = 4_000
"""People from whom on the search runs compiled, if it can."""


@frozen(eq=False)
class Whole:
    """A matching and what proves how good it is.

    Attributes:
        mates: of each person, a person or -1.
        prices: of each person, in half units.
        sets: odd sets of people, each within another or apart from it.
        best: whether it is known to be the best among the considered pairs.
    """

    mates: NDArray[np.int64]
    prices: NDArray[np.int64]
    sets: tuple[OddSet, ...]
    best: bool


def best_whole(circle: Circle, edges: Edges, fractional: Fractional, spare: int = 0) -> Whole:
    """Return a best matching of the considered pairs; the best so far when the time is up.

    Args:
        circle: who is to be paired.
        edges: the pairs to consider.
        fractional: a best fractional matching of them.
        spare: how many may stay without a mate although they have a price.
    """
    graph, sets = _graph(circle, edges), _no_sets(fractional)
    roots = np.flatnonzero((fractional.mates < 0) & (fractional.prices > 0)).tolist()
    find = (compiled_find_mate() if circle.size >= _WORTH_COMPILING else None) or find_mate
    if find is find_mate:
        graph, sets = Graph(*(one.tolist() for one in graph)), OddSets(*(one.tolist() for one in sets))
    best = True
    while True:
        waiting = [root for root in roots if sets.mates[root] < 0 and sets.prices[root] > 0]
        if len(waiting) <= spare:
            break
        if circle.effort.over():
            best = False
            break
        find(graph, sets, waiting[0])
    mates, prices = (np.array(one, dtype=np.int64) for one in (sets.mates, sets.prices))
    if not best:
        _pair_greedily(circle, edges, mates)
    return Whole(mates, prices, _worth_something(sets), best)


def _pair_greedily(circle: Circle, edges: Edges, mates: NDArray[np.int64]) -> None:
    """Pair who is left over by considered pairs, the most valuable first."""
    possible = np.flatnonzero((mates[edges.low] < 0) & (mates[edges.high] < 0))
    values = circle.values(edges)[possible]
    for place in possible[np.argsort(-values, kind="stable")].tolist():
        one, other = edges.low[place], edges.high[place]
        if mates[one] < 0 and mates[other] < 0:
            mates[one], mates[other] = other, one


def _graph(circle: Circle, edges: Edges) -> Graph:
    low = np.concatenate([edges.low, edges.high])
    high = np.concatenate([edges.high, edges.low])
    order = np.lexsort((high, low))
    twice = np.tile(2 * circle.values(edges), 2)[order]
    return Graph(np.searchsorted(low[order], np.arange(circle.size + 1)), high[order], twice)


def _no_sets(fractional: Fractional) -> OddSets:
    """Return the state in which the search begins: everybody for themselves, matched as in the fractional matching."""
    size = len(fractional.mates)
    nodes = size + size // 2 + 1
    state = {name: np.full(nodes, NOBODY, dtype=np.int64) for name in OddSets._fields}
    for name in ("worths", "labels", "since", "priced", "marks"):
        state[name][:] = 0
    state["sizes"] = np.ones(nodes, dtype=np.int64)
    state["groups"] = np.arange(size)
    state["bases"] = np.arange(nodes)
    state["tops"] = np.arange(size)
    state["prices"], state["mates"] = fractional.prices.copy(), fractional.mates.copy()
    state["unused"] = np.arange(nodes - 1, size - 1, -1)
    state["counts"] = np.array([nodes - size, 0, 0])
    return OddSets(**state)


def _worth_something(sets: OddSets) -> tuple[OddSet, ...]:
    """Return the sets that hold something back.

    Most sets hold back nothing, and those that lie within each other may have nearly everybody in them: people are
    listed once, so that every set is a stretch of the list, and only what is returned is copied.
    """
    size = len(sets.mates)
    worths, parents = (np.asarray(one).tolist() for one in (sets.worths, sets.parents))
    unused = set(list(sets.unused)[: sets.counts[0]])
    there = [node for node in range(size, len(worths)) if node not in unused]
    people: list[int] = []
    stretches: dict[int, tuple[int, int]] = {}
    for node in there:
        if parents[node] == NOBODY:
            _list_people(sets, node, people, stretches)
    listed = np.array(people, dtype=np.int64)
    return tuple(OddSet(np.sort(listed[slice(*stretches[node])]), worths[node]) for node in there if worths[node] > 0)


def _list_people(sets: OddSets, outermost: int, people: list[int], stretches: dict[int, tuple[int, int]]) -> None:
    """Append the people of a set so that those of every set in it stand together, and put down where."""
    size, waiting, begun = len(sets.mates), [outermost], dict[int, int]()
    while waiting:
        node = waiting.pop()
        if node < 0:  # all of its parts are listed
            stretches[~node] = begun[~node], len(people)
        elif node < size:
            people.append(node)
        else:
            begun[node] = len(people)
            waiting.append(~node)
            first = int(sets.firsts[node])
            waiting.append(first)
            part = int(sets.nexts[first])
            while part != first:
                waiting.append(part)
                part = int(sets.nexts[part])
