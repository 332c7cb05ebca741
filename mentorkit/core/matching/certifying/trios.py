"""The bound on results in which three people are together.

The points of a trio are half of what its three pairs score: it is worth as much as if each pair counted half. A result
with a trio of a, b and v can thus be worth no more than prices and sets allow, less half of what the three pairs fall
short of their prices, and plus half of what the sets around all three hold back. Only trios of pairs that fall little
short can matter; they are counted out. For single trios better prices, of everybody else, may be given.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.peer_pairs import Proven, Ring, proven
from mentorkit.core.problems import IntArray
from mentorkit.core.proofs import TrioPrices, TrioProof

_MOST_PEOPLE = 4_000
"""People up to whom trios are counted out; among more, the sets around any one person stand for those around a trio."""

_MOST_CLOSE = 64
"""Pairs per person that may be close to their prices for trios to be counted out."""


def trio_bound(ring: Ring, required: NDArray[np.int64], proof: TrioProof, enough: int) -> int:
    """Return twice what no result with a trio is worth more than, or `enough` if that is more.

    The worth of the required pairs is left aside, but for what joining one of them changes.

    Raises:
        ValueError: it is no proof; the message goes on after "a result that".
    """
    whole = proven(ring, proof.all_trios)
    for one in proof.single:
        enough = max(enough, _single_bound(ring, required, one))
    listed = frozenset(_key(*one.people) for one in proof.single)
    for pair in required:
        enough = _best_joining(whole, pair, listed, enough)
    rest = whole.most + whole.deepest // 2
    if rest <= enough:
        return enough
    close = _close(whole, 2 * (rest - enough)) if len(ring.people) <= _MOST_PEOPLE else None
    return rest if close is None else _best_of(whole, close, listed, enough)


def _key(*people: int) -> tuple[int, ...]:
    return tuple(sorted(people))


def _single_bound(ring: Ring, required: NDArray[np.int64], one: TrioPrices) -> int:
    """Return what prices of everybody else prove about results with one certain trio."""
    trio = np.array(sorted(one.people), dtype=np.int64)
    if len(np.unique(trio)) != 3 or trio[0] < 0 or trio[-1] >= len(ring.cover):
        raise ValueError("has a proof about a trio of people who are not there")
    free = np.isin(trio, ring.people)
    scores = ring.pairs.scores(trio, trio).astype(np.int64)
    worth = _trio_points(scores)
    fixed = trio[~free]
    if len(fixed):
        if len(fixed) != 2 or not (required == fixed).all(axis=1).any():
            raise ValueError("has a proof about a trio of people who are not to be together")
        worth -= 2 * int(ring.pairs.scores(fixed[:1], fixed[1:])[0, 0])
    others = evolve(ring, people=np.setdiff1d(ring.people, trio))
    covered = int(ring.cover[trio[free]].sum())
    return ring.gains["total-score"] * worth + 2 * ring.gains["coverage"] * covered + proven(others, one.others).most


def _trio_points(scores: NDArray[np.int64]) -> int:
    """Return twice the tenths of three people together."""
    return int(scores[0, 1] + scores[0, 2] + scores[1, 2])


def _best_joining(whole: Proven, pair: IntArray, listed: frozenset[tuple[int, ...]], enough: int) -> int:
    """Return what results in which somebody joins a required pair are worth at most, or `enough` if that is more."""
    ring = whole.ring
    scores = ring.pairs.scores(ring.people, pair).astype(np.int64)
    change = scores.sum(axis=1) - int(ring.pairs.scores(pair[:1], pair[1:])[0, 0])
    worth = ring.gains["total-score"] * change + 2 * ring.gains["coverage"] * ring.cover[ring.people]
    most = whole.most - whole.prices - whole.missing + worth
    for position in np.flatnonzero((scores >= 0).all(axis=1) & (most > enough)).tolist():
        if _key(int(ring.people[position]), *pair.tolist()) not in listed:
            enough = max(enough, int(most[position]))
    return enough


@frozen(eq=False)
class _Close:
    """Pairs that fall little short of their prices, sorted; each once.

    Attributes:
        keys: smaller position times number of people, plus larger position; both in the ring.
        short: by how much.
        held: what the sets hold back of each.
    """

    keys: NDArray[np.int64]
    short: NDArray[np.int64]
    held: NDArray[np.int64]


def _close(whole: Proven, limit: int) -> _Close | None:
    """Return the pairs that fall short by less than a limit; None where they are too many."""
    size = len(whole.prices)
    parts = [np.zeros((3, 0), dtype=np.int64)]
    count = 0
    for rows, columns, excess, tenths in whole.blocks():
        short = (whole.missing[rows][:, None] + whole.missing[columns]) - excess
        row, column = np.nonzero((short < limit) & (tenths >= 0) & (rows[:, None] < columns))
        held = whole.held_back(rows, columns)
        parts.append(np.stack([rows[row] * size + columns[column], short[row, column], held[row, column]]))
        count += len(row)
        if count > _MOST_CLOSE * size:
            return None
    keys, short, held = np.concatenate(parts, axis=1)
    order = np.argsort(keys)
    return _Close(keys[order], short[order], held[order])


def _best_of(whole: Proven, close: _Close, listed: frozenset[tuple[int, ...]], enough: int) -> int:
    """Return what results with a trio of close pairs are worth at most, or `enough` if that is more."""
    size, people = len(whole.prices), whole.ring.people
    starts = np.searchsorted(close.keys, np.arange(size + 1) * size)
    for one in np.flatnonzero(np.diff(starts) > 1).tolist():
        near = np.arange(starts[one], starts[one + 1])
        first, second = np.triu_indices(len(near), 1)
        others = close.keys[near] % size
        wanted = others[first] * size + others[second]
        third = np.minimum(np.searchsorted(close.keys, wanted), len(close.keys) - 1)
        there = close.keys[third] == wanted
        sides = np.stack([near[first[there]], near[second[there]], third[there]])
        held = close.held[sides]
        most = whole.most - (close.short[sides].sum(axis=0) + held.sum(axis=0)) // 2 + 2 * held.min(axis=0)
        for place in np.flatnonzero(most > enough).tolist():
            trio = people[[one, others[first[there][place]], others[second[there][place]]]]
            if _key(*trio.tolist()) not in listed:
                enough = max(enough, int(most[place]))
    return enough
