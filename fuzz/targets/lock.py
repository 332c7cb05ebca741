"""The lock file beside a program."""

from __future__ import annotations

from fuzz.laws import check_refusal
from fuzz.scratch import written
from fuzz.target import Target
from mentorkit.core.errors import RefusedError
from mentorkit.guarding.lock_file import changes, read_lock, write_lock


def run(data: bytes) -> None:
    """Read it; what is read is the same when it is written and read again."""
    path = written("pilot.lock", data)
    try:
        lock = read_lock(path)
    except RefusedError as refused:
        check_refusal(refused)
        return
    assert lock is not None
    path.unlink()
    write_lock(path, lock)
    assert lock == read_lock(path)
    assert not changes(lock, lock)


TARGET = Target(
    "lock",
    run,
    words=("[ledger]", 'id = "x"', "[template]", "name", "version", "digest", "[plugins]", "=", "''", "[[", "{}"),
)
