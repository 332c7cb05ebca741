"""Measurements: what a process took, as one JSON object on a line of standard output.

Needs nothing but the standard library, so that every peer's environment can use it. One process makes one measurement:
`peak_megabytes` is the most it ever held.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def cpu_seconds() -> float:
    """Return the seconds of CPU, user and system, that this process has taken, with all its threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_megabytes() -> int:
    """Return the most memory that this process has held."""
    return _megabytes(resource.getrusage(resource.RUSAGE_SELF))


def _megabytes(usage: resource.struct_rusage) -> int:
    return int(usage.ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024))


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


def command(arguments: Sequence[str], folder: Path, more: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Run a command in a folder, with more in its environment; return what it printed and the figures of it alone.

    Its peak is never less than what the process that asks holds when it starts it.

    Raises:
        SystemExit: it failed.
    """
    with tempfile.TemporaryFile("w+") as said:
        begun = time.perf_counter()
        process = subprocess.Popen(arguments, cwd=folder, env={**os.environ, **more}, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read()
    if process.returncode:
        raise SystemExit(text)
    return text, {
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "wall_seconds": round(took, 2),
        "peak_megabytes": _megabytes(usage),
    }


def tell(case: str, instance: str, size: int, engine: str, **figures: Any) -> None:
    """Print a measurement; see README.md for its keys."""
    print(json.dumps({"case": case, "instance": instance, "size": size, "engine": engine, **figures}), flush=True)
