"""The best meetings as a linear program, solved by HiGHS through SciPy: relaxed for prices, and in whole numbers.

The relaxation leaves little to be desired: without clashes and repeated partners it is a network flow, whose vertices
are whole, and with them few meetings of a vertex are fractions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from mentorkit.core.problems import BoolArray, IntArray
from mentorkit_matchers.slots.looking import FloatArray, Prices
from mentorkit_matchers.slots.market import SlotMarket
from mentorkit_matchers.slots.meetings import Meetings

_SIMPLEX = 3_000
"""Meetings up to which the simplex method is quicker than an interior point method."""

_NODES = 200
"""Nodes of a branch-and-bound tree after which the best result so far must do: a limit that is no matter of time."""


@frozen(eq=False)
class Left:
    """What is left to give away.

    Attributes:
        row_places: meetings of each row.
        column_places: meetings of each column, over all slots.
        room: rows that each column can still meet in each slot, shape (columns, slots).
        uncovered: rows without a meeting for whom one counts.
        required: pairs without their meeting, shape (k, 2).
    """

    row_places: IntArray
    column_places: IntArray
    room: IntArray
    uncovered: BoolArray
    required: IntArray

    @classmethod
    def all_of(cls, market: SlotMarket) -> Left:
        """Return everything."""
        total = np.where(market.limited, market.column_places, market.room.sum(axis=1))
        return cls(market.row_places, total, market.room, market.uncovered, market.required)


@frozen(eq=False)
class Relaxed:
    """A best solution in fractions.

    Attributes:
        shares: of each meeting, 0 to 1.
        prices: what proves that it is best among the meetings considered.
        worth: in tenths, with bonus and cover.
    """

    shares: FloatArray
    prices: Prices
    worth: float


@frozen(eq=False)
class _Limit:
    """One kind of constraint: the meetings with one key are together at most a limit (or, negative, at least one).

    Attributes:
        row: the constraint of each entry.
        meeting: the meeting of each entry.
        keys: what the constraints are about.
        limits: of each constraint.
        weights: how much room each entry takes.
    """

    row: IntArray
    meeting: IntArray
    keys: IntArray
    limits: FloatArray
    weights: FloatArray


def relaxed(market: SlotMarket, meetings: Meetings, cover: float) -> Relaxed | None:
    """Return the best fractional solution among some meetings; None: required pairs cannot all meet."""
    from scipy.optimize import linprog

    left = Left.all_of(market)
    limits = _limits(market, meetings, left)
    if len(limits["required"].keys) < len(left.required):
        return None
    if not len(meetings):
        return Relaxed(np.zeros(0), _prices(market, limits, np.zeros(0), cover), 0.0)
    matrix, bounds, gains = _assembled(market, meetings, left, limits, cover)
    method: Any = "highs-ds" if len(meetings) <= _SIMPLEX else "highs-ipm"
    solved: Any = linprog(-gains, A_ub=matrix, b_ub=bounds, bounds=(0, 1), method=method)
    if solved.x is None:
        return None
    return Relaxed(solved.x[: len(meetings)], _prices(market, limits, -solved.ineqlin.marginals, cover), -solved.fun)


def whole(market: SlotMarket, meetings: Meetings, left: Left, cover: float) -> BoolArray | None:
    """Return which of some meetings are best together; None where none were found within the limit of nodes."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    limits = _limits(market, meetings, left)
    if not len(meetings) or len(limits["required"].keys) < len(left.required):
        return None
    matrix, bounds, gains = _assembled(market, meetings, left, limits, cover)
    constraints = LinearConstraint(matrix, ub=bounds)
    # A node limit, as a time limit would make the result depend on the machine.
    options: Any = {"node_limit": _NODES, "mip_rel_gap": 0.0}
    solved = milp(
        -gains,
        integrality=np.ones(len(gains), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=constraints,
        options=options,
    )
    if solved.x is None:
        return None
    found: BoolArray = solved.x[: len(meetings)] > 0.5
    return found


def _limits(market: SlotMarket, meetings: Meetings, left: Left) -> dict[str, _Limit]:
    _, columns, slots = market.shape
    number = np.arange(len(meetings))
    several = left.row_places[meetings.rows] > 1
    pairs = meetings.rows * columns + meetings.columns
    must = np.isin(pairs, left.required[:, 0] * columns + left.required[:, 1])
    limits = {
        "slots": _slots(market, meetings, left),
        "pairs": _once(pairs, number[several | must]),
        "required": _once(pairs, number[must], sign=-1, alone=True),
        "rows": _up_to(meetings.rows, number, left.row_places),
        "columns": _up_to(meetings.columns, number[market.limited[meetings.columns]], left.column_places),
    }
    if market.one_at_a_time:
        limits["clashes"] = _once(meetings.rows * slots + meetings.slots, number[several])
    return limits


def _slots(market: SlotMarket, meetings: Meetings, left: Left) -> _Limit:
    """Return how many can meet each column in each slot; who is a row, too, has one meeting or the other."""
    slots = market.shape[2]
    number = np.arange(len(meetings))
    twins = number[market.same[meetings.rows] >= 0]
    twin_keys = market.same[meetings.rows[twins]] * slots + meetings.slots[twins]
    keys, row = np.unique(np.concatenate([meetings.columns * slots + meetings.slots, twin_keys]), return_inverse=True)
    all_room = market.room.reshape(-1)[twin_keys]
    weights = np.concatenate([np.ones(len(number)), all_room.astype(float)])
    return _Limit(row, np.concatenate([number, twins]), keys, left.room.reshape(-1)[keys].astype(float), weights)


def _once(keys: IntArray, meetings: IntArray, sign: int = 1, *, alone: bool = False) -> _Limit:
    """Return that of the meetings with one key there is one at most; where there is only one, nothing is to be said."""
    found, row, count = np.unique(keys[meetings], return_inverse=True, return_counts=True)
    if not alone:
        meetings = meetings[count[row] > 1]
        found, row = np.unique(keys[meetings], return_inverse=True)
    return _Limit(row, meetings, found, np.full(len(found), float(sign)), np.full(len(row), float(sign)))


def _up_to(keys: IntArray, meetings: IntArray, most: IntArray) -> _Limit:
    found, row = np.unique(keys[meetings], return_inverse=True)
    return _Limit(row, meetings, found, most[found].astype(float), np.ones(len(row)))


def _assembled(
    market: SlotMarket, meetings: Meetings, left: Left, limits: dict[str, _Limit], cover: float
) -> tuple[Any, FloatArray, FloatArray]:
    """Return constraint matrix, limits and gains; behind the meetings stands for each row to cover whether it is."""
    from scipy.sparse import csr_matrix

    covering = np.flatnonzero(left.uncovered & (np.bincount(meetings.rows, minlength=market.shape[0]) > 0))
    if cover <= 0:
        covering = covering[:0]
    gains = np.concatenate([meetings.tenths + float(market.bonus), np.full(len(covering), cover)])
    place = np.full(market.shape[0], -1)
    place[covering] = np.arange(len(covering))
    inside = np.flatnonzero(place[meetings.rows] >= 0)
    parts = [(one.row, one.meeting, one.weights, one.limits) for one in limits.values()]
    parts.append((place[meetings.rows[inside]], inside, np.full(len(inside), -1.0), np.zeros(len(covering))))
    parts.append(
        (np.arange(len(covering)), len(meetings) + np.arange(len(covering)), np.ones(len(covering)), np.zeros(0))
    )
    starts = np.cumsum([0, *(len(limit) for *_, limit in parts)])
    starts[-2] = starts[-3]  # the cover itself stands in the same constraints as the meetings that give it
    rows = np.concatenate([start + row for start, (row, *_) in zip(starts, parts, strict=False)])
    columns, values = (np.concatenate([part[number] for part in parts]) for number in (1, 2))
    bounds = np.concatenate([limit for *_, limit in parts])
    return csr_matrix((values, (rows, columns)), shape=(len(bounds), len(gains))), bounds, gains


def _prices(market: SlotMarket, limits: dict[str, _Limit], duals: FloatArray, cover: float) -> Prices:
    rows, columns, slots = market.shape
    starts = np.cumsum([0, *(len(one.limits) for one in limits.values())])
    found = {
        name: np.maximum(duals[start : start + len(one.limits)], 0.0)
        for start, (name, one) in zip(starts, limits.items(), strict=False)
    }
    flat = np.zeros(columns * slots)
    flat[limits["slots"].keys] = found["slots"]
    slot_prices = flat.reshape(columns, slots)
    slot_prices[limits["columns"].keys] += found["columns"][:, None]
    clashes = np.zeros(rows * slots)
    if "clashes" in limits:
        clashes[limits["clashes"].keys] = found["clashes"]
    clash_prices = clashes.reshape(rows, slots)
    twins = np.flatnonzero(market.same >= 0)
    clash_prices[twins] += slot_prices[market.same[twins]] * market.room[market.same[twins]]
    return Prices(slot_prices, clash_prices, cover)
