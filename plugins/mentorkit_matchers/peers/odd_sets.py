"""Odd sets of people that a search treats as one person: who is in them, and what they cost as its time goes on.

A set holds an odd number of parts in a cycle, people or smaller sets; inside, the parts after the first are matched two
by two along the cycle, so that exactly one person, its base, is free to be matched outside. Source: J. Edmonds, "Paths,
trees, and flowers" (1965).

The functions here, in `cycles` (sets are formed, taken apart, turned inside) and in `augmenting` are plain loops over
plain numbers. They run as they are on lists, and compiled on arrays (see `compiling`); nothing in them may depend on
which of the two it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

NOBODY = -1

FREE = 0
OUTER = 1
INNER = 2

Numbers = Any
"""Whole numbers by position: a list, or an array of int64 where the search runs compiled."""


class OddSets(NamedTuple):
    """People and sets of them as numbered nodes: people first, then room for as many sets as there can be.

    Attributes:
        prices: of each person, as of the time that stands in `priced`.
        mates: of each person, a person or NOBODY.
        groups: the number of the outermost node's group, which is one of its people, for each person.
        tops: the outermost node of each group.
        sizes: how many people each node holds.
        worths: of each node, how much the search holds back of every pair inside it; 0 for people.
        parents: the node that holds each node as a part, or NOBODY.
        firsts: the part of each set that holds its base.
        bases: of each node, the person in it who is matched outside, or not at all.
        nexts: the next part of the same cycle.
        befores: the part before.
        near: the person in a part from whom the pair to the next part goes out.
        far: the person in the next part at whom that pair ends.
        labels: of outermost nodes: FREE, OUTER (at an even distance from the root of the search) or INNER (odd).
        since: when each node was labeled, in the time of the search.
        priced: as of when the prices in each group are, if its node is labeled.
        entry_from: of INNER nodes, the OUTER person by whom the search came in.
        entry_to: of INNER nodes, the person in it at whom it came in.
        marks: of each node, the number of the last climb that passed it.
        unused: numbers of nodes without a set, as a stack.
        counts: how many are on that stack; the number of the last climb; the time after which nothing matters.
    """

    prices: Numbers
    mates: Numbers
    groups: Numbers
    tops: Numbers
    sizes: Numbers
    worths: Numbers
    parents: Numbers
    firsts: Numbers
    bases: Numbers
    nexts: Numbers
    befores: Numbers
    near: Numbers
    far: Numbers
    labels: Numbers
    since: Numbers
    priced: Numbers
    entry_from: Numbers
    entry_to: Numbers
    marks: Numbers
    unused: Numbers
    counts: Numbers


def people_in(sets: OddSets, node: int) -> list[int]:
    """Return the people in a node."""
    people = len(sets.mates)
    waiting = [node]
    found = []
    while len(waiting) > 0:
        part = waiting.pop()
        if part < people:
            found.append(part)
            continue
        child = sets.firsts[part]
        waiting.append(child)
        child = sets.nexts[child]
        while child != sets.firsts[part]:
            waiting.append(child)
            child = sets.nexts[child]
    return found


def top_of(sets: OddSets, person: int) -> int:
    """Return the outermost node that holds a person."""
    top: int = sets.tops[sets.groups[person]]
    return top


def since_priced(sets: OddSets, person: int, now: int) -> int:
    """Return how much lower the price of a person is now than it was written down; negative where it is higher."""
    group = sets.groups[person]
    label = sets.labels[sets.tops[group]]
    passed: int = now - sets.priced[group]
    if label == FREE:
        return 0
    return passed if label == OUTER else -passed


def label_as(sets: OddSets, node: int, label: int, now: int) -> None:
    """Label an outermost node that was free."""
    sets.labels[node] = label
    sets.since[node] = now
    sets.priced[sets.groups[sets.bases[node]]] = now


def settle_worth(sets: OddSets, node: int, now: int) -> None:
    """Write down what a labeled node holds back now."""
    if node >= len(sets.mates):
        passed = now - sets.since[node]
        sets.worths[node] += 2 * passed if sets.labels[node] == OUTER else -2 * passed


def settle_prices(sets: OddSets, node: int, now: int) -> None:
    """Write down the prices in a labeled node as they are now, and what it holds back; it is free from now on."""
    settle_worth(sets, node, now)
    passed = since_priced(sets, sets.bases[node], now)
    for person in people_in(sets, node):
        sets.prices[person] -= passed
    sets.labels[node] = FREE


def enter(sets: OddSets, node: int, outer: int, person: int, now: int) -> None:
    """Label a node INNER: the search came in at a person, from an OUTER one."""
    label_as(sets, node, INNER, now)
    sets.entry_from[node] = outer
    sets.entry_to[node] = person
