"""Looks through all pairs of a problem for the best ones, without ever holding all of them.

Two ways lead to the same pairs: block by block with NumPy, and compiled, over scores as sums. Which one is taken
depends on what is installed and on the size of the problem.
"""

from __future__ import annotations

from importlib.util import find_spec

from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.problems import Effort, PairScores
from mentorkit_matchers.all_pairs.blocks import BlockwisePairs
from mentorkit_matchers.all_pairs.found import EXCLUDED, AllPairs, FoundPairs, Search

__all__ = ["EXCLUDED", "AllPairs", "FoundPairs", "Search", "advice", "all_pairs", "compiles"]

_WORTHWHILE = 3_000_000
"""Pairs from which on compiled loops save more than loading them takes."""


_SLOW = 30_000_000
"""Pairs from which on it is worth a word that compiled loops are missing."""


def compiles(shape: tuple[int, int]) -> bool:
    """Return whether problems of this size are solved by compiled loops here."""
    return shape[0] * shape[1] >= _WORTHWHILE and find_spec("numba") is not None


def advice(shape: tuple[int, int]) -> tuple[Diagnostic, ...]:
    """Return a word about what to install, where that would make a problem of this size much faster."""
    pairs = shape[0] * shape[1]
    if pairs < _SLOW or find_spec("numba") is not None:
        return ()
    told = f"{pairs:,} pairs are looked through without compiled loops, which would be many times faster"
    return (warning("slow-without-numba", told, help='pip install "mentorkit[fast]"; the result is as good without'),)


def all_pairs(pairs: PairScores, effort: Effort) -> AllPairs:
    """Return the fastest way to look through the pairs that there is here."""
    blocks = BlockwisePairs(pairs, effort)
    if not compiles(pairs.shape) or (sums := pairs.sums()) is None:
        return blocks
    from mentorkit_matchers.all_pairs.compiled import CompiledPairs

    asked = [part for part in (*sums.parts, *sums.allowed) if part.common is None]
    if blocks.keeps and max((part.size for part in asked), default=0) * 2 > pairs.shape[0]:
        sums = blocks.as_sums()  # nearly everybody has numbers of their own: they are asked for once and kept
    return CompiledPairs(pairs, sums, effort)
