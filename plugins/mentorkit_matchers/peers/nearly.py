"""When very many people are matched well enough: what a matching is short of a bound that is quickly proven.

A set that holds back w of 2k + 1 people can be done without: with prices that are w / 2 higher no pair inside is worth
more than its prices say, and what is proven is only w / 2 higher. So few sets are left, all within each other, that one
look through all pairs says what the rest can be worth.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve

from mentorkit.core.problems import IntArray
from mentorkit_matchers.peers.circle import Circle, Edges
from mentorkit_matchers.peers.pricing import better_pairs
from mentorkit_matchers.peers.whole import Whole

ENOUGH = 0.0001
"""Share of all points that a matching of very many people may be short of what is proven."""


def with_few_sets(circle: Circle, edges: Edges, whole: Whole) -> Whole | None:
    """Return the same matching proven by higher prices and those sets alone that hold more than half of all people.

    None where too little would be proven: sets without which somebody has to stay alone hold back very much.
    """
    prices = whole.prices.copy()
    kept, lost = [], 0
    for one in whole.sets:
        if 2 * len(one.people) > len(prices):
            kept.append(one)
        else:
            prices[one.people] += one.worth // 2
            lost += one.worth // 2
    if lost > ENOUGH * _points(circle, edges, whole):
        return None
    return evolve(whole, prices=prices, sets=tuple(kept))


def _points(circle: Circle, edges: Edges, whole: Whole) -> int:
    """Return twice what the points of a matching are worth."""
    together = whole.mates[edges.low] == edges.high
    return 2 * circle.gains["total-score"] * int(edges.tenths[together].sum())


def short_of(circle: Circle, edges: Edges, whole: Whole, most: int) -> tuple[float, Edges]:
    """Return which share of its points a matching is short of what is proven, and pairs that prices say too little of.

    Args:
        circle: who is to be paired.
        edges: the considered pairs, those of the matching among them.
        whole: the matching, with sets that lie within each other.
        most: pairs of a person to return, roughly.
    """
    better = better_pairs(circle, whole.prices, whole.sets, most)
    own = circle.asked(whole.prices)
    excess = 2 * circle.gains["total-score"] * better.tenths - own[better.low] - own[better.high]
    for one in whole.sets:
        inside = np.zeros(circle.size, dtype=np.bool_)
        inside[one.people] = True
        excess[inside[better.low] & inside[better.high]] -= one.worth
    lacks: IntArray = np.zeros(circle.size, dtype=np.int64)
    for side in (better.low, better.high):
        np.maximum.at(lacks, side, excess)
    together = whole.mates[edges.low] == edges.high
    worth = 2 * int(circle.values(edges)[together].sum())
    proven = int((whole.prices + lacks).sum()) + sum(one.worth * (len(one.people) // 2) for one in whole.sets)
    return (proven - worth) / max(1, _points(circle, edges, whole)), better
