"""The best circles there are, proven by HiGHS, where all possible circles can be listed, and prices that prove it."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.shapes import CirclePlan
from mentorkit_matchers.circles.gathering import NEVER, TOGETHER, Gathering
from mentorkit_matchers.linear import LinearProgram, Optimum, optimum, whole_optimum

MOST_LISTED = 40_000
"""Possible circles up to which all are listed."""

_NODES = 500
"""Nodes of the search for a proof: a limit that, unlike one of time, is the same on every machine."""

_TOLERANCE = 0.5
"""Tenths of points by which a bound of HiGHS may be wrong."""

_PLACED = 1e7
"""What it is worth that somebody gets their first circle: more than all scores in a circle."""


@frozen(eq=False)
class Proven:
    """The best circles, or the best that were found.

    Attributes:
        circles: their people.
        prices: what a place of each person is worth, in tenths: prices of the linear program.
        optimal: whether HiGHS proved that nothing is better.
    """

    circles: list[NDArray[np.int64]]
    prices: NDArray[np.float64]
    optimal: bool


def best_circles(gathering: Gathering, plan: CirclePlan | None, known: float = -np.inf) -> Proven | None:
    """Return the best circles of a plan, or of any allowed size; None: there are none, or too many to look at.

    Args:
        gathering: who is to be in circles.
        plan: how many circles of which sizes; None: of any, as many people as possible first.
        known: what is reached already, in tenths; what is worse than that need not be found.
    """
    fewest, most = gathering.details.sizes
    sizes = sorted(set(plan.sizes)) if plan else range(fewest, min(most, gathering.size) + 1)
    if not 0 < sum(comb(gathering.size, size) for size in sizes) <= MOST_LISTED:
        return None
    worth = gathering.worth(np.arange(gathering.size)).astype(np.float64)
    worth[worth > TOGETHER / 2] = NEVER
    for one, other in gathering.required.tolist():  # what required pairs are worth is their score after all
        score = gathering.pairs.scores(gathering.people[[one]], gathering.people[[other]])[0, 0]
        worth[one, other] = worth[other, one] = float(score) if score >= 0 else NEVER
    members, points = [], []
    for size in sizes:
        some, of_them = _possible(gathering, worth, size)
        members += list(some)
        points.append(of_them)
    return _parted(gathering, plan, members, np.concatenate(points), known) if members else None


def _possible(
    gathering: Gathering, worth: NDArray[np.float64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return all circles of some size that no rule forbids, shape (circles, size), and their points."""
    circles = np.array(list(combinations(range(gathering.size), size)), dtype=np.int64).reshape(-1, size)
    points = np.zeros(len(circles))
    for one, other in combinations(range(size), 2):
        points += worth[circles[:, one], circles[:, other]]
    allowed = points > NEVER / 2
    for bundle in gathering.bundles:
        inside = np.isin(circles, bundle).sum(axis=1)
        allowed &= (inside == 0) | (inside == len(bundle))
    return circles[allowed], points[allowed] / (size - 1)


def _parted(
    gathering: Gathering,
    plan: CirclePlan | None,
    members: list[NDArray[np.int64]],
    points: NDArray[np.float64],
    known: float,
) -> Proven | None:
    """Return the best of those circles in which nobody is twice."""
    program = _program(gathering, plan, members, points)
    relaxed = optimum(program)
    if relaxed is None:
        return None
    hopeless = relaxed.value + relaxed.reduced_costs > _TOLERANCE - known
    found = whole_optimum(evolve(program, most=np.where(hopeless, 0.0, 1.0)), len(members), _NODES)
    if found is None:
        return None
    chosen = [members[one] for one in np.flatnonzero(found.found > 0.5)]
    return Proven(chosen, _prices(gathering, relaxed), found.proven)


def _program(
    gathering: Gathering, plan: CirclePlan | None, members: list[NDArray[np.int64]], points: NDArray[np.float64]
) -> LinearProgram:
    """Return who is in which circle as a program: a row for each person, and one for each size of a plan."""
    from scipy.sparse import csr_array

    sizes = np.array([len(one) for one in members])
    number = np.repeat(np.arange(len(members)), sizes)
    rows, low = np.concatenate(members), np.zeros(gathering.size)
    low[np.unique(gathering.required)] = 1
    high, costs = np.ones(gathering.size), -points
    if plan:
        known = sorted(set(plan.sizes))
        rows = np.concatenate([rows, gathering.size + np.searchsorted(known, sizes)])
        number = np.concatenate([number, np.arange(len(members))])
        counts = np.array([plan.sizes.count(size) for size in known], dtype=np.float64)
        high = np.concatenate([high, counts])
        low = np.concatenate([low if plan.placed < gathering.size else np.ones(gathering.size), counts])
    if not plan or plan.placed < gathering.size:
        costs = costs - _PLACED * np.bincount(number[: int(sizes.sum())], gathering.first[rows[: int(sizes.sum())]])
    matrix: Any = csr_array((np.ones(len(rows)), (rows, number)), shape=(len(high), len(members)))
    return LinearProgram(costs, matrix, low, high, np.zeros(len(members)), np.ones(len(members)))


def _prices(gathering: Gathering, relaxed: Optimum) -> NDArray[np.float64]:
    """Return what each person's row is worth, without what covering them is."""
    prices = relaxed.row_prices[: gathering.size]
    return np.where(prices > _PLACED / 2, prices - _PLACED, prices)
