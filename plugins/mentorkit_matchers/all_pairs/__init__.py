"""Looks through all pairs of a problem for the best ones, without ever holding all of them.

Two ways lead to the same pairs: block by block with NumPy, and compiled, over scores as sums. Which one is taken
depends on what is installed and on the size of the problem.
"""

from __future__ import annotations

from importlib.util import find_spec

from mentorkit.core.problems import Effort, PairScores
from mentorkit_matchers.all_pairs.blocks import BlockwisePairs
from mentorkit_matchers.all_pairs.found import EXCLUDED, AllPairs, FoundPairs

__all__ = ["EXCLUDED", "AllPairs", "FoundPairs", "all_pairs", "compiles"]

_WORTHWHILE = 1_500_000
"""Pairs from which on compiled loops save more than loading them takes."""


def compiles(shape: tuple[int, int]) -> bool:
    """Return whether problems of this size are solved by compiled loops here."""
    return shape[0] * shape[1] >= _WORTHWHILE and find_spec("numba") is not None


def all_pairs(pairs: PairScores, effort: Effort) -> AllPairs:
    """Return the fastest way to look through the pairs that there is here."""
    if compiles(pairs.shape) and (sums := pairs.sums()) is not None:
        from mentorkit_matchers.all_pairs.compiled import CompiledPairs

        return CompiledPairs(pairs, sums, effort)
    return BlockwisePairs(pairs, effort)
