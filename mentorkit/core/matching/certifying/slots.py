"""The bound that prices prove on a problem with slots.

At the prices everybody who wants meetings takes those that are best for them, with different people and nobody minding
the others; together with what all places in all slots are worth that is at least the worth of any allowed result. How
many people can get a meeting at all follows from a set of slots as in D. König, "Gráfok és mátrixok" (1931): whoever
is not bound to that set counts, and beside them as many as the set has room for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.matching.certifying.bound import Bound
from mentorkit.core.matching.certifying.promises import Broken, named
from mentorkit.core.problems import BoolArray, IntArray, MatchingProblem, PairScores, Seating
from mentorkit.core.proofs import MeetingProof
from mentorkit.core.relationships import Member
from mentorkit.core.shapes import Slots

_BLOCK = 1_000_000
"""Pairs that are looked at together."""

_NEVER = -(2**60)


@frozen(eq=False)
class _Meetings:
    """Who wants meetings with whom, and when each of them can."""

    wanting: Seating
    offering: Seating
    places: IntArray
    wants_at: BoolArray
    offers_at: BoolArray
    pairs: PairScores
    required: IntArray
    seats: int

    def blocks(self) -> Iterator[tuple[IntArray, NDArray[np.int16]]]:
        """Yield rows of people who want, with their scores with everybody."""
        everybody = np.arange(len(self.offering.people))
        step = max(1, _BLOCK // max(1, len(everybody)))
        for start in range(0, len(self.wanting.people), step):
            rows = np.arange(start, min(start + step, len(self.wanting.people)))
            yield rows, self.pairs.scores(rows, everybody)


def check_meetings(
    problem: MatchingProblem, groups: Sequence[tuple[Member, ...]], slots: Sequence[int | None], broken: Broken
) -> None:
    """Refuse meetings without a slot, of too many people, or of two people who meet elsewhere already."""
    if not isinstance(problem.details, Slots):
        return
    ((wants, offers),) = problem.pairs
    seen: set[tuple[str, str]] = set()
    for group, slot in zip(groups, slots, strict=True):
        guests, hosts = ([one.person for one in group if one.role == role] for role in (wants, offers))
        if slot is None:
            raise broken.promise(f"has a meeting in no slot ({named(group)})")
        if len(hosts) != 1 or not 1 <= len(guests) <= problem.details.seats or len(group) != 1 + len(guests):
            raise broken.promise(f"has a meeting of the wrong size ({named(group)})")
        again = [guest for guest in guests if (guest, hosts[0]) in seen]
        if again:
            raise broken.promise(f"lets {wants} {again[0]} and {offers} {hosts[0]} meet twice")
        seen.update((guest, hosts[0]) for guest in guests)


def slots_bound(problem: MatchingProblem, proof: MeetingProof) -> Bound:
    """Return the most people who can get a meeting and, for as many, the most tenths of points.

    Raises:
        ValueError: it is no proof: prices are negative, of another shape, or count people where points come first.
    """
    meetings = _meetings(problem)
    _check(problem, meetings, proof)
    people = _most_people(meetings, proof.covering)
    worth = _places_worth(meetings, proof) + _wanted_worth(meetings, proof)
    return Bound(people, (worth - proof.cover * people) // proof.unit, len(meetings.wanting.people) * len(proof.prices))


def _meetings(problem: MatchingProblem) -> _Meetings:
    if len(problem.pairs) != 1 or not isinstance(problem.details, Slots):
        raise ValueError("has prices of slots, of which the problem has none")
    (first, second), pairs = next(iter(problem.pairs.items()))
    wanting, offering = problem.seatings[first], problem.seatings[second]
    if not wanting.served or offering.served or wanting.open is None or offering.open is None:
        raise ValueError("has prices of slots, which prove nothing unless one side is served and the other offers")
    required = [
        (wanting.index[a], offering.index[b])
        for found in problem.required.values()
        for a, b in found
        if a in wanting.index and b in offering.index
    ]
    return _Meetings(
        wanting,
        offering,
        np.minimum(wanting.places, wanting.open.sum(axis=1)),
        wanting.open & (wanting.places > 0)[:, None],
        offering.open & (offering.places > 0)[:, None],
        pairs,
        np.array(sorted(required), dtype=np.int64).reshape(-1, 2),
        problem.details.seats,
    )


def _check(problem: MatchingProblem, meetings: _Meetings, proof: MeetingProof) -> None:
    if proof.prices.shape != meetings.offers_at.shape or proof.covering.shape != meetings.offers_at.shape:
        raise ValueError("has prices that are not one per person of the offering side and slot")
    if proof.clashes.shape != meetings.wants_at.shape:
        raise ValueError("has prices that are not one per person of the wanting side and slot")
    if (proof.prices < 0).any() or (proof.clashes < 0).any() or proof.unit < 1 or proof.cover < 0:
        raise ValueError("has prices below 0")
    if proof.cover and problem.objective[:1] == ("total-score",):
        raise ValueError("has prices that count people, although points come first")


def _most_people(meetings: _Meetings, covering: BoolArray) -> int:
    """Return how many more people than now can have a meeting."""
    waits = ~meetings.wanting.covered
    waits[meetings.required[:, 0]] = False
    elsewhere = meetings.offers_at & ~covering
    free, bound_to_it = 0, 0
    for rows, tenths in meetings.blocks():
        allowed = tenths >= 0
        when = meetings.wants_at[rows].astype(np.float32)
        beside = (allowed & (when @ elsewhere.T.astype(np.float32) > 0)).any(axis=1)
        inside = (allowed & (when @ (meetings.offers_at & covering).T.astype(np.float32) > 0)).any(axis=1)
        free += int((waits[rows] & beside).sum())
        bound_to_it += int((waits[rows] & inside & ~beside).sum())
    taken = np.bincount(meetings.required[:, 1], minlength=len(covering))
    slots = np.minimum((meetings.offers_at & covering).sum(axis=1), meetings.offering.places) * meetings.seats
    total = np.minimum(meetings.offers_at.sum(axis=1), meetings.offering.places) * meetings.seats - taken
    room = int(np.maximum(np.minimum(slots, total), 0).sum())
    fixed = np.unique(meetings.required[:, 0])
    return free + min(room, bound_to_it) + int((~meetings.wanting.covered[fixed]).sum())


def _places_worth(meetings: _Meetings, proof: MeetingProof) -> int:
    """Return what all places are worth: of each person the dearest slots, no more than they have meetings."""
    given = _dearest(np.where(meetings.offers_at, proof.prices, 0), meetings.offering.places) * meetings.seats
    return given + _dearest(np.where(meetings.wants_at, proof.clashes, 0), meetings.places)


def _dearest(prices: NDArray[np.int64], places: IntArray) -> int:
    ordered = -np.sort(-prices, axis=1)
    ordered[np.arange(prices.shape[1]) >= places[:, None]] = 0
    return int(ordered.sum())


def _wanted_worth(meetings: _Meetings, proof: MeetingProof) -> int:
    """Return what everybody's best meetings are worth at the prices."""
    worth = 0
    starts = meetings.required[:, 0]
    for rows, tenths in meetings.blocks():
        best = _best_slots(meetings, proof, rows)
        best += tenths.astype(np.int64) * proof.unit
        best[tenths < 0] = _NEVER
        places = meetings.places[rows].copy()
        cover = np.where(meetings.wanting.covered[rows], 0, proof.cover)
        low, high = np.searchsorted(starts, [rows[0], rows[-1] + 1])
        for row, column in meetings.required[low:high].tolist():
            worth += int(best[row - rows[0], column] + cover[row - rows[0]])
            cover[row - rows[0]] = 0
            places[row - rows[0]] -= 1
            best[row - rows[0], column] = _NEVER
        worth += _best(best, cover, places)
    return worth


def _best_slots(meetings: _Meetings, proof: MeetingProof, rows: IntArray) -> NDArray[np.int64]:
    """Return for each pair the least that a meeting costs, negative; _NEVER where they have no slot in common."""
    best = np.full((len(rows), len(proof.prices)), _NEVER, dtype=np.int64)
    for slot in range(proof.prices.shape[1]):
        some = np.flatnonzero(meetings.wants_at[rows, slot])
        costs = np.where(meetings.offers_at[:, slot], -proof.prices[:, slot], _NEVER)
        best[some] = np.maximum(best[some], costs - proof.clashes[rows[some], slot][:, None])
    return best


def _best(gains: NDArray[np.int64], cover: NDArray[np.int64], places: IntArray) -> int:
    """Return the sum over rows of the best at most `places` gains, with `cover` on top for the first of them."""
    most = min(int(places.max(initial=0)), gains.shape[1])
    if most <= 0:
        return 0
    top = -np.sort(np.partition(-gains, most - 1, axis=1)[:, :most], axis=1)
    further = np.maximum(top[:, 1:], 0)
    further[np.arange(1, most) >= places[:, None]] = 0
    best = np.maximum(top[:, 0] + cover + further.sum(axis=1), 0)
    return int(best[places > 0].sum())
