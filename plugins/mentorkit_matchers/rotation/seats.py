"""Who sits where at the round table, found again from the rounds that were played.

The circle method: all seats but one move on by one place every round, and who sits opposite each other is a pair. With
an even number N of seats every two meet once in N - 1 rounds. Source: T. P. Kirkman, "On a problem in combinations"
(1847).
An empty seat leaves the person opposite alone: that is how an odd number is seated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from attrs import frozen

from mentorkit.core.shapes import Played


@frozen
class Table:
    """A round table and when it is.

    Attributes:
        holders: who sits at each seat, "" where nobody does; their number is even.
        number: how many rounds were played.
        first: who took part in the first round, or was left out of it.
    """

    holders: tuple[str, ...]
    number: int
    first: frozenset[str] = frozenset()

    @property
    def cycle(self) -> int:
        """After how many rounds it starts again."""
        return max(1, len(self.holders) - 1)

    def opposite(self, number: int) -> list[tuple[str, str]]:
        """Return who sits opposite whom in a round, 0-based, "" for an empty seat.

        The first round is not the first of the circle: in that one a table with somebody alone looks like a table
        without them, and nobody could tell later who was there.
        """
        return [(self.holders[a], self.holders[b]) for a, b in seat_pairs(len(self.holders), number + 1)]


def seat_pairs(seats: int, turn: int) -> list[tuple[int, int]]:
    """Return which seats are opposite each other after so many turns; `seats` is even."""
    if not seats:
        return []
    cycle = max(1, seats - 1)
    turn %= cycle
    others = [((turn + step) % cycle, (turn - step) % cycle) for step in range(1, seats // 2)]
    return [(seats - 1, turn), *others]


def turn_of_seats(seats: int, one: int, other: int) -> int:
    """Return after how many turns two different seats are opposite each other, 0 to seats - 2."""
    cycle = max(1, seats - 1)
    if seats - 1 in (one, other):
        return min(one, other)
    return (one + other) * (seats // 2) % cycle  # half of the sum, as twice seats / 2 is 1 in this ring


def seated(rounds: Sequence[Played], present: Sequence[str], seed: int) -> Table:
    """Return the table for the next round: those of the first round by chance, joiners where leavers sat.

    Who joins while no seat is empty gets none. Somebody has left when they are neither present nor in a later round.
    """
    first = _first_roster(rounds, present, seed)
    holders = _by_chance(first, seed)
    here = [frozenset(person for group in played for person in group) for played in rounds] + [frozenset(present)]
    last = {person: number for number, people in enumerate(here) for person in people}
    known = set(first)
    for number, people in enumerate(here):
        holders = [person if last.get(person, -1) >= number else "" for person in holders]
        joining = sorted(people - known, key=lambda person: chance(seed, person))
        known |= people
        for seat, person in zip([seat for seat, one in enumerate(holders) if not one], joining, strict=False):
            holders[seat] = person
    return Table(tuple(holders), len(rounds), frozenset(first))


def chance(seed: int, person: str) -> bytes:
    """Return what people are ordered by, whatever order they come in."""
    return hashlib.sha256(f"rotation\x1f{seed}\x1f{person}".encode()).digest()


def _by_chance(people: Sequence[str], seed: int) -> list[str]:
    ordered = sorted(people, key=lambda person: chance(seed, person))
    return ordered + [""] * (len(ordered) % 2)


def _first_roster(rounds: Sequence[Played], present: Sequence[str], seed: int) -> list[str]:
    """Return who took part at first: those of the first round, and whoever was left out of it.

    That person is not in the first round; they are known by what the round would have been with them.
    """
    if not rounds:
        return list(present)
    played = {person for group in rounds[0] for person in group}
    if any(len(group) > 2 for group in rounds[0]) or _is_first(played, rounds[0], seed):
        return sorted(played)
    following = {person for group in rounds[1] for person in group} if len(rounds) > 1 else set(present)
    for person in sorted(following - played):
        if _is_first({*played, person}, rounds[0], seed):
            return sorted({*played, person})
    return sorted(played)


def _is_first(people: set[str], played: Played, seed: int) -> bool:
    holders = Table(tuple(_by_chance(sorted(people), seed)), 0)
    pairs = {frozenset(pair) for pair in holders.opposite(0) if "" not in pair}
    return pairs == {frozenset(group) for group in played}
