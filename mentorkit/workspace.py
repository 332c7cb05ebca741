"""Where the files of a program are: `NAME.toml`, its lock beside it, its run folder."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from mentorkit.core.errors import RefusedError


@frozen
class Workspace:
    """The places of one program.

    Attributes:
        program_file: the program, as the user named it.
        folder: the run folder, `NAME.run` beside the program unless put elsewhere.
    """

    program_file: Path
    folder: Path

    @property
    def ledger(self) -> Path:
        """The ledger."""
        return self.folder / "ledger.sqlite"

    @property
    def lock_file(self) -> Path:
        """What pins template, plugins and the ledger's id; made for version control."""
        return self.program_file.with_suffix(".lock")

    @property
    def kept_template(self) -> Path:
        """The resolved template this run lives by."""
        return self.folder / "template"

    @property
    def report(self) -> Path:
        """The report."""
        return self.folder / "report.html"


def workspace(program_file: Path, folder: Path | None = None) -> Workspace:
    """Return the places of a program.

    Raises:
        RefusedError: the file's name does not end in `.toml`, so that its run folder could be the file itself.
    """
    if program_file.suffix != ".toml":
        beside = program_file.with_name(f"{program_file.name}.toml")
        near = f'; did you mean "{beside}"?' if program_file.name and beside.is_file() else ""
        raise RefusedError(f"{program_file} is not a program file: its name must end in .toml{near}")
    return Workspace(program_file, folder or program_file.with_suffix(".run"))


def simulation_folder(program_file: Path) -> Path:
    """Return the folder a simulation goes to by default, `NAME.sim`."""
    return program_file.with_suffix(".sim")
