"""Kills a run between any two of its steps, and counts what has arrived.

A step is what the ledger writes, statement for statement and commit for commit, what is remembered outside of it, and
what a channel does. This needs no tracing, so that it works everywhere; system calls are taken in `interrupting`,
random moments in `storming`.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from attrs import frozen
from sqlalchemy import Engine, event

from faults.subjects import (
    BEFORE,
    Subject,
    Tally,
    audit,
    record_only,
    run,
    run_to_the_end,
    start,
)
from mentorkit.core.contracts import Receipt
from mentorkit.core.errors import MentorkitError
from mentorkit.guarding.ledger_guard import Guarded
from mentorkit.ledger import Ledger
from mentorkit.running.channels import OpenChannel

TWO = ("a", "b")


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


def stepped(
    subject: Subject, place: Path, *, to_a_symptom: bool = False, keys: Collection[str] = TWO, most: int = 1_000
) -> Tally:
    """Kill a run at each step, run it again, and count; from the last step on to the first symptom where told so.

    `most` is how many steps at the end of a run are taken: what comes before is the same by all channels.
    """
    start(place / "warm")
    run(place / "warm", subject, keys=keys)
    shutil.rmtree(place / BEFORE, ignore_errors=True)
    record_only(place / BEFORE, keys, invites=subject.invites)
    start(place / "run")
    steps = killed_at(place / "run", subject, 0, keys)
    tally = Tally()
    for number in reversed(range(max(1, steps - most + 1), steps + 1)):
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
