"""A program of three years, played twice on a virtual clock among people of a rough world: the same to the last entry.

A ledger's log is hashed entry by entry, so that its last hash says whether two plays differ in anything that happened.
"""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from faults.subjects import Tally
from mentorkit.command_line.boundary import run_command
from mentorkit.ledger import creating, open_ledger
from mentorkit.testing import program_folder

YEARS = 3
_PROGRAM = f"""\
[program]
name = "Pilot"
starts = 2027-01-11
length = "{52 * YEARS} weeks"
timezone = "Europe/London"
coordinator = "office@example.org"

[roster]
file = "people.csv"

[model]
use = "one-on-one"

[sessions]
count = 36
cadence = "every 4 weeks"
"""


def played(place: Path, people: int, times: int = 2) -> Tally:
    """Play it so many times from the same files; return what differed, and what did not add up."""
    rows = [f"{n},Person {n},p{n}@example.org,{n % 5},{('mentor', 'mentee')[n % 2]}" for n in range(1, people + 1)]
    files: dict[str, str | bytes] = {
        "pilot.toml": _PROGRAM,
        "people.csv": "\n".join(["id,name,email,level,role", *rows, ""]),
    }
    folder = program_folder(place / "program", files)
    tally, ends = Tally(), set()
    for number in range(times):
        simulated = folder / f"play-{number}"
        _play(folder, simulated)
        with open_ledger(simulated / "ledger.sqlite") as ledger:
            ledger.check()
            states = [one.state for one in ledger.read().transmissions.values()]
            ends.add(ledger.tail().hash)
        tally.points += 1
        tally.messages += states.count("sent")
        copies = list((simulated / "outbox").glob("*.eml"))
        tally.wrong += [f"{len(copies)} messages, and {states.count('sent')} sent"] * (
            len(copies) != states.count("sent")
        )
    tally.wrong += ["two plays differ"] * (len(ends) != 1)
    return tally


def _play(folder: Path, simulated: Path) -> None:
    with (
        redirect_stdout(io.StringIO()) as said,
        redirect_stderr(io.StringIO()),
        patch.object(creating, "token_hex", _id),
    ):
        words = [
            "run",
            str(folder / "pilot.toml"),
            "--simulate",
            "--world",
            "rough",
            "--folder",
            str(simulated),
        ]
        code = run_command(words)
    assert code == 0, said.getvalue()[-500:]


def _id(_: int) -> str:
    return "0" * 32
