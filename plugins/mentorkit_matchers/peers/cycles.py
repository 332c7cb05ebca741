"""Odd sets of people as cycles of parts: how a search forms one, takes it apart, and turns it inside.

Source: J. Edmonds, "Paths, trees, and flowers" (1965). What a set is stands in `odd_sets`; as there, these functions
run on lists, and compiled on arrays.
"""

from __future__ import annotations

from mentorkit_matchers.peers.odd_sets import (
    FREE,
    INNER,
    NOBODY,
    OUTER,
    OddSets,
    enter,
    label_as,
    people_in,
    settle_prices,
    settle_worth,
    since_priced,
    top_of,
)


def node_above(sets: OddSets, node: int) -> int:
    """Return the OUTER node two steps nearer to the root, or NOBODY for the root."""
    mate = sets.mates[sets.bases[node]]
    return top_of(sets, sets.entry_from[top_of(sets, mate)]) if mate >= 0 else NOBODY


def meeting_node(sets: OddSets, one: int, other: int) -> int:
    """Return the first OUTER node that lies on the way of both to the root."""
    sets.counts[1] += 1
    climb = sets.counts[1]
    while True:
        if one >= 0:
            if sets.marks[one] == climb:
                return one
            sets.marks[one] = climb
            one = node_above(sets, one)
        one, other = other, one


def link(sets: OddSets, part: int, following: int, near: int, far: int) -> None:
    """Let one part of a cycle follow another, by the pair (near, far)."""
    sets.nexts[part] = following
    sets.befores[following] = part
    sets.near[part] = near
    sets.far[part] = far


def form(sets: OddSets, one: int, other: int, now: int) -> list[int]:
    """Make one set of the cycle that the pair of two OUTER people closes; return who is OUTER only by it."""
    top = meeting_node(sets, top_of(sets, one), top_of(sets, other))
    parts = [top]
    node = top_of(sets, one)
    while node != top:
        base = sets.bases[node]
        inner = top_of(sets, sets.mates[base])
        above = top_of(sets, sets.entry_from[inner])
        link(sets, inner, node, sets.mates[base], base)
        link(sets, above, inner, sets.entry_from[inner], sets.entry_to[inner])
        parts.append(node)
        parts.append(inner)
        node = above
    node = top_of(sets, other)
    while node != top:
        base = sets.bases[node]
        inner = top_of(sets, sets.mates[base])
        above = top_of(sets, sets.entry_from[inner])
        link(sets, node, inner, base, sets.mates[base])
        link(sets, inner, above, sets.entry_to[inner], sets.entry_from[inner])
        parts.append(node)
        parts.append(inner)
        node = above
    link(sets, top_of(sets, one), top_of(sets, other), one, other)
    return enclose(sets, top, parts, now)


def enclose(sets: OddSets, first: int, parts: list[int], now: int) -> list[int]:
    """Give linked parts a node of their own, OUTER from now on; return who was INNER before.

    The people of the largest OUTER part stay as they are: all others join its group.
    """
    sets.counts[0] -= 1
    node = sets.unused[sets.counts[0]]
    largest = first
    for part in parts:
        if sets.labels[part] == OUTER and sets.sizes[part] > sets.sizes[largest]:
            largest = part
    group = sets.groups[sets.bases[largest]]
    newcomers = [0]
    newcomers.pop()
    sets.sizes[node] = 0
    for part in parts:
        settle_worth(sets, part, now)
        sets.sizes[node] += sets.sizes[part]
        if part != largest:
            passed = since_priced(sets, sets.bases[part], now) - now + sets.priced[group]
            held = people_in(sets, part)
            if sets.labels[part] == INNER:
                newcomers.extend(held)
            for person in held:
                sets.prices[person] -= passed
                sets.groups[person] = group
        sets.labels[part] = FREE
        sets.parents[part] = node
    sets.tops[group] = node
    sets.parents[node] = NOBODY
    sets.firsts[node] = first
    sets.bases[node] = sets.bases[first]
    sets.worths[node] = 0
    sets.labels[node] = OUTER
    sets.since[node] = now
    return newcomers


def part_with(sets: OddSets, node: int, person: int) -> int:
    """Return the part of a set that holds a person."""
    part = person
    while sets.parents[part] != node:
        part = sets.parents[part]
    return part


def goes_forward(sets: OddSets, node: int, part: int) -> bool:
    """Return whether the way along the cycle from a part to the first one has an even length forward."""
    steps = 0
    child = sets.firsts[node]
    while child != part:
        child = sets.nexts[child]
        steps += 1
    return steps % 2 == 1


def turn(sets: OddSets, node: int, person: int) -> None:
    """Make a person the base of the node that holds them, matching the others in it anew."""
    people = len(sets.mates)
    waiting = [(node, person)]
    while len(waiting) > 0:
        inside, base = waiting.pop()
        if inside < people:
            continue
        part = part_with(sets, inside, base)
        forward = goes_forward(sets, inside, part)
        waiting.append((part, base))
        last = sets.firsts[inside]
        sets.firsts[inside] = part
        sets.bases[inside] = base
        while part != last:
            if forward:
                one = sets.nexts[part]
                part = sets.nexts[one]
                a, b = sets.near[one], sets.far[one]
            else:
                one = sets.befores[part]
                part = sets.befores[one]
                a, b = sets.far[part], sets.near[part]
            sets.mates[a] = b
            sets.mates[b] = a
            waiting.append((one, a))
            waiting.append((part, b))


def rematch(sets: OddSets, person: int, mate: int) -> None:
    """Give an OUTER person another mate (or NOBODY), changing all pairs on the way to the root."""
    while True:
        node = top_of(sets, person)
        lost = sets.mates[sets.bases[node]]
        turn(sets, node, person)
        sets.mates[person] = mate
        if mate >= 0:
            sets.mates[mate] = person
        if lost < 0:
            return
        inner = top_of(sets, lost)
        person, mate = sets.entry_from[inner], sets.entry_to[inner]
        turn(sets, inner, mate)


def dissolve(sets: OddSets, node: int, now: int) -> list[int]:
    """Take an INNER set apart that holds back nothing any more; return its parts, labeled as the search sees them now.

    The parts from where the search came in to the base stay on its way, INNER and OUTER in turn; the others are free.
    """
    settle_prices(sets, node, now)
    last = sets.firsts[node]
    part = part_with(sets, node, sets.entry_to[node])
    forward = goes_forward(sets, node, part)
    parts = [last]
    child = sets.nexts[last]
    while child != last:
        parts.append(child)
        child = sets.nexts[child]
    for child in parts:
        group = sets.bases[child]
        sets.parents[child] = NOBODY
        sets.tops[group] = child
        for person in people_in(sets, child):
            sets.groups[person] = group
    sets.unused[sets.counts[0]] = node
    sets.counts[0] += 1
    enter(sets, part, sets.entry_from[node], sets.entry_to[node], now)
    while part != last:
        outer = sets.nexts[part] if forward else sets.befores[part]
        label_as(sets, outer, OUTER, now)
        if forward:
            part = sets.nexts[outer]
            enter(sets, part, sets.near[outer], sets.far[outer], now)
        else:
            part = sets.befores[outer]
            enter(sets, part, sets.far[part], sets.near[part], now)
    return parts
