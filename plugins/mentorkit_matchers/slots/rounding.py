"""From meetings in fractions to whole ones: what is whole stays, the rest is settled in whole numbers."""

from __future__ import annotations

import numpy as np

from mentorkit.core.problems import BoolArray, IntArray
from mentorkit_matchers.slots.booking import Booking
from mentorkit_matchers.slots.looking import FloatArray
from mentorkit_matchers.slots.market import SlotMarket
from mentorkit_matchers.slots.meetings import Meetings
from mentorkit_matchers.slots.programs import Relaxed, whole

_TINY = 1e-6

_CLOSE = 3.0
"""Tenths by which a meeting may be worse than what its row takes, to be considered beside those in fractions."""

_WHOLE_PROBLEM = 6_000
"""Meetings up to which everything is settled in whole numbers at once."""


def booked(market: SlotMarket, meetings: Meetings, found: Relaxed) -> Booking:
    """Return a booking near a best fractional solution, filled up."""
    fixed = np.flatnonzero(found.shares >= 1 - _TINY)
    parts = (found.shares > _TINY) & (found.shares < 1 - _TINY)
    if parts.any() and len(meetings) <= _WHOLE_PROBLEM:
        fixed, parts = fixed[:0], np.ones(len(meetings), dtype=np.bool_)
    booking = Booking.of(market, meetings, fixed)
    if parts.any():
        booking.take_all(_settled(booking, found, parts))
    booking.fill()
    return booking


def _settled(booking: Booking, found: Relaxed, parts: BoolArray) -> IntArray:
    market, meetings = booking.market, booking.meetings
    gains = meetings.gains(market, found.prices)
    rows = np.zeros(market.shape[0], dtype=np.bool_)
    rows[meetings.rows[parts]] = True
    near = parts | (gains >= _least(market, meetings, gains)[meetings.rows] - _CLOSE)
    some = np.array([n for n in np.flatnonzero(rows[meetings.rows] & near).tolist() if booking.fits(n)], dtype=np.int64)
    if not len(some):
        return some
    chosen = whole(market, meetings.take(some), booking.left(), found.prices.cover)
    if chosen is None:
        return some[np.argsort(-found.shares[some], kind="stable")]
    return some[chosen]


def _least(market: SlotMarket, meetings: Meetings, gains: FloatArray) -> FloatArray:
    """Return what the last of the meetings that a row may take is worth to it, at least 0."""
    order = np.lexsort((-gains, meetings.rows))
    ordered = meetings.rows[order]
    nth = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    last = order[nth == market.row_places[ordered] - 1]
    least = np.zeros(market.shape[0])
    least[meetings.rows[last]] = np.maximum(gains[last], 0.0)
    return least
