"""Finds a partner for one more person, at the least loss: the weighted matching of J. Edmonds, one tree at a time.

All prices fit the pairs found so far: nobody who is matched would gain by another pair, and whoever has no mate has the
price 0, but for a few. For each of those a tree of alternating pairs grows from them; prices of people at an even
distance fall, of those at an odd distance rise, until the tree reaches somebody without a mate, or somebody in it can
be left out without loss. What happens next is known in advance: events lie in a heap, and those that came to nothing
are passed over. Source: J. Edmonds, "Maximum matching and a polyhedron with 0,1-vertices" (1965); the growing of single
trees follows V. Kolmogorov, "Blossom V" (2009).

Prices are in half units: a pair is tight when its two prices make twice its value. All prices in a tree are odd, or all
are even, because tight pairs connect them; that is why halves never occur.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

from mentorkit_matchers.peers.cycles import dissolve, form, rematch, turn
from mentorkit_matchers.peers.odd_sets import (
    FREE,
    INNER,
    NOBODY,
    OUTER,
    Numbers,
    OddSets,
    enter,
    label_as,
    people_in,
    settle_prices,
    since_priced,
    top_of,
)

_ALONE = -1
_EMPTY = -2

Events = list[tuple[int, int, int]]
"""When; a person; the place of a pair in their list, which is tight then, or _ALONE: their price is 0 then. Or when, a
set, and _EMPTY: it holds back nothing any more."""


class Graph(NamedTuple):
    """The pairs that are considered, by person.

    Attributes:
        starts: where the pairs of each person begin; one more than there are people.
        others: the other person of each pair.
        twice: twice the value of each pair.
    """

    starts: Numbers
    others: Numbers
    twice: Numbers


def find_mate(graph: Graph, sets: OddSets, root: int) -> None:
    """Match a person who has no mate and a price above 0, or show that somebody has to be left out."""
    events = [(0, root, root)]
    events.pop()
    tree = [top_of(sets, root)]
    sets.counts[2] = 2**62
    label_as(sets, tree[0], OUTER, 0)
    for person in people_in(sets, tree[0]):
        look_around(graph, sets, events, person, 0)
    now, done = 0, False
    while not done:
        now, one, place = heapq.heappop(events)
        if place == _EMPTY:
            if sets.labels[one] == INNER and sets.since[one] + sets.worths[one] // 2 == now:
                open_up(graph, sets, events, tree, one, now)
        elif place == _ALONE:
            rematch(sets, one, NOBODY)
            done = True
        else:
            done = meet(graph, sets, events, tree, one, place, now)
    for node in tree:
        if sets.labels[node] != FREE:
            settle_prices(sets, node, now)


def look_around(graph: Graph, sets: OddSets, events: Events, person: int, now: int) -> None:
    """Put down when each pair of somebody who has just become OUTER will be tight."""
    price, home = sets.prices[person] - since_priced(sets, person, now), top_of(sets, person)
    if now + price <= sets.counts[2]:
        sets.counts[2] = now + price
        heapq.heappush(events, (now + price, person, _ALONE))
    for place in range(graph.starts[person], graph.starts[person + 1]):
        other = graph.others[place]
        node = top_of(sets, other)
        if node == home or sets.labels[node] == INNER:
            continue
        slack = price + sets.prices[other] - since_priced(sets, other, now) - graph.twice[place]
        if sets.labels[node] == OUTER:
            then = now + slack // 2
        else:
            then = now + slack
            if then < sets.counts[2] and sets.mates[sets.bases[node]] < 0:
                sets.counts[2] = then
        if then <= sets.counts[2]:
            heapq.heappush(events, (then, person, place))


def look_back(graph: Graph, sets: OddSets, events: Events, person: int, now: int) -> None:
    """Put down when the pairs from OUTER people to somebody who is free again will be tight."""
    for place in range(graph.starts[person], graph.starts[person + 1]):
        other = graph.others[place]
        if sets.labels[top_of(sets, other)] == OUTER:
            slack = sets.prices[person] + sets.prices[other] - since_priced(sets, other, now) - graph.twice[place]
            if now + slack <= sets.counts[2]:
                heapq.heappush(events, (now + slack, person, place))


def meet(graph: Graph, sets: OddSets, events: Events, tree: list[int], one: int, place: int, now: int) -> bool:
    """Follow a pair that is tight now, unless something else has come of it; return whether the search is over."""
    other = graph.others[place]
    home, node = top_of(sets, one), top_of(sets, other)
    if sets.labels[home] != OUTER:
        one, other, home, node = other, one, node, home
    if home == node or sets.labels[node] == INNER or sets.labels[home] != OUTER:
        return False
    slack = sets.prices[one] - since_priced(sets, one, now) + sets.prices[other] - since_priced(sets, other, now)
    if slack != graph.twice[place]:
        return False
    if sets.labels[node] == OUTER:
        newcomers = form(sets, one, other, now)
        tree.append(top_of(sets, one))
        for person in newcomers:
            look_around(graph, sets, events, person, now)
        return False
    mate = sets.mates[sets.bases[node]]
    if mate < 0:
        turn(sets, node, other)
        rematch(sets, one, other)
        return True
    enter(sets, node, one, other, now)
    tree.append(node)
    if node >= len(sets.mates):
        heapq.heappush(events, (now + sets.worths[node] // 2, node, _EMPTY))
    outer = top_of(sets, mate)
    label_as(sets, outer, OUTER, now)
    tree.append(outer)
    for person in people_in(sets, outer):
        look_around(graph, sets, events, person, now)
    return False


def open_up(graph: Graph, sets: OddSets, events: Events, tree: list[int], node: int, now: int) -> None:
    """Go on in the parts of an INNER set that holds back nothing any more."""
    for part in dissolve(sets, node, now):
        tree.append(part)
        if sets.labels[part] == INNER:
            if part >= len(sets.mates):
                heapq.heappush(events, (now + sets.worths[part] // 2, part, _EMPTY))
            continue
        for person in people_in(sets, part):
            if sets.labels[part] == OUTER:
                look_around(graph, sets, events, person, now)
            else:
                look_back(graph, sets, events, person, now)
