"""Writes the first program of somebody who starts, once it is sure to pass `check`; never over a file."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

from attrs import evolve

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.errors import ProgramError, RefusedError
from mentorkit.durable_files import make_private_folder
from mentorkit.loading.templates import show_template
from mentorkit.opening import open_program
from mentorkit.starting.first_program import Start, program_text

PROGRAM = "program.toml"
_FEWEST_SESSIONS = 1


def extending(template: str, catalogue: Catalogue, columns: Collection[str] | None = None) -> str:
    """Return `extends` for an installed template: from its version on, below the next one that may break it.

    A model's own template fills in without being extended: where the `columns` that it requires are not there, it
    returns "", so that the program lives by what there is.
    """
    facts = show_template(template, catalogue)
    if columns is not None and not set(facts.requires.columns) <= set(columns):
        return ""
    version = facts.version
    parts = [*version.split("."), "0"][:2]
    return f"{template} >={parts[0]}.{parts[1]},<{int(parts[0]) + 1}" if parts[0].isdigit() else template


def refuse_existing(folder: Path) -> None:
    """Check that nothing would be written over.

    Raises:
        RefusedError: there is a program already, or the folder is none.
    """
    file = folder / PROGRAM
    if folder.exists() and not folder.is_dir():
        raise RefusedError(f"{folder} is a file; name a folder for the program")
    if file.exists() or file.is_symlink():
        raise RefusedError(f"{file} is there already, and nothing is written over it; name another folder")


def checked(start: Start) -> tuple[Start, tuple[Diagnostic, ...]]:
    """Return the start with as many sessions as fit, and what `check` says of it: no errors.

    Raises:
        ProgramError: what was said does not make a program that could run.
    """
    with tempfile.TemporaryDirectory(prefix="mentorkit-") as folder:
        file = Path(folder) / PROGRAM
        while True:
            file.write_text(program_text(start, None), encoding="utf-8")
            try:
                return start, open_program(file).diagnostics
            except ProgramError as problem:
                fewer = _fewer_sessions(start, problem)
                if fewer is None:
                    raise ProgramError(
                        [
                            evolve(one, file=PROGRAM if one.file == str(file) else one.file)
                            for one in problem.diagnostics
                        ]
                    ) from None
                start = evolve(start, sessions=fewer)


def _fewer_sessions(start: Start, problem: ProgramError) -> int | None:
    """Return one session less where they do not fit into the weeks and nothing else is wrong; None where not."""
    codes = {one.code for one in problem.diagnostics if one.is_error}
    if codes != {"session-past-end"}:
        return None
    fewer = (start.sessions or 30) - 1
    return fewer if fewer >= _FEWEST_SESSIONS else None


def begin(start: Start, folder: Path) -> Path:
    """Write the program file into a folder, which is made where it is not there, and return its path.

    Raises:
        RefusedError: there is a program already.
    """
    refuse_existing(folder)
    make_private_folder(folder)
    file = folder / PROGRAM
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(program_text(start, folder))
    except FileExistsError:
        raise RefusedError(f"{file} is there already, and nothing is written over it; name another folder") from None
    return file
