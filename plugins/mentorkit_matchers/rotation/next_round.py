"""The next round: the pairs of the table where they can be, and a matching for the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray, MatchingProblem, Seating, Solution, solution_of
from mentorkit.core.shapes import Peers
from mentorkit_matchers.all_pairs import AllPairs, all_pairs
from mentorkit_matchers.rotation.pairing import RoundScores, paired
from mentorkit_matchers.rotation.past import Past, past_of
from mentorkit_matchers.rotation.seats import Table, chance, seated

_FEW = 64
"""People among whom a round is sought as a whole."""

_TRIES = 16
"""How many are tried as the one who is left out, before it does not matter who it is."""


@frozen(eq=False)
class _Round:
    """What a round is made from; people by their index in the seating.

    Attributes:
        free: who is to be paired, ascending.
        fixed: required pairs.
        planned: pairs of the table that are allowed and have not met, shape (k, 2).
        alone: whom the table leaves alone or brings together with somebody they cannot be with.
    """

    problem: MatchingProblem
    seating: Seating
    looks: AllPairs
    past: Past
    scores: RoundScores
    free: IntArray
    fixed: tuple[tuple[int, int], ...]
    planned: IntArray
    alone: IntArray


def solution(problem: MatchingProblem) -> Solution:
    """Return the next round as groups, with how many pairs of it met before."""
    this = _round_of(problem)
    odd = len(this.free) % 2 == 1
    pairs, out = _with_one_out(this) if odd else (_pairs(this, this.free), None)
    groups = [*this.fixed, *(tuple(pair) for pair in pairs.tolist())]
    if out is not None and _details(problem).odd == "trio":
        groups = _joined(this, groups, out)
    seatings = sorted(tuple(sorted(group)) for group in groups)
    met = this.past.last_met(pairs[:, 0], pairs[:, 1])
    extra = {"round": this.scores.turn, "repeats": int((met > 0).sum())}
    return solution_of([[(0, person) for person in group] for group in seatings], extra=extra)


def _details(problem: MatchingProblem) -> Peers:
    return problem.details if isinstance(problem.details, Peers) else Peers()


def _round_of(problem: MatchingProblem) -> _Round:
    (seating,) = problem.seatings.values()
    ((_, scores),) = problem.pairs.items()
    rounds = _details(problem).rounds
    index = seating.index
    free = seating.places > 0
    numbers = {
        (min(index[a], index[b]), max(index[a], index[b])) for found in problem.required.values() for a, b in found
    }
    fixed = tuple(sorted(numbers))
    for pair in fixed:
        free[list(pair)] = False
    table = seated(rounds, [seating.people[one] for one in np.flatnonzero(seating.places > 0).tolist()], problem.seed)
    past = past_of(rounds, seating.people, table)
    seats = np.full(len(seating.people), -1)
    for seat, person in enumerate(table.holders):
        if person in index:
            seats[index[person]] = seat
    looks = all_pairs(scores, problem.effort)
    round_scores = RoundScores(scores, past, seats, len(table.holders), table.number + 1, np.flatnonzero(free), 0)
    planned = _planned(table, seating, free)
    good = (looks.of(planned[:, 0], planned[:, 1]) >= 0) & (past.last_met(planned[:, 0], planned[:, 1]) == 0)
    alone = np.setdiff1d(np.flatnonzero(free), planned[good])
    return _Round(problem, seating, looks, past, round_scores, np.flatnonzero(free), fixed, planned[good], alone)


def _planned(table: Table, seating: Seating, free: NDArray[np.bool_]) -> IntArray:
    pairs = [
        (seating.index[one], seating.index[other])
        for one, other in table.opposite(table.number)
        if one in seating.index and other in seating.index
    ]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[free[found].all(axis=1)]


def _pairs(this: _Round, people: IntArray) -> IntArray:
    """Return pairs of these people, all of whom have not met, or as few and as long ago as can be."""
    found = _unmet(this, people)
    return found if len(found) * 2 == len(people) else _again(this, people)


def _unmet(this: _Round, people: IntArray) -> IntArray:
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
    size = 0 if rest * 2 > _FEW else _FEW // 2
    while size < len(kept):
        yield order[:size]
        size = max(4 * size, rest, _FEW)
    yield order


def _again(this: _Round, people: IntArray) -> IntArray:
    """Return a round of as many people as possible in which pairs meet again who met as long ago as can be, and few."""
    whole = evolve(this.scores, people=people)
    late = this.scores.turn
    most = len(paired(evolve(whole, until=late), this.problem.seed, this.problem.effort))
    early = -1
    while late - early > 1:
        middle = (early + late) // 2
        if len(paired(evolve(whole, until=middle), this.problem.seed, this.problem.effort)) == most:
            late = middle
        else:
            early = middle
    return paired(evolve(whole, until=late), this.problem.seed, this.problem.effort)


def _with_one_out(this: _Round) -> tuple[IntArray, int | None]:
    """Return pairs of all but one, and who that is: who was left out the longest ago, if the others can be paired so.

    Among equals it is whom the table leaves alone. Somebody new is left out last.
    """
    alone = np.isin(this.free, this.alone)
    new, left_out = this.past.new[this.free].tolist(), this.past.left_out[this.free].tolist()
    by_chance = [chance(this.problem.seed, this.seating.people[one]) for one in this.free.tolist()]
    keys = zip(new, left_out, (~alone).tolist(), by_chance, strict=True)
    order = [one for _, one in sorted(zip(keys, this.free.tolist(), strict=True))]
    few = len(order) <= _FEW
    for find in (_unmet, _again) if few else (_unmet,):
        for one in order if few else order[:_TRIES]:
            pairs = find(this, this.free[this.free != one])
            if len(pairs) * 2 == len(this.free) - 1:
                return pairs, one
    pairs = _pairs(this, this.free)
    rest = np.setdiff1d(this.free, pairs)
    return pairs, int(rest[0]) if len(rest) == 1 else None


def _joined(this: _Round, groups: Sequence[tuple[int, ...]], out: int) -> list[tuple[int, ...]]:
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
