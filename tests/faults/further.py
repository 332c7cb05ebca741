"""What else is done to programs at length, beside killing runs: one process each, for `measuring`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from attrs import asdict, frozen

from faults.filling import filled
from faults.flipping import crafted, flipped
from faults.refusing import refused, unprivileged
from faults.runners import together
from faults.signaling import signaled
from faults.simulations import YEARS, played
from faults.subjects import Tally


@frozen
class Disturbance:
    """Something that is done to programs.

    Attributes:
        said: what, for people, in the plural.
        do: does it in a folder.
        as_root: whether it needs the right to mount a disk.
        unprivileged: whether it needs not to have all rights.
    """

    said: str
    do: Callable[[Path], Tally]
    as_root: bool = False
    unprivileged: bool = False


PEOPLE = 30
FURTHER = {
    "signals": Disturbance("runs asked to end, by SIGTERM or Ctrl-C", lambda place: signaled(place, 250)),
    "signals-watched": Disturbance("the same with `run --watch`", lambda place: signaled(place, 250, watched=True)),
    "signals-twice": Disturbance("runs asked twice", lambda place: signaled(place, 50, twice=True)),
    "room": Disturbance("disks that are full after ever more writes", lambda place: filled(place, 60), as_root=True),
    "rights": Disturbance("files and folders that may not be written, read or entered", refused, unprivileged=True),
    "waiting": Disturbance(
        "runs at once that wait for each other", lambda place: together(place, 8, 2_000, alone=False)
    ),
    "alone": Disturbance(
        "runs at once that each believe to be alone", lambda place: together(place, 8, 2_000, alone=True)
    ),
    "bits": Disturbance("ledgers with one bit flipped", lambda place: flipped(place, 1_000)),
    "damage": Disturbance("ledgers damaged in a way that happens", crafted),
    "years": Disturbance(
        f"plays of {YEARS} years among {PEOPLE} people, the same to the last entry", lambda place: played(place, PEOPLE)
    ),
}


def command(name: str, folder: Path) -> list[str] | None:
    """Return the command that does something to programs; None where it cannot be done here."""
    one = FURTHER[name]
    if one.as_root and os.geteuid() != 0:
        return None
    words = [sys.executable, "-m", "faults.further", name, str(folder)]
    return unprivileged(words) if one.unprivileged else words


def main(name: str, folder: str) -> None:
    """Do one thing, and print what came of it."""
    print(json.dumps(asdict(FURTHER[name].do(Path(folder)))))  # noqa: T201 (its answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
