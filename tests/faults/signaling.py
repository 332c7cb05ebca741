"""Asks whole runs to end, at any moment, by SIGTERM or Ctrl-C: what is in hand is finished, the rest given back."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

from faults.programs import Whole, ended, whole
from faults.subjects import Tally

PATIENCE = 20.0
"""Seconds in which a run that is asked to end has to."""
ENDS = (0, 130, -signal.SIGTERM)
"""Finished, interrupted, or ended before it could take a signal."""
OPEN = {"claimed", "at_risk"}


def signaled(place: Path, times: int, seed: int = 5, *, watched: bool = False, twice: bool = False) -> Tally:
    """Ask a run of a new program to end, so many times; run it to its end each time, and count."""
    chance, tally = random.Random(seed), Tally()
    words = ("run", "--yes", "--watch", "--json") if watched else ("run", "--yes")
    with whole(place / "program") as program:
        began = time.monotonic()
        assert program.run() == 0
        span = time.monotonic() - began
        for number in range(times):
            program.again()
            child = program.begin(*words)
            time.sleep(chance.uniform(0, span))
            for _ in range(1 + twice):
                os.kill(child, chance.choice((signal.SIGTERM, signal.SIGINT)))
                time.sleep(chance.uniform(0, 0.01))
            _look(program, f"asked {number}", _code(child), tally, twice=twice)
    return tally


def _code(child: int) -> int | None:
    """Return how a run ended that was asked to; None where it did not, and had to be killed."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    ended(child)
    return None


def _look(program: Whole, where: str, code: int | None, tally: Tally, *, twice: bool) -> None:
    """See how a run was left, run it to its end, and count."""
    tally.stopped += code != 0
    tally.wrong += [f"{where}: exit {code}: {program.said[-300:]}"] * (code not in ENDS)
    left = set(program.states().values()) & OPEN
    tally.wrong += [f"{where}: {left} was left"] * (bool(left) and not twice)
    code = program.run()
    tally.wrong += [f"{where}: afterwards {code}: {program.said[-300:]}"] * (code not in ((0, 1) if twice else (0,)))
    program.audit(where, tally)
    tally.wrong += [f"{where}: in doubt after one signal"] * (bool(tally.in_doubt) and not twice)
