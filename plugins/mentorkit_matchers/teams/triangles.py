"""Prices for teams of three, found step by step.

Everybody of the first role takes the two others who are worth most to them at the prices; who is taken by several
becomes dearer, who is taken by nobody cheaper. Sources: A. M. Frieze and J. Yadegar (1981), "An algorithm for solving
3-dimensional assignment problems"; B. T. Polyak (1969) for the length of a step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.proofs import TrianglePrices
from mentorkit_matchers.teams.lineup import Lineup, unit

_MOST = 150_000_000
"""Possible teams up to which prices are looked for."""

_LOOKS = 2_500_000_000
"""Possible teams that are looked at altogether."""

_MOST_STEPS = 150

_PART = 1 << 10
"""Prices are whole numbers of so many parts of the smallest part of a tenth that points are made of."""

_IN_VAIN = 4
"""Steps without a better bound after which steps become shorter."""

FloatArray = NDArray[np.float32]


def triangle_prices(lineup: Lineup, known: float) -> TrianglePrices | None:
    """Return prices that bound teams of one member of each of three roles; None where teams are others, or too many.

    Args:
        lineup: the problem.
        known: tenths of points of the best known teams.
    """
    people = [np.flatnonzero(some) for some in lineup.places]
    possible = int(np.prod([len(some) for some in people]))
    if lineup.seats != (0, 1, 2) or len(lineup.worth) < 6 or not 0 < possible <= _MOST:
        return None
    worth = {
        (one, other): lineup.worth[one, other][np.ix_(people[one], people[other])].astype(np.float32)
        for one, other in ((0, 1), (0, 2), (1, 2))
    }
    places = [np.minimum(some[kept], lineup.teams) for some, kept in zip(lineup.places, people, strict=True)]
    found = _stepwise(worth, places, lineup.teams, known, min(_MOST_STEPS, max(1, _LOOKS // possible)))
    prices = []
    for role, own in zip((1, 2), found, strict=True):
        whole = np.zeros(len(lineup.places[role]), dtype=np.int64)
        whole[people[role]] = np.rint(own * unit(lineup) * _PART)
        prices.append(whole)
    return TrianglePrices(prices[0], prices[1], unit(lineup) * _PART)


def _stepwise(
    worth: dict[tuple[int, int], FloatArray], places: list[NDArray[np.int64]], teams: int, known: float, steps: int
) -> tuple[NDArray[np.float64], ...]:
    third = known / max(1, 3 * teams)  # where everybody is needed, prices may rise together for nothing
    prices = tuple(np.full(len(own), third if own.sum() == teams else 0.0) for own in places[1:])
    best, best_value, length, in_vain = prices, np.inf, 1.0, 0
    for _ in range(steps):
        value, taken = _value(worth, places, teams, prices)
        in_vain = 0 if value < best_value - 1e-6 else in_vain + 1
        if value < best_value:
            best, best_value = prices, value
        if in_vain > _IN_VAIN:
            length, in_vain = length / 2, 0
        wanted = [one - own for one, own in zip(taken, places[1:], strict=True)]
        steepness = sum(float(one @ one) for one in wanted)
        if not steepness or value <= known:
            break
        step = length * (value - known) / steepness
        prices = tuple(np.maximum(own + step * more, 0) for own, more in zip(prices, wanted, strict=True))
    return best


def _value(
    worth: dict[tuple[int, int], FloatArray],
    places: list[NDArray[np.int64]],
    teams: int,
    prices: tuple[NDArray[np.float64], ...],
) -> tuple[float, list[NDArray[np.float64]]]:
    """Return the bound of some prices, and how often each of the second and the third role is taken."""
    beside = worth[1, 2] - prices[0][:, None].astype(np.float32) - prices[1].astype(np.float32)
    width = beside.shape[1]
    chosen, gains = np.empty(len(places[0]), dtype=np.int64), np.empty(len(places[0]))
    room = np.empty_like(beside)
    for one in range(len(chosen)):
        np.add(beside, worth[0, 1][one][:, None], out=room)
        room += worth[0, 2][one]
        chosen[one] = room.argmax()
        gains[one] = room.reshape(-1)[chosen[one]]
    everybody = np.repeat(np.arange(len(chosen)), places[0])
    everybody = everybody[np.argsort(-gains[everybody], kind="stable")][:teams]
    everybody = everybody[gains[everybody] > 0]
    taken = [
        np.bincount(part[everybody], minlength=len(own)).astype(np.float64)
        for part, own in zip(np.divmod(chosen, width), places[1:], strict=True)
    ]
    paid = sum(float(one @ own) for one, own in zip(prices, places[1:], strict=True))
    return float(gains[everybody].sum()) + paid, taken
