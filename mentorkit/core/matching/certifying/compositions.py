"""Who a relationship must be made of, where the problem says it: sizes of groups, members of teams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mentorkit.core.matching.certifying.promises import Broken, named
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.relationships import Member
from mentorkit.core.shapes import Circles, Groups, Teams

_PAIRS = ("two-sided", "preferences")
"""Shapes whose relationships are of the two roles of a pair."""


def check_composition(problem: MatchingProblem, groups: Sequence[tuple[Member, ...]], broken: Broken) -> None:
    """Refuse people alone, other roles than a pair's, groups of another size, and teams that are not complete."""
    _check_roles(problem, groups, broken)
    if isinstance(problem.details, Circles):
        for group in groups:
            if not problem.details.sizes[0] <= len(group) <= problem.details.sizes[1]:
                raise broken.promise(f"has a circle of another size than allowed ({named(group)})")
    if isinstance(problem.details, Groups):
        served = {role: seating.served for role, seating in problem.seatings.items()}
        fewest, most = problem.details.mentees[0], problem.details.most
        for group in groups:
            mentees = sum(served[member.role] for member in group)
            mentors = len(group) - mentees
            if mentors == 0 and problem.details.leftover == "peer-circle" and fewest <= mentees <= most:
                continue
            if not fewest <= mentees <= most or not problem.details.mentors[0] <= mentors <= problem.details.mentors[1]:
                raise broken.promise(f"has a group of another size than allowed ({named(group)})")
    if isinstance(problem.details, Teams):
        for group in groups:
            if Counter(member.role for member in group) != Counter(problem.details.counts):
                raise broken.promise(f"has a team that is not complete ({named(group)})")


def _check_roles(problem: MatchingProblem, groups: Sequence[tuple[Member, ...]], broken: Broken) -> None:
    if problem.shape not in _PAIRS:
        return
    between = {frozenset(pair) for pair in problem.pairs}
    for group in groups:
        if len(group) < 2:
            raise broken.promise(f"has somebody alone in a relationship ({named(group)})")
        if frozenset(member.role for member in group) not in between:
            raise broken.promise(f"has a pair of other roles than the problem is about ({named(group)})")


def counts_as_declared(
    problem: MatchingProblem,
    groups: Sequence[tuple[Member, ...]],
    counted: Sequence[Sequence[tuple[Member, Member]]],
) -> bool:
    """Return whether the model counts the pairs that bounds of the shape are about; without, they bound nothing.

    In groups these are each mentee with each mentor; in teams and circles, all pairs of a served member for whose roles
    the problem has scores. Pairs without a served member count for nobody.
    """
    if not isinstance(problem.details, Circles | Groups | Teams):
        return True
    between = {frozenset(pair) for pair in problem.pairs}
    if isinstance(problem.details, Groups):
        between = {pair for pair in between if len(pair) == 2}
    for group, pairs in zip(groups, counted, strict=True):
        declared = {
            frozenset((a, b))
            for number, a in enumerate(group)
            for b in group[number + 1 :]
            if frozenset((a.role, b.role)) in between and _serves(problem, a, b)
        }
        found = [frozenset(pair) for pair in pairs if _serves(problem, *pair)]
        if len(found) != len(declared) or set(found) != declared:
            return False
    return True


def _serves(problem: MatchingProblem, a: Member, b: Member) -> bool:
    return problem.seatings[a.role].served or problem.seatings[b.role].served
