"""The rounds of an odd number of people of whom three meet together: as many rounds as there can be without a repeat.

From eleven people on all but four sit in a ring and move on by one seat every round, and every two of them meet once:
in the first round seats e and -e meet for every e from 4 on, -3, -1 and 3 make the trio, and the four who stay meet 0,
1, 2 and -2. The trio's distances 2, 4 and 6 are those of the pairs that it replaces in the circle method. After n - 4
rounds only the four who stay have not met one another. That is the most: a round takes (n + 3) / 2 meetings, and 6 are
left. Such rounds are classes of a "class-uniformly resolvable" design: E. R. Lamken, R. Rees and S. A. Vanstone,
"Class-uniformly resolvable pairwise balanced designs with block sizes two and three" (1991).
For fewer people all ways were tried: they allow 1, 1, 3 and 6 rounds.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mentorkit.core.problems import IntArray

_Groups = tuple[tuple[int, ...], ...]

_FEW: Mapping[int, tuple[_Groups, ...]] = {
    3: (((0, 1, 2),),),
    5: (((0, 1, 2), (3, 4)),),
    7: (
        ((0, 1, 2), (3, 4), (5, 6)),
        ((0, 3, 5), (1, 4), (2, 6)),
        ((0, 4, 6), (1, 3), (2, 5)),
    ),
    9: (
        ((0, 1, 2), (3, 4), (5, 6), (7, 8)),
        ((0, 3, 5), (1, 7), (2, 8), (4, 6)),
        ((1, 4, 8), (0, 6), (2, 5), (3, 7)),
        ((2, 6, 7), (0, 4), (1, 3), (5, 8)),
        ((3, 6, 8), (0, 7), (1, 5), (2, 4)),
        ((4, 5, 7), (0, 8), (1, 6), (2, 3)),
    ),
}

_TRIO = (-3, -1, 3)
_BESIDE = (0, 1, 2, -2)
"""Whom the four who stay meet in the first round."""

_LATER = np.array([0, 2, -1, 0])
"""How much later than their middle two seats of the ring meet, by half of their distance; beyond 3 not at all later."""

NEVER = -1


def trio_cycle(seats: int) -> int:
    """Return how many rounds there are without a repeat; `seats` is odd, and at least 3."""
    return len(_FEW[seats]) if seats in _FEW else seats - len(_BESIDE)


def seat_trios(seats: int, turn: int) -> list[tuple[int, ...]]:
    """Return which seats meet after so many turns: the trio first, then the pairs."""
    if seats in _FEW:
        return list(_FEW[seats][turn % trio_cycle(seats)])
    ring = trio_cycle(seats)
    beside = [(ring + stays, (turn + step) % ring) for stays, step in enumerate(_BESIDE)]
    across = [((turn + step) % ring, (turn - step) % ring) for step in range(len(_BESIDE), ring // 2 + 1)]
    return [tuple((turn + step) % ring for step in _TRIO), *beside, *across]


def turns_of_trio_seats(seats: int, first: IntArray, second: IntArray) -> IntArray:
    """Return after how many turns different seats meet, NEVER where they do not; arrays of any shapes that fit."""
    if seats in _FEW:
        return _few_turns(seats)[first, second]
    ring = trio_cycle(seats)
    half = ring // 2 + 1
    distance = (first - second) * half % ring
    distance = np.minimum(distance, ring - distance)
    inside = (first + second) * half + np.where(distance < len(_LATER), _LATER[np.minimum(distance, 3)], 0)
    stays = np.maximum(first, second) - ring
    beside = np.minimum(first, second) - np.array(_BESIDE)[np.maximum(stays, 0)]
    found: IntArray = np.where(stays >= 0, beside, inside) % ring
    return np.where(np.minimum(first, second) >= ring, NEVER, found)


def _few_turns(seats: int) -> IntArray:
    found = np.full((seats, seats), NEVER, dtype=np.int64)
    for turn, groups in enumerate(_FEW[seats]):
        for group in groups:
            found[np.ix_(group, group)] = turn
    return found
