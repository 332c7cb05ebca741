"""Finds the best trio for the one who is left over because the number is odd, and proves how good it is.

A trio scores half of its three pairs, as if each pair counted half: it is one of the odd cycles in which fractional
matchings deal. So the prices of a matching that leaves one person over bound results with a trio, too: by how much the
three pairs fall short of their prices, a result with this trio is worth less at least. Trios are tried in the order of
this bound, each with the best matching of everybody else, until no other can be better (branch and bound).
"""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.proofs import TrioPrices, TrioProof
from mentorkit_matchers.peers.circle import Circle
from mentorkit_matchers.peers.close_trios import Candidates, close_trios, joining_trios
from mentorkit_matchers.peers.settling import Settled, pairs_of, proof_of, settle

_MOST_PEOPLE = 2_500
"""People up to whom trios are compared; among more, somebody joins the pair that they suit best."""

_MOST_TRIED = 48
"""Trios for which the matching of everybody else is solved."""

_MOST_LEFT = 64
"""People without a mate who are considered for joining a pair."""

_NOTHING = -(2**62)


@frozen(eq=False)
class WithTrio:
    """A result with a trio.

    Attributes:
        groups: by indexes of the seating; a required pair is among them only if it has become the trio.
        trio: the group of three, sorted.
        worth: twice what it is worth, required pairs counted only by what changes.
    """

    groups: tuple[tuple[int, ...], ...]
    trio: tuple[int, ...]
    worth: int


@frozen(eq=False)
class Trios:
    """What is known about results with a trio.

    Attributes:
        best: the best result found; None: nobody can join a pair.
        most: twice what no result with a trio is worth more than.
        proof: what proves that.
    """

    best: WithTrio | None
    most: int
    proof: TrioProof


def best_trio(circle: Circle, leaving: Settled, pairs: Settled) -> Trios:
    """Return the best result with a trio.

    Args:
        circle: who is to be placed.
        leaving: a matching that leaves somebody over although others would gain by them.
        pairs: the best matching.
    """
    found = min(leaving, pairs, key=_rest)
    joined = [one for one in (_joined(circle, some) for some in (leaving, pairs)) if one]
    best = max(joined, key=lambda one: one.worth, default=None)
    known = max([pairs.worth(circle), *(one.worth for one in joined)])
    joining = joining_trios(circle, found, known)
    rest = max(_rest(found), int(joining.bounds.max(initial=0)))
    all_trios = proof_of(circle, found.whole)
    if known >= rest or not found.settled or circle.size > _MOST_PEOPLE:
        return Trios(best, max(rest, known), TrioProof(all_trios))
    candidates = close_trios(circle, found, known).with_more(joining)
    best, tried, finished = _tried(circle, found, candidates, best, known)
    known = max(known, best.worth if best else known)
    single = tuple(
        TrioPrices((one.people[0], one.people[1], one.people[2]), proof_of(circle, one.others.whole))
        for one in tried
        if one.bound > known or (best and one.people == best.trio)
    )
    return Trios(best, known if finished else rest, TrioProof(all_trios, single))


def _rest(found: Settled) -> int:
    """Return what results with a trio of people without required pairs are worth at most, twice."""
    return found.most + found.deepest // 2


@frozen(eq=False)
class _Tried:
    """A trio and the best matching of everybody else."""

    people: tuple[int, ...]
    bound: int
    others: Settled


def _tried(
    circle: Circle, found: Settled, candidates: Candidates, best: WithTrio | None, known: int
) -> tuple[WithTrio | None, list[_Tried], bool]:
    """Return the best result, what was tried, and whether no other trio can be better.

    The best one so far is tried in any case: its worth is proven by the prices of everybody else.
    """
    tried: list[_Tried] = []
    first = [(best.trio, known + 1)] if best else []
    for people, bound in (*first, *(one for one in candidates.best_first() if not best or one[0] != best.trio)):
        if bound <= known:
            break
        if len(tried) == _MOST_TRIED:
            return best, tried, False
        others, result = _with(circle, found, people)
        if not others.settled:
            return best, tried, False
        tried.append(_Tried(people, bound, others))
        if best is None or result.worth > best.worth or people == best.trio:
            best = result
        known = max(known, best.worth)
    return best, tried, known >= candidates.complete_above


def _with(circle: Circle, found: Settled, people: tuple[int, ...]) -> tuple[Settled, WithTrio]:
    """Return the best matching of everybody but three people, and the result with these three as a trio."""
    inside = np.flatnonzero(np.isin(circle.people, people))
    others = settle(evolve(circle, out=tuple(inside.tolist())), found.edges.without(inside))
    worth = others.most + circle.trio_worth(people)
    return others, WithTrio((*pairs_of(circle, others.whole.mates), people), people, worth)


def _joined(circle: Circle, found: Settled) -> WithTrio | None:
    """Return the best result in which somebody who is left over joins a pair; None: nobody can."""
    mates = found.whole.mates
    left = np.flatnonzero(mates < 0)
    left = left[np.argsort(-found.whole.prices[left], kind="stable")][:_MOST_LEFT]
    pairs = np.array([*pairs_of(circle, mates), *circle.required.tolist()], dtype=np.int64).reshape(-1, 2)
    if not len(left) or not len(pairs):
        return None
    people = np.unique(pairs)
    tenths = circle.everybody.scores(circle.people[left], people).astype(np.int64)
    first, second = (tenths[:, np.searchsorted(people, pairs[:, side])] for side in (0, 1))
    gains = circle.gains["total-score"] * (first + second - circle.tenths_of(pairs))
    gains += 2 * circle.cover_worth[left][:, None]
    gains[(first < 0) | (second < 0)] = _NOTHING
    place, pair = np.unravel_index(int(gains.argmax()), gains.shape)
    if gains[place, pair] == _NOTHING:
        return None
    joined = tuple(pairs[pair].tolist())
    trio = tuple(sorted((*joined, int(circle.people[left[place]]))))
    groups = [one for one in pairs_of(circle, mates) if one != joined]
    return WithTrio((*groups, trio), trio, found.worth(circle) + int(gains[place, pair]))
