"""Several files of a program at once, as `check`, `plan`, `run` and `status` see them on the command line.

An input is files one after the other, each below a line `=== NAME`; what is not there is taken from the desk.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil

from fuzz.scratch import DESK, scratch
from fuzz.target import Target
from mentorkit.command_line.boundary import run_command

_HEAD = re.compile(rb"^=== ([a-z0-9./-]{1,40})\r?\n", re.MULTILINE)
_AT = ("--at", "2027-01-13T10:00")
_FINE, _OPEN, _REFUSED, _CONSENT = 0, 1, 2, 4


def run(data: bytes) -> None:
    """Check, plan and run: what passes the check is planned and runs, once; nothing ends in a report of a bug."""
    folder = scratch().parent / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DESK, folder)
    os.environ["XDG_STATE_HOME"] = str(folder / "state")  # where runs remember how far their ledger had got
    for name, content in files_in(data):
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()) and not path.is_dir() and path.parent.is_dir():
            path.write_bytes(content)
    program = str(folder / "pilot.toml")
    checked, document = _called("check", program, "--json", *_AT)
    problems = json.loads(document)["problems"]
    assert checked == (_REFUSED if any(one["severity"] == "error" for one in problems) else _FINE), document
    planned, told = _called("plan", program, *_AT)
    assert planned in (_FINE, _CONSENT) or (planned == _REFUSED and checked == _REFUSED), told
    assert _called("status", program, *_AT)[0] in (_FINE, _OPEN, _REFUSED)
    if checked == _FINE and b"channels" not in data:  # messages go to the outbox, and nowhere else
        ran, told = _called("run", program, *_AT)
        assert ran == (_CONSENT if planned == _CONSENT else _FINE), told
        assert ran == _CONSENT or _called("ledger", "verify", program)[0] == _FINE
        assert ran == _CONSENT or "delivered" not in _called("run", program, *_AT)[1]


def files_in(data: bytes) -> list[tuple[str, bytes]]:
    """Return names and contents of the files in an input."""
    parts = _HEAD.split(data)[1:]
    return [(name.decode(), content) for name, content in zip(parts[::2], parts[1::2], strict=True)]


def _called(*arguments: str) -> tuple[int, str]:
    """Return exit code and standard output of a command; anything it raises is a finding."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_command(arguments)
    out.getvalue().encode()
    err.getvalue().encode()
    assert code != 3, err.getvalue()  # our bug, with its report
    return code, out.getvalue()


TARGET = Target(
    "folder",
    run,
    words=("=== people.csv\n", "=== pilot.toml\n", "=== answers.csv\n", "=== messages/hello.md\n", "=== busy.ics\n"),
    longest=32768,
    seconds=10,
)
