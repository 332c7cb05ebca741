"""Looks through all pairs of a problem for the best ones, without ever holding all of them.

Two ways lead to the same pairs: block by block with NumPy, and compiled, over scores as sums. Which one is taken
depends on what is installed and on the size of the problem.
"""

from __future__ import annotations

from mentorkit.core.problems import Effort, PairScores
from mentorkit_matchers.all_pairs.blocks import BlockwisePairs
from mentorkit_matchers.all_pairs.found import AllPairs, FoundPairs

__all__ = ["AllPairs", "FoundPairs", "all_pairs"]


def all_pairs(pairs: PairScores, effort: Effort) -> AllPairs:
    """Return the fastest way to look through the pairs that there is here."""
    return BlockwisePairs(pairs, effort)
