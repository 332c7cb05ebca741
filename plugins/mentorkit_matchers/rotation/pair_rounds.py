"""A round of pairs: those of the table where they can be, and a matching for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from attrs import evolve

from mentorkit.core.problems import IntArray
from mentorkit_matchers.rotation.material import FEW, TRIES, Material
from mentorkit_matchers.rotation.pairing import paired


def pairs_of(this: Material, people: IntArray) -> IntArray:
    """Return pairs of these people, all of whom have not met, or as few and as long ago as can be."""
    found = unmet(this, people)
    return found if len(found) * 2 == len(people) else _again(this, people)


def unmet(this: Material, people: IntArray) -> IntArray:
    """Return as many pairs as possible of people who have not met; the table's stay where they do no harm."""
    inside = np.isin(this.planned, people).all(axis=1)
    kept = this.planned[inside]
    rest = np.setdiff1d(people, kept)
    if not len(rest):
        return kept
    found = kept
    for broken in _more_and_more(kept, len(rest), this.problem.seed):
        some = np.concatenate([rest, kept[broken].reshape(-1)])
        pairs = paired(evolve(this.scores, people=np.sort(some)), this.problem.seed, this.problem.effort)
        found = np.concatenate([np.delete(kept, broken, axis=0), pairs])
        if len(pairs) * 2 == len(some):
            break
    return found


def _more_and_more(kept: IntArray, rest: int, seed: int) -> Iterator[IntArray]:
    """Yield the numbers of pairs of the table that are given up for a search, by and by all of them."""
    order = np.random.default_rng(seed & 0xFFFF_FFFF).permutation(len(kept))
    size = 0 if rest * 2 > FEW else FEW // 2
    while size < len(kept):
        yield order[:size]
        size = max(4 * size, rest, FEW)
    yield order


def _again(this: Material, people: IntArray) -> IntArray:
    """Return a round of as many people as possible in which pairs meet again who met as long ago as can be, and few."""
    most = len(_until(this, people, this.scores.table.number + 1))
    return _oldest(this, people, lambda pairs: len(pairs) == most)


def few_again(this: Material, people: IntArray) -> IntArray:
    """Return a round of as many people as possible in which as few meet again as can be, and these as long ago."""
    best = _until(this, people, this.scores.table.number + 1)
    most = len(best), first_meetings(this, best)
    return _oldest(this, people, lambda pairs: (len(pairs), first_meetings(this, pairs)) == most)


def first_meetings(this: Material, pairs: IntArray) -> int:
    """Return how many pairs have not met."""
    return int((this.past.last_met(pairs[:, 0], pairs[:, 1]) == 0).sum())


def _oldest(this: Material, people: IntArray, enough: Callable[[IntArray], bool]) -> IntArray:
    """Return the pairs, good enough, of whom those who met last met as long ago as can be."""
    early, late = -1, this.scores.table.number + 1
    while late - early > 1:
        middle = (early + late) // 2
        if enough(_until(this, people, middle)):
            late = middle
        else:
            early = middle
    return _until(this, people, late)


def _until(this: Material, people: IntArray, until: int) -> IntArray:
    scores = evolve(this.scores, people=people, until=until)
    return paired(scores, this.problem.seed, this.problem.effort)


def with_one_out(this: Material) -> tuple[IntArray, int | None]:
    """Return pairs of all but one, and who that is: who was left out the longest ago, if the others can be paired so.

    Among equals it is whom the table leaves alone. Somebody new is left out last.
    """
    alone = np.isin(this.free, this.alone)
    new, left_out = this.past.new[this.free].tolist(), this.past.left_out[this.free].tolist()
    chances = this.chances
    by_chance = [chances[one] for one in this.free.tolist()]
    keys = zip(new, left_out, (~alone).tolist(), by_chance, strict=True)
    order = [one for _, one in sorted(zip(keys, this.free.tolist(), strict=True))]
    few = len(order) <= FEW
    for find in (unmet, _again) if few else (unmet,):
        for one in order if few else order[:TRIES]:
            pairs = find(this, this.free[this.free != one])
            if len(pairs) * 2 == len(this.free) - 1:
                return pairs, one
    pairs = pairs_of(this, this.free)
    rest = np.setdiff1d(this.free, pairs)
    return pairs, int(rest[0]) if len(rest) == 1 else None
