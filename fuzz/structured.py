"""Fuzzing with structure: Hypothesis makes inputs that are nearly right, and the shortest one of each finding."""

from __future__ import annotations

import time
from math import ceil

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded

from fuzz.driving import Tally
from fuzz.judging import judged
from fuzz.structures import SHARE, SHARES, STRATEGIES
from fuzz.target import Target
from fuzz.targets import NAMES

BATCH = 40
"""How many inputs are made in one go: afterwards it is seen whether there is time for more."""


def share_of(name: str, cases: int) -> int:
    """Return how many of all structured cases are a target's."""
    whole = sum(SHARES.get(one, SHARE) for one in NAMES)
    return ceil(cases * SHARES.get(name, SHARE) / whole)


def structured(target: Target, seed: int, cases: int | None = None, seconds: float | None = None) -> Tally:
    """Run a target on so many inputs with structure, or for so many seconds by the clock."""
    tally, began, number = Tally(), time.monotonic(), 0
    while (cases is None or tally.executions < cases) and (seconds is None or tally.seconds < seconds):
        left = BATCH if cases is None else min(BATCH, cases - tally.executions)
        _batch(target, seed + number, left, tally)
        number += 1
        tally.seconds = time.monotonic() - began
    return tally


def _batch(target: Target, seed: int, cases: int, tally: Tally) -> None:
    """Run one batch; a cause that is known does not end it, a new one is brought down to its shortest input."""
    known = set(tally.findings)

    @seeded(seed)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    @given(STRATEGIES[target.name])
    def one(data: bytes) -> None:
        found = judged(target, data)
        tally.add(data, found)
        assert found is None or found.what in known

    try:
        one()
    except AssertionError:
        return
