"""The best meetings among all pairs and slots, by column generation, with prices that prove how good they are.

Solve on few promising meetings, look through all pairs at the prices of that solution for meetings that would be
better, add them, and repeat. Source: P. C. Gilmore and R. E. Gomory, "A linear programming approach to the
cutting-stock problem" (1961).
"""

from __future__ import annotations

import math

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import BoolArray, Effort
from mentorkit_matchers.slots.booking import Booking
from mentorkit_matchers.slots.covering import Covering, Place, as_places
from mentorkit_matchers.slots.guessing import first_cover, first_meetings, first_prices
from mentorkit_matchers.slots.looking import Prices, Seen, look
from mentorkit_matchers.slots.market import SlotMarket
from mentorkit_matchers.slots.meetings import Meetings, all_meetings, first_of_each, meetings_of, scores_of
from mentorkit_matchers.slots.programs import Left, relaxed, whole
from mentorkit_matchers.slots.rounding import booked

UNIT = 60
"""Parts of a tenth that prices are rounded to: most are whole, some are halves or thirds."""

_SMALL = 100_000
"""Pairs times slots of a problem so small that all meetings are considered at once."""

_UNTIL_PROVEN = 15_000
"""Meetings up to which it goes on until nothing better is left; with more, until little is."""

_LITTLE = 0.0005
"""The share of the bound that is little."""

_ROUNDS = 6

_DEARER = 16
"""By how much a first meeting is worth more after it was worth too little."""


@frozen(eq=False)
class Found:
    """Meetings and what proves how good they are.

    Attributes:
        places: row, column and slot of each.
        tenths: the sum of their scores.
        people: how many rows that were uncovered have one.
        covering: slots that prove that no more people can have a meeting.
        prices: rounded; they prove that with as many people nothing has more than `most` tenths.
        most: in tenths.
    """

    places: tuple[Place, ...]
    tenths: int
    people: int
    covering: BoolArray
    prices: Prices
    most: int


def best_meetings(market: SlotMarket, effort: Effort, *, people_first: bool) -> Found:
    """Return the best meetings.

    Raises:
        ProgramError: the required pairs have no slots in which all of them can meet.
    """
    cover = first_cover(market) if people_first else 1 / (market.shape[0] + 1)
    if market.shape[0] * market.shape[1] * market.shape[2] <= _SMALL:
        meetings = all_meetings(market)
    else:
        effort.tell("looking for promising meetings", 0.0)
        guess, seen = first_prices(market, effort)
        meetings = first_meetings(market, guess, seen)
        if effort.over():
            found, _ = _settled(market, _in_a_hurry(market, meetings), people_first=people_first)
            return _proven(market, found, guess, people_first=people_first)[0]
    best: Found | None = None
    for number in range(_ROUNDS):
        effort.tell("matching", number / _ROUNDS)
        solved = relaxed(market, meetings, cover)
        if solved is None:
            raise _no_slots()
        found, moved = _settled(market, booked(market, meetings, solved), people_first=people_first)
        found, seen = _proven(market, found, solved.prices, people_first=people_first)
        best = found if best is None else _better_of(best, found)
        if effort.over() or _enough(best, len(meetings)):
            break
        grown = meetings.with_more(_more(market, meetings, found.prices, seen), market)
        if not moved and len(grown) == len(meetings):
            break
        meetings = grown
        cover *= _DEARER if moved else 1
    assert best is not None, "there is at least one round"
    return best


def _settled(market: SlotMarket, booking: Booking, *, people_first: bool) -> tuple[Found, bool]:
    """Return a booking with as many people as possible, without its prices, and whether places had to change hands."""
    taken = booking.meetings.take(booking.taken)
    covering = Covering.of(market, as_places(taken.rows, taken.columns, taken.slots))
    moved = covering.cover_everybody() > 0 and people_first and covering.is_possible()
    places = covering.meetings() if moved else as_places(taken.rows, taken.columns, taken.slots)
    rows, columns, _ = np.array(places, dtype=np.int64).reshape(-1, 3).T
    order = np.argsort(rows, kind="stable")
    tenths = int(scores_of(market, rows[order], columns[order]).sum())
    with_one = np.zeros(market.shape[0], dtype=np.bool_)
    with_one[rows] = True
    fixed = np.unique(market.required[:, 0])
    people = int((with_one & market.uncovered).sum()) + int((~market.covered[fixed]).sum())
    nothing = Prices(np.zeros((0, 0)), np.zeros((0, 0)), 0.0)
    return Found(tuple(places), tenths, people, covering.covering, nothing, 0), moved


def _proven(market: SlotMarket, found: Found, prices: Prices, *, people_first: bool) -> tuple[Found, Seen]:
    """Return the meetings with what proves how good they are, and the look through all pairs that it took."""
    prices = evolve(prices.rounded(UNIT), cover=prices.cover if people_first else 0.0)
    most_looked = int(market.row_places.max(initial=1)) + 2
    seen = look(market, prices, most_looked)
    if not market.bonus:
        return evolve(found, prices=prices, most=_most(seen, prices, found)), seen
    plain = evolve(market, bonus=0)
    without = evolve(prices, slots=np.maximum(prices.slots - market.bonus, 0.0))
    proven = [evolve(found, prices=one, most=_most(look(plain, one, 1), one, found)) for one in (prices, without)]
    return min(proven, key=lambda one: one.most), seen


def _most(seen: Seen, prices: Prices, found: Found) -> int:
    return math.floor(seen.worth - prices.cover * found.people + 1e-6)


def _better_of(before: Found, now: Found) -> Found:
    """Return the better meetings with the better proof."""
    best = max(before, now, key=lambda one: (one.people, one.tenths))
    proof = min(before, now, key=lambda one: one.most)
    return evolve(best, prices=proof.prices, most=proof.most)


def _enough(found: Found, considered: int) -> bool:
    missing = found.most - found.tenths
    return missing <= 0 or (considered > _UNTIL_PROVEN and missing <= _LITTLE * found.most)


def _more(market: SlotMarket, meetings: Meetings, prices: Prices, seen: Seen) -> Meetings:
    """Return meetings that would be as good as what their rows take, a few of each row."""
    possible = meetings_of(market, seen.rows, seen.columns)
    gains = possible.gains(market, prices)
    good = np.flatnonzero((gains >= seen.least[possible.rows]) & ~np.isin(possible.keys(market), meetings.keys(market)))
    some = first_of_each(possible.rows[good], gains[good], int(market.row_places.max(initial=1)) + 2)
    return possible.take(good[some])


def _in_a_hurry(market: SlotMarket, meetings: Meetings) -> Booking:
    """Return what fits, the best first, after the required pairs."""
    must = np.flatnonzero(market.is_required(meetings.rows, meetings.columns))
    first = whole(market, meetings.take(must), Left.all_of(market), 0.0) if len(must) else must
    if first is None:
        raise _no_slots()
    booking = Booking.of(market, meetings, must[first])
    booking.fill()
    return booking


def _no_slots() -> ProgramError:
    message = "the pairs that must meet have no slots in which all of them can"
    help_text = "let them meet in more slots, or drop a pair"
    return ProgramError([error("no-slots", message, path="matching.rules", help=help_text)])
