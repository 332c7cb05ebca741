"""What stands between a command and the ledger it wants to write: one runner, the right ledger, the latest one.

The largest source of duplicates is no crash, but a ledger that was lost, emptied or restored: everything in it is due
again. So a ledger is only written when it is the one the lock file names and no earlier copy of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from attrs import define

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import Diagnostic, note
from mentorkit.core.errors import MentorkitError, RefusedError, RunError
from mentorkit.core.program import Program
from mentorkit.guarding.high_water import HighWater, read_mark, state_folder, write_mark
from mentorkit.guarding.lock_file import Lock, changes, lock_for, read_lock, write_lock
from mentorkit.guarding.one_runner import one_runner
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.workspace import Workspace


@define
class Guarded:
    """A program's ledger, held by this process alone and known to be the right one.

    Attributes:
        notes: what there is to say about how it was opened.
        first_run: whether the ledger was made just now.
    """

    ledger: Ledger
    notes: tuple[Diagnostic, ...]
    first_run: bool
    _state: Path
    _mark: HighWater | None = None

    def before_leaving(self) -> None:
        """Remember, durably, that something is about to leave the machine.

        Raises:
            RunError: it cannot be remembered; nothing may leave.
        """
        if self._mark is None or not self._mark.left_machine:
            self.remember(left_machine=True)

    def remember(self, *, left_machine: bool = False) -> None:
        """Remember how far the ledger has got.

        Raises:
            RunError: it cannot be remembered.
        """
        tail = self.ledger.tail()
        left = left_machine or (self._mark is not None and self._mark.left_machine)
        mark = HighWater(self.ledger.id, tail.number, tail.hash, left)
        if mark != self._mark:
            write_mark(self._state, mark)
            self._mark = mark


@contextmanager
def guarded(places: Workspace, program: Program, catalogue: Catalogue, now: datetime) -> Iterator[Guarded]:
    """Hold a program and give its ledger, which the first run makes.

    At the end, however it comes, it is remembered how far the ledger has got.

    Raises:
        RefusedError: somebody else holds the program, or the ledger is missing, damaged, another one or an earlier one.
        RunError: run folder, lock file or state directory cannot be written.
    """
    state = state_folder()
    with one_runner(places.folder, now):
        lock = read_lock(places.lock_file)
        notes = _look(places, lock, state)
        made = not places.ledger.exists()
        with open_ledger(places.ledger, create_for=program.id) as ledger:
            found = Guarded(ledger, notes, made, state, read_mark(state, ledger.id))
            _check_identity(places, lock, ledger, state, made=made)
            _check_height(places, ledger, found._mark)
            found.remember()
            pinned = lock_for(program, catalogue, ledger.id)
            if lock is None or lock.ledger != ledger.id:
                _write_lock(places, pinned)
            else:
                found.notes += changes(lock, pinned)
            try:
                yield found
            except BaseException:
                with suppress(MentorkitError):  # the first problem is the one to tell
                    found.remember()
                raise
            found.remember()


def adopt(
    places: Workspace, program: Program, catalogue: Catalogue, *, assume_sent_until: datetime, now: datetime
) -> Path:
    """Go on with the ledger that is there, or a new one, and take everything due up to a moment as sent.

    Returns the ledger's path.

    Raises:
        RefusedError: somebody holds the program, or what is there is not a sound ledger of this program.
        RunError: run folder, lock file or state directory cannot be written.
    """
    state = state_folder()
    with one_runner(places.folder, now), open_ledger(places.ledger, create_for=program.id) as ledger:
        ledger.check()
        ledger.adopt(assume_sent_until, now)
        tail = ledger.tail()
        write_mark(state, HighWater(ledger.id, tail.number, tail.hash, left_machine=True))
        _write_lock(places, lock_for(program, catalogue, ledger.id))
    return places.ledger


def _look(places: Workspace, lock: Lock | None, state: Path) -> tuple[Diagnostic, ...]:
    """Return what to say about a missing ledger, if it may be missing."""
    if lock is None or places.ledger.exists():
        return ()
    mark = read_mark(state, lock.ledger)
    if mark is None or mark.left_machine:
        why = "messages have left this machine" if mark else "it is not known what was sent"
        raise RefusedError(
            f"the ledger {places.ledger} is missing, and {why}: a new one would send everything again; "
            f"put back a backup, or go on with {_way_on(places)}"
        )
    said = f"the ledger {places.ledger} is gone; nothing had left this machine, so the program starts anew"
    former = _set_aside(places.folder / "outbox")
    return (note("ledger-anew", f"{said}{former and f', and what the outbox held is in {former}'}"),)


def _set_aside(outbox: Path) -> str:
    """Give way to a new outbox: a name in it means that a message went out, and in the new ledger none has."""
    if not outbox.is_dir():
        return ""
    number = next(number for number in count(1) if not outbox.with_name(f"outbox.{number}").exists())
    try:
        return str(outbox.rename(outbox.with_name(f"outbox.{number}")))
    except OSError as problem:
        raise RunError(f"{outbox} cannot be renamed: {problem.strerror}; nothing was sent") from problem


def _check_identity(places: Workspace, lock: Lock | None, ledger: Ledger, state: Path, *, made: bool) -> None:
    """Refuse a ledger that is not the lock's, unless it has just been made, or an interrupted first run made it."""
    if lock is None or ledger.id == lock.ledger or made:
        return
    before = read_mark(state, lock.ledger)
    if before is not None and not before.left_machine and ledger.tail().number == 0:
        return
    raise RefusedError(
        f"the ledger {ledger.path} is not the one that {places.lock_file} names; put the right one back, or go on "
        f"with {_way_on(places)}"
    )


def _check_height(places: Workspace, ledger: Ledger, mark: HighWater | None) -> None:
    """Refuse a ledger that does not contain the entry it is known to have got to."""
    if mark is None or ledger.hash_at(mark.number) == mark.hash:
        return
    raise RefusedError(
        f"the ledger {ledger.path} stands at entry {ledger.tail().number} and had got to entry {mark.number}: it is "
        f"an earlier copy and would send again what was sent since; put the latest one back, or go on with "
        f"{_way_on(places)}"
    )


def _way_on(places: Workspace) -> str:
    return f"`mentorkit ledger adopt {places.program_file} --assume-sent-until TIME`"


def _write_lock(places: Workspace, lock: Lock) -> None:
    try:
        write_lock(places.lock_file, lock)
    except OSError as problem:
        raise RunError(f"{places.lock_file} cannot be written: {problem.strerror}; nothing was sent") from problem
