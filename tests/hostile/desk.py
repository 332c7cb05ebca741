"""Hostile input through the command line: what is refused leaves one line with all that helps, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from mentorkit.command_line.boundary import run_command, run_process
from mentorkit.testing import program_folder

PROGRAM = """\
format = 1

[program]
name = "Pilot"
starts = 2027-01-11
timezone = "Europe/London"
coordinator = "office@example.org"

[roster]
file = "people.csv"

[model]
use = "one-on-one"
"""
PEOPLE = """\
id,name,email,level,department,skills,wants,timezone,manager_id,role
1,Ada Osei,ada@example.org,4,Engineering,python;leadership,,Europe/London,,mentor
2,Ben Ruiz,ben@example.org,4,Sales,negotiation;public speaking,,Europe/Madrid,,mentor
4,Dev Patel,dev@example.org,2,Engineering,,leadership;python,Europe/London,1,mentee
5,Eva Novak,eva@example.org,2,Sales,,leadership;budgeting,Europe/Prague,2,mentee
6,Finn Berg,finn@example.org,1,Finance,,public speaking,Europe/Oslo,2,mentee
"""
NOON = ("--at", "2027-01-11T10:00")
LONGEST_LINE = 1200
"""Characters of a line on the screen, whatever the input."""
LINES = ("    | ", "    help: ", "1 ", "2 ", "3 ", "4 ", "5 ", "50 ", "51 ")
"""How a line begins that is no headline of a problem: the source, the next step, or the sum of all."""
MOST_SECONDS = 5
"""Of processor time, for one command on something hostile."""
MOST_MEMORY = 800 * 2**20
"""Bytes of address space that a command may take beyond what Python and numpy have mapped when it begins."""


@frozen
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What was printed, as JSON."""
        return json.loads(self.out)

    def problems(self, severity: str = "error") -> list[dict[str, Any]]:
        """Return the problems of a document of `check --json`."""
        return [one for one in json.loads(self.out)["problems"] if one["severity"] == severity]


class Desk:
    """A folder with a program in it, and commands run there."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capfd = folder, capfd

    def write(self, files: Mapping[str, str | bytes]) -> None:
        program_folder(self.folder, files)

    def __call__(self, *arguments: str) -> Ran:
        self.capfd.readouterr()
        began = time.process_time()
        code = run_command(arguments)
        assert time.process_time() - began < MOST_SECONDS
        return Ran(code, *self.capfd.readouterr())

    def process(self, *arguments: str) -> Ran:
        """Run a command as the whole process does: in a child where it may call plugins that are not ours."""
        self.capfd.readouterr()
        code = run_process(arguments)
        return Ran(code, *self.capfd.readouterr())

    def apart(self, *arguments: str) -> Ran:
        """Run a command in a process of its own, with no more than `MOST_MEMORY`."""
        done = subprocess.run(
            [sys.executable, "-c", _BOUNDED.format(most=MOST_MEMORY), *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def files(self) -> dict[str, bytes]:
        """Return every file below the folder, links and what Python compiled left out."""
        return dict(_read(self.folder))

    def refuses(self, code: str, place: str = "", *words: str) -> dict[str, Any]:
        """Assert that program and roster are refused by all commands with this code at this place, and return how.

        Args:
            place: `file:line`, or only a file; "": wherever it is.
            words: what is said, somewhere in the reason or the next step.
        """
        before = self.files()
        checked = self("check", "pilot.toml", "--json")
        assert 2 == checked.code, checked.err
        found = {one["code"]: one for one in reversed(checked.problems())}
        assert code in found, checked.out
        problem = found[code]
        said = ":".join(str(problem[part]) for part in ("file", "line") if problem[part])
        assert place in ("", said if ":" in place else problem["file"]), problem
        for word in words:
            assert word in f"{problem['message']} | {problem['help']}"
        assert all(one["message"] for one in checked.problems())
        ran = self("run", "pilot.toml", "--yes", *NOON)
        assert 2 == ran.code, ran.out + ran.err
        assert f"error[{code}]" in ran.err
        assert "Traceback" not in ran.out + ran.err
        assert max(map(len, ran.err.splitlines())) < LONGEST_LINE
        assert all(line.startswith(LINES) for line in ran.err.splitlines() if "[" not in line), ran.err
        assert before == self.files()
        return problem

    def takes(self, *words: str) -> Ran:
        """Assert that program and roster pass, saying these words, and return what was said."""
        checked = self("check", "pilot.toml")
        assert 0 == checked.code, checked.err
        for word in words:
            assert word in checked.out + checked.err
        return checked


_BOUNDED = """
import resource, sys
import numpy, scipy.sparse, python_calamine
from mentorkit.command_line.boundary import run_command
mapped = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (mapped + {most}, mapped + {most}))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
sys.exit(run_command(sys.argv[1:]))
"""


def _read(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts:
            yield str(path.relative_to(folder)), path.read_bytes()
