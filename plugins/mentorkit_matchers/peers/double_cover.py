"""The best fractional matching: pairs that count whole or half, and prices that prove that no matching is worth more.

Everybody is there twice, on the left and on the right, and may be assigned to themselves: to be left out. An assignment
of left to right that is worth most takes every pair half for each direction that it uses. Where it goes back and forth
two people are a pair; a cycle of even length falls into pairs without a loss; only cycles of odd length leave one over.
Source: M. L. Balinski, "Integer programming: methods, uses, computation" (1965), on the half-integrality of matchings.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit_matchers.peers.circle import Circle, Edges


@frozen(eq=False)
class Fractional:
    """A best fractional matching, as far as it is one of whole pairs.

    Attributes:
        mates: of each person, a person or -1; every pair is worth the half of the sum of its two prices.
        prices: of each person, at least 0, in half units; no pair is worth more than the half of the sum of its prices.
    """

    mates: NDArray[np.int64]
    prices: NDArray[np.int64]


@frozen(eq=False)
class Arcs:
    """Pairs in both directions and everybody with themselves, by left person.

    Attributes:
        starts: where the arcs of each left person begin; one more than there are people.
        left: of each arc.
        right: of each arc.
        values: what each is worth; 0 for being left out.
    """

    starts: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    values: NDArray[np.int64]


def best_fractional(circle: Circle, edges: Edges) -> Fractional:
    """Return a best fractional matching of the considered pairs."""
    if not len(edges):
        return Fractional(np.full(circle.size, -1, dtype=np.int64), np.zeros(circle.size, dtype=np.int64))
    arcs = _arcs(circle, edges)
    chosen = _assigned(arcs, circle.size)
    prices = _prices(arcs, chosen, circle.size)
    return Fractional(_whole_pairs(arcs.right[chosen]), prices)


def _arcs(circle: Circle, edges: Edges) -> Arcs:
    everybody = np.arange(circle.size)
    values = circle.values(edges)
    left = np.concatenate([edges.low, edges.high, everybody])
    right = np.concatenate([edges.high, edges.low, everybody])
    order = np.lexsort((right, left))
    both = np.concatenate([values, values, np.zeros(circle.size, dtype=np.int64)])
    starts = np.searchsorted(left[order], np.arange(circle.size + 1))
    return Arcs(starts, left[order], right[order], both[order])


def _assigned(arcs: Arcs, size: int) -> NDArray[np.int64]:
    """Return the arc of each left person in an assignment that is worth most."""
    right = _by_ortools(arcs, size)
    if right is None:
        right = _by_scipy(arcs, size)
    keys = arcs.left * size + arcs.right
    return np.searchsorted(keys, np.arange(size) * size + right)


def _by_ortools(arcs: Arcs, size: int) -> IntArray | None:
    try:
        from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment
    except ImportError:
        return None
    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(arcs.left.astype(np.int32), arcs.right.astype(np.int32), -arcs.values)
    if solver.solve() != solver.OPTIMAL:
        return None
    return np.array([solver.right_mate(one) for one in range(size)], dtype=np.int64)


def _by_scipy(arcs: Arcs, size: int) -> IntArray:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    # an entry of 0 would count as absent; values stay below 2 ** 53, where every whole number is a float
    costs = (arcs.values.max(initial=0) + 1 - arcs.values).astype(np.float64)
    matrix = csr_array((costs, arcs.right, arcs.starts), shape=(size, size))
    return np.asarray(min_weight_full_bipartite_matching(matrix)[1], dtype=np.int64)


def _prices(arcs: Arcs, chosen: IntArray, size: int) -> NDArray[np.int64]:
    """Return for each person the sum of their prices on the left and on the right.

    A left person must not gain more by any arc than by the chosen one, both at the prices on the right: those are
    raised, from everybody whose own has changed, until it holds (R. Bellman, 1958).
    """
    rights = np.zeros(size, dtype=np.int64)
    mine, partner = arcs.values[chosen], arcs.right[chosen]
    changed = np.arange(size)
    while len(changed):
        counts = arcs.starts[changed + 1] - arcs.starts[changed]
        first = np.repeat(arcs.starts[changed] - np.cumsum(counts) + counts, counts)
        asked = first + np.arange(len(first))
        owner = np.repeat(changed, counts)
        wanted = arcs.values[asked] - mine[owner] + rights[partner[owner]]
        goal = arcs.right[asked]
        higher = wanted > rights[goal]
        before = rights.copy()
        np.maximum.at(rights, goal[higher], wanted[higher])
        left_of = np.flatnonzero(rights[partner] > before[partner])
        changed = left_of
    return mine - rights[partner] + rights


def _whole_pairs(partner: IntArray) -> NDArray[np.int64]:
    """Return mates: cycles of an assignment as pairs along them, the first of an odd one left over."""
    mates = np.full(len(partner), -1, dtype=np.int64)
    both_ways = partner[partner] == np.arange(len(partner))
    pairs = np.flatnonzero(both_ways & (partner != np.arange(len(partner))))
    mates[pairs] = partner[pairs]
    seen = both_ways.tolist()
    following = partner.tolist()
    for start in np.flatnonzero(~both_ways).tolist():
        cycle = []
        person = start
        while not seen[person]:
            seen[person] = True
            cycle.append(person)
            person = following[person]
        for one, other in zip(cycle[len(cycle) % 2 :: 2], cycle[len(cycle) % 2 + 1 :: 2], strict=True):
            mates[one], mates[other] = other, one
    return mates
