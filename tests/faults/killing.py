"""Kills a run between any two of its steps, or at random moments, and counts what has arrived.

A step is what the ledger writes, statement for statement and commit for commit, what is remembered outside of it, and
what a channel does. This needs no tracing, so that it works everywhere; system calls are taken in `interrupting`.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from attrs import asdict, frozen
from sqlalchemy import Engine, event

from faults.subjects import (
    BEFORE,
    NOON,
    Subject,
    Tally,
    audit,
    record_only,
    run,
    run_to_the_end,
    start,
    states,
    subject_of,
)
from mentorkit.core.contracts import Receipt
from mentorkit.core.errors import MentorkitError
from mentorkit.guarding.ledger_guard import Guarded
from mentorkit.ledger import Ledger
from mentorkit.running.channels import OpenChannel

TWO = ("a", "b")
JUMPS = tuple(timedelta(minutes=one) for one in (0, 0, 0, 0, 7, 30, 120, -7, -90))
"""How far the clock is from noon when a run of a storm begins."""

MOST_RUNS = 60
"""After so many killed runs a program of a storm is run to its end."""


@frozen
class Stepwise:
    """A delivery with a step before and after its commit."""

    prepared: Any
    step: Callable[[], None]

    def commit(self) -> Receipt:
        self.step()
        receipt = self.prepared.commit()
        self.step()
        return receipt

    def abandon(self) -> None:
        self.prepared.abandon()


def in_steps(step: Callable[[], None]) -> None:
    """Let `step` be called at every step of this process; there is no way back."""

    def after(owner: type, name: str) -> None:
        original = getattr(owner, name)

        def stepwise(*args: Any, **more: Any) -> Any:
            result = original(*args, **more)
            step()
            return result

        setattr(owner, name, stepwise)

    for name in ("_write", "_write_owned"):
        after(Ledger, name)
    for name in ("remember", "before_leaving"):
        after(Guarded, name)
    prepare = OpenChannel.prepare
    OpenChannel.prepare = lambda *args: Stepwise(prepare(*args), step)  # type: ignore[method-assign]

    @event.listens_for(Engine, "after_cursor_execute")
    def _written(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE", "COMMIT")):
            step()

    @event.listens_for(Engine, "commit")
    def _committing(_connection: Any) -> None:
        step()


def killed_at(folder: Path, subject: Subject, number: int, keys: Collection[str]) -> int:
    """Run in a child that kills itself at this step; return how many steps there were, 0 where it was killed."""
    told = folder.parent / "steps"
    child = os.fork()
    if child == 0:
        count = 0

        def step() -> None:
            nonlocal count
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)

        in_steps(step)
        with suppress(MentorkitError):
            run(folder, subject, keys=keys)
        told.write_text(str(count))
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return int(told.read_text()) if code == 0 else 0


def stepped(subject: Subject, place: Path, *, to_a_symptom: bool = False, keys: Collection[str] = TWO) -> Tally:
    """Kill a run at each step, run it again, and count; from the last step on to the first symptom where told so."""
    start(place / "warm")
    run(place / "warm", subject, keys=keys)
    shutil.rmtree(place / BEFORE, ignore_errors=True)
    record_only(place / BEFORE, keys)
    start(place / "run")
    steps = killed_at(place / "run", subject, 0, keys)
    tally = Tally()
    for number in reversed(range(1, steps + 1)):
        start(place / "run")
        subject.forget()
        tally.points += 1
        tally.stopped += killed_at(place / "run", subject, number, keys) == 0
        where = f"killed at step {number} of {steps}"
        before = len(tally.in_doubt)
        try:
            run_to_the_end(place / "run", subject, keys=keys)
            audit(place / "run", subject, where, tally, keys)
        except MentorkitError as problem:
            tally.wrong.append(f"{where}: {problem}")
        if len(tally.in_doubt) - before > 1:
            tally.wrong.append(f"{where}: more than one message in doubt")
        if to_a_symptom and tally.symptoms:
            break
    return tally


# ------------------------------------------------------------------------------------------------- at random moments


def storm(subject: Subject, place: Path, kills: int, seed: int, messages: int = 12) -> Tally:
    """Kill runs at random moments until there were so many kills; each program is run to its end, and counted."""
    chance, tally = random.Random(seed), Tally()
    keys = tuple(f"k{number:02d}" for number in range(messages))
    while tally.stopped < kills:
        folder = place / f"{subject.name}-{seed}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        subject.forget()
        killed = _one_program(folder, subject, chance, tally, keys)
        where = f"program ending at kill {tally.stopped}"
        doubts = len(tally.in_doubt)
        try:
            run_to_the_end(folder, subject, NOON + timedelta(hours=4), keys)
            audit(folder, subject, where, tally, keys)
        except MentorkitError as problem:
            tally.wrong.append(f"{where}: {problem}")
        if len(tally.in_doubt) - doubts > killed:
            tally.wrong.append(f"{where}: more doubts than kills")
        shutil.rmtree(folder)
    return tally


def _one_program(folder: Path, subject: Subject, chance: random.Random, tally: Tally, keys: Collection[str]) -> int:
    """Run until a run ends by itself, killing those before; return how many were killed."""
    killed, span = 0, 0.6
    for _ in range(MOST_RUNS):
        at = NOON + chance.choice(JUMPS)
        runners = [_in_the_background(folder, subject, at, keys) for _ in range(1 + (chance.random() < 0.1))]
        tally.points += len(runners)
        began, codes = time.monotonic(), []
        patience = chance.uniform(0, span)
        while len(codes) < len(runners) and time.monotonic() - began < patience:
            codes += [code for one in runners if (code := _ended(one)) is not None]
            time.sleep(0.002)
        for one in runners:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(one, signal.SIGKILL)
                codes.append(os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]))
        killed += codes.count(-9)
        tally.wrong += [f"a run ended with {code}" for code in codes if code not in (0, 1, -9)]
        span = span * 1.5 if -9 in codes and not _went_out(folder) else span
        if 0 in codes and -9 not in codes:
            break
    tally.stopped += killed
    return killed


def _went_out(folder: Path) -> bool:
    try:
        return bool({"sent", "in_doubt", "at_risk"} & set(states(folder).values()))
    except MentorkitError:
        return False


def _in_the_background(folder: Path, subject: Subject, at: Any, keys: Collection[str]) -> int:
    child = os.fork()
    if child == 0:
        code = 99
        try:
            run(folder, subject, at, keys)
            code = 0
        except MentorkitError:
            code = 1
        except BaseException as problem:
            os.write(2, f"{problem!r}\n".encode())
        os._exit(code)
    return child


def _ended(child: int) -> int | None:
    with suppress(ChildProcessError):
        done, status = os.waitpid(child, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if done else None
    return None


def main(name: str, kills: str, seed: str, folder: str) -> None:
    """Let one storm go over a subject and print what came of it."""
    with subject_of(name) as subject:
        start(Path(folder) / "warm")
        run(Path(folder) / "warm", subject)
        tally = storm(subject, Path(folder), int(kills), int(seed))
    print(json.dumps(asdict(tally)))  # noqa: T201 (its answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
