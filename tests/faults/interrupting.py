"""Ends a run before each of its state-changing system calls in turn, runs it again undisturbed, and counts.

Run as a module by test_interruptions.py: SUBJECT HOW STATE WORKER WORKERS FOLDER. HOW is `kill` or `error` (a
call fails with an errno); STATE is `fresh` (from the first run on) or `recorded` (a run finds the plan recorded). All
is imported once and each run is a fork of this process, so that a point costs a tenth of a second. Prints one JSON
document.
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
from collections.abc import Collection, Iterator
from pathlib import Path

from attrs import asdict

from faults.subjects import BEFORE, Subject, Tally, audit, record_only, run, run_to_the_end, start
from faults.ways import subject_of
from mentorkit.core.errors import MentorkitError

CALLS = (
    *("write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "fallocate", "openat"),
    *("link", "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat"),
    *("chmod", "fchmod", "fchmodat", "flock", "connect", "sendto", "sendmsg", "shutdown"),
)

ERRORS = {"write": "ENOSPC", "pwrite64": "ENOSPC", "link": "ENOSPC", "mkdir": "ENOSPC", "fsync": "EIO"}
ERRORS |= {"fdatasync": "EIO", "unlink": "EIO", "rename": "EIO", "ftruncate": "EIO", "fchmod": "EIO"}
ERRORS |= {"connect": "ECONNREFUSED", "sendto": "EPIPE", "recvfrom": "ECONNRESET"}


def in_a_child(folder: Path, subject: Subject, strace: list[str]) -> int:
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


def _exit_code(folder: Path, subject: Subject) -> int:
    try:
        run(folder, subject)
    except MentorkitError:
        return 1
    except BaseException as problem:
        os.write(2, f"{problem!r}\n".encode())
        return 99
    return 0


def points(folder: Path, subject: Subject, calls: Collection[str]) -> Iterator[tuple[str, int]]:
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


def disturb(place: Path, subject: Subject, call: str, number: int, how: str, tally: Tally) -> None:
    """Stop a run at one point, run it again, and count what has become of every message."""
    folder = place / "run"
    start(folder)
    subject.forget()
    inject = f"error={ERRORS[call]}" if how == "error" else "signal=KILL"
    options = ["-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{inject}:when={number}"]
    code = in_a_child(folder, subject, options)
    tally.points += 1
    tally.stopped += code != 0
    where = f"{how} at {call} {number}"
    if code not in ((0, -9) if how != "error" else (0, 1)):
        tally.wrong.append(f"{where}: exit {code}")
    run_to_the_end(folder, subject)
    audit(folder, subject, where, tally)
    shutil.rmtree(folder)


def order(folder: str) -> None:
    """Print the calls of an undisturbed run by the outbox that bear on the ledger or give a message its name."""
    place = Path(folder)
    start(place / "reference")
    trace = place / "trace"
    with subject_of("outbox") as subject:
        in_a_child(place / "reference", subject, ["-y", "-o", str(trace), "-e", "trace=pwrite64,fdatasync,link"])
    found = [line for line in trace.read_text().splitlines() if "ledger.sqlite-wal" in line or ".eml" in line]
    print(json.dumps([line.partition("(")[0] for line in found]))  # noqa: T201 (its answer)


def main(name: str, how: str, state: str, worker: str, workers: str, folder: str) -> None:
    """Disturb this worker's share of the points and print what came of it."""
    place = Path(folder) / f"{name}-{how}-{worker}"
    with subject_of(name) as subject:
        start(place / "warm")
        run(place / "warm", subject)  # imports and caches what later runs would read from files
        if state == "recorded":
            record_only(place / BEFORE, invites=subject.invites)
        calls = tuple(ERRORS) if how == "error" else CALLS
        tally = Tally()
        share = list(points(place, subject, calls))[int(worker) :: int(workers)]
        for call, number in share:
            disturb(place, subject, call, number, how, tally)
    print(json.dumps(asdict(tally)))  # noqa: T201 (its answer)


if __name__ == "__main__":
    order(*sys.argv[2:]) if sys.argv[1] == "order" else main(*sys.argv[1:])
