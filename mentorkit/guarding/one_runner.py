"""One runner at a time: whoever holds a program's run folder says so, and the kernel lets go when they die."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from mentorkit.core.errors import RefusedError, RunError
from mentorkit.durable_files import make_private_folder

FILE = ".runner"
"""Says in the run folder who holds it: host, pid, since; empty when nobody does."""
_GLANCE = 0.05
"""Seconds between two tries to hold what somebody else holds."""

_held: set[int] = set()
"""Descriptors by which this process holds folders."""


def _let_go() -> None:
    """Keep a copy of this process, which a plugin may have forked and left behind, from holding on after its end."""
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_let_go)


@contextmanager
def one_runner(folder: Path, now: datetime, patience: float = 0.0) -> Iterator[None]:
    """Hold a run folder, which is made if need be, as long as the block lasts.

    Args:
        folder: the run folder.
        now: since when, for whoever else wants it.
        patience: seconds to wait for somebody else to let go.

    Raises:
        RefusedError: somebody else holds it, after that; the message says who.
        RunError: the folder cannot be written.
    """
    path = folder / FILE
    try:
        make_private_folder(folder)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as problem:
        raise RunError(
            f"{problem.filename or path} cannot be written: {problem.strerror}; nothing was sent"
        ) from problem
    try:
        _hold(descriptor, folder, patience)
        _held.add(descriptor)
        with suppress(OSError):  # somebody else's file that may be written will do
            os.fchmod(descriptor, 0o600)  # whatever the umask said when it was made
        _say(descriptor, {"host": socket.gethostname(), "pid": os.getpid(), "since": now.isoformat()})
        try:
            yield
        finally:
            _say(descriptor, {})
    finally:
        _held.discard(descriptor)
        os.close(descriptor)


def _hold(descriptor: int, folder: Path, patience: float) -> None:
    end = time.monotonic() + patience
    while not _is_ours(descriptor, folder):
        left = end - time.monotonic()
        if left <= 0:
            told = f"{folder} is held by {_holder(os.pread(descriptor, 4096, 0))}"
            waited = f", and still was after {patience:g} seconds" if patience else ""
            raise RefusedError(f"{told}{waited}; run again when that has ended")
        time.sleep(min(left, _GLANCE))


def _is_ours(descriptor: int, folder: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as problem:
        raise RunError(f"{folder} cannot be held: {problem.strerror}; put it on a local disk by --folder") from problem
    return True


def _say(descriptor: int, facts: dict[str, str | int]) -> None:
    with suppress(OSError):  # the hold is the kernel's; what is written is for people
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(facts, indent=1).encode() if facts else b"", 0)


def _holder(said: bytes) -> str:
    try:
        facts = json.loads(said)
        return f"process {facts['pid']} on {facts['host']}, since {facts['since']}"
    except (ValueError, KeyError, TypeError):
        return "another process that has just begun"
