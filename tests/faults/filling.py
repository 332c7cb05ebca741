"""Whole runs on a small disk that fills up at any of their writes; once there is room, everything is sent once."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.programs import Whole, whole
from faults.subjects import Tally

DISK = 16 * 2**20


def may_mount() -> bool:
    """Return whether this process may make a disk of memory: as root, and where containers let it."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="faults-") as place:
        try:
            with _disk(Path(place)):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


@contextmanager
def _disk(place: Path) -> Iterator[Path]:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "tmpfs", str(place)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True, capture_output=True)


def filled(place: Path, times: int) -> Tally:
    """Run a new program with ever more room, run it again, make room, and run it to its end."""
    tally = Tally()
    disk = place / "disk"
    disk.mkdir()
    with _disk(disk), whole(disk / "program", outbox=True, told=place / "said") as program:
        before = _free(disk)
        assert program.run() == 0
        needed = before - _free(disk)
        for number in range(times):
            program.again()
            room = needed * number // times
            with _full(disk, room):
                for _ in range(2):
                    _look(program, f"{room} bytes free", program.run(), tally)
            _look(program, "with room again", program.run(), tally, codes=(0,))
            program.audit(f"{room} bytes free", tally)
    return tally


def _free(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_bsize


@contextmanager
def _full(disk: Path, room: int) -> Iterator[None]:
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(_free(disk) - room, 1))
    try:
        yield
    finally:
        ballast.unlink()


def _look(program: Whole, where: str, code: int, tally: Tally, codes: tuple[int, ...] = (0, 1, 2)) -> None:
    tally.stopped += code != 0
    tally.wrong += [f"{where}: exit {code}: {program.said[-400:]}"] * (code not in codes)
    tally.wrong += [f"{where}: it does not say why: {program.said[-400:]}"] * (
        code != 0 and not _says_why(program.said)
    )


def _says_why(said: str) -> bool:
    return any(reason in said for reason in ("No space left on device", "free some space", "check the disk"))
