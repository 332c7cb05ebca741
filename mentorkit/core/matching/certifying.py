"""The second opinion on a matching: everything a solution promises, recomputed from the problem alone.

Shares no code with any matcher. Hard rules, places and required pairs are checked again; people and points are counted
again; and from a matcher's prices alone follows a bound that no allowed matching exceeds (weak Lagrangian duality).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.contracts import Side
from mentorkit.core.errors import InternalError
from mentorkit.core.problems import FORBIDDEN, TENTHS, IntArray, MatchingProblem, PairScores, Proof, Seating, Solution
from mentorkit.core.relationships import Certificate, Member

CountedPairs = Callable[[Sequence[Member]], Sequence[tuple[Member, Member]]]
PairKey = tuple[tuple[str, str], int, int]

_BLOCK = 2_000_000
"""Pairs that are looked at together."""


@frozen
class Group:
    """People who are together in a solution, and their mean published score with one digit."""

    members: tuple[Member, ...]
    score: float


def certify(
    problem: MatchingProblem,
    solution: Solution,
    counted_pairs: CountedPairs,
    sides: Mapping[str, Side],
    matcher: str,
) -> tuple[tuple[Group, ...], Certificate]:
    """Return the groups of a solution and what is proven about them.

    Args:
        problem: what was to be solved.
        solution: what the matcher returned.
        counted_pairs: which pairs of a group count for its score.
        sides: side of each role; people of side `peer` count half, as every pair counts for both.
        matcher: its name, and where it came from, for the error.

    Raises:
        InternalError: the solution breaks a promise.
    """
    broken = _Broken(matcher, problem.occasion)
    members = _members(problem, solution, broken)
    _check_places(problem, members, broken)
    _check_required(problem, members, broken)
    counted = [tuple(counted_pairs(group)) for group in members]
    scores = _scores(problem, members, counted, broken)
    total = Fraction(0)
    groups = []
    for group, pairs in zip(members, counted, strict=True):
        tenths = [scores[_key(problem, a, b)] for a, b in pairs]
        total += _total(problem, group, pairs, tenths, sides)
        groups.append(Group(group, _display(tenths)))
    return tuple(groups), _certificate(problem, solution, members, total, broken)


@frozen
class _Broken:
    """Who to name when a promise is broken."""

    matcher: str
    occasion: str

    def promise(self, what: str) -> InternalError:
        return InternalError(
            f"the matcher {self.matcher} returned a result for {self.occasion} that {what}; nothing of it is used"
        )


# ------------------------------------------------------------------------------------------------------ hard rules


def _members(problem: MatchingProblem, solution: Solution, broken: _Broken) -> list[tuple[Member, ...]]:
    """Return each group's members, by role as the problem lists them, then by person."""
    seatings = list(problem.seatings.values())
    if not len(solution.group) == len(solution.seating) == len(solution.person):
        raise broken.promise("has arrays of different lengths")
    found: dict[int, list[tuple[int, str]]] = {}
    for number, seating, person in zip(
        solution.group.tolist(), solution.seating.tolist(), solution.person.tolist(), strict=True
    ):
        if not 0 <= seating < len(seatings) or not 0 <= person < len(seatings[seating].people):
            raise broken.promise(f"names person {person} of role number {seating}, who does not exist")
        found.setdefault(number, []).append((seating, seatings[seating].people[person]))
    return [
        tuple(Member(person, seatings[seating].role) for seating, person in sorted(found[number]))
        for number in sorted(found)
    ]


def _check_places(problem: MatchingProblem, groups: Sequence[tuple[Member, ...]], broken: _Broken) -> None:
    for group in groups:
        if len({member.person for member in group}) < len(group):
            raise broken.promise(f"has somebody twice in one relationship ({_named(group)})")
    twice = [group for group, times in Counter(groups).items() if times > 1]
    if twice:
        raise broken.promise(f"has the same relationship twice ({_named(twice[0])})")
    used = Counter(member for group in groups for member in group)
    for seating in problem.seatings.values():
        for person, places in zip(seating.people, seating.places.tolist(), strict=True):
            if used[Member(person, seating.role)] > places:
                raise broken.promise(f"places {seating.role} {person} more often than the {places} times allowed")


def _check_required(problem: MatchingProblem, groups: Sequence[tuple[Member, ...]], broken: _Broken) -> None:
    together = {pair for group in groups for a, b in combinations(group, 2) for pair in ((a, b), (b, a))}
    for (first, second), pairs in problem.required.items():
        for a, b in pairs:
            if (Member(a, first), Member(b, second)) not in together:
                raise broken.promise(f"leaves out the required pair of {first} {a} and {second} {b}")


def _named(group: Iterable[Member]) -> str:
    return ", ".join(f"{member.role} {member.person}" for member in group)


# ---------------------------------------------------------------------------------------------------------- scores


def _key(problem: MatchingProblem, a: Member, b: Member) -> PairKey:
    """Return where the score of two members stands; a KeyError says that the problem has none for their roles."""
    if (a.role, b.role) not in problem.pairs:
        a, b = b, a
    return (a.role, b.role), problem.seatings[a.role].index[a.person], problem.seatings[b.role].index[b.person]


def _scores(
    problem: MatchingProblem,
    groups: Sequence[tuple[Member, ...]],
    counted: Sequence[Sequence[tuple[Member, Member]]],
    broken: _Broken,
) -> Mapping[PairKey, int]:
    """Return the scores of all pairs that are together, none of them forbidden."""
    for a, b in (pair for pairs in counted for pair in pairs):
        if (a.role, b.role) not in problem.pairs and (b.role, a.role) not in problem.pairs:
            raise broken.promise(f"counts pairs of {a.role} and {b.role}, for whom the problem has no scores")
    keys = {
        _key(problem, a, b): None
        for group in groups
        for one, other in combinations(group, 2)
        for a, b in ((one, other), (other, one))
        if (a.role, b.role) in problem.pairs
    }
    scores = {key: score for role_pair in problem.pairs for key, score in _looked_up(problem, role_pair, keys)}
    for ((first, second), row, column), score in scores.items():
        if score == FORBIDDEN:
            wants, offers = problem.seatings[first].people[row], problem.seatings[second].people[column]
            raise broken.promise(f"puts {first} {wants} and {second} {offers} together although a rule forbids it")
    return scores


def _looked_up(
    problem: MatchingProblem, role_pair: tuple[str, str], keys: Iterable[PairKey]
) -> Iterable[tuple[PairKey, int]]:
    wanted = sorted((row, column) for pair, row, column in keys if pair == role_pair)
    for start in range(0, len(wanted), 512):
        part = np.array(wanted[start : start + 512], dtype=np.int64)
        rows, row = np.unique(part[:, 0], return_inverse=True)
        columns, column = np.unique(part[:, 1], return_inverse=True)
        tenths = problem.pairs[role_pair].scores(rows, columns)[row, column]
        for (a, b), score in zip(part.tolist(), tenths.tolist(), strict=True):
            yield (role_pair, a, b), score


def _total(
    problem: MatchingProblem,
    group: Sequence[Member],
    pairs: Sequence[tuple[Member, Member]],
    tenths: Sequence[int],
    sides: Mapping[str, Side],
) -> Fraction:
    """Return the sum of the served members' mean scores, in tenths, exactly."""
    total = Fraction(0)
    for member in group:
        own = [score for pair, score in zip(pairs, tenths, strict=True) if member in pair]
        if own and problem.seatings[member.role].served:
            total += Fraction(sum(own), len(own) * (2 if sides[member.role] == "peer" else 1))
    return total


def _display(tenths: Sequence[int]) -> float:
    """Return the mean with one digit, halves up."""
    return (2 * sum(tenths) + len(tenths)) // (2 * len(tenths)) / TENTHS if tenths else 0.0


# ---------------------------------------------------------------------------------------------------------- bounds


def _certificate(
    problem: MatchingProblem,
    solution: Solution,
    groups: Sequence[tuple[Member, ...]],
    total: Fraction,
    broken: _Broken,
) -> Certificate:
    placed = {member for group in groups for member in group}
    matched = sum(
        Member(person, seating.role) in placed and not covered
        for seating in problem.seatings.values()
        if seating.served
        for person, covered in zip(seating.people, seating.covered.tolist(), strict=True)
    )
    points = float(total) / TENTHS
    name = broken.matcher.partition(" ")[0]
    if solution.proof is None:
        return Certificate(name, solution.exact, matched, points, extra=solution.extra)
    try:
        matched_bound, tenths_bound = bound(problem, solution.proof)
    except ValueError as wrong:
        raise broken.promise(str(wrong)) from wrong
    certificate = Certificate(
        name, solution.exact, matched, points, matched_bound, tenths_bound / TENTHS, solution.extra
    )
    if solution.exact and certificate.gap != 0:
        raise broken.promise(
            f"is called best with {matched} people and {points} points, but only {matched_bound} people and "
            f"{tenths_bound / TENTHS} points are proven to be the most"
        )
    return certificate


def bound(problem: MatchingProblem, proof: Proof) -> tuple[int, int]:
    """Return the most people and, for as many, the most tenths of points that prices allow in a two-sided problem.

    Everybody on the served side takes the partners that are best for them at these prices, nobody minding the others;
    together with the worth of all places that is at least the worth of any allowed matching. Source: A. M. Geoffrion,
    "Lagrangean relaxation for integer programming" (1974).

    Raises:
        ValueError: the prices are not a proof: negative, of the wrong number, or with gains that do not put one
            objective before the other.
    """
    (first, second), pairs = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    prices = proof.prices
    if len(problem.pairs) != 1 or not wanting.served or offering.served:
        raise ValueError("has prices, which prove nothing unless one side wants and is served and the other offers")
    if prices.shape != (len(offering.people),) or (prices < 0).any():
        raise ValueError("has prices that are not one of at least 0 per person of the offering side")
    worth = int(prices @ offering.places) + sum(_worth(problem, pairs, proof, wanting, offering))
    slots = min(int(wanting.places.sum()), int(offering.places.sum()))
    if proof.score_gain > 0 and proof.cover_gain > proof.score_gain * 100 * TENTHS * slots:
        people, rest = divmod(worth, proof.cover_gain)
        return people, rest // proof.score_gain
    if proof.cover_gain > 0 and proof.score_gain > proof.cover_gain * len(wanting.people):
        tenths, rest = divmod(worth, proof.score_gain)
        return rest // proof.cover_gain, tenths
    raise ValueError("has prices in which neither people nor points come first")


def _worth(
    problem: MatchingProblem, pairs: PairScores, proof: Proof, wanting: Seating, offering: Seating
) -> Iterable[int]:
    """Yield what each block of served people is worth at the prices."""
    required = np.array(
        [(wanting.index[a], offering.index[b]) for found in problem.required.values() for a, b in found], dtype=np.int64
    ).reshape(-1, 2)
    everybody = np.arange(len(offering.people))
    step = max(1, _BLOCK // max(1, len(everybody)))
    for start in range(0, len(wanting.people), step):
        rows = np.arange(start, min(start + step, len(wanting.people)))
        tenths = pairs.scores(rows, everybody)
        gains = np.where(tenths < 0, np.int64(-(2**60)), tenths.astype(np.int64) * proof.score_gain - proof.prices)
        cover = np.where(wanting.covered[rows], 0, proof.cover_gain)
        places = wanting.places[rows].copy()
        fixed = np.zeros(len(rows), dtype=np.int64)
        for row, column in required[(required[:, 0] >= start) & (required[:, 0] <= rows[-1])] - (start, 0):
            fixed[row] += gains[row, column] + cover[row]
            cover[row] = 0
            places[row] -= 1
            gains[row, column] = -(2**60)
        yield int((fixed + _best(gains, cover, places)).sum())


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
