"""How far a ledger had got, and where it was, remembered where a lost or restored ledger cannot take it along.

One small file per ledger in the user's state directory, written after a plan is recorded and after each claim, before
anything of it is sent. A ledger that does not contain the entry named there is an earlier copy, and would send again
what has been sent since.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import platformdirs
from attrs import asdict, frozen

from mentorkit.core.diagnostics import quoted
from mentorkit.core.errors import RefusedError, RunError
from mentorkit.durable_files import make_private_folder, write_whole

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@frozen
class HighWater:
    """The furthest a ledger is known to have got.

    Attributes:
        number: of its last log entry.
        hash: of that entry.
        left_machine: whether anything may have left the machine because of it.
        place: absolute path of the ledger when it got there, or "".
    """

    ledger: str
    number: int
    hash: str
    left_machine: bool
    place: str = ""


def state_folder() -> Path:
    """Return the user's state directory: `$XDG_STATE_HOME/mentorkit`, else the system's place for it."""
    named = os.environ.get("XDG_STATE_HOME", "")
    if named and Path(named).is_absolute():
        return Path(named) / "mentorkit"
    return platformdirs.user_state_path("mentorkit", appauthor=False)


def read_mark(folder: Path, ledger: str) -> HighWater | None:
    """Return how far a ledger had got, None where nothing is remembered.

    Raises:
        RefusedError: what is there cannot be read, or the id is none.
    """
    path = _path(folder, ledger)
    try:
        found = json.loads(path.read_bytes())
        words = (*(found[key] for key in ("ledger", "number", "hash", "left_machine")), found.get("place", ""))
        if [type(one) for one in words] != [str, int, str, bool, str]:
            raise TypeError("a value in it is of another kind")
        mark = HighWater(*words)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise RefusedError(
            f"{path}, which remembers how far the ledger had got, cannot be read: {problem}; "
            "if you are sure that the ledger is the latest, remove that file"
        ) from problem
    return mark


def write_mark(folder: Path, mark: HighWater) -> None:
    """Remember how far a ledger has got.

    Raises:
        RefusedError: the ledger's id is none.
        RunError: it cannot be written.
    """
    path = _path(folder, mark.ledger)
    try:
        make_private_folder(path.parent)
        write_whole(path, (json.dumps(asdict(mark), indent=1) + "\n").encode())
    except OSError as problem:
        raise RunError(
            f"{path}, which remembers how far the ledger has got, cannot be written: {problem.strerror}; "
            "nothing was sent after this; XDG_STATE_HOME names another place"
        ) from problem


def _path(folder: Path, ledger: str) -> Path:
    if not _ID.fullmatch(ledger):  # lock files come with programs of others
        told = f"{quoted(ledger)} is the id of no ledger; take lock file and ledger from version control or a backup"
        raise RefusedError(told)
    return folder / "ledgers" / f"{ledger}.json"
