"""Files and folders that a run may not write, read or enter: it says which, and sends nothing; mended, it sends all.

Run as a module in a process that is nobody special: `unprivileged` says how to begin one as root.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import asdict, frozen

from faults.programs import Whole, whole
from faults.subjects import Tally

ANOTHER = 4711
"""A user who is nobody here."""
POWERS = "-dac_override,-dac_read_search,-fowner"


@frozen
class Case:
    """Something that stands in the way.

    Attributes:
        place: which file or folder, below the program's folder.
        mode: what may be done with it; None: it belongs to somebody else.
        begun: whether the program has run before, and has more to send.
    """

    place: str
    mode: int | None
    begun: bool = True


CASES = {
    "the folder of the program is read-only": Case(".", 0o500, begun=False),
    "the run folder is read-only": Case("pilot.run", 0o500),
    "the run folder may not be entered": Case("pilot.run", 0o000),
    "the run folder is somebody else's": Case("pilot.run", None),
    "the ledger is read-only": Case("pilot.run/ledger.sqlite", 0o400),
    "the ledger may not be read": Case("pilot.run/ledger.sqlite", 0o000),
    "the ledger is somebody else's": Case("pilot.run/ledger.sqlite", None),
    "the outbox is read-only": Case("pilot.run/outbox", 0o500),
    "the outbox is somebody else's": Case("pilot.run/outbox", None),
    "the lock file may not be read": Case("pilot.lock", 0o000),
    "who holds the program may not be written": Case("pilot.run/.runner", 0o400),
    "the state directory is read-only": Case("state/mentorkit/ledgers", 0o500),
    "the state directory may not be entered": Case("state", 0o000),
    "the state directory is somebody else's": Case("state/mentorkit/ledgers", None),
}

MASKS = (0o777, 0o277, 0o077, 0o000)


def unprivileged(command: Sequence[str]) -> list[str]:
    """Return a command that begins another one with no more rights than its files give it."""
    if os.geteuid() != 0:
        return list(command)
    return ["setpriv", f"--bounding-set={POWERS}", f"--inh-caps={POWERS}", *command]


def refused(place: Path) -> Tally:
    """Let each case stand in the way of a run, mend it, run again, and count."""
    tally = Tally()
    with whole(place / "program", outbox=True, told=place / "said") as program:
        for name, case in CASES.items():
            if case.mode is not None or os.geteuid() == 0:
                _one(program, name, case, tally)
        for mask in MASKS:
            _masked(program, mask, tally)
    return tally


def _masked(program: Whole, mask: int, tally: Tally) -> None:
    """Run with a mask that takes rights from all that is made; give them back, and run as usual."""
    program.again()
    before = os.umask(mask)
    try:
        code = program.run()
        tally.stopped += code != 0
        told = "Permission denied" in program.said and str(program.folder) in program.said
        tally.wrong += [f"umask {mask:o}: exit {code}: {program.said[-400:]}"] * (code != 0 and not told)
    finally:
        os.umask(before)
    subprocess.run(["chmod", "-R", "u+rwX", str(program.folder)], check=True)
    _look(program, f"after umask {mask:o}", tally)
    program.audit(f"umask {mask:o}", tally)


def _one(program: Whole, name: str, case: Case, tally: Tally) -> None:
    program.again()
    if case.begun:
        assert program.run_on_the_first_day() == 0, program.said
    path = program.folder / case.place
    owner, mode = path.stat().st_uid, path.stat().st_mode
    before = program.arrived()
    os.chown(path, ANOTHER, -1) if case.mode is None else path.chmod(case.mode)
    try:
        code = program.run()
        named = any(part in program.said for part in _names(program, case))
        tally.stopped += code != 0
        tally.wrong += [f"{name}: exit {code}: {program.said[-400:]}"] * (code not in (1, 2) or not named)
    finally:
        os.chown(path, owner, -1) if case.mode is None else path.chmod(mode)
    tally.wrong += [f"{name}: something was sent"] * (program.arrived() != before)
    _look(program, f"{name}, mended", tally)
    program.audit(name, tally)


def _names(program: Whole, case: Case) -> tuple[str, ...]:
    return str(program.folder / case.place).removesuffix("/."), Path(case.place).name


def _look(program: Whole, where: str, tally: Tally) -> None:
    code = program.run()
    tally.wrong += [f"{where}: exit {code}: {program.said[-400:]}"] * (code != 0)


def main(folder: str) -> None:
    """Print what came of all cases."""
    print(json.dumps(asdict(refused(Path(folder)))))  # noqa: T201 (its answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
