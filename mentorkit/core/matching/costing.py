"""What it would cost the whole if two people were together who are not.

Small problems are solved once more with the pair required. In large ones the prices that prove the best matching give
a least cost: with the pair, nobody is worth more at them (the reduced cost of the pair in the dual of the problem).
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.blaming import blaming, expected
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.matching.certifying.two_sided import worth_at_prices
from mentorkit.core.matching.posing import Posed
from mentorkit.core.matching.solving import handed_out
from mentorkit.core.matching.tasks import Solved, Task, certified
from mentorkit.core.problems import TENTHS, Effort, MatchingProblem, Solution
from mentorkit.core.proofs import PriceProof

MOST_SOLVED = 4_000_000
"""Pairs of a problem that is solved once more."""

_PRICED = ["coverage", "total-score"]
"""The objectives whose order makes a difference of worth readable as people, then points."""


@frozen
class Cost:
    """What all would lose by a pair.

    Attributes:
        kind: whether it is exact, or the least that it costs.
        people: how many fewer are matched.
        points: how much lower the total score is, one digit; exactly, it may be negative where people are lost. A
            least cost is told in points where it could be without losing anybody.
    """

    kind: Literal["exact", "at-least"]
    people: int
    points: float


def has_room(problem: MatchingProblem, role: str, person: str) -> bool:
    """Return whether somebody has a place that no required pair takes."""
    seating = problem.seatings[role]
    taken = Counter(
        (one, side)
        for between, pairs in problem.required.items()
        for pair in pairs
        for one, side in zip(pair, between, strict=True)
    )
    return person in seating.index and int(seating.places[seating.index[person]]) > taken[person, role]


def cost_of_pair(
    posing: Posed, solved: Solved, catalogue: Catalogue, between: tuple[str, str], pair: tuple[str, str]
) -> Cost | None:
    """Return what it costs to require an allowed pair of people with room; None where nobody can tell.

    That is where the matching is not proven to be the best, or the problem is large and has no prices.
    """
    if solved.certificate.gap != 0:
        return None
    problem = solved.problem
    required = {**problem.required, between: (*problem.required.get(between, ()), pair)}
    forced = evolve(problem, required=required, effort=Effort())
    if sum(scores.shape[0] * scores.shape[1] for scores in problem.pairs.values()) <= MOST_SOLVED:
        return _exact(posing, solved, catalogue, forced)
    return _least(solved, forced, between, pair)


def _exact(posing: Posed, solved: Solved, catalogue: Catalogue, forced: MatchingProblem) -> Cost | None:
    use = posing.program.matching.matcher
    offer = catalogue.matchers[use.name]
    what = f'the matcher "{use.name}"'
    with blaming(offer.origin, what):
        found = offer.implementation.solve(use.options, handed_out(forced, offer))
    solution = expected(found, Solution, offer.origin, what)
    then = certified(posing, Task(solved.occasion, forced), solution, f"{use.name} of {offer.origin}").certificate
    if then.gap != 0:
        return None
    now = solved.certificate
    return Cost("exact", now.matched - then.matched, round(now.total_score - then.total_score, 1))


def _least(solved: Solved, forced: MatchingProblem, between: tuple[str, str], pair: tuple[str, str]) -> Cost | None:
    proof = solved.solution.proof
    if not isinstance(proof, PriceProof) or proof.at_least or list(proof.gains)[:2] != _PRICED:
        return None
    seating = forced.seatings[between[0]]
    alone = np.arange(len(seating.people)) == seating.index[pair[0]]
    without = worth_at_prices(evolve(solved.problem, effort=Effort()).keep(between[0], alone), proof)
    lost = max(0, without - worth_at_prices(forced.keep(between[0], alone), proof))
    cover, tenth = proof.gains["coverage"], proof.gains["total-score"]
    all_points = round(solved.certificate.total_score * TENTHS)
    people = max(0, -((all_points * tenth - lost) // cover))
    if people:
        return Cost("at-least", people, 0.0)
    tenths = lost // tenth - (len(proof.gains) > len(_PRICED))  # later objectives are worth less than a tenth
    return Cost("at-least", 0, max(0, tenths) / TENTHS)
