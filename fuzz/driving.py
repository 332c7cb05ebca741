"""Fuzzing without help from outside: bytes of the corpus, changed at random, one after the other.

What takes its way through code that no input took before is not known here; `fuzz.guided` knows it, where atheris is
installed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from attrs import define, field

from fuzz.corpora import inputs_of
from fuzz.judging import Finding, judged
from fuzz.mutating import crossed, mutated
from fuzz.target import Target

_CROSSED = 0.1


@define
class Tally:
    """What came of a search.

    Attributes:
        findings: the shortest input of each cause, by what it is.
        covered: how much code was gone through, in words; "" where nobody knows.
    """

    executions: int = 0
    seconds: float = 0.0
    findings: dict[str, tuple[bytes, Finding]] = field(factory=dict)
    covered: str = ""

    def add(self, data: bytes, found: Finding | None) -> None:
        """Count an input, and keep it if it is the first, or the shortest, of its cause."""
        self.executions += 1
        if found and (found.what not in self.findings or len(data) < len(self.findings[found.what][0])):
            self.findings[found.what] = data, found


def replayed(target: Target, inputs: Iterable[tuple[str, bytes]]) -> Tally:
    """Run a target on inputs as they are."""
    tally = Tally()
    for _, data in inputs:
        tally.add(data, judged(target, data))
    return tally


def driven(target: Target, seed: int, seconds: float, most: int | None = None, more: Sequence[Path] = ()) -> Tally:
    """Run a target on changed inputs, for so many seconds of processor time and at most so many times.

    It begins with the corpus, and with `more` files.
    """
    chance = Random(f"{target.name} {seed}")
    pool = [*(data for _, data in inputs_of(target)), *(path.read_bytes() for path in more)]
    words = [word.encode() for word in target.words]
    tally, began = Tally(), time.process_time()
    while tally.seconds < seconds and (most is None or tally.executions < most):
        data = _next(target, pool, words, chance)
        tally.add(data, judged(target, data))
        tally.seconds = time.process_time() - began
    return tally


def _next(target: Target, pool: list[bytes], words: list[bytes], chance: Random) -> bytes:
    data = chance.choice(pool)
    if chance.random() < _CROSSED:
        data = crossed(data, chance.choice(pool), chance, target.longest)
    if target.mutate is mutated:
        return mutated(data, chance, target.longest, words)
    return target.mutate(data, chance, target.longest)
