"""What a matcher gets, each occasion's problem narrowed to those whose turn it is, and what is certified of a solution.

Solving a matching and verifying a saved one begin and end here; only who hands in the solution differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import permutations

from attrs import asdict, evolve, field, frozen

from mentorkit.core.history import History
from mentorkit.core.matching.certifying import Group, certify
from mentorkit.core.matching.posing import Posed
from mentorkit.core.matching.queueing import ranks
from mentorkit.core.matching.turns import in_turn
from mentorkit.core.problems import Effort, MatchingProblem, Solution
from mentorkit.core.program import Program
from mentorkit.core.proofs import Price
from mentorkit.core.relationships import Certificate, Member, Relationship

Pair = tuple[str, str]
"""Two people by id."""


@frozen(eq=False)
class Task:
    """One occasion's problem as a matcher gets it.

    Attributes:
        queue: what belongs into the certificate's `extra`: who is in turn, where places are too few.
    """

    occasion: str
    problem: MatchingProblem
    queue: Mapping[str, object] = field(factory=dict)


@frozen(eq=False)
class Solved:
    """One occasion's problem as the matcher got it, what it returned, and what of that was certified.

    Attributes:
        problem: narrowed by the scope and to those whose turn it is.
        solution: with the proof of its bounds, where there is one.
    """

    occasion: str
    problem: MatchingProblem
    solution: Solution
    groups: tuple[Group, ...]
    certificate: Certificate


def tasks_of(
    posing: Posed,
    history: History,
    today: date,
    freed: Sequence[Relationship] = (),
    effort: Effort = Effort(),  # noqa: B008 (frozen and empty)
) -> tuple[Task, ...]:
    """Return the problems of all occasions, in their order.

    Args:
        posing: the problems of everybody.
        history: what says who waits since when.
        today: the day on which it is somebody's turn.
        freed: published relationships whose members are free again; they keep the right to a place, and stay together
            where nothing is lost by it.
        effort: how much a matcher may spend on each.
    """
    holding = frozenset(member for one in freed for member in one.members)
    return tuple(
        _task(
            one.key,
            evolve(
                one.problem,
                effort=effort,
                kept=_kept(one.problem, freed),
                head_start=_head_start(one.problem, history),
            ),
            posing.program,
            history,
            today,
            holding,
        )
        for one in posing.occasions
    )


def _task(
    key: str, problem: MatchingProblem, program: Program, history: History, today: date, holding: frozenset[Member]
) -> Task:
    served = [seating for seating in problem.seatings.values() if seating.served]
    if len(served) != 1:
        return Task(key, problem)
    members = [Member(person, served[0].role) for person in served[0].people]
    order = ranks(program, history, members, today, holding)
    problem, queue = in_turn(problem, {member.person: number for member, number in order.items()})
    return Task(key, problem, {"queue": asdict(queue)} if queue else {})


def _kept(problem: MatchingProblem, freed: Sequence[Relationship]) -> Mapping[tuple[str, str], tuple[Pair, ...]]:
    """Return the pairs that are together now and can be again, by the two roles whose scores there are."""
    together = {pair for one in freed for pair in permutations(one.members, 2)}
    found = {
        (first, second): tuple(
            sorted(
                (a.person, b.person)
                for a, b in together
                if (a.role, b.role) == (first, second)
                and a.person in problem.seatings[first].index
                and b.person in problem.seatings[second].index
                and (first != second or a < b)
            )
        )
        for first, second in problem.pairs
    }
    return {roles: pairs for roles, pairs in found.items() if pairs} or problem.kept


def _head_start(problem: MatchingProblem, history: History) -> Mapping[str, Price]:
    """Return what places of the offering side cost in an earlier matching."""
    offering = {second for _, second in problem.pairs}
    return {member.person: price for member, price in history.prices.items() if member.role in offering}


def certified(posing: Posed, task: Task, solution: Solution, matcher: str) -> Solved:
    """Return what is certified of a solution.

    Args:
        posing: what the task came from; its model says which pairs count.
        task: what was to be solved.
        solution: what is to be certified.
        matcher: name of the matcher, and after it where it came from, for the error.

    Raises:
        InternalError: the solution breaks a promise.
    """
    groups, certificate = certify(
        task.problem,
        solution,
        partial(posing.model.counted_pairs, posing.program.model.use.options),
        {role.name: role.side for role in posing.program.model.roles},
        matcher,
    )
    if task.queue:
        certificate = evolve(certificate, extra={**certificate.extra, **task.queue})
    return Solved(task.occasion, task.problem, solution, groups, certificate)


def times_over(history: History) -> Counter[frozenset[Member]]:
    """Return how many relationships of the same members are over, proposals that came to nothing among them."""
    over = [one for one in history.relationships if one.state == "ended" or (one.state == "proposed" and one.reason)]
    return Counter(frozenset(known.founders) for known in over)
