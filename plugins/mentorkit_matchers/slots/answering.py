"""From a problem with slots to its solution."""

from __future__ import annotations

import numpy as np

from mentorkit.core.problems import IntArray, MatchingProblem, Solution
from mentorkit.core.proofs import MeetingProof
from mentorkit.core.shapes import Slots
from mentorkit_matchers.slots.market import SlotMarket, market_of
from mentorkit_matchers.slots.rounds import rounds_of
from mentorkit_matchers.slots.solving import UNIT, Found, best_meetings


def solution(problem: MatchingProblem) -> Solution:
    """Return the best meetings as groups: of a mentor and one mentee, or of all who sit with a mentor in a slot."""
    market = market_of(problem)
    people_first = problem.objective[:1] != ("total-score",)
    together = _always_there(problem, market)
    searched = market.as_one_slot() if together else market
    found = best_meetings(searched, problem.effort, people_first=people_first)
    places = np.array(found.places, dtype=np.int64).reshape(-1, 3)
    rows, columns = places[:, 0], places[:, 1]
    slots: IntArray = places[:, 2]
    if together:
        slots = rounds_of(rows, columns, market.shape[2])
    return _solution(problem, market, found, (rows, columns, slots), people_first=people_first)


def _always_there(problem: MatchingProblem, market: SlotMarket) -> bool:
    """Return whether the rounds of an event can be laid out once it is known who meets whom."""
    if not isinstance(problem.details, Slots) or not problem.details.rotate:
        return False
    there = [market.row_open[market.row_open.any(axis=1)], market.column_open[market.column_open.any(axis=1)]]
    enough = market.room.max(initial=1) == 1 or not market.limited.any()
    return bool(all(part.all() for part in there) and enough and (market.same < 0).all())


def _solution(
    problem: MatchingProblem,
    market: SlotMarket,
    found: Found,
    places: tuple[IntArray, IntArray, IntArray],
    *,
    people_first: bool,
) -> Solution:
    rows, columns, slots = places
    size = market.shape[2]
    # Who sits with the same column in the same slot is one group; groups follow each other by slot and column.
    _, first, group = np.unique(slots * market.shape[1] + columns, return_index=True, return_inverse=True)
    roles = list(problem.seatings)
    wants, offers = (roles.index(role) for role in next(iter(problem.pairs)))
    proof = MeetingProof(
        np.broadcast_to(np.rint(found.prices.slots * UNIT).astype(np.int64), market.column_open.shape).copy(),
        np.broadcast_to(np.rint(found.prices.clashes * UNIT).astype(np.int64), (market.shape[0], size)).copy(),
        UNIT,
        round(found.prices.cover * UNIT),
        np.broadcast_to(found.covering, market.column_open.shape).copy(),
    )
    return Solution(
        np.concatenate([np.arange(len(first)), group]),
        np.concatenate([np.full(len(first), offers), np.full(len(rows), wants)]),
        np.concatenate([columns[first], rows]),
        exact=_proven(market, found, people_first=people_first),
        proof=proof,
        slot=np.concatenate([slots[first], slots]),
    )


def _proven(market: SlotMarket, found: Found, *, people_first: bool) -> bool:
    """Return whether the proof is one for the optimum.

    That no more people can have a meeting is proven for sure where no pair is required, nobody is on both sides, and
    tables may be in all slots.
    """
    plain = not len(market.required) and bool((market.same < 0).all()) and not market.narrowed
    return plain and people_first and found.tenths == found.most
