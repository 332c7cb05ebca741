"""The best matching of all allowed pairs: considered pairs grow until no other is better than prices and sets allow."""

from __future__ import annotations

from itertools import count

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.problems import Effort, IntArray
from mentorkit.core.proofs import OddSet, PeerPrices
from mentorkit_matchers.all_pairs import all_pairs
from mentorkit_matchers.peers.circle import Circle, Edges
from mentorkit_matchers.peers.double_cover import Fractional, best_fractional
from mentorkit_matchers.peers.nearly import ENOUGH, short_of, with_few_sets
from mentorkit_matchers.peers.pricing import better_pairs
from mentorkit_matchers.peers.whole import Whole, best_whole

_SOON_LOOKED_THROUGH = 5_000
"""People among whom one look through all pairs is a matter of seconds."""

_EXACTLY = 20_000
"""People up to whom the best matching is sought; of more, one that is proven to be short of it by very little."""

_FIRST_CHOICES = 12
"""Pairs of a person to start with."""

_MORE_CHOICES = 6
"""Pairs of a person that one look through all pairs may add."""


@frozen(eq=False)
class Settled:
    """A matching with what it was found by.

    Attributes:
        edges: the pairs that were considered.
        fractional: a best fractional matching of them.
        whole: the matching.
        settled: whether no pair at all is better than prices and sets allow: then it is the best there is.
    """

    edges: Edges
    fractional: Fractional
    whole: Whole
    settled: bool

    def worth(self, circle: Circle) -> int:
        """Return twice what the matching is worth."""
        there = self.whole.mates[self.edges.low] == self.edges.high
        return 2 * int(circle.values(self.edges)[there].sum())

    @property
    def deepest(self) -> int:
        """The most that sets around one person hold back together."""
        held = np.zeros(len(self.whole.prices), dtype=np.int64)
        for one in self.whole.sets:
            held[one.people] += one.worth
        return int(held.max(initial=0))

    @property
    def most(self) -> int:
        """Twice what no matching is worth more than, if it is settled."""
        sets = self.whole.sets
        return int(self.whole.prices.sum()) + sum(one.worth * (len(one.people) // 2) for one in sets)


def first_edges(circle: Circle) -> Edges:
    """Return a few good pairs of everybody; among a few thousand people, even if the time is up before it begins."""
    nothing = np.full(circle.size, -1, dtype=np.int64)
    found = circle.found_at(nothing, _FIRST_CHOICES)
    if circle.effort.over() and circle.size <= _SOON_LOOKED_THROUGH:
        patient = evolve(circle, looks=all_pairs(circle.pairs, Effort()))
        found = found.with_more(patient.found_at(nothing, _FIRST_CHOICES))
    return found


def settle(circle: Circle, edges: Edges, spare: int = 0) -> Settled:
    """Return the best matching of all allowed pairs; the best so far when the time is up.

    Prices of a best fractional matching hold for all pairs, once they do: it stays the best with more pairs considered,
    so that only the search for whole pairs has to be repeated.

    Args:
        circle: who is to be paired.
        edges: the pairs to begin with.
        spare: how many may stay without a mate although others would gain by them.
    """
    edges, fractional, settled = _fractionally(circle, edges)
    return settle_whole(circle, Settled(edges, fractional, _as_it_is(fractional), settled), spare)


def settle_whole(circle: Circle, found: Settled, spare: int = 0) -> Settled:
    """Return the best matching, from a best fractional one; see `settle`."""
    edges = found.edges
    for rounds in count():
        circle.effort.tell("matching", 1 - 0.5 ** (rounds + 1))
        whole = best_whole(circle, edges, found.fractional, spare)
        if not found.settled or not whole.best or circle.effort.over():
            return Settled(edges, found.fractional, whole, False)
        many = circle.size > _EXACTLY and not circle.trio
        nearly = with_few_sets(circle, edges, whole) if many else None
        if nearly is None:
            better = better_pairs(circle, whole.prices, whole.sets, _MORE_CHOICES)
        else:
            short, better = short_of(circle, edges, nearly, _MORE_CHOICES)
            if short <= ENOUGH:
                return Settled(edges, found.fractional, nearly, short == 0 and not circle.effort.over())
        grown = edges.with_more(better)
        if len(grown) == len(edges):
            return Settled(edges, found.fractional, whole, not circle.effort.over())  # a look may have been cut short
        edges = grown
    raise AssertionError  # counting never ends


def _as_it_is(fractional: Fractional) -> Whole:
    return Whole(fractional.mates, fractional.prices, (), False)


def _fractionally(circle: Circle, edges: Edges) -> tuple[Edges, Fractional, bool]:
    """Return considered pairs, a best fractional matching of them, and whether it is one of all pairs.

    After the first look only those are looked at again who were in a better pair, or whose price has fallen since: any
    other two people were not worth more than their prices then, and are not worth more now.
    """
    better, rows, before = edges, None, np.zeros(0, dtype=np.int64)
    for rounds in count():
        circle.effort.tell("matching", 0.5 - 0.5 ** (rounds + 1))
        fractional = best_fractional(circle, edges)
        if circle.effort.over():
            return edges, fractional, False
        if rounds:
            rows = np.union1d(np.flatnonzero(fractional.prices < before), better.people)
        own = circle.asked(fractional.prices)
        better = circle.found_above(own, own, _MORE_CHOICES, rows)
        grown = edges.with_more(better)
        if len(grown) == len(edges):
            return edges, fractional, not circle.effort.over()
        edges, before = grown, fractional.prices
    raise AssertionError  # counting never ends


def proof_of(circle: Circle, whole: Whole) -> PeerPrices:
    """Return prices and sets by the indexes of the seating."""
    prices = np.zeros(circle.seats, dtype=np.int64)
    prices[circle.people] = whole.prices
    return PeerPrices(prices, tuple(OddSet(circle.people[one.people], one.worth) for one in whole.sets))


def pairs_of(circle: Circle, mates: IntArray) -> list[tuple[int, ...]]:
    """Return the pairs of a matching by the indexes of the seating."""
    low = np.flatnonzero(mates > np.arange(circle.size))
    return list(zip(circle.people[low].tolist(), circle.people[mates[low]].tolist(), strict=True))
