"""The bound that prices prove on a two-sided problem.

Everybody on the served side takes the partners that are best for them at the prices, nobody minding the others;
together with what all places are worth that is at least the worth of any allowed matching. Source: A. M. Geoffrion,
"Lagrangean relaxation for integer programming" (1974).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.best_gains import NEVER, best_gains
from mentorkit.core.matching.certifying.bound import Bound
from mentorkit.core.problems import TENTHS, IntArray, MatchingProblem, PairScores, Seating
from mentorkit.core.proofs import PriceProof
from mentorkit.core.relationships import Member

_BLOCK = 2_000_000
"""Pairs that are looked at together."""

_TOGETHER = 128
"""Single pairs that are looked up together: their rows and columns make a block."""


def two_sided_bound(problem: MatchingProblem, proof: PriceProof) -> Bound:
    """Return the most people and, for as many, the most tenths of points that the prices allow.

    Raises:
        ValueError: the prices are not a proof: negative, of the wrong number, with gains that do not put one objective
            before the other, or for better pairs than the problem asks for.
    """
    (first, second), pairs = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    if len(problem.pairs) != 1 or not wanting.served or offering.served:
        raise ValueError("has prices, which prove nothing unless one side wants and is served and the other offers")
    values = _values(problem, pairs, proof, wanting, offering)
    if not {"coverage", "total-score"} <= values.keys():
        raise ValueError("has gains that leave out people or points")
    _check_worst_off(problem, pairs, proof, wanting, offering, values)
    looks = 1 if proof.worst_off is None else 2
    others = {name: value for name, value in values.items() if name in ("even-load", "fewest-changes")}
    pairs_checked = looks * len(wanting.people) * len(offering.people)
    return Bound(values["coverage"], values["total-score"], pairs_checked, others)


def reached_beside(problem: MatchingProblem, groups: Sequence[Sequence[Member]]) -> dict[str, int]:
    """Return what pairs reach in the objectives that are neither people nor points."""
    ((first, second), _) = next(iter(problem.pairs.items()))
    chosen = {
        (wanting.person, offering.person)
        for members in groups
        for wanting in members
        for offering in members
        if (wanting.role, offering.role) == (first, second)
    }
    loads = Counter(offering for _, offering in chosen)
    kept = {pair for pairs in problem.kept.values() for pair in pairs}
    return {"even-load": -sum(load**2 for load in loads.values()), "fewest-changes": len(kept & chosen)}


def worth_at_prices(problem: MatchingProblem, proof: PriceProof) -> int:
    """Return what the served people are worth at the prices, in the prices' unit, beside what all places are worth.

    The difference of two such sums, with a further required pair and without, is the least that the pair costs the
    whole where the prices prove the best there is.
    """
    (first, second), pairs = next(iter(problem.pairs.items()))
    return sum(_worth(problem, pairs, proof, problem.seatings[first], problem.seatings[second]))


def _check_worst_off(
    problem: MatchingProblem,
    pairs: PairScores,
    proof: PriceProof,
    wanting: Seating,
    offering: Seating,
    values: Mapping[str, int],
) -> None:
    """Refuse a threshold that is not proven to be the best there is for those who are worst off."""
    if proof.at_least == 0 and proof.worst_off is None:
        return
    if "worst-off" not in problem.objective:
        raise ValueError("leaves out pairs with few points, which the objective does not ask for")
    before = problem.objective[: problem.objective.index("worst-off")]
    better = proof.worst_off
    if better is None:
        if proof.at_least < 100 * TENTHS:
            raise ValueError("does not prove that nobody who is worst off could be better off")
        return
    if better.at_least != proof.at_least + 1 or better.worst_off is not None:
        raise ValueError("has a proof about other pairs than the next better ones")
    then = _values(problem, pairs, better, wanting, offering)
    if not set(before) <= then.keys() & values.keys():
        raise ValueError("has gains that leave out what comes before those who are worst off")
    if [then[name] for name in before] >= [values[name] for name in before]:
        raise ValueError("does not prove that nobody who is worst off could be better off")


def _values(
    problem: MatchingProblem, pairs: PairScores, proof: PriceProof, wanting: Seating, offering: Seating
) -> dict[str, int]:
    """Return the bound of each objective, given that those before it reach theirs."""
    prices = proof.prices
    if prices.shape != (len(offering.people),) or (prices < 0).any():
        raise ValueError("has prices that are not one of at least 0 per person of the offering side")
    ranges = _ranges(problem, wanting, offering)
    gains = dict(proof.gains)
    if set(gains) - set(ranges) or any(gain <= 0 for gain in gains.values()):
        raise ValueError("has gains for objectives that prices cannot prove")
    later = [sum(gains[name] * ranges[name] for name in list(gains)[number + 1 :]) for number in range(len(gains))]
    if any(gain <= rest for gain, rest in zip(gains.values(), later, strict=True)):
        raise ValueError("has prices in which neither people nor points come first")
    if [name for name in problem.objective if name in gains] != [name for name in gains if name in problem.objective]:
        raise ValueError("has gains in another order than the objective's")
    worth = _places_worth(prices, offering.places, gains.get("even-load", 0), int(wanting.places.sum()))
    worth += sum(_worth(problem, pairs, proof, wanting, offering))
    found, most = {}, _at_most(wanting, offering)
    for number, (name, gain) in enumerate(gains.items()):
        behind = list(gains)[number + 1 :]
        lost = gains["even-load"] * ranges["even-load"] if "even-load" in behind else 0
        found[name] = min((worth + lost) // gain, most.get(name, (worth + lost) // gain))
        worth -= gain * found[name]
    return found


def _at_most(wanting: Seating, offering: Seating) -> dict[str, int]:
    """Return what no prices are needed for: there are only so many people, places and points."""
    slots = min(int(wanting.places.sum()), int(offering.places.sum()))
    people = int(((wanting.places > 0) & ~wanting.covered).sum())
    return {"coverage": min(people, slots), "total-score": 100 * TENTHS * slots}


def _ranges(problem: MatchingProblem, wanting: Seating, offering: Seating) -> dict[str, int]:
    """Return how far apart two values of an objective can be."""
    slots = min(int(wanting.places.sum()), int(offering.places.sum()))
    loads = np.minimum(offering.places, len(wanting.people)).astype(np.int64)
    return {
        "coverage": len(wanting.people),
        "total-score": 100 * TENTHS * slots,
        "even-load": int((loads**2).sum()),
        "fewest-changes": sum(len(pairs) for pairs in problem.kept.values()),
    }


def _places_worth(prices: NDArray[np.int64], places: IntArray, even: int, most: int) -> int:
    """Return what all places are worth; where an even load counts, a place beside k taken ones is worth less by it."""
    if not even:
        return int(prices @ places)
    worth = 0
    for taken in range(min(int(places.max(initial=0)), most)):
        worth += int(np.maximum(prices[places > taken] - even * (2 * taken + 1), 0).sum())
    return worth


def _worth(
    problem: MatchingProblem, pairs: PairScores, proof: PriceProof, wanting: Seating, offering: Seating
) -> Iterable[int]:
    """Yield what served people are worth at the prices: those who take one partner, then the others."""
    required, kept = (_numbers(found, wanting, offering) for found in (problem.required, problem.kept))
    simple = wanting.places == 1
    simple[required[:, 0]] = False
    rows = np.flatnonzero(simple)
    gain, cover_gain = proof.gains.get("total-score", 0), proof.gains.get("coverage", 0)
    best = best_gains(pairs, rows, proof.prices, gain, proof.at_least)
    best = np.maximum(best, _of_kept(pairs, kept, rows, proof))
    yield int(np.maximum(best + np.where(wanting.covered[rows], 0, cover_gain), 0).sum())
    others = np.flatnonzero(~simple & (wanting.places > 0))
    step = max(1, _BLOCK // max(1, len(offering.people)))
    for start in range(0, len(others), step):
        part = others[start : start + step]
        yield _worth_of_several(pairs, proof, wanting, part, required, kept)


def _of_kept(pairs: PairScores, kept: IntArray, rows: IntArray, proof: PriceProof) -> NDArray[np.int64]:
    """Return the most that each of some rows gains from a pair that is together now, `NEVER` without one."""
    best = np.full(pairs.shape[0], NEVER, dtype=np.int64)
    bonus = proof.gains.get("fewest-changes", 0)
    for start in range(0, len(kept) if bonus else 0, _TOGETHER):
        row, column = kept[start : start + _TOGETHER].T
        (some, at), (others, beside) = (np.unique(numbers, return_inverse=True) for numbers in (row, column))
        tenths = pairs.scores(some, others)[at, beside].astype(np.int64)
        gains = tenths * proof.gains.get("total-score", 0) - proof.prices[column] + bonus
        np.maximum.at(best, row, np.where((tenths < 0) | (tenths < proof.at_least), NEVER, gains))
    return best[rows]


def _worth_of_several(
    pairs: PairScores, proof: PriceProof, wanting: Seating, rows: IntArray, required: IntArray, kept: IntArray
) -> int:
    """Return what a block of people is worth who take several partners, or have some required."""
    tenths = pairs.scores(rows, np.arange(pairs.shape[1]))
    gains = tenths.astype(np.int64) * proof.gains.get("total-score", 0) - proof.prices
    gains[_inside(kept, rows)] += proof.gains.get("fewest-changes", 0)
    gone = (tenths < 0) | (tenths < proof.at_least)
    cover = np.where(wanting.covered[rows], 0, proof.gains.get("coverage", 0))
    places = wanting.places[rows].copy()
    fixed = np.zeros(len(rows), dtype=np.int64)
    for row, column in zip(*_inside(required, rows), strict=True):
        fixed[row] += gains[row, column] + cover[row]
        cover[row] = 0
        places[row] -= 1
        gone[row, column] = True
    gains[gone] = NEVER
    return int((fixed + _best(gains, cover, places)).sum())


def _numbers(
    pairs: Mapping[tuple[str, str], tuple[tuple[str, str], ...]], wanting: Seating, offering: Seating
) -> IntArray:
    """Return pairs of ids as numbers, sorted, shape (k, 2); those with somebody who is not there are left out."""
    known = [
        (wanting.index[a], offering.index[b])
        for found in pairs.values()
        for a, b in found
        if a in wanting.index and b in offering.index
    ]
    return np.array(sorted(known), dtype=np.int64).reshape(-1, 2)


def _inside(pairs: IntArray, rows: IntArray) -> tuple[IntArray, IntArray]:
    """Return where in a block of ascending rows the pairs stand."""
    place = np.minimum(np.searchsorted(rows, pairs[:, 0]), len(rows) - 1)
    there = rows[place] == pairs[:, 0]
    return place[there], pairs[there, 1]


def _best(gains: NDArray[np.int64], cover: NDArray[np.int64], places: IntArray) -> NDArray[np.int64]:
    """Return for each row the best sum of at most `places` gains, with `cover` on top for the first of them."""
    most = min(int(places.max(initial=0)), gains.shape[1])
    if most <= 0:
        return np.zeros(len(gains), dtype=np.int64)
    top = (
        gains.max(axis=1)[:, None] if most == 1 else -np.sort(np.partition(-gains, most - 1, axis=1)[:, :most], axis=1)
    )
    further = np.maximum(top[:, 1:], 0)
    further[np.arange(1, most) >= places[:, None]] = 0
    best: NDArray[np.int64] = np.maximum(top[:, 0] + cover + further.sum(axis=1), 0)
    return np.where(places > 0, best, 0)
