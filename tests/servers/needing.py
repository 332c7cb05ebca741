"""What becomes of a test whose server is not installed: skipped with a word, and in CI a failure."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parent.parent.parent
PYTHON_SERVERS = ROOT / ".venv-servers" / "bin"
_SYSTEM = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", "/sbin"])


def missing(what: str) -> NoReturn:
    """Skip the test, saying what it needs; in CI, where everything is installed, fail it."""
    said = f"needs {what}; `make test` installs it where it may"
    if os.environ.get("CI"):
        pytest.fail(said, pytrace=False)
    pytest.skip(said)


def program(name: str) -> str:
    """Return the path of a server's program: of the system (also where only root looks), or of `.venv-servers`."""
    own = PYTHON_SERVERS / name
    found = str(own) if own.exists() else shutil.which(name, path=_SYSTEM)
    return found or missing(name)


def root() -> None:
    """Go on only as root: some servers change to users of their own."""
    if os.geteuid() != 0:
        missing("root, to start a server that changes to users of its own")
