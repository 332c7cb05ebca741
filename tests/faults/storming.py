"""Kills runs at random moments until there were so many kills, runs each program to its end, and counts.

Runs are forks of a process that has imported everything, so that a kill costs a twentieth of a second: each is a
process of its own that has nothing of this one but its memory, and opens what it needs itself. One in a hundred is
Python started anew. Now and then a second run begins while one goes on, or a run is stopped for a moment (SIGSTOP);
each run has its own idea of the time. Where a run was when it was killed is counted.
"""

from __future__ import annotations

import gc
import json
import mmap
import os
import pickle
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import asdict, define, field

from faults.subjects import NOON, Subject, Tally, audit, run, start, states
from faults.ways import subject_of
from mentorkit.core.errors import MentorkitError
from mentorkit.ledger import Ledger
from mentorkit.running.channels import OpenChannel

JUMPS = tuple(timedelta(minutes=one) for one in (0, 0, 0, 0, 7, 30, 120, -7, -90))
"""How far a run's clock is from what it is."""

GOES_ON = tuple(timedelta(minutes=one) for one in (0, 0, 0, 0, 5, 10, 30))
"""How far the clock goes on until the next run."""

MOST_RUNS = 60
"""After so many runs a program is run to its end."""

SELDOM, RARELY = 0.1, 0.01
WAITS = {"due", "claimed", "deferred", "at_risk"}
PHASES = ("opening", "planning", "preparing", "at risk", "between", "ending")
FRESH = "as a process of its own from Python's start"


@define
class Storm:
    """One storm over a subject.

    Attributes:
        place: a folder of its own.
        fresh: how often a run is Python started anew.
        spans: within which seconds a run is killed, of forks and of those; they follow how long runs take.
    """

    subject: Subject
    place: Path
    chance: random.Random
    keys: Collection[str]
    fresh: float = RARELY
    tally: Tally = field(factory=Tally)
    spans: dict[bool, float] = field(factory=lambda: {False: 0.2, True: 1.5})
    told: mmap.mmap = field(factory=lambda: mmap.mmap(-1, 1))
    asked: bool = False

    def go(self, kills: int) -> Tally:
        """Kill so many runs, or fewer where it is asked to end."""
        self._warm_up()
        while self.tally.stopped < kills and not self.asked:
            self._one_program()
        return self.tally

    def _warm_up(self) -> None:
        """Import all, and leave beside the programs what a run leaves that had nothing to do."""
        for keys in ((), self.keys):
            start(self.place / "warm")
            run(self.place / "warm", self.subject, keys=keys)
            if not keys:
                (self.place / "warm").rename(self.place / "kept")
        shutil.rmtree(self.place / "warm")
        gc.collect()
        gc.freeze()  # a fork then copies less

    def _one_program(self) -> None:
        folder = self.place / "run"
        shutil.rmtree(folder, ignore_errors=True)
        if self.chance.random() < SELDOM:
            folder.mkdir()
        else:
            shutil.copytree(self.place / "kept", folder)
        self.subject.forget()
        self.subject.storms(True)
        at, killed, doubts = NOON, 0, len(self.tally.in_doubt)
        for _ in range(MOST_RUNS):
            at += self.chance.choice(GOES_ON)
            codes = self._round(folder, at)
            killed += codes.count(-signal.SIGKILL)
            if 0 in codes and not WAITS & set(states(folder).values()):
                break
        self.tally.stopped += killed
        self.subject.storms(False)
        self._to_its_end(folder, at)
        if len(self.tally.in_doubt) - doubts > killed + self.subject.refuses * len(self.keys):
            self.tally.wrong.append(f"program ending at kill {self.tally.stopped}: more doubts than kills")

    def _to_its_end(self, folder: Path, at: datetime) -> None:
        where = f"program ending at kill {self.tally.stopped}"
        try:
            for hours in (2, 8, 8):
                at += timedelta(hours=hours)
                run(folder, self.subject, at, self.keys)
                if not WAITS & set(states(folder).values()):
                    break
            audit(folder, self.subject, where, self.tally, self.keys)
        except MentorkitError as problem:
            self.tally.wrong.append(f"{where}: {problem}")

    def _round(self, folder: Path, at: datetime) -> list[int]:
        """Let a run begin, maybe a second one meanwhile, and kill what still runs in the end; return the exit codes."""
        fresh = self.chance.random() < self.fresh
        end = self.chance.uniform(0, self.spans[fresh])
        deeds = self._deeds(folder, at, end)
        runners = [self._begin(folder, at, fresh=fresh)]
        began, codes = time.monotonic(), []
        while len(runners) > len(codes) and (passed := time.monotonic() - began) < end:
            while deeds and deeds[0][0] <= passed:
                runners += deeds.pop(0)[1](runners[0])
            codes += [code for one in runners if (code := _ended(one)) is not None]
            time.sleep(0.001)
        alive = len(runners) - len(codes)
        for one in runners:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(one, signal.SIGKILL)
                codes.append(os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]))
        self.tally.points += len(runners)
        self._note(codes, fresh=fresh)
        self.spans[fresh] *= 1.02 if alive else 0.9
        return codes

    def _note(self, codes: list[int], *, fresh: bool) -> None:
        killed = codes.count(-signal.SIGKILL)
        phase = FRESH if fresh else PHASES[self.told[0]]
        self.tally.killed_while[phase] = self.tally.killed_while.get(phase, 0) + killed
        self.tally.wrong += [f"a run ended with {code}" for code in codes if code not in (0, 1, -signal.SIGKILL)]

    def _deeds(self, folder: Path, at: datetime, end: float) -> list[tuple[float, Callable[[int], list[int]]]]:
        """Return what else is done to a run, and when; each returns the runs that it began."""
        found: list[tuple[float, Callable[[int], list[int]]]] = []

        def another(_: int) -> list[int]:
            return [self._begin(folder, at, fresh=False)]

        def stop(runner: int) -> list[int]:
            self.tally.paused += 1
            return _signal(runner, signal.SIGSTOP)

        if self.chance.random() < SELDOM:
            found.append((self.chance.uniform(0, end), another))
        if self.chance.random() < SELDOM:
            stopped = self.chance.uniform(0, end)
            found += [
                (stopped, stop),
                (stopped + self.chance.uniform(0, 0.03), lambda one: _signal(one, signal.SIGCONT)),
            ]
        return sorted(found, key=lambda one: one[0])

    def _begin(self, folder: Path, at: datetime, *, fresh: bool) -> int:
        at += self.chance.choice(JUMPS)
        if fresh:
            return _anew(folder, self.subject, at, self.keys)
        child = os.fork()
        if child == 0:
            os.closerange(3, 1024)  # what this process has open is none of a run's business
            os._exit(_exit_code(folder, self.subject, at, self.keys, self._tell()))
        return child

    def _tell(self) -> Callable[[str], None]:
        told = self.told

        def tell(phase: str) -> None:
            told[0] = PHASES.index(phase)

        tell("opening")
        _telling(tell)
        return tell


def _telling(tell: Callable[[str], None]) -> None:
    """Let a run tell where it is; there is no way back."""

    def after(owner: type, name: str, phase: str) -> None:
        original = getattr(owner, name)

        def telling(*args: Any, **more: Any) -> Any:
            result = original(*args, **more)
            tell(phase)
            return result

        setattr(owner, name, telling)

    after(Ledger, "claim", "preparing")
    for name in ("mark_at_risk", "mark_all_at_risk"):
        after(Ledger, name, "at risk")
    for name in ("settle", "settle_all", "pass_on_all"):
        after(Ledger, name, "between")
    after(OpenChannel, "prepare", "preparing")


def _signal(runner: int, sign: int) -> list[int]:
    with suppress(ProcessLookupError):
        os.kill(runner, sign)
    return []


def _ended(child: int) -> int | None:
    with suppress(ChildProcessError):
        done, status = os.waitpid(child, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if done else None
    return None


def _exit_code(
    folder: Path,
    subject: Subject,
    at: datetime,
    keys: Collection[str],
    tell: Callable[[str], object] = lambda _phase: None,
) -> int:
    try:
        run(folder, subject, at, keys, tell=tell)
    except MentorkitError:
        return 1
    except BaseException as problem:
        os.write(2, f"{problem!r}\n".encode())
        return 99
    return 0


def _anew(folder: Path, subject: Subject, at: datetime, keys: Collection[str]) -> int:
    """Let Python be started anew for a run; return its process."""
    facts = folder.parent / "facts"
    facts.write_bytes(pickle.dumps((subject.name, subject.kind, subject.options, subject.invites, at, tuple(keys))))
    command = [sys.executable, "-m", "faults.storming", "one", str(facts), str(folder)]
    return os.posix_spawn(
        sys.executable, command, {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    )


def _one(facts: str, folder: str) -> int:
    name, kind, options, invites, at, keys = pickle.loads(Path(facts).read_bytes())
    return _exit_code(Path(folder), Subject(name, kind, options, invites=invites), at, keys)


def storm(subject: Subject, place: Path, kills: int, seed: int, messages: int = 12, fresh: float = RARELY) -> Tally:
    """Kill so many runs of a subject at random moments, and count."""
    return _storm(subject, place, seed, messages, fresh).go(kills)


def _storm(subject: Subject, place: Path, seed: int, messages: int = 12, fresh: float = RARELY) -> Storm:
    place.mkdir(parents=True, exist_ok=True)
    keys = tuple(f"k{number:02d}" for number in range(messages))
    return Storm(subject, place, random.Random(seed), keys, fresh)


def main(name: str, kills: str, seed: str, folder: str) -> None:
    """Let one storm go over a subject and print what came of it, also where SIGTERM ends it."""
    with subject_of(name) as subject:
        one = _storm(subject, Path(folder) / f"{name}-{seed}", int(seed))
        signal.signal(signal.SIGTERM, lambda *_: setattr(one, "asked", True))
        tally = one.go(int(kills))
    print(json.dumps(asdict(tally)))  # noqa: T201 (its answer)


if __name__ == "__main__":
    sys.exit(_one(*sys.argv[2:]) if sys.argv[1] == "one" else main(*sys.argv[1:]))
