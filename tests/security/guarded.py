"""A program in a folder, and neighbors of that folder: nothing there may be written, removed or read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from attrs import define, field, frozen

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

CANARY = "Elderflower"
"""Stands in every file of the neighbors."""
PROGRAM = """\
format = 1
program.name = "Pilot"
program.starts = 2027-01-11
program.timezone = "Europe/London"
program.length = "12 weeks"
program.coordinator = "office@example.org"
roster.file = "people.csv"
model.use = "one-on-one"
matching.rules = {}
sessions = { count = 2, cadence = "every 2 weeks" }

[timeline.hello]
when = "match + 0 days at 09:00"
to = "everyone"
message = "messages/hello"
"""
PEOPLE = """\
id,name,email,role
1,Ada Osei,ada@example.org,mentor
2,Ben Ruiz,ben@example.org,mentee
"""
HELLO = "---\nsubject: Hello\n---\nHello {{ me.name }}.\n"
NOON = ("--at", "2027-01-11T12:00")


@frozen
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


@define
class Guarded:
    """The folder `desk` with the program `p.toml`, and its neighbors `above.txt` and `beside/`."""

    root: Path
    capfd: pytest.CaptureFixture[str]
    said: list[str] = field(factory=list)
    before: dict[str, tuple[int, bytes]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.folder.mkdir()
        self.write({"p.toml": PROGRAM, "people.csv": PEOPLE, "messages/hello.md": HELLO})
        neighbors = ("above.txt", "above.md", "above.toml", "above.csv", "above.ics")
        files = dict.fromkeys(neighbors, f"{CANARY},{CANARY}\n")
        program_folder(self.root, files | {f"beside/{name}": content for name, content in files.items()})
        self.before = self._neighbors()

    @property
    def folder(self) -> Path:
        return self.root / "desk"

    @property
    def beside(self) -> Path:
        return self.root / "beside"

    def write(self, files: Mapping[str, str]) -> None:
        program_folder(self.folder, files)

    def __call__(self, command: str, *words: str) -> Ran:
        self.capfd.readouterr()
        code = run_command([command, *([] if command == "ledger" else ["p.toml"]), *words])
        ran = Ran(code, *self.capfd.readouterr())
        self.said.append(ran.out + ran.err)
        return ran

    def neighbors_are_as_they_were(self) -> None:
        """Assert that nothing beside the folder has been touched, nor is repeated by any command or file."""
        assert self.before == self._neighbors()
        assert not [told for told in self.said if CANARY in told or "Traceback" in told]
        written = [path for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink()]
        assert not [path for path in written if CANARY.encode() in path.read_bytes()]

    def _neighbors(self) -> dict[str, tuple[int, bytes]]:
        found: dict[str, tuple[int, bytes]] = {}
        for parent, folders, files in os.walk(self.root):
            if Path(parent) == self.root:
                folders.remove("desk")
            for name in (*folders, *files):
                path = Path(parent, name)
                found[str(path.relative_to(self.root))] = (
                    path.stat().st_mode,
                    path.read_bytes() if path.is_file() else b"",
                )
        return found
