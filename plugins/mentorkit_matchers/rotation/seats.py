"""Who sits where at the round table, found again from the rounds that were played.

The circle method: all seats but one move on by one place every round, and who sits opposite each other is a pair. With
an even number N of seats every two meet once in N - 1 rounds. Source: T. P. Kirkman, "On a problem in combinations"
(1847).
An empty seat leaves the person opposite alone: that is how an odd number is seated, unless three are to meet: then the
table is that of `trio_table`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from attrs import frozen

from mentorkit.core.problems import IntArray
from mentorkit.core.shapes import Played
from mentorkit_matchers.rotation.trio_table import seat_trios, trio_cycle, turns_of_trio_seats


@frozen
class Table:
    """A round table and when it is.

    Attributes:
        holders: who sits at each seat, "" where nobody does.
        number: how many rounds were played.
        first: who took part in the first round, or was left out of it.
    """

    holders: tuple[str, ...]
    number: int
    first: frozenset[str] = frozenset()

    @property
    def trios(self) -> bool:
        """Whether three meet in every round; else the number of seats is even."""
        return len(self.holders) % 2 == 1

    @property
    def turn(self) -> int:
        """How often it has turned when the next round begins.

        The first round of pairs is not the first of the circle: in that one a table with somebody alone looks like a
        table without them, and nobody could tell later who was there.
        """
        return self.number if self.trios else self.number + 1

    @property
    def cycle(self) -> int:
        """After how many rounds it starts again."""
        return trio_cycle(len(self.holders)) if self.trios else max(1, len(self.holders) - 1)

    def together(self) -> list[tuple[str, ...]]:
        """Return who is together in the next round, three first where there are trios; "" for an empty seat."""
        seats = seat_trios if self.trios else seat_pairs
        return [tuple(self.holders[seat] for seat in group) for group in seats(len(self.holders), self.turn)]

    def wait(self, first: IntArray, second: IntArray) -> IntArray:
        """Return after how many rounds beyond the next one seats come together; those who do so next or never: last."""
        size = len(self.holders)
        turns = turns_of_trio_seats(size, first, second) if self.trios else turns_of_seats(size, first, second)
        return np.where(turns < 0, self.cycle - 1, (turns - self.turn - 1) % self.cycle)


def seat_pairs(seats: int, turn: int) -> list[tuple[int, ...]]:
    """Return which seats are opposite each other after so many turns; `seats` is even."""
    if not seats:
        return []
    cycle = max(1, seats - 1)
    turn %= cycle
    others = [((turn + step) % cycle, (turn - step) % cycle) for step in range(1, seats // 2)]
    return [(seats - 1, turn), *others]


def turns_of_seats(seats: int, first: IntArray, second: IntArray) -> IntArray:
    """Return after how many turns different seats are opposite each other, 0 to seats - 2; `seats` is even."""
    cycle = max(1, seats - 1)
    middle = (first + second) * (seats // 2) % cycle  # half of the sum, as twice seats / 2 is 1 in this ring
    return np.where(np.maximum(first, second) == cycle, np.minimum(first, second), middle)


def seated(rounds: Sequence[Played], present: Sequence[str], seed: int, *, trios: bool) -> Table:
    """Return the table for the next round: those of the first round by chance, joiners where leavers sat.

    With `trios` an odd number of them sits at a table at which three meet.

    Who joins while no seat is empty gets none. Somebody has left when they are neither present nor in a later round.
    """
    first = _first_roster(rounds, present, seed)
    odd = trios and len(first) > 1
    holders = sorted(first, key=lambda person: chance(seed, person)) if odd else _by_chance(first, seed)
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
    table = Table(tuple(_by_chance(sorted(people), seed)), 0)
    pairs = {frozenset(pair) for pair in table.together() if "" not in pair}
    return pairs == {frozenset(group) for group in played}
