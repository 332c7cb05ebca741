"""Where inputs lie that a door takes as a file: in memory, where the system has such a folder, and of this process."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

DESK = Path(__file__).parent / "desk"
"""A program with everything beside it, in order."""
_MEMORY = Path("/dev/shm")


@lru_cache(maxsize=1)
def scratch() -> Path:
    """Return this process's own folder with a copy of the desk; where another process named it, that one removes it."""
    named = os.environ.get("FUZZ_SCRATCH", "")
    folder = Path(named) if named else Path(tempfile.mkdtemp(prefix="fuzz-", dir=in_memory()))
    if not named:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(DESK, folder / "desk")
    return folder / "desk"


def in_memory() -> str | None:
    """Return a folder that is kept in memory; None: the system's for temporary files."""
    return str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None


def written(name: str, data: bytes) -> Path:
    """Return a file on the desk that holds these bytes."""
    path = scratch() / name
    path.write_bytes(data)
    return path
