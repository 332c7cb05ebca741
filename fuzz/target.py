"""What a fuzz target is."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from attrs import frozen

from fuzz.mutating import mutated

Mutator = Callable[[bytes, Random, int], bytes]
"""Makes other bytes of some, by a source of chance, no longer than the number says."""


@frozen
class Target:
    """A door to throw bytes at.

    Attributes:
        name: of its module and its corpus.
        run: takes any bytes; what it raises is a finding.
        seeds: files of the repository to begin with beside the corpus, as globs below its root.
        words: what its files are made of, for whoever puts words into bytes.
        mutate: makes another file of one.
        longest: bytes of the longest input that is made.
        seconds: of processor time that one input may take.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    mutate: Mutator = mutated
    longest: int = 8192
    seconds: float = 5.0
