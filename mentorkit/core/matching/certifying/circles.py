"""The bounds that prices prove on a problem of circles of peers.

Somebody's points are the mean of their scores with the others of their circle. What one of them costs the others may
be shifted among them as one likes, because in a circle everybody is with everybody: if each person could have the
mates that are worth most after their prices, whether or not these are together as well, all would have at least as many
points as in any circles. Where all possible circles can be listed, prices of people bound the worth of each of them
instead, which is nearer. Source of both: A. M. Geoffrion, "Lagrangean relaxation for integer programming" (1974).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb, lcm

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.bound import Bound
from mentorkit.core.problems import IntArray, MatchingProblem, PairScores, Seating
from mentorkit.core.proofs import CircleProof
from mentorkit.core.shapes import CirclePlan, Circles

MOST_LISTED = 60_000
"""Possible circles up to which prices may bound each of them."""

_BLOCK = 2_000_000
"""Pairs that are looked at together."""

_NEVER = -(2**40)

_LARGEST = 2**42
"""What somebody may gain or lose at most; more would not fit into sums of 64 bits, and less only loosens a bound."""

_TENTHS, _PRICES = 2**20, 2**31
"""What a tenth may be worth, and what somebody may cost."""


@frozen(eq=False)
class _Ring:
    """Who could be in circles, and how large these are.

    Attributes:
        people: the indexes of who has a place and enough others to be with.
        sizes: the sizes of circles that the bound is about, ascending.
        plan: the usual circles; None where the bound is about all circles of an allowed size.
        placed: how many people can be in circles at most.
    """

    seating: Seating
    pairs: PairScores
    details: Circles
    people: NDArray[np.int64]
    sizes: tuple[int, ...]
    plan: CirclePlan | None
    placed: int


def circle_bound(problem: MatchingProblem, proof: CircleProof) -> Bound:
    """Return the most people that can be in circles and, with as many, the most tenths of points.

    Raises:
        ValueError: the prices are not a proof: of the wrong number, too large, or of another shape of problem.
    """
    ring = _ring(problem, proof)
    if proof.prices.shape != (len(ring.seating.people),) or not 0 < proof.tenth < _TENTHS:
        raise ValueError("has prices that are not one per person")
    prices = proof.prices[ring.people]
    if np.abs(prices).max(initial=0) >= _PRICES:
        raise ValueError("has prices that are too large to add up")
    looked_at = len(ring.people) * (len(ring.people) - 1) // 2
    if not ring.placed:
        return Bound(0, 0, looked_at)
    worth = _of_listed(problem, ring, proof, prices) if proof.listed else _of_mates(ring, proof, prices) / 2
    parts = lcm(*(size - 1 for size in ring.sizes))  # all points are whole numbers of so many parts of a tenth
    people = min(ring.placed, int((~ring.seating.covered[ring.people]).sum()))
    return Bound(people, max(Fraction(worth / proof.tenth * parts // 1, parts), Fraction(0)), looked_at)


def _ring(problem: MatchingProblem, proof: CircleProof) -> _Ring:
    details = problem.details
    if not isinstance(details, Circles) or len(problem.pairs) != 1:
        raise ValueError("has prices for circles, which prove nothing but in a problem of circles")
    ((first, second), pairs) = next(iter(problem.pairs.items()))
    if first != second or not problem.seatings[first].served:
        raise ValueError("has prices for circles, which prove nothing unless all are of one role and served")
    seating = problem.seatings[first]
    people = _who_could(pairs, np.flatnonzero(seating.places > 0), details.sizes[0])
    plan = details.plans(len(people))[0]
    sizes = tuple(sorted(set(plan.sizes))) if proof.planned else tuple(range(details.sizes[0], details.sizes[1] + 1))
    return _Ring(seating, pairs, details, people, sizes, plan if proof.planned else None, plan.placed)


def _who_could(pairs: PairScores, people: NDArray[np.int64], fewest: int) -> NDArray[np.int64]:
    """Return who may be with enough of the others for a circle."""
    step = max(1, _BLOCK // max(1, len(people)))
    partners = [
        ((pairs.scores(people[start : start + step], people) >= 0).sum(axis=1)) for start in range(0, len(people), step)
    ]
    return people[np.concatenate([np.zeros(0, dtype=np.int64), *partners]) >= fewest - 1]


def _of_mates(ring: _Ring, proof: CircleProof, prices: IntArray) -> Fraction:
    """Return a bound on the means of all people, which is twice their points, in the unit of prices."""
    smallest, largest = (size - 1 for size in (ring.sizes[0], ring.sizes[-1] if ring.plan else ring.sizes[0]))
    sums = np.cumsum(_best_mates(ring, proof, prices, largest), axis=1)
    common = lcm(smallest, largest)
    small, large = (
        np.clip(sums[:, mates - 1] * (common // mates) + prices * common, -_LARGEST, _LARGEST)
        for mates in (smallest, largest)
    )
    if ring.plan is None:
        small = np.maximum(small, 0)
    if ring.plan is None or ring.placed < len(ring.people) or smallest == largest:
        return Fraction(int(np.sort(small)[::-1][: ring.placed].sum()), common)
    losses = np.sort(small - large)[: ring.plan.sizes.count(ring.sizes[-1]) * ring.sizes[-1]]
    return Fraction(int(small.sum() - losses.sum()), common)


def _best_mates(ring: _Ring, proof: CircleProof, prices: IntArray, most: int) -> NDArray[np.int64]:
    """Return what the mates that are worth most to each person are worth, descending, shape (people, most)."""
    best = np.full((len(ring.people), most), _NEVER, dtype=np.int64)
    step = max(1, _BLOCK // len(ring.people))
    for start in range(0, len(ring.people), step):
        tenths = ring.pairs.scores(ring.people[start : start + step], ring.people)
        gains = tenths.astype(np.int64) * proof.tenth - prices
        gains[tenths < 0] = _NEVER
        best[start : start + step] = -np.sort(np.partition(-gains, most - 1, axis=1)[:, :most], axis=1)
    return best


def _of_listed(problem: MatchingProblem, ring: _Ring, proof: CircleProof, prices: IntArray) -> Fraction:
    """Return a bound on the points of all circles, in the unit of prices."""
    if sum(comb(len(ring.people), size) for size in ring.sizes) > MOST_LISTED:
        raise ValueError("has prices for more possible circles than can be listed")
    own = prices if ring.plan else np.maximum(prices, 0)
    paid = int(np.sort(own)[::-1][: ring.placed].sum())
    beyond = {size: _most_beyond(problem, ring, proof, own, size) for size in ring.sizes}
    if ring.plan:
        return paid + sum((beyond[size] for size in ring.plan.sizes), Fraction(0))
    return paid + max(Fraction(0), *beyond.values()) * (len(ring.people) // ring.details.sizes[0])


def _most_beyond(problem: MatchingProblem, ring: _Ring, proof: CircleProof, prices: IntArray, size: int) -> Fraction:
    """Return by how much a circle of some size is worth more than its people's prices, at most; 0: there is none."""
    circles = np.array(list(combinations(range(len(ring.people)), size)), dtype=np.int64).reshape(-1, size)
    tenths = ring.pairs.scores(ring.people, ring.people).astype(np.int64)
    points, allowed = np.zeros(len(circles), dtype=np.int64), np.ones(len(circles), dtype=np.bool_)
    for one, other in combinations(range(size), 2):
        scores = tenths[circles[:, one], circles[:, other]]
        points += scores
        allowed &= scores >= 0
    number = {int(person): place for place, person in enumerate(ring.people)}
    for pair in (pair for found in problem.required.values() for pair in found):
        one, other = (number.get(ring.seating.index[person], -1) for person in pair)
        allowed &= (circles == one).any(axis=1) == (circles == other).any(axis=1)
    beyond = points * proof.tenth - prices[circles].sum(axis=1) * (size - 1)
    return Fraction(int(beyond[allowed].max()), size - 1) if allowed.any() else Fraction(0)
