"""Prices that prove a matching, kept for the next one: what a place costs, in parts that mean the same in both.

The gains of a proof depend on how many people there are; a price is kept as how many served people it is worth, and
the tenths of points beyond that. The next matching of nearly the same people begins close to its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mentorkit.core.matching.tasks import Solved
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.proofs import Price, PriceProof
from mentorkit.core.relationships import Member


def kept_prices(solved: Iterable[Solved]) -> Mapping[Member, Price]:
    """Return what places cost by the proofs of matchings, by person and role of the offering side, sorted.

    Places that cost nothing are left out.
    """
    found: dict[Member, Price] = {}
    for one in solved:
        if isinstance(one.solution.proof, PriceProof):
            found.update(_prices_of(one.problem, one.solution.proof))
    return dict(sorted(found.items()))


def _prices_of(problem: MatchingProblem, proof: PriceProof) -> Iterable[tuple[Member, Price]]:
    ((_, role),) = problem.pairs
    gains = proof.gains.get("coverage", 0), proof.gains.get("total-score", 0)
    for person, price in zip(problem.seatings[role].people, proof.prices.tolist(), strict=True):
        if price:
            yield Member(person, role), _split(price, *gains)


def _split(price: int, cover: int, tenth: int) -> Price:
    """Return a price in parts: as many of the larger gain as come closest, and then of the other."""
    if cover >= tenth:
        covers = _rounded(price, cover)
        return Price(covers, _rounded(price - covers * cover, tenth))
    tenths = _rounded(price, tenth)
    return Price(_rounded(price - tenths * tenth, cover), tenths)


def _rounded(part: int, whole: int) -> int:
    return (2 * part + whole) // (2 * whole) if whole else 0
