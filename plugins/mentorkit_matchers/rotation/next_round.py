"""The next round: pairs, and what becomes of an odd one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from mentorkit.core.problems import IntArray, MatchingProblem, Solution, solution_of
from mentorkit_matchers.rotation.material import Material, details_of, material_of
from mentorkit_matchers.rotation.pair_rounds import pairs_of, with_one_out
from mentorkit_matchers.rotation.trio_rounds import with_a_trio


def solution(problem: MatchingProblem) -> Solution:
    """Return the next round as groups, with how many pairs of it met before."""
    this = material_of(problem)
    groups = [tuple(sorted(group)) for group in _groups(this)]
    extra = {"round": this.scores.table.number + 1, "repeats": _repeats(this, groups)}
    return solution_of([[(0, person) for person in group] for group in sorted(groups)], extra=extra)


def _groups(this: Material) -> list[tuple[int, ...]]:
    """Return who meets; an odd one makes a trio among the free, or else of any pair."""
    if len(this.free) % 2 == 0:
        return [*this.fixed, *_tuples(pairs_of(this, this.free))]
    trios = details_of(this.problem).odd == "trio"
    if trios and (found := with_a_trio(this)) is not None:
        trio, pairs = found
        return [*this.fixed, trio, *_tuples(pairs)]
    pairs, out = with_one_out(this)
    groups = [*this.fixed, *_tuples(pairs)]
    return _joined(this, groups, out) if trios and out is not None else groups


def _tuples(pairs: IntArray) -> list[tuple[int, ...]]:
    return [tuple(pair) for pair in pairs.tolist()]


def _repeats(this: Material, groups: Sequence[tuple[int, ...]]) -> int:
    """Return how many met before, of those who do not have to meet."""
    meetings = [pair for group in groups for pair in combinations(group, 2) if pair not in this.fixed]
    met = np.array(meetings, dtype=np.int64).reshape(-1, 2)
    return int((this.past.last_met(met[:, 0], met[:, 1]) > 0).sum())


def _joined(this: Material, groups: Sequence[tuple[int, ...]], out: int) -> list[tuple[int, ...]]:
    """Return the groups with somebody as the third in a pair, both of whom they may meet, best those they never met."""
    pairs = np.array(groups, dtype=np.int64).reshape(-1, 2)
    guest = np.full(len(pairs), out)
    tenths = [this.looks.of(guest, pairs[:, side]) for side in (0, 1)]
    met = sum((this.past.last_met(guest, pairs[:, side]) > 0).astype(np.int64) for side in (0, 1))
    possible = np.flatnonzero((tenths[0] >= 0) & (tenths[1] >= 0))
    if not len(possible):
        return list(groups)
    best = possible[np.lexsort((-(tenths[0] + tenths[1])[possible], np.asarray(met)[possible]))[0]]
    return [(*group, out) if number == best else group for number, group in enumerate(groups)]
