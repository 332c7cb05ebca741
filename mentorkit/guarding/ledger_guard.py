"""What stands between a command and the ledger it wants to write: one runner, the right ledger, the latest one.

The largest source of duplicates is no crash, but a ledger that was lost, emptied or restored: everything in it is due
again. So a ledger is only written when it is the one the lock file names and no earlier copy of it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from attrs import define

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.errors import MentorkitError, RefusedError, RunError
from mentorkit.core.program import Program
from mentorkit.guarding.high_water import HighWater, read_mark, state_folder, write_mark
from mentorkit.guarding.lock_file import Lock, changes, check_template, lock_for, read_lock, write_lock
from mentorkit.guarding.one_runner import FILE, one_runner
from mentorkit.ledger import DamagedError, Ledger, open_ledger
from mentorkit.workspace import Workspace


@define
class Guarded:
    """A program's ledger, held by this process alone and known to be the right one.

    Attributes:
        notes: what there is to say about how it was opened.
    """

    ledger: Ledger
    notes: tuple[Diagnostic, ...]
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
        mark = HighWater(self.ledger.id, tail.number, tail.hash, left, str(self.ledger.path.resolve()))
        if mark != self._mark:
            write_mark(self._state, mark)
            self._mark = mark


@contextmanager
def guarded(
    places: Workspace, program: Program, catalogue: Catalogue, now: datetime, patience: float = 0.0
) -> Iterator[Guarded]:
    """Hold a program and give its ledger, which the first run makes; `patience`: seconds to wait for who holds it.

    At the end, however it comes, it is remembered how far the ledger has got.

    Raises:
        RefusedError: somebody else holds the program, the folder is no run folder, or the ledger is missing, damaged,
            elsewhere, another one or an earlier one, or the template is not the one the lock names.
        RunError: run folder, lock file or state directory cannot be written.
    """
    state = state_folder()
    _check_folder(places)
    _check_there(places, read_lock(places.lock_file), state)  # before a folder is made in vain
    with one_runner(places.folder, now, patience):
        lock = read_lock(places.lock_file)
        _check_there(places, lock, state)
        made = not places.ledger.exists()
        notes = _starts_anew(places) if made and lock is not None else ()
        with open_ledger(places.ledger, create_for=program.id) as ledger:
            found = Guarded(ledger, notes, state, read_mark(state, ledger.id))
            _check_identity(places, lock, ledger, state, made=made)
            _check_height(places, ledger, found._mark)
            if lock is not None and not made:
                check_template(places.lock_file, lock, program.template, places.kept_template)
            if lock is not None and not made and found._mark is None and ledger.tail().number:
                found.notes += (_unknown_here(ledger),)
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

    A damaged one is set aside as `ledger.sqlite.damaged-1`, and a new one takes its place.

    Returns the ledger's path.

    Raises:
        RefusedError: somebody holds the program, or what is there is another program's or a newer ledger.
        RunError: run folder, lock file or state directory cannot be written.
    """
    state = state_folder()
    _check_folder(places)
    with one_runner(places.folder, now), _sound(places.ledger, program.id) as ledger:
        ledger.adopt(assume_sent_until, now)
        tail = ledger.tail()
        place = str(places.ledger.resolve())
        write_mark(state, HighWater(ledger.id, tail.number, tail.hash, left_machine=True, place=place))
        _write_lock(places, lock_for(program, catalogue, ledger.id))
    return places.ledger


def _sound(path: Path, program: str) -> Ledger:
    """Open a ledger that adds up; one that does not makes room for a new one."""
    with suppress(DamagedError), ExitStack() as on_failure:
        ledger = on_failure.enter_context(open_ledger(path, create_for=program))
        ledger.check()
        on_failure.pop_all()
        return ledger
    _set_ledger_aside(path)
    return open_ledger(path, create_for=program)


def _set_ledger_aside(path: Path) -> None:
    number = next(number for number in count(1) if not path.with_name(f"{path.name}.damaged-{number}").exists())
    try:
        for suffix in ("-wal", "-shm", ""):  # the ledger last: a journal without it would be played into the next one
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(path.with_name(f"{path.name}.damaged-{number}{suffix}"))
    except OSError as problem:
        raise RunError(f"{path} cannot be renamed: {problem.strerror}; nothing was sent") from problem


def misgivings(places: Workspace, ledger: str) -> tuple[Diagnostic, ...]:
    """Return a warning where a folder's ledger (its id, "" for none) is not the one that the lock names, or behind.

    Raises:
        RefusedError: lock file, mark or ledger cannot be read.
    """
    lock = read_lock(places.lock_file)
    if lock is None:
        return ()
    mark = read_mark(state_folder(), lock.ledger)
    if lock.ledger == ledger:
        behind = _behind(places, mark)
        hint = "until then, what is shown here leaves out what happened since"
        return (warning("ledger-behind", behind, help=hint),) if behind else ()
    said = _not_the_one(places, mark) if ledger else _why_missing(places, mark)
    return (
        (warning("ledger-other", said, help="until then, what is shown here leaves that ledger out"),) if said else ()
    )


def _check_folder(places: Workspace) -> None:
    """Refuse a folder, named by the user, that is no run folder and not free to become one."""
    folder = places.folder.resolve()
    if folder == places.program_file.with_suffix(".run").resolve() or not folder.is_dir():
        return
    holds_program = folder == places.program_file.resolve().parent
    ours = places.ledger.exists() or (folder / FILE).exists()
    if holds_program or (not ours and any(folder.iterdir())):
        why = f"holds {places.program_file.name} itself" if holds_program else "holds other files and no ledger"
        raise RefusedError(f"{places.folder} cannot be the run folder: it {why}; name an empty or a new folder")


def _check_there(places: Workspace, lock: Lock | None, state: Path) -> None:
    """Refuse to make a ledger where the lock names one that must not be missing."""
    refused = "" if lock is None or places.ledger.exists() else _why_missing(places, read_mark(state, lock.ledger))
    if refused:
        raise RefusedError(refused)


def _starts_anew(places: Workspace) -> tuple[Diagnostic, ...]:
    """Make room for a new ledger in the place of one that is gone, and say so."""
    said = f"the ledger {places.ledger} is gone; nothing had left this machine, so the program starts anew"
    former = _set_aside(places.folder / "outbox")
    return (warning("ledger-anew", f"{said}{former and f', and what the outbox held is in {former}'}"),)


def _why_missing(places: Workspace, mark: HighWater | None) -> str:
    """Return why the ledger that the lock names must not be missing here, "" where a new one may take its place."""
    elsewhere = _elsewhere(places, mark)
    if elsewhere:
        return (
            f"this program's ledger is {elsewhere}; a new one in {places.folder} would send everything again: "
            f"go on with `--folder {shlex.quote(str(Path(elsewhere).parent))}`, or move that folder here"
        )
    if mark is None or mark.left_machine:
        why = "messages have left this machine" if mark else "it is not known what was sent"
        return (
            f"the ledger {places.ledger} is missing, and {why}: a new one would send everything again; "
            f"put back a backup, or go on with {_way_on(places)}"
        )
    return ""


def _not_the_one(places: Workspace, mark: HighWater | None) -> str:
    elsewhere = _elsewhere(places, mark)
    return (
        f"the ledger {places.ledger} is not the one that {places.lock_file} names"
        f"{elsewhere and f', which is {elsewhere}'}; put the right one back, or go on with {_way_on(places)}"
    )


def _elsewhere(places: Workspace, mark: HighWater | None) -> str:
    """Return where the marked ledger is, "" where it is not elsewhere, or not there any more."""
    if mark is None or not mark.place or Path(mark.place) == places.ledger.resolve():
        return ""
    return mark.place if Path(mark.place).exists() else ""


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
    empty = ledger.tail().number == 0
    if before is not None and not before.left_machine and empty and not _elsewhere(places, before):
        return
    raise RefusedError(_not_the_one(places, before))


def _behind(places: Workspace, mark: HighWater | None) -> str:
    """Return that the ledger is an earlier copy, "" where it is not."""
    with open_ledger(places.ledger) as ledger:
        try:
            _check_height(places, ledger, mark)
        except RefusedError as problem:
            return str(problem)
    return ""


def _check_height(places: Workspace, ledger: Ledger, mark: HighWater | None) -> None:
    """Refuse a ledger that does not contain the entry it is known to have got to."""
    if mark is None or ledger.hash_at(mark.number) == mark.hash:
        return
    raise RefusedError(
        f"the ledger {ledger.path} stands at entry {ledger.tail().number} and had got to entry {mark.number}: it is "
        f"an earlier copy and would send again what was sent since; put the latest one back, or go on with "
        f"{_way_on(places)}"
    )


def _unknown_here(ledger: Ledger) -> Diagnostic:
    told = f"how far the ledger {ledger.path} had got is not known on this machine; make sure it is the latest copy"
    return warning("ledger-unknown-here", told, help="an earlier copy would send again what was sent since")


def _way_on(places: Workspace) -> str:
    return f"`mentorkit ledger adopt {places.program_file} --assume-sent-until TIME`"


def _write_lock(places: Workspace, lock: Lock) -> None:
    try:
        write_lock(places.lock_file, lock)
    except OSError as problem:
        raise RunError(f"{places.lock_file} cannot be written: {problem.strerror}; nothing was sent") from problem
