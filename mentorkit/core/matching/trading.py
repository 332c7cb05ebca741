"""What each objective of a matching costs the next one: the matching is made again without it, and the two compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise, permutations

from attrs import frozen

from mentorkit.core.errors import ProgramError
from mentorkit.core.matching.solving import MatchingOutcome
from mentorkit.core.resolving.objectives import best_by_nobody


@frozen
class Trade:
    """What an objective costs the one after it.

    Attributes:
        objective: the one that comes first.
        costs: the one after it, which could be reached better without.
        value: of `costs` in the matching that was made, see `values`.
        without: the same in a matching made without `objective`; None where there is none.
        matched: served people placed in the matching that was made.
        matched_without: the same without `objective`.
        proven: whether both matchings are proven to be the best, so that the cost is what it is.
        reason: why there is no matching without `objective`; "" where there is one.
    """

    objective: str
    costs: str
    value: float | None
    without: float | None = None
    matched: int = 0
    matched_without: int | None = None
    proven: bool = False
    reason: str = ""

    @property
    def amount(self) -> float | None:
        """How much better `costs` would be without, in its own unit; never negative where both are proven."""
        if self.value is None or self.without is None:
            return None
        better = self.value - self.without if self.costs == "even-load" else self.without - self.value
        return round(better, 6) + 0.0  # no minus before a zero


def trade_off(
    objective: tuple[str, ...], made: MatchingOutcome, make: Callable[[tuple[str, ...]], MatchingOutcome]
) -> tuple[Trade, ...]:
    """Return what each objective costs the next one, in their order; nothing for the last.

    Args:
        objective: as declared.
        made: the matching that was made with it.
        make: makes the same matching with another objective; ProgramError where that makes no sense.
    """
    return tuple(
        _trade(first, second, made, tuple(name for name in objective if name != first), make)
        for first, second in pairwise(objective)
    )


def untold(objective: tuple[str, ...], made: MatchingOutcome, reason: str) -> tuple[Trade, ...]:
    """Return the objectives that stand before another one, with the reason why nobody can say what they cost."""
    reached, matched = values(made), made.matching.certificate.matched
    return tuple(
        Trade(first, second, reached[second], matched=matched, reason=reason) for first, second in pairwise(objective)
    )


def _trade(
    first: str,
    second: str,
    made: MatchingOutcome,
    rest: tuple[str, ...],
    make: Callable[[tuple[str, ...]], MatchingOutcome],
) -> Trade:
    value, matched = values(made)[second], made.matching.certificate.matched
    try:
        other = make(rest)
    except ProgramError as problem:
        nobody = best_by_nobody(rest) and any(one.code == "objective-order" for one in problem.diagnostics)
        reason = f"without {first}, matching nobody would be best" if nobody else str(problem)
        return Trade(first, second, value, matched=matched, reason=reason)
    return Trade(
        first,
        second,
        value,
        values(other)[second],
        matched,
        other.matching.certificate.matched,
        _is_best(made) and _is_best(other),
    )


def _is_best(outcome: MatchingOutcome) -> bool:
    certificate = outcome.matching.certificate
    return certificate.exact and certificate.gap == 0


def values(outcome: MatchingOutcome) -> Mapping[str, float | None]:
    """Return how far each objective is reached.

    `coverage` is people, `total-score` points, `worst-off` the lowest score of a relationship (None without any),
    `even-load` the sum of the squares of how many relationships each person of the offering side is in (the smaller,
    the better), `fewest-changes` how many pairs stay together.
    """
    matching = outcome.matching
    return {
        "coverage": matching.certificate.matched,
        "total-score": matching.certificate.total_score,
        "worst-off": min((one.score for one in matching.relationships), default=None),
        "even-load": _squares(outcome),
        "fewest-changes": _kept(outcome),
    }


def _squares(outcome: MatchingOutcome) -> int:
    loads = Counter(
        member
        for one in outcome.solved
        for group in one.groups
        for member in group.members
        if not one.problem.seatings[member.role].served
    )
    return sum(load * load for load in loads.values())


def _kept(outcome: MatchingOutcome) -> int:
    return sum(
        (a.person, b.person) in kept.get((a.role, b.role), frozenset())
        for one in outcome.solved
        for kept in [{roles: frozenset(pairs) for roles, pairs in one.problem.kept.items()}]
        for group in one.groups
        for a, b in permutations(group.members, 2)
    )
