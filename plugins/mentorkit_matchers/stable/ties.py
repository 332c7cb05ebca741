"""What decides between equals: a hash of the seed and the two ids, so that no order ever does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mentorkit.core.contracts import IntArray

TieBreaker = Callable[[IntArray, IntArray], NDArray[np.uint64]]
"""From rows and columns of pairs to a number for each pair, as good as random."""


def pair_hashes(seed: int, rows: Sequence[str], columns: Sequence[str]) -> TieBreaker:
    """Return what gives every pair of people its number, from the ids of both sides.

    Each id is hashed once; the numbers of two are mixed by the finalizer of SplitMix64 (G. L. Steele, D. Lea and
    C. H. Flood, "Fast splittable pseudorandom number generators", 2014).
    """
    row, column = _hashes(seed, "wants", rows), _hashes(seed, "offers", columns)
    return lambda some, others: _mixed(row[some], column[others])


def _hashes(seed: int, side: str, people: Sequence[str]) -> NDArray[np.uint64]:
    salt = f"{seed}\x1f{side}\x1f"
    digests = b"".join(hashlib.blake2b((salt + one).encode(), digest_size=8).digest() for one in people)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _mixed(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = one ^ (other * np.uint64(0x9E3779B97F4A7C15))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    final: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return final
