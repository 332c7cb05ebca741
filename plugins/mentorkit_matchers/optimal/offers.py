"""What a matching on the considered pairs and the prices that justify it look like."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray


@frozen(eq=False)
class Offer:
    """A matching on the considered pairs, and prices at which nobody would rather have another one of them.

    Attributes:
        chosen: numbers of the chosen edges, ascending.
        prices: of each column's next place, what it costs for the load to be even included; int64, at least 0.
        thresholds: what a further partner would have to gain, price subtracted, for a row to change; int64.
        settled: whether nobody was left aside to be placed later.
    """

    chosen: NDArray[np.int64]
    prices: NDArray[np.int64]
    thresholds: NDArray[np.int64]
    settled: bool = True
