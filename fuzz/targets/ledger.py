"""A ledger in which bytes have changed, or something else under its name: opened, checked and read.

An input that begins like a database is the whole file; of any other one, every three bytes are a place in a sound
ledger and one is what is laid over it there.
"""

from __future__ import annotations

import struct

from fuzz.desk_files import AT, the_ledger
from fuzz.laws import check_refusal
from fuzz.scratch import scratch, written
from fuzz.target import Target
from mentorkit.core.errors import RefusedError, RunError
from mentorkit.ledger import open_ledger

_DATABASE = b"SQLite format 3\x00"
_CHANGE = struct.Struct(">BHB")


def run(data: bytes) -> None:
    """Open, check and read it: what is not sound is refused, or tells what the sound one tells."""
    whole = data.startswith(_DATABASE)
    path = written("fuzzed.sqlite", data if whole else _changed(data))
    for beside in ("fuzzed.sqlite-wal", "fuzzed.sqlite-shm", "fuzzed.sqlite-journal"):
        (scratch() / beside).unlink(missing_ok=True)
    try:
        with open_ledger(path, durable=False) as ledger:
            ledger.was_matched()
            ledger.waiting(AT)
            ledger.check()
            told = ledger.id, ledger.tail(), ledger.read()
    except (RefusedError, RunError) as refused:
        check_refusal(refused)
        return
    sound = the_ledger()
    assert whole or told == (sound.id, sound.tail, sound.history)


def _changed(data: bytes) -> bytes:
    found = bytearray(the_ledger().file)
    for high, low, change in _CHANGE.iter_unpack(data[: len(data) // _CHANGE.size * _CHANGE.size]):
        found[(high << 16 | low) % len(found)] ^= change
    return bytes(found)


TARGET = Target("ledger", run, longest=65536)
