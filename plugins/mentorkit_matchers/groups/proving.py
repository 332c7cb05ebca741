"""Prices of mentees from which a bound follows: of a linear program where it is small, else step by step.

A mentee's price is what a place for them costs whoever takes them; at good prices hardly anybody is wanted by more than
one mentor. Sources: the simplex duals of HiGHS; B. T. Polyak, "Minimization of unsmooth functionals" (1969).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit.core.proofs import GroupProof, LeaderProof
from mentorkit.core.shapes import GroupPlan
from mentorkit_matchers.all_pairs import Search, all_pairs
from mentorkit_matchers.groups.grouping import NOBODY, Grouping
from mentorkit_matchers.groups.setting import NEVER, Setting
from mentorkit_matchers.groups.starting import Start
from mentorkit_matchers.linear import LinearProgram, optimum

_TENTH = 1 << 14
"""Prices are whole numbers of so many parts of a tenth of a point."""

_LINEAR = 12_000
"""Pairs up to which a linear program gives the prices."""

_STEPWISE = 3_000_000
"""Pairs up to which prices of mentees are made better step by step; of more, those of mentors are quicker to check."""

_STEPS = 80


@frozen(eq=False)
class _Shares:
    """Which groups the bound is about.

    Attributes:
        sizes: the fewest and the most mentees of a group.
        groups: how many there are, at most.
        exactly: whether there are exactly so many.
        least: the least that each mentor has of groups, where half of two groups is one.
        most: the most that each mentor has.
    """

    sizes: tuple[int, int]
    groups: int
    exactly: bool
    least: NDArray[np.float64]
    most: NDArray[np.float64]


def proof_of(setting: Setting, start: Start, grouping: Grouping, *, planned: bool) -> GroupProof | LeaderProof:
    """Return prices that bound what groups can be worth."""
    pairs = len(setting.rows) * len(setting.columns)
    if pairs > _STEPWISE:
        return _of_leaders(setting, start, planned=planned)
    shares = _shares(setting, setting.plan, planned=planned)
    placed = int((grouping.seats != NOBODY).sum())
    if setting.details.leftover == "peer-circle" and not planned:
        placed = 0  # who has no mentor is in a circle: nothing is gained by a place alone
    found = _linear(setting, shares, placed) if pairs <= _LINEAR else None
    prices, place = found if found is not None else _stepwise(setting, start, shares, placed)
    everybody = np.zeros(len(setting.problem.seatings[setting.roles[0]].people), dtype=np.int64)
    everybody[setting.rows] = np.maximum(np.rint(prices * _TENTH), 0)
    return GroupProof(everybody, _TENTH, max(round(place * _TENTH), 0), planned, _full(setting, grouping))


def _of_leaders(setting: Setting, start: Start, *, planned: bool) -> LeaderProof:
    """Return the prices of the mentors in the first matching; who took no part in it costs as little as any other."""
    lowest = int(start.proof.prices.min(initial=0))
    prices = np.full(len(setting.problem.seatings[setting.roles[1]].people), lowest, dtype=np.int64)
    prices[setting.columns[start.led]] = start.proof.prices
    gains = start.proof.gains
    alone = setting.details.leftover == "peer-circle" and not planned
    return LeaderProof(prices, gains["total-score"], 0 if alone else gains["coverage"], planned)


def _shares(setting: Setting, plan: GroupPlan, *, planned: bool) -> _Shares:
    size = len(setting.columns)
    fewest = setting.details.mentors[0]
    if not planned:
        groups = setting.details.most_groups(len(setting.rows), int(setting.places.sum()))
        sizes = setting.details.mentees[0], setting.details.most
        return _Shares(sizes, groups, exactly=False, least=np.zeros(size), most=setting.places / fewest)
    few, more = divmod(plan.mentors, plan.groups)
    least = 1 / (few + bool(more)) if plan.mentors == size else 0
    places = setting.places if plan.groups > size else np.ones(size)
    return _Shares(plan.mentees, plan.groups, exactly=True, least=np.full(size, least), most=places / few)


def _linear(setting: Setting, shares: _Shares, placed: int) -> tuple[NDArray[np.float64], float] | None:
    """Return the mentees' prices and what a place is worth; None: there are no such groups even in parts."""
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    people, size = len(setting.rows), len(setting.columns)
    tenths = setting.tenths(np.arange(people), np.arange(size))
    mentee, mentor = np.nonzero(tenths >= 0)
    count = len(mentee)
    one, numbers = np.ones(count), np.arange(count)
    of_mentee = csr_array((one, (mentee, numbers)), shape=(people, count))
    of_mentor = csr_array((one, (mentor, numbers)), shape=(size, count))
    blocks: list[Any] = [
        hstack([of_mentee, csr_array((people, size))]),
        csr_array(np.r_[-one, np.zeros(size)][None, :]),
        hstack([of_mentor, -shares.sizes[1] * eye_array(size)]),
        hstack([-of_mentor, shares.sizes[0] * eye_array(size)]),
        hstack([eye_array(count), -of_mentor.T]),
        csr_array(np.r_[np.zeros(count), np.ones(size)][None, :]),
    ]
    matrix: Any = vstack(blocks, format="csr")
    high = np.concatenate([np.ones(people), [-placed], np.zeros(2 * size + count), [shares.groups]])
    low = np.full(len(high), -np.inf)
    low[-1] = shares.groups if shares.exactly else 0
    costs = np.r_[-tenths[mentee, mentor].astype(np.float64), np.zeros(size)]
    least, most = np.r_[np.zeros(count), shares.least], np.r_[one, shares.most]
    found = optimum(LinearProgram(costs, matrix, low, high, least, most))
    return None if found is None else (found.row_prices[:people], float(found.row_prices[people]))


def _stepwise(setting: Setting, start: Start, shares: _Shares, placed: int) -> tuple[NDArray[np.float64], float]:
    """Return prices from those of the mentors in the first matching, made better where that is quick."""
    gains = start.proof.gains
    tenth, place = gains["total-score"], gains["coverage"] / gains["total-score"] if placed else 0.0
    prices = np.full(len(setting.columns), 2**29, dtype=np.int64)
    np.minimum.at(prices, start.led, start.proof.prices)
    look = all_pairs(setting.pairs.take(setting.rows, setting.columns), setting.problem.effort)
    lowest = np.full(len(setting.rows), -gains["coverage"] - 1, dtype=np.int64)
    best = look.better(Search(prices, lowest, 1, gain=tenth))
    own = np.zeros(len(setting.rows))
    np.maximum.at(own, best.rows, place + best.tenths - prices[best.columns] / tenth)
    if (shares.most < 1).any() or (shares.least < 1).any():
        worth = setting.worth(np.arange(len(own)), np.arange(len(setting.columns))).T
        return _polished(worth, own, place, shares, placed), place
    return own, place


def _polished(
    worth: NDArray[np.float64], prices: NDArray[np.float64], place: float, shares: _Shares, placed: int
) -> NDArray[np.float64]:
    """Return better prices, by steps against those whom too many mentors want and for those whom none wants."""
    best, best_value, length = prices, np.inf, 1.0
    for _ in range(_STEPS):
        value, wanted = _value(worth + place, prices, shares)
        value -= place * placed
        if value < best_value - 1e-9:
            best, best_value = prices, value
        else:
            length *= 0.9
        direction = wanted - 1
        scale = 0.02 * abs(best_value) / max(float(direction @ direction), 1.0)
        prices = np.maximum(prices + length * scale * direction, 0)
    return best


def _value(
    worth: NDArray[np.float64], prices: NDArray[np.float64], shares: _Shares
) -> tuple[float, NDArray[np.float64]]:
    """Return the bound of some prices, and how much of each mentee the mentors want there."""
    gains = worth - prices
    fewest, most = shares.sizes
    most = min(most, gains.shape[1])
    order = np.argpartition(-gains, most - 1, axis=1)[:, :most]
    top = np.take_along_axis(gains, order, axis=1)
    by_worth = np.argsort(-top, axis=1, kind="stable")
    order, top = np.take_along_axis(order, by_worth, axis=1), np.take_along_axis(top, by_worth, axis=1)
    sums = np.cumsum(top, axis=1)[:, fewest - 1 :]
    size = sums.argmax(axis=1)
    group = sums[np.arange(len(sums)), size]
    share = _shared(group, shares)
    taken = (np.arange(most) <= size[:, None] + fewest - 1) * share[:, None]
    wanted = np.bincount(order.reshape(-1), taken.reshape(-1), len(prices)).astype(np.float64)
    return float(prices.sum() + (np.maximum(group, NEVER) * share).sum()), wanted


def _shared(group: NDArray[np.float64], shares: _Shares) -> NDArray[np.float64]:
    """Return how much each mentor has of groups where the best have most."""
    share = shares.least.copy()
    left = shares.groups - share.sum()
    for one in np.argsort(-group, kind="stable").tolist():
        more = min(shares.most[one] - share[one], left)
        if more <= 0 or (group[one] <= 0 and not shares.exactly):
            break
        share[one] += more
        left -= more
    return share


def _full(setting: Setting, grouping: Grouping) -> NDArray[np.int64]:
    """Return mentors who are full as long as anybody waits: those of the waiting, and of all who would have to move.

    Where one of them is not full, nothing is claimed.
    """
    if not len(grouping.waiting) or not setting.small:
        return np.zeros(0, dtype=np.int64)
    sizes = grouping.sizes
    group_of = {one: group for group, leads in enumerate(grouping.leads) for one in leads.tolist() if one != NOBODY}
    everybody = np.arange(len(setting.columns))
    full: set[int] = set()
    waiting: IntArray = grouping.waiting
    while len(waiting):
        reached = np.flatnonzero((setting.tenths(waiting, everybody) >= 0).any(axis=0))
        new = [one for one in reached.tolist() if one not in full]
        if any(one not in group_of or sizes[group_of[one]] < setting.details.most for one in new):
            return np.zeros(0, dtype=np.int64)
        full |= set(new)
        seats = grouping.seats[sorted({group_of[one] for one in new})].reshape(-1)
        waiting = seats[seats != NOBODY]
    return setting.columns[sorted(full)]
