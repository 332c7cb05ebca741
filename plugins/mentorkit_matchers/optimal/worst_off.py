"""The objective `worst-off`: the lowest score of anybody is raised as far as the objectives before it allow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import evolve

from mentorkit.core.problems import TENTHS
from mentorkit.core.proofs import PriceProof
from mentorkit_matchers.optimal.market import Market
from mentorkit_matchers.optimal.settling import Settled

Settle = Callable[[Market], Settled]

_MOST = 100 * TENTHS


def raise_the_lowest(market: Market, settle: Settle) -> tuple[int, PriceProof | None]:
    """Return the most tenths that everybody's pair can have, and what proves that one more costs an earlier objective.

    Args:
        market: with the gains of the objectives that stand before `worst-off`.
        settle: solves a market.
    """
    best = _value(market, settle(market))
    low, high, proof = 0, _MOST + 1, None
    while high - low > 1:
        middle = (low + high) // 2
        stricter = evolve(market, at_least=middle)
        settled = settle(stricter)
        if not settled.best:
            return 0, None
        if _value(stricter, settled) == best:
            low = middle
        else:
            high, proof = middle, PriceProof(settled.prices, dict(market.gains), middle)
    return low, proof


def _value(market: Market, settled: Settled) -> int:
    """Return what a matching is worth by the gains of a market."""
    tenths = market.pairs.of(settled.rows, settled.columns)
    first = np.unique(settled.rows)
    loads = market.loads + np.bincount(settled.columns, minlength=market.shape[1])
    worth = market.worth(settled.rows, settled.columns, tenths).sum() + market.covers[first].sum()
    return int(worth) - market.even_gain * int((loads**2).sum())
