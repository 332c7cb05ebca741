"""A whole program, run by the command line: messages and invitations to twelve people over the web, and what arrives.

Each command is a fork of a process that has imported all of it.
"""

from __future__ import annotations

import collections
import io
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from attrs import define

from faults.subjects import Tally
from mentorkit.command_line.boundary import run_command
from mentorkit.ledger import read_history
from mentorkit.testing import program_folder
from servers.web import FaultyServer, faulty_server

PEOPLE = 12
_PROGRAM = """\
[program]
name = "Pilot"
starts = {starts}
timezone = "UTC"
coordinator = "office@example.org"

[roster]
file = "people.csv"

[model]
use = "one-on-one"

[sessions]
count = 1

[timeline.hello]
when = "start at 09:00"
to = "everyone"
message = "messages/hello"

[timeline.once-more]
when = "start + 1 day at 09:00"
to = "everyone"
message = "messages/hello"
{channel}"""
_CHANNEL = """
[channels.hook]
use = "webhook"
url = "{url}"
allow_private = true
timeout = 10.0
"""
_HELLO = "---\nsubject: Hello {{ me.name }}\n---\nHello **{{ me.name }}**.\n"


@define
class Whole:
    """A program in a folder; `web` is where its messages go, None: into its outbox."""

    folder: Path
    web: FaultyServer | None
    told: Path
    starts: date
    messages: int = 0

    def again(self) -> None:
        """Begin anew, as if nothing had ever run."""
        for name in ("pilot.run", "pilot.lock", "state"):
            path = self.folder / name
            path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)
        if self.web is not None:
            self.web.asked.clear()

    @property
    def program(self) -> str:
        return str(self.folder / "pilot.toml")

    def warm_up(self) -> None:
        """Import what commands need, by some that change nothing; look how many messages there are."""
        with redirect_stdout(io.StringIO()) as said, redirect_stderr(io.StringIO()):
            assert run_command(["plan", self.program, "--json"]) == 0
            self.messages = len(json.loads(said.getvalue())["due"])
            simulated = str(self.folder / "warm")
            assert run_command(["run", self.program, "--simulate", "--folder", simulated]) == 0

    def begin(self, *words: str) -> int:
        """Begin a command in a process of its own; what it says is kept. Return the process."""
        child = os.fork()
        if child == 0:
            os.closerange(3, 1024)
            said = os.open(self.told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(said, 1)
            os.dup2(said, 2)
            sys.stdout = sys.stderr = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
            os.environ["XDG_STATE_HOME"] = str(self.folder / "state")
            code = 99
            try:
                code = run_command([words[0], self.program, *words[1:]])
            except KeyboardInterrupt:  # before the command could take it
                code = 130
            finally:
                os._exit(code)
        return child

    def run(self, *words: str) -> int:
        """Run once, and return the exit code."""
        return ended(self.begin("run", "--yes", *words))

    def run_on_the_first_day(self) -> int:
        """Send a half of the messages."""
        return self.run("--at", f"{self.starts}T12:00:00Z")

    @property
    def said(self) -> str:
        return self.told.read_text()

    def arrived(self) -> Mapping[str, int]:
        """Return how often each message has arrived, by its key."""
        if self.web is not None:
            return collections.Counter(one.json["key"] for one in self.web.asked)
        return collections.Counter(path.stem for path in (self.folder / "pilot.run").glob("outbox/*.eml"))

    def states(self) -> Mapping[str, str]:
        known = read_history(self.folder / "pilot.run" / "ledger.sqlite").transmissions
        return {key: one.state for key, one in known.items()}

    def audit(self, where: str, tally: Tally) -> None:
        """Compare what has arrived with what the ledger says; everything was to be sent."""
        states, arrived = self.states(), self.arrived()
        known = {key: (state, arrived.get(key, 0)) for key, state in states.items()}
        tally.points += 1
        tally.messages += len(known)
        tally.wrong += [f"{where}: {len(known)} messages"] * (len(known) != self.messages)
        for key, (state, copies) in known.items():
            tally.lost += [f"{where}: {key} {state}"] * (copies == 0 and state != "in_doubt")
            tally.doubled += [f"{where}: {key} came {copies} times"] * (copies > 1)
            tally.in_doubt += [where] * (state == "in_doubt")
            tally.arrived += state == "in_doubt" and copies > 0
            tally.wrong += [f"{where}: {key} {state}"] * (state not in ("sent", "in_doubt"))
        tally.wrong += [f"{where}: {key} is nobody's" for key in arrived.keys() - states.keys()]


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def whole(folder: Path, *, outbox: bool = False, told: Path | None = None) -> Iterator[Whole]:
    """Give a program whose messages were due in the last two days; what it says is kept in `told`."""
    starts = (datetime.now(UTC) - timedelta(days=2)).date()
    with faulty_server() as web:
        channel = "" if outbox else _CHANNEL.format(url=web.url)
        rows = [f"{n},Person {n},p{n}@example.org,{n % 5},{_ROLES[n % 2]}" for n in range(1, PEOPLE + 1)]
        files: dict[str, str | bytes] = {
            "pilot.toml": _PROGRAM.format(starts=starts, channel=channel),
            "people.csv": "\n".join(["id,name,email,level,role", *rows, ""]),
            "messages/hello.md": _HELLO,
        }
        program_folder(folder, files)
        made = Whole(folder, None if outbox else web, told or folder / "said", starts)
        made.warm_up()
        yield made


_ROLES: Sequence[str] = ("mentor", "mentee")
