"""Whether a program's ledger is sound, whole and the right one, as anybody may ask at any time; nothing is changed."""

from __future__ import annotations

from attrs import frozen

from mentorkit.core.errors import RefusedError
from mentorkit.core.history import History
from mentorkit.guarding.high_water import read_mark, state_folder
from mentorkit.guarding.ledger_guard import misgivings
from mentorkit.guarding.lock_file import read_lock
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.ledger.logbook import Tail
from mentorkit.workspace import Workspace


@frozen
class Verified:
    """What was found sound.

    Attributes:
        tail: the log's last entry.
        locked: whether a lock file names this very ledger.
        remembered: how many entries this machine remembers that it had; None: it remembers nothing of it.
    """

    ledger: str
    tail: Tail
    history: History
    locked: bool
    remembered: int | None


def verify(places: Workspace) -> Verified:
    """Check a program's ledger: the file, its references, every entry's hash, and what tables and log say.

    It also has to be the ledger that the lock names, and to hold the last entry that this machine remembers of it.

    Raises:
        RefusedError: something does not add up; the message says what, and the way on.
    """
    if not places.ledger.exists():
        for problem in misgivings(places, ""):
            raise RefusedError(problem.message)
    with open_ledger(places.ledger) as ledger:
        ledger.check()
        for problem in misgivings(places, ledger.id):
            raise RefusedError(problem.message)
        return Verified(
            ledger.id, ledger.tail(), ledger.read(), read_lock(places.lock_file) is not None, _remembered(ledger)
        )


def _remembered(ledger: Ledger) -> int | None:
    mark = read_mark(state_folder(), ledger.id)
    if mark is None:
        return None
    if ledger.hash_at(mark.number) != mark.hash:
        raise RefusedError(
            f"the ledger {ledger.path} stands at entry {ledger.tail().number} and had got to entry {mark.number}: "
            "it is an earlier copy and would send again what was sent since; put the latest one back"
        )
    return mark.number
