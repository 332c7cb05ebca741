"""A round of pairs and one trio in which as few as possible meet again.

Who is in the trio and who is a pair is decided together. A trio brings up to three meetings; who has not met whom
bounds how many new ones the pairs beside it can bring. Trios are tried in the order of what they can bring at most, and
those that cannot be better than the best one so far are not tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.problems import IntArray
from mentorkit_matchers.rotation.material import FEW, TRIES, Material
from mentorkit_matchers.rotation.pair_rounds import few_again, first_meetings, unmet
from mentorkit_matchers.rotation.pairing import paired

_MOST_TRIES = 400
"""How many trios are tried at most where a round is sought as a whole."""

_OFTEN = 3
"""In how many trios somebody is while the table turns once."""

_Trio = tuple[int, int, int]


def with_a_trio(this: Material) -> tuple[_Trio, IntArray] | None:
    """Return who meets as three, and pairs of all others; None where no such round was found."""
    if len(this.free) < 3:
        return None
    few = len(this.free) <= FEW
    found = _with_one_of(this, _trios_of_table(this) if few else chain(_trios_of_table(this), _guests(this)))
    return _of_few(this) if found is None and few else found


def _with_one_of(this: Material, trios: Iterable[_Trio]) -> tuple[_Trio, IntArray] | None:
    """Return a round with one of some trios in which nobody meets again."""
    for trio in trios:
        pairs = unmet(this, this.without(np.array(trio)))
        if len(pairs) * 2 + 3 == len(this.free):
            return trio, pairs
    return None


def _trios_of_table(this: Material) -> list[_Trio]:
    return [_trio(this.planned_trio)] if this.planned_trio else []


def _guests(this: Material) -> Iterator[_Trio]:
    """Yield some people with the pair whose turn with them would come last: first whom the table leaves alone.

    Whoever joined when no seat was free is always alone: after some trios it is somebody else's turn.
    """
    chances, alone = this.chances, set(this.alone.tolist())
    often = this.past.thirds // _OFTEN
    order = sorted(this.free.tolist(), key=lambda one: (often[one], one not in alone, chances[one]))
    for one in order[:TRIES] if len(this.planned) else ():
        guest, waits = np.full(len(this.planned), one), np.zeros(len(this.planned), dtype=np.int64)
        good = (this.planned != one).all(axis=1)
        for others in this.planned.T:
            good &= (this.looks.of(guest, others) >= 0) & (this.past.last_met(guest, others) == 0)
            waits += this.scores.waits(guest[:1], others)[0]
        if good.any():
            best = int(np.argmax(np.where(good, waits, -1)))
            yield _trio((one, *this.planned[best].tolist()))


def _trio(people: tuple[int, ...]) -> _Trio:
    first, second, third = sorted(people)
    return first, second, third


@frozen(eq=False)
class _Trios:
    """Trios that are allowed, in the order in which they are tried.

    Attributes:
        people: shape (k, 3).
        new: how many of the three meetings of each are first ones; descending.
    """

    people: IntArray
    new: IntArray


def _of_few(this: Material) -> tuple[_Trio, IntArray] | None:
    """Return the round with the fewest repeats, the trio first in order among equals."""
    trios = _in_order(this)
    beside = (len(this.free) - 3) // 2
    possible = min(beside, len(paired(this.scores, this.problem.seed, this.problem.effort)))
    best, trio = -1, None
    for people, new in zip(trios.people[:_MOST_TRIES], trios.new.tolist(), strict=False):
        if new + possible <= best or (best >= 0 and this.problem.effort.over()):
            break
        found = _new_beside(this, people)
        if found is not None and new + found > best:
            best, trio = new + found, people
    if trio is None:
        return None
    rest = this.without(trio)
    pairs = unmet(this, rest)
    return _trio(tuple(trio.tolist())), pairs if len(pairs) == beside else few_again(this, rest)


def _new_beside(this: Material, trio: IntArray) -> int | None:
    """Return how many new meetings pairs of the others can bring; None if rules leave somebody over."""
    rest = this.without(trio)
    whole = evolve(this.scores, people=rest, until=this.scores.table.number + 1)
    pairs = paired(whole, this.problem.seed, this.problem.effort)
    if len(pairs) * 2 < len(rest):
        return None
    return first_meetings(this, pairs)


def _in_order(this: Material) -> _Trios:
    """Return all allowed trios: most new meetings first, then those that met the longest ago, then the table's.

    Then come those whose people were in few trios, that leave most of the table's pairs as they are, that the table
    would bring together late, and whose people were in no trio for long.
    """
    size = len(this.free)
    trios = np.array(list(combinations(range(size), 3)), dtype=np.int64)
    sides = [(trios[:, a], trios[:, b]) for a, b in ((0, 1), (0, 2), (1, 2))]
    everybody = np.arange(size)
    allowed = (
        evolve(this.scores, people=this.free, until=this.scores.table.number + 1).scores(everybody, everybody) >= 0
    )
    met = this.past.met[this.free][:, this.free].toarray()
    waits = this.scores.waits(this.free, this.free)
    keys = (
        np.sort(_by_chance(this)[trios]) @ (size**2, size, 1),
        this.past.left_out[this.free][trios].max(axis=1),
        -np.sum([waits[side] for side in sides], axis=0),
        _astray(this, trios),
        this.past.thirds[this.free][trios].sum(axis=1),
        ~(this.free[trios] == (this.planned_trio or (-1,) * 3)).all(axis=1),
        np.max([met[side] for side in sides], axis=0),
        -np.sum([met[side] == 0 for side in sides], axis=0),
    )
    order = np.lexsort(keys)
    order = order[np.all([allowed[side] for side in sides], axis=0)[order]]
    return _Trios(this.free[trios[order]], -np.asarray(keys[-1])[order])


def _by_chance(this: Material) -> IntArray:
    """Return the place of each free person in an order by chance."""
    chances = this.chances
    order = sorted(range(len(this.free)), key=lambda number: chances[int(this.free[number])])
    return np.argsort(order)


def _astray(this: Material, trios: IntArray) -> IntArray:
    """Return for each trio how many others would have nobody at the table."""
    pair = np.full(len(this.seating.people), -1)
    pair[this.planned] = np.arange(len(this.planned))[:, None]
    of = pair[this.free][trios]
    single = (of < 0).sum(axis=1)
    whole = sum((of[:, a] == of[:, b]) & (of[:, a] >= 0) for a, b in ((0, 1), (0, 2), (1, 2)))
    found: IntArray = len(this.alone) - single + (3 - single - 2 * np.asarray(whole))
    return found
