"""The second opinion on a matching: everything a solution promises, recomputed from the problem alone.

Shares no code with any matcher. Hard rules, places and required pairs are checked again; people and points are counted
again; from a matcher's prices alone follows a bound that no allowed matching exceeds (weak Lagrangian duality); and of
a matching that is called stable every listed pair is looked at, whether its two would rather be together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from mentorkit.core.contracts import Side
from mentorkit.core.matching.certifying.bound import Bound
from mentorkit.core.matching.certifying.bounds import bound
from mentorkit.core.matching.certifying.compositions import check_composition, counts_as_declared
from mentorkit.core.matching.certifying.points import CountedPairs, displayed, key_of, points_of, scores_of
from mentorkit.core.matching.certifying.promises import Broken, check_places, check_required, members_of, slots_of
from mentorkit.core.matching.certifying.slots import check_meetings
from mentorkit.core.matching.certifying.stability import check_stability
from mentorkit.core.matching.certifying.two_sided import reached_beside
from mentorkit.core.problems import TENTHS, MatchingProblem, Solution
from mentorkit.core.proofs import PreferenceProof
from mentorkit.core.relationships import Certificate, Member

__all__ = ["Group", "bound", "certify"]


@frozen
class Group:
    """People who are together in a solution, their mean published score with one digit, and their slot if any."""

    members: tuple[Member, ...]
    score: float
    slot: int | None = None


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
    broken = Broken(matcher, problem.occasion)
    members = members_of(problem, solution, broken)
    check_places(problem, members, broken)
    check_composition(problem, members, broken)
    check_required(problem, members, broken)
    slots = slots_of(problem, solution, members, broken)
    check_meetings(problem, members, slots, broken)
    counted = [tuple(counted_pairs(group)) for group in members]
    scores = scores_of(problem, members, counted, broken)
    total = Fraction(0)
    groups = []
    for group, pairs, slot in zip(members, counted, slots, strict=True):
        tenths = [scores[key_of(problem, a, b)] for a, b in pairs]
        total += points_of(problem, group, pairs, tenths, sides)
        groups.append(Group(group, displayed(tenths), slot))
    if not counts_as_declared(problem, members, counted):
        solution = evolve(solution, exact=False, proof=None)
    return tuple(groups), _certificate(problem, solution, members, total, broken)


def _certificate(
    problem: MatchingProblem,
    solution: Solution,
    groups: Sequence[tuple[Member, ...]],
    total: Fraction,
    broken: Broken,
) -> Certificate:
    matched = _newly_placed(problem, groups)
    points = float(total) / TENTHS
    name = broken.matcher.partition(" ")[0]
    if solution.proof is None:
        return Certificate(name, solution.exact, matched, points, extra=solution.extra, objective=problem.objective)
    if isinstance(solution.proof, PreferenceProof):
        found = check_stability(problem, solution.proof, groups, broken)
        extra = {**solution.extra, **found}
        return Certificate(name, False, matched, points, extra=extra, objective=problem.objective)
    try:
        most = bound(problem, solution.proof)
    except ValueError as wrong:
        raise broken.promise(str(wrong)) from wrong
    points_bound = float(most.tenths) / TENTHS
    there: tuple[int | Fraction, ...] = (matched, total)
    possible: tuple[int | Fraction, ...] = (most.people, most.tenths)
    if problem.objective[:1] == ("total-score",):
        there, possible = there[::-1], possible[::-1]
    if there > possible:
        raise broken.promise(f"has {matched} people and {points} points, more than its proof allows anybody to have")
    if solution.exact and there != possible:
        raise broken.promise(
            f"is called best with {matched} people and {points} points, but only {most.people} people and "
            f"{points_bound} points are proven to be the most"
        )
    if solution.exact and most.others:
        _check_others(problem, groups, most, broken)
    return Certificate(
        name,
        solution.exact,
        matched,
        points,
        most.people,
        points_bound,
        solution.extra,
        most.pairs,
        problem.objective,
    )


def _check_others(problem: MatchingProblem, groups: Sequence[tuple[Member, ...]], most: Bound, broken: Broken) -> None:
    """Refuse what is called best and falls short in an objective that is neither people nor points."""
    reached = reached_beside(problem, groups)
    for name, value in most.others.items():
        if reached[name] != value:
            raise broken.promise(f"is called best with {reached[name]} in {name}, but {value} is proven to be the most")


def _newly_placed(problem: MatchingProblem, groups: Sequence[tuple[Member, ...]]) -> int:
    """Return how many served people got their first relationship."""
    placed = {member for group in groups for member in group}
    return sum(
        Member(person, seating.role) in placed and not covered
        for seating in problem.seatings.values()
        if seating.served
        for person, covered in zip(seating.people, seating.covered.tolist(), strict=True)
    )
