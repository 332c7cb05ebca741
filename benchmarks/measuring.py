"""Measurements: what a process took, as one JSON object on a line of standard output.

Needs nothing but the standard library, so that every peer's environment can use it. One process makes one measurement:
`peak_megabytes` is the most it ever held.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def cpu_seconds() -> float:
    """Return the seconds of CPU, user and system, that this process has taken, with all its threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_megabytes() -> int:
    """Return the most memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak // (1024 * 1024 if sys.platform == "darwin" else 1024))


class Stages:
    """CPU seconds by stage, and both clocks over all of them."""

    def __init__(self) -> None:
        self.cpu: dict[str, float] = {}
        self.wall = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what is done inside as a stage; a stage that comes again adds up."""
        cpu, wall = cpu_seconds(), time.perf_counter()
        try:
            yield
        finally:
            self.cpu[name] = self.cpu.get(name, 0.0) + cpu_seconds() - cpu
            self.wall += time.perf_counter() - wall

    def figures(self) -> dict[str, Any]:
        """Return the figures of a measurement."""
        return {
            "cpu_seconds": round(sum(self.cpu.values()), 4),
            "wall_seconds": round(self.wall, 4),
            "peak_megabytes": peak_megabytes(),
            "stages": {name: round(seconds, 4) for name, seconds in self.cpu.items()},
        }


def tell(case: str, instance: str, size: int, engine: str, **figures: Any) -> None:
    """Print a measurement; see README.md for its keys."""
    print(json.dumps({"case": case, "instance": instance, "size": size, "engine": engine, **figures}), flush=True)
