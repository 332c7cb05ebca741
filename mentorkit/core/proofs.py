"""What a matcher hands in to prove how good its result is: numbers from which anybody recomputes a bound.

Each kind of proof has its check in `mentorkit.core.matching.certifying`, which shares nothing with any matcher.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray


@frozen(eq=False)
class PriceProof:
    """Prices that prove a bound on a two-sided problem (Lagrangian duality).

    Attributes:
        prices: one non-negative whole price per person of the offering seating.
        gains: what each objective is worth, in the prices' unit and in the order in which they matter: one more
            served person (`coverage`), a tenth of a point (`total-score`), one less in the sum of the squares of the
            offering people's loads (`even-load`), one kept pair (`fewest-changes`).
        at_least: only pairs with at least so many tenths count (`worst-off`); 0: all.
        worst_off: what proves that with better pairs alone (`at_least` one more) the objectives that stand before
            `worst-off` would lose; None where nothing of the kind is claimed.
    """

    prices: NDArray[np.int64]
    gains: Mapping[str, int]
    at_least: int = 0
    worst_off: PriceProof | None = None


@frozen(eq=False)
class PreferenceProof:
    """Lists of whom people would rather be with, under which a matching of pairs is stable.

    Rows are people of the role that wants, columns of the one that offers. Who is not listed is out of the question;
    required pairs are not listed, because they are nobody's choice.

    Attributes:
        pairs: the (row, column) pairs of two people who list each other, each once, shape (k, 2).
        ranks: how the row ranks the column, and the column the row, shape (k, 2); the smaller, the better.
        by_score: for every row, and for every column, whether their list follows the published scores; bools.
    """

    pairs: NDArray[np.int64]
    ranks: NDArray[np.int64]
    by_score: tuple[NDArray[np.bool_], NDArray[np.bool_]]


Proof = PriceProof | PreferenceProof
