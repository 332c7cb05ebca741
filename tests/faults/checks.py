"""What a protocol is held against: each check returns the symptoms that it has found, of a right protocol none."""

from __future__ import annotations

import collections
import shutil
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from attrs import define, field

from faults.killing import TWO, killed_at, stepped
from faults.subjects import (
    BEFORE,
    NOON,
    PROGRAM,
    Subject,
    Tally,
    audit,
    compose,
    plan,
    record_only,
    run,
    start,
    states,
)
from faults.ways import subject_of
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Channel, ChannelSetting, Outgoing, Receipt
from mentorkit.core.errors import MentorkitError
from mentorkit.core.roster import Person
from mentorkit.guarding.ledger_guard import guarded
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.running.channels import OpenChannel
from mentorkit.running.delivering import carry_out
from mentorkit.workspace import workspace

SENT = Receipt("sent")
EXPIRED = timedelta(days=8)


def killed_between_steps(place: Path) -> list[str]:
    """Kill a run at each step, and run it again."""
    with subject_of("journal") as subject:
        return stepped(subject, place, to_a_symptom=True).symptoms


def killed_and_run_too_late(place: Path) -> list[str]:
    """Kill a run at each step, and run it again when nothing is worth sending any more."""
    with subject_of("journal") as subject:
        start(place / "run")
        record_only(place / BEFORE, TWO)
        start(place / "run")
        steps = killed_at(place / "run", subject, 0, TWO)
        for number in reversed(range(1, steps + 1)):
            start(place / "run")
            killed_at(place / "run", subject, number, TWO)
            run(place / "run", subject, NOON + EXPIRED, TWO)
            arrived = subject.arrived(workspace(place / "run" / "pilot.toml").folder)
            wrong = [key for key, state in states(place / "run").items() if state == "expired" and arrived.get(key)]
            if wrong:
                return [f"step {number}: {key} had arrived" for key in wrong]
    return []


@define
class Post:
    """A channel in memory that says what it is told to."""

    commit_of: Callable[[Post, str], Receipt]
    taken: list[str] = field(factory=list)
    name: str = "post"
    summary: str = "in memory"
    options: None = None
    leaves_machine: bool = False
    repeat_is_harmless: bool = False

    def open(self, options: None, setting: ChannelSetting) -> Channel:
        return self

    def reaches(self, person: Person | None, address: str) -> bool:
        return True

    def prepare(self, outgoing: Outgoing) -> Parcel:
        return Parcel(self, outgoing.key)

    def run(self, ledger: Ledger, at: Any, keys: tuple[str, ...] = TWO) -> None:
        due = plan(ledger.read(), at, keys)
        carry_out(due, ledger, [OpenChannel(self.name, self, self)], compose, now=lambda: at)


@define
class Parcel:
    post: Post
    key: str

    def commit(self) -> Receipt:
        return self.post.commit_of(self.post, self.key)

    def abandon(self) -> None:
        pass


def without_an_answer(place: Path) -> list[str]:
    """Take the one message and not the other, and answer neither; run again, and again."""

    def commit(post: Post, key: str) -> Receipt:
        post.taken += [key] * (key == "a")
        raise ConnectionResetError(key)

    return _runs(place, Post(commit))


def two_signals(place: Path) -> list[str]:
    """End a run while it commits, as a second Ctrl-C does; run again."""

    def commit(post: Post, key: str) -> Receipt:
        first = not post.taken
        post.taken.append(key)
        if first:
            raise KeyboardInterrupt(signal.SIGINT)
        return SENT

    return _runs(place, Post(commit))


def _runs(place: Path, post: Post) -> list[str]:
    for hours in (0, 1, 24):
        with open_ledger(place / "ledger.sqlite", create_for="pilot") as ledger:
            try:
                post.run(ledger, NOON + timedelta(hours=hours))
            except KeyboardInterrupt:
                continue
    with open_ledger(place / "ledger.sqlite") as ledger:
        known = {key: one.state for key, one in ledger.read().transmissions.items()}
    copies = collections.Counter(post.taken)
    doubled = [f"{key} arrived {number} times" for key, number in copies.items() if number > 1]
    return doubled + [f"{key} is {known[key]}" for key in TWO if not copies[key] and known[key] != "in_doubt"]


def two_that_believe_to_be_alone(place: Path) -> list[str]:
    """Let a second run take over while the first one lives, before its second mark."""
    sent: list[str] = []

    def go(ledger: Ledger) -> None:
        if ledger.mark_at_risk("a", "post", NOON):
            sent.append("a")
            ledger.settle("a", SENT, NOON)

    with open_ledger(place / "ledger.sqlite", create_for="pilot") as first, open_ledger(first.path) as second:
        first.record_plan(plan(first.read(), NOON, TWO))
        first.claim(TWO, NOON)
        second.recover((), NOON)
        second.claim(TWO, NOON)
        go(second)
        go(first)
    return ["a was sent by both"] if len(sent) > 1 else []


def a_late_receipt(place: Path) -> list[str]:
    """Let a run that was taken over hear that its try came to nothing, after the message was sent by another one."""
    with open_ledger(place / "ledger.sqlite", create_for="pilot") as first, open_ledger(first.path) as second:
        first.record_plan(plan(first.read(), NOON, TWO))
        first.claim(TWO, NOON)
        first.mark_at_risk("a", "post", NOON)
        second.recover((), NOON)
        second.retry_doubts(NOON)
        second.claim(("a",), NOON)
        second.mark_at_risk("a", "post", NOON)
        second.settle("a", SENT, NOON)
        first.settle("a", Receipt("deferred"), NOON)
        state = second.read().transmissions["a"].state
    return [] if state == "sent" else [f"a was sent and is {state}"]


def an_earlier_copy(place: Path) -> list[str]:
    """Put the ledger back as it was before messages went out, and run again."""
    with subject_of("journal") as subject:
        folder = place / "run"
        start(folder)
        record_only(folder, TWO)
        kept = workspace(folder / "pilot.toml").ledger
        shutil.copy(kept, place / "copy")
        run(folder, subject, keys=TWO)
        shutil.copy(place / "copy", kept)
        for suffix in ("-wal", "-shm"):
            kept.with_name(kept.name + suffix).unlink(missing_ok=True)
        try:
            run(folder, subject, keys=TWO)
        except MentorkitError:
            return []
        return _audited(folder, subject)


def _audited(folder: Path, subject: Subject) -> list[str]:
    tally = Tally()
    audit(folder, subject, "afterwards", tally, TWO)
    return tally.symptoms


def the_mark_is_on_disk(place: Path) -> list[str]:
    """Look whether a commit, such as that of a mark, is on disk when it returns."""
    places = workspace(place / "pilot.toml")
    with guarded(places, PROGRAM, Catalogue(), NOON) as held, held.ledger._engine.connect() as connection:
        level = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    return [] if level == 2 else [f"synchronous is {level}"]
