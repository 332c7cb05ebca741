"""Runs a program on a ledger in which one byte is another one, or which was damaged in some way that happens.

Whatever it is, the run refuses it in words and keeps it as it is, or goes on with it and sends nothing twice.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from faults.subjects import BEFORE, NOON, Subject, Tally, run, start
from faults.ways import subject_of
from mentorkit.core.errors import MentorkitError
from mentorkit.workspace import workspace

PAGE = 4096
KEYS = tuple(f"k{number:02d}" for number in range(12))
MORE = (*KEYS, "m1", "m2")

CRAFTED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "one byte": lambda one: one[:1],
    "half of the header": lambda one: one[:50],
    "the header alone": lambda one: one[:100],
    "the first page alone": lambda one: one[:PAGE],
    "half of it": lambda one: one[: len(one) // 2],
    "without its last page": lambda one: one[:-PAGE],
    "without its last byte": lambda one: one[:-1],
    "the header zeroed": lambda one: bytes(100) + one[100:],
    "the magic zeroed": lambda one: bytes(16) + one[16:],
    "the first page zeroed": lambda one: bytes(PAGE) + one[PAGE:],
    "the last page zeroed": lambda one: one[:-PAGE] + bytes(PAGE),
    "a page in the middle zeroed": lambda one: one[: 4 * PAGE] + bytes(PAGE) + one[5 * PAGE :],
    "all but the first page zeroed": lambda one: one[:PAGE] + bytes(len(one) - PAGE),
    "all zeros": lambda one: bytes(len(one)),
    "text": lambda _: b"id,name\n1,Ada\n" * 300,
    "two pages exchanged": lambda one: (
        one[: 2 * PAGE] + one[3 * PAGE : 4 * PAGE] + one[2 * PAGE : 3 * PAGE] + one[4 * PAGE :]
    ),
    "the page size another": lambda one: one[:16] + b"\x20\x00" + one[18:],
    "random bytes": lambda one: random.Random(1).randbytes(len(one)),
    "a letter of the schema that is none": lambda one: one.replace(b'S transmissions ("', b'S transmissions\xa0("'),
    "twice in a row": lambda one: one + one,
}


def flipped(place: Path, times: int, seed: int = 7) -> Tally:
    """Flip one bit of the ledger's file, anywhere but where it is empty, so many times; run, and count."""
    chance = random.Random(seed)

    def flips(sound: bytes) -> Iterator[tuple[str, bytes]]:
        used = [at for at in range(len(sound)) if any(sound[max(at - 8, 0) : at + 8])]
        for _ in range(times):
            at, bit = chance.choice(used), 1 << chance.randrange(8)
            yield f"bit {bit} of byte {at}", sound[:at] + bytes([sound[at] ^ bit]) + sound[at + 1 :]

    return _tried(place, flips)


def crafted(place: Path) -> Tally:
    """Damage the ledger in each way that is thought of above; run, and count."""
    return _tried(place, lambda sound: ((name, damage(sound)) for name, damage in CRAFTED.items()))


def _tried(place: Path, damages: Callable[[bytes], Iterable[tuple[str, bytes]]]) -> Tally:
    tally = Tally()
    folder, before = place / "run", place / BEFORE
    with subject_of("journal") as subject:
        start(before)
        run(before, subject, keys=KEYS)
        sound = workspace(before / "pilot.toml").ledger.read_bytes()
        for name, damaged in damages(sound):
            start(folder)
            workspace(folder / "pilot.toml").ledger.write_bytes(damaged)
            _look(folder, subject, name, damaged, tally)
    return tally


def _look(folder: Path, subject: Subject, name: str, damaged: bytes, tally: Tally) -> None:
    """Run as of the next day, when there is more to send, and see."""
    places = workspace(folder / "pilot.toml")
    tally.points += 1
    refused = False
    try:
        run(folder, subject, NOON + timedelta(days=1), MORE)
    except MentorkitError:
        refused = True
        tally.stopped += 1
    except Exception as problem:
        refused = True
        tally.wrong.append(f"{name}: {problem!r}"[:300])
    arrived = subject.arrived(places.folder)
    tally.messages += len(arrived)
    tally.doubled += [f"{name}: {key} came {copies} times" for key, copies in arrived.items() if copies > 1]
    tally.lost += [f"{name}: {key}" for key in MORE if not refused and not arrived.get(key)]
    tally.wrong += [f"{name}: {key} is nobody's" for key in arrived.keys() - set(MORE)]
    started_anew = refused and not places.ledger.exists()
    tally.wrong += [f"{name}: the ledger is gone"] * started_anew
