"""Ends a run before each of its state-changing system calls in turn, runs it again undisturbed, and counts.

Run as a script by test_interruptions.py: SUBJECT HOW STATE UNTIL WORKER WORKERS FOLDER. HOW is `kill` or `error` (a
call fails with an errno); STATE is `fresh` (from the first run on) or `recorded` (a run finds the plan recorded); UNTIL
is the symptom to stop at, going backwards (`lost` or `doubled`), or `end`: all points are taken. All is imported once
and each run is a fork of this process, so that a point costs a tenth of a second. Prints one JSON document.
"""

from __future__ import annotations

import collections
import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import asdict, define, field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Channel, ChannelKind, ChannelSetting, Outgoing, Receipt
from mentorkit.core.deliveries import Transmission
from mentorkit.core.errors import MentorkitError
from mentorkit.core.history import History
from mentorkit.core.plan import Newcomer, Plan
from mentorkit.core.roster import Person
from mentorkit.guarding.ledger_guard import guarded
from mentorkit.ledger import Ledger, read_history
from mentorkit.running.channels import open_channel
from mentorkit.running.delivering import carry_out
from mentorkit.testing import a_plan, a_program, a_transmission
from mentorkit.workspace import workspace
from mentorkit_channels.outbox import OutboxKind

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
PROGRAM = a_program()
KEYS = ("a", "b", "c")
BEFORE = "before"
END = "end"

CALLS = (
    *("write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "fallocate", "openat"),
    *("link", "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat"),
    *("chmod", "fchmod", "fchmodat", "flock"),
)

ERRORS = {"write": "ENOSPC", "pwrite64": "ENOSPC", "link": "ENOSPC", "mkdir": "ENOSPC", "fsync": "EIO"}
ERRORS |= {"fdatasync": "EIO", "unlink": "EIO", "rename": "EIO", "ftruncate": "EIO", "fchmod": "EIO"}


# ------------------------------------------------------------------------------------------------- what is interrupted


@frozen
class JournalKind:
    """A channel like a mail server: what it accepted is a line in a file, and it forgets that it has seen it."""

    name: str = "journal"
    summary: str = "one line each"
    options: None = None
    leaves_machine: bool = True
    repeat_is_harmless: bool = False

    def open(self, options: None, setting: ChannelSetting) -> Channel:
        return Journal(Path(setting.folder) / "journal")


@frozen
class Journal:
    path: Path

    def reaches(self, person: Person | None, address: str) -> bool:
        return True

    def prepare(self, outgoing: Outgoing) -> Line:
        return Line(self.path, outgoing.key)


@frozen
class Line:
    path: Path
    key: str

    def commit(self) -> Receipt:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, f"{self.key}\n".encode())
        finally:
            os.close(descriptor)
        return Receipt("sent")

    def abandon(self) -> None:
        pass


class Mutant:
    """A ledger that does one thing wrong."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


class MarksThenSends(Mutant):
    """Writes `sent` before it is true."""

    def mark_at_risk(self, key: str, channel: str, at: datetime, *more: Any) -> bool:
        return self._ledger.mark_at_risk(key, channel, at, *more) and self._ledger.settle(key, Receipt("sent"), at)

    def settle(self, key: str, receipt: Receipt, at: datetime, **more: Any) -> bool:
        return True


class SendsThenMarks(Mutant):
    """Leaves out the second mark."""

    def mark_at_risk(self, key: str, channel: str, at: datetime, *more: Any) -> bool:
        return True

    def settle(self, key: str, receipt: Receipt, at: datetime, **more: Any) -> bool:
        return self._ledger.mark_at_risk(key, "journal", at) and self._ledger.settle(key, receipt, at)


class RetriesDoubts(Mutant):
    """Takes what was interrupted while sending for not sent."""

    def recover(self, harmless: Collection[str], at: datetime) -> tuple[str, ...]:
        self._ledger.recover(harmless, at)
        self._ledger.retry_doubts(at)
        return ()


SUBJECTS: dict[str, tuple[ChannelKind, Callable[[Ledger], Any]]] = {
    "outbox": (OutboxKind(), lambda ledger: ledger),
    "journal": (JournalKind(), lambda ledger: ledger),
    "marks-then-sends": (JournalKind(), MarksThenSends),
    "sends-then-marks": (JournalKind(), SendsThenMarks),
    "retries-doubts": (JournalKind(), RetriesDoubts),
}


def plan(history: History, at: datetime) -> Plan:
    """Return what planning would: everything the ledger does not know yet."""
    due = tuple(a_transmission(key, 1, "17") for key in KEYS if key not in history.transmissions)
    newcomers = () if history.numbers else (Newcomer(1, "17"),)
    return a_plan(at=at, ledger_id=history.ledger_id, mark=history.mark, newcomers=newcomers, due=due)


def compose(one: Transmission) -> Outgoing:
    message_id = f"{one.key}@pilot.example.org"
    return Outgoing(one.key, "Ada", "ada@example.org", "", "c@example.org", "Hello", "Hello.", "", one.due, message_id)


def run(folder: Path, subject: str, at: datetime = NOON) -> None:
    """Do what `mentorkit run` does to the files of a program."""
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    kind, altered = SUBJECTS[subject]
    places = workspace(folder / "pilot.toml")
    with guarded(places, PROGRAM, Catalogue(), at) as held:
        channel = open_channel(kind, None, ChannelSetting(str(places.folder)))
        due, after, before = plan(held.ledger.read(), at), held.remember, held.before_leaving
        carry_out(due, altered(held.ledger), [channel], compose, after_claim=after, before_leaving=before)


# ---------------------------------------------------------------------------------------------------------- strace


def in_a_child(folder: Path, subject: str, strace: list[str]) -> int:
    """Run once under strace; return the exit code, negative for a signal, 99 for an error that is not in words."""
    told, go = os.pipe()
    child = os.fork()
    if child == 0:
        _be_traced(told, go)
        os._exit(_exit_code(folder, subject))
    os.close(told)
    command = ["strace", *strace, "-p", str(child)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        attached = "attached" in tracer.stderr.readline()
        if not attached:
            os.kill(child, 9)
        os.write(go, b"x")
        os.close(go)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        tracer.stderr.read()
    if not attached:
        raise PermissionError("strace may not attach")
    return code


def _be_traced(told: int, go: int) -> None:
    os.close(go)
    ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER: Yama lets any process attach
    os.read(told, 1)


def _exit_code(folder: Path, subject: str) -> int:
    try:
        run(folder, subject)
    except MentorkitError:
        return 1
    except BaseException as problem:
        os.write(2, f"{problem!r}\n".encode())
        return 99
    return 0


def points(folder: Path, subject: str, calls: Collection[str]) -> Iterator[tuple[str, int]]:
    """Yield every state-changing call of an undisturbed run: its name, and the how manieth of that name it is."""
    trace = folder / "trace"
    start(folder / "reference")
    code = in_a_child(folder / "reference", subject, ["-o", str(trace), "-e", f"trace={','.join(calls)}"])
    assert code == 0
    counts: collections.Counter[str] = collections.Counter()
    for line in trace.read_text().splitlines():
        match = re.match(r"(\w+)\(", line)
        if match:
            counts[match[1]] += 1
            if match[1] != "openat" or "O_CREAT" in line:
                yield match[1], counts[match[1]]


# ---------------------------------------------------------------------------------------------------------- counting


@define
class Tally:
    points: int = 0
    stopped: int = 0
    lost: list[str] = field(factory=list)
    doubled: list[str] = field(factory=list)
    in_doubt: list[str] = field(factory=list)
    wrong: list[str] = field(factory=list)


def start(folder: Path) -> None:
    """Make a folder for a run: empty, or as one beside it was left."""
    shutil.rmtree(folder, ignore_errors=True)
    if (folder.parent / BEFORE).exists():
        shutil.copytree(folder.parent / BEFORE, folder)
    else:
        folder.mkdir(parents=True)


def record_only(folder: Path) -> None:
    """Leave a folder as a run does that was interrupted before it sent anything."""
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    with guarded(workspace(folder / "pilot.toml"), PROGRAM, Catalogue(), NOON) as held:
        held.ledger.record_plan(plan(held.ledger.read(), NOON))


def disturb(place: Path, subject: str, call: str, number: int, how: str, tally: Tally) -> None:
    """Stop a run at one point, run it again, and count what has become of every message."""
    folder = place / "run"
    start(folder)
    inject = f"error={ERRORS[call]}" if how == "error" else "signal=KILL"
    options = ["-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{inject}:when={number}"]
    code = in_a_child(folder, subject, options)
    tally.points += 1
    tally.stopped += code != 0
    where = f"{how} at {call} {number}"
    if code not in ((0, -9) if how != "error" else (0, 1)):
        tally.wrong.append(f"{where}: exit {code}")
    run(folder, subject)
    known = states(folder)
    if "deferred" in known.values():
        run(folder, subject, NOON + timedelta(hours=1))
        known = states(folder)
    _count(folder, known, where, tally)
    shutil.rmtree(folder)


def states(folder: Path) -> dict[str, str]:
    known = read_history(workspace(folder / "pilot.toml").ledger).transmissions
    return {key: one.state for key, one in known.items()}


def _count(folder: Path, known: Mapping[str, str], where: str, tally: Tally) -> None:
    places = workspace(folder / "pilot.toml")
    with guarded(places, PROGRAM, Catalogue(), NOON) as held:
        held.ledger.check()
    delivered = collections.Counter(_delivered(places.folder))
    for key in KEYS:
        state = known[key]
        tally.in_doubt += [where] * (state == "in_doubt")
        tally.lost += [f"{where}: {key} {state}"] * (delivered[key] == 0 and state != "in_doubt")
        tally.doubled += [f"{where}: {key} {state}"] * (delivered[key] > 1)
        if state not in ("sent", "in_doubt"):
            tally.wrong.append(f"{where}: {key} {state}")
    leftovers = [path.name for path in places.folder.rglob("*") if ".new" in path.name or path.name.startswith(".tmp")]
    tally.wrong += [f"{where}: {name} is left" for name in leftovers]


def _delivered(folder: Path) -> Iterator[str]:
    if (folder / "journal").exists():
        yield from (folder / "journal").read_text().split()
    for path in (folder / "outbox").glob("*.eml"):
        if b"Hello." in path.read_bytes():
            yield path.stem


def order(folder: str) -> None:
    """Print the calls of an undisturbed run by the outbox that bear on the ledger or give a message its name."""
    place = Path(folder)
    start(place / "reference")
    trace = place / "trace"
    in_a_child(place / "reference", "outbox", ["-y", "-o", str(trace), "-e", "trace=pwrite64,fdatasync,link"])
    found = [line for line in trace.read_text().splitlines() if "ledger.sqlite-wal" in line or ".eml" in line]
    print(json.dumps([line.partition("(")[0] for line in found]))  # noqa: T201 (its answer)


def main(subject: str, how: str, state: str, until: str, worker: str, workers: str, folder: str) -> None:
    """Disturb this worker's share of the points and print what came of it."""
    place = Path(folder) / f"{subject}-{how}-{worker}"
    start(place / "warm")
    run(place / "warm", subject)  # imports and caches what later runs would read from files
    if state == "recorded":
        record_only(place / BEFORE)
    calls = tuple(ERRORS) if how == "error" else CALLS
    tally = Tally()
    share = list(points(place, subject, calls))[int(worker) :: int(workers)]
    for call, number in share if until == END else reversed(share):
        disturb(place, subject, call, number, how, tally)
        if until != END and getattr(tally, until):
            break
    print(json.dumps(asdict(tally)))  # noqa: T201 (its answer)


if __name__ == "__main__":
    order(*sys.argv[2:]) if sys.argv[1] == "order" else main(*sys.argv[1:])
