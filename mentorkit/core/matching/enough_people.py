"""Whether there are people for a single group, circle or team: by their number, and where they are few, by the rules.

Of many people it is not their number that keeps every group from being made, and nothing is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from mentorkit.core.problems import BoolArray, IntArray, MatchingProblem, PairScores
from mentorkit.core.shapes import Circles, Groups, Teams

_FEW = 12
"""The most people of a role among whom every group is looked for: at most some ten thousand."""


def too_few(problem: MatchingProblem) -> bool:
    """Return whether there are too few people for one group, circle or team.

    They are also too few where rules leave no group of the smallest size among so few.
    """
    seatings = problem.seatings.values()
    if isinstance(problem.details, Circles):
        return all(int((one.places > 0).sum()) < problem.details.sizes[0] for one in seatings)
    if isinstance(problem.details, Groups):
        mentees = sum(len(one.people) for one in seatings if one.served)
        places = sum(int(one.places.sum()) for one in seatings if not one.served)
        return not problem.details.most_groups(mentees, places) or _rules_leave_none(problem, problem.details)
    if isinstance(problem.details, Teams):
        return any(len(problem.seatings[role].people) < count for role, count in problem.details.counts.items())
    return False


def _rules_leave_none(problem: MatchingProblem, details: Groups) -> bool:
    """Return whether few people are waiting, and no group of the smallest size is allowed among them."""
    [served] = [one for one in problem.seatings.values() if one.served]
    [other] = [one for one in problem.seatings.values() if not one.served]
    mentees = np.flatnonzero((served.places > 0) & ~served.covered)
    mentors = np.flatnonzero(other.places > 0)
    if max(len(mentees), len(mentors)) > _FEW:
        return False
    mates = _allowed(problem, served.role, served.role, mentees, mentees)
    leaders = _allowed(problem, other.role, other.role, mentors, mentors)
    between = _allowed(problem, served.role, other.role, mentees, mentors)
    fewest = 0 if details.leftover == "peer-circle" else details.mentors[0]
    return not any(
        _together(leaders, leading) and _has_group(mates, np.flatnonzero(between[:, leading].all(axis=1)), details)
        for leading in combinations(range(len(mentors)), fewest)
    )


def _has_group(mates: BoolArray, mentees: IntArray, details: Groups) -> bool:
    return any(_together(mates, group) for group in combinations(mentees.tolist(), details.mentees[0]))


def _together(allowed: BoolArray, members: Sequence[int]) -> bool:
    return all(allowed[one, other] for one, other in combinations(members, 2))


def _allowed(problem: MatchingProblem, role: str, other: str, people: IntArray, others: IntArray) -> BoolArray:
    """Return who may sit with whom, shape (people, others); everybody may where no pairs of these roles are given."""
    pairs: PairScores | None = problem.pairs.get((role, other))
    if pairs is not None:
        return np.asarray(pairs.scores(people, others) >= 0)
    turned = problem.pairs.get((other, role))
    if turned is not None:
        return np.asarray(turned.scores(others, people).T >= 0)
    return np.ones((len(people), len(others)), dtype=np.bool_)
