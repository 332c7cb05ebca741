"""Looks through all pairs for those that would be better than what prices and odd sets allow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit.core.proofs import OddSet
from mentorkit_matchers.peers.circle import Circle, Edges, edges_of

_BLOCK = 200_000
"""Pairs that are looked at together."""

_FEW = 2_500
"""People among whom all pairs are looked at one by one."""


def better_pairs(circle: Circle, prices: IntArray, sets: Sequence[OddSet], most: int) -> Edges:
    """Return pairs that are worth more than prices and sets say; of each person about `most`, the best among them.

    The sets must lie within each other or apart.
    """
    looked = _Looked(circle, circle.asked(prices), np.arange(circle.size), tuple(sets), most)
    parts = list(looked.found())
    return edges_of(*(np.concatenate([getattr(one, name) for one in parts]) for name in ("low", "high", "tenths")))


@frozen(eq=False)
class _Looked:
    """Some people among whom better pairs are sought.

    Sets with more than half of them lie within each other, a chain. Of two people, the one who is in fewer sets of it
    is in all of them together with the other: a pair is held back by the smaller one of two depths, and is found when
    that one looks, asking for their own depth as well. All other sets are trees: within a tree one looks again, and
    between two trees only their places in the chain count.

    Attributes:
        own: what the points of a pair must exceed, as one number for each of the two; of everybody.
        members: who is looked at, ascending.
        sets: within them.
        most: pairs of a person to find, roughly.
    """

    circle: Circle
    own: NDArray[np.int64]
    members: NDArray[np.int64]
    sets: tuple[OddSet, ...]
    most: int

    def found(self) -> Iterable[Edges]:
        """Yield pairs that are worth more than prices and sets say."""
        depth = np.zeros(self.circle.size, dtype=np.int64)
        chained = [len(one.people) * 2 > len(self.members) for one in self.sets]
        for one, chain in zip(self.sets, chained, strict=True):
            depth[one.people] += one.worth if chain else 0
        apart = [one for one, chain in zip(self.sets, chained, strict=True) if not chain]
        if self.sets and len(self.members) <= _FEW:
            yield from self._one_by_one(self.members, apart, depth)
            return
        tree, roots = _trees(self.circle.size, apart)
        heavy, light = (self.members[(tree[self.members] >= 0) == inside] for inside in (False, True))
        yield self._seen(depth, heavy, self.members)
        yield self._seen(depth, light, heavy)
        if len(light) <= _FEW:
            yield from self._one_by_one(light, apart, depth)
            return
        yield from self._between(depth, tree, light)
        for number, root in enumerate(roots):
            inside = tuple(one for one in apart if one is not root and tree[one.people[0]] == number)
            own = self.own.copy()
            own[root.people] += (root.worth + depth[root.people]) // 2
            yield from evolve(self, own=own, members=root.people, sets=inside).found()

    def _seen(self, depth: IntArray, rows: IntArray, columns: IntArray) -> Edges:
        return self.circle.found_above(self.own + depth, self.own, self.most, rows, columns)

    def _between(self, depth: IntArray, tree: IntArray, light: IntArray) -> Iterable[Edges]:
        """Yield pairs of people in different trees: their numbers differ in some binary digit."""
        for digit in range(int(tree.max(initial=0)).bit_length()):
            one = (tree[light] >> digit) & 1 == 1
            yield self._seen(depth, light[one], light[~one])
            yield self._seen(depth, light[~one], light[one])

    def _one_by_one(self, members: IntArray, sets: Sequence[OddSet], depth: IntArray) -> Iterable[Edges]:
        """Yield pairs of a few people, within some sets and a chain."""
        if not len(members):
            return
        own = self.own
        gain = 2 * self.circle.gains["total-score"]
        held = np.minimum.outer(depth[members], depth[members])
        for one in sets:
            place = np.searchsorted(members, one.people)
            held[np.ix_(place, place)] += one.worth
        step = max(1, _BLOCK // len(members))
        for start in range(0, len(members), step):
            rows = members[start : start + step]
            tenths = self.circle.pairs.scores(rows, members).astype(np.int64)
            excess = gain * tenths - own[rows][:, None] - own[members] - held[start : start + step]
            excess[tenths < 0] = 0
            row, column = _largest(excess, self.most)
            yield edges_of(rows[row], members[column], tenths[row, column])


def _trees(size: int, sets: Sequence[OddSet]) -> tuple[NDArray[np.int64], list[OddSet]]:
    """Return for each person the number of the outermost set that holds them, or -1, and these sets."""
    tree = np.full(size, -1, dtype=np.int64)
    roots: list[OddSet] = []
    for one in sorted(sets, key=lambda one: (-len(one.people), int(one.people[0]))):
        if tree[one.people[0]] < 0:
            tree[one.people] = len(roots)
            roots.append(one)
    return tree, roots


def _largest(excess: NDArray[np.int64], most: int) -> tuple[IntArray, IntArray]:
    """Return where the largest numbers above 0 of each row stand, at most so many and those equal to the least."""
    if excess.shape[1] > most:
        least = -np.partition(-excess, most - 1, axis=1)[:, most - 1]
        excess = np.where(excess >= np.maximum(least, 1)[:, None], excess, 0)
    row, column = np.nonzero(excess > 0)
    return row, column
