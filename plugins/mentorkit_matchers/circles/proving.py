"""Prices under which the mates that everybody would like best are not much better than those of real circles.

What somebody costs goes up where more people would like to have them than can, and down where fewer would
(subgradient method with the steps of B. T. Polyak, "Minimization of unsmooth functionals", 1969).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mentorkit_matchers.circles.gathering import Gathering

_PAIRS = 100_000_000
"""Pairs that are looked at in all steps together."""

_STEPS = (4, 120)

_BLOCK = 2_000_000


def mate_prices(gathering: Gathering, mates: int, points: float) -> NDArray[np.float64]:
    """Return what each person costs in tenths, if everybody has so many mates; as good as the steps allow.

    Args:
        gathering: who is in circles.
        mates: how many others somebody has, about.
        points: what circles reach, in tenths; the bound cannot be lower.
    """
    size = gathering.size
    prices = best = np.zeros(size)
    least = np.inf
    for number in range(int(np.clip(_PAIRS / max(1, size * size), *_STEPS))):
        if number and gathering.effort.over():
            break
        value, wanted = _wished(gathering, prices, mates)
        if value < least:
            best, least = prices, value
        uneven = wanted / mates - 1
        length = float((uneven**2).sum())
        if length == 0:
            break
        prices = prices + 0.7 * max(value - 2 * points, 1.0) / length * uneven
    return best


def _wished(gathering: Gathering, prices: NDArray[np.float64], mates: int) -> tuple[float, NDArray[np.float64]]:
    """Return the sum of the means of everybody's best mates after prices, and how many want each person."""
    size, people = gathering.size, gathering.people
    wanted, value = np.zeros(size), float(prices.sum())
    step = max(1, _BLOCK // max(1, size))
    for start in range(0, size, step):
        tenths = gathering.pairs.scores(people[start : start + step], people)
        gains = np.where(tenths < 0, -np.inf, tenths - prices)
        top = np.argpartition(-gains, mates - 1, axis=1)[:, :mates]
        best = np.take_along_axis(gains, top, axis=1)
        there = np.isfinite(best)
        value += float(best[there].sum()) / mates
        wanted += np.bincount(top[there], minlength=size)
    return value, wanted
