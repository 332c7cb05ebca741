"""How long it takes to send many people their match announcements, planning included: into the outbox, or by mail.

`python -m benchmarks.mailing [PEOPLE] [--channel outbox|smtp]` measures the whole `mentorkit run`. By `smtp` it starts
Postfix and Dovecot on this machine, as root, which share it with mentorkit, and stops them; every person has an address
of their own, and what arrives is counted over IMAP. In the outbox, files are counted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.measuring import command, tell

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from servers.mail import MailServer, mail_server  # noqa: E402 (the servers of the tests)

PROGRAM = """\
extends = "traditional-one-on-one"
model.use = "one-on-one"

[program]
name = "Throughput"
starts = {starts}
coordinator = "office@example.org"

[roster]
file = "people.csv"

[sessions]
book = "none"

[timeline.match-announcement]
when = "match + 0 days at 00:01"
"""
BY_MAIL = """
[channels.email]
use = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
from = "Throughput <office@example.org>"
"""
SKILLS = ("python", "negotiation", "leadership", "budgeting", "writing", "statistics", "law")

RUNS = (("outbox", 1_000), ("outbox", 10_000), ("outbox", 50_000), ("smtp", 1_000), ("smtp", 10_000))
QUICK = 1_000

CALLED = {"outbox": "into the outbox", "smtp": "through Postfix on the same machine"}


def roster(people: int) -> str:
    """Return a roster in which half of the people are mentors."""
    rows = ["id,name,email,role,level,department,skills,wants,languages,location,manager_id"]
    for number in range(people):
        role, level = ("mentor", 4) if number % 2 else ("mentee", 2)
        skill = SKILLS[number % len(SKILLS)]
        rows.append(f"{number},Person {number},ada+{number}@example.org,{role},{level},Law,{skill},{skill},en,Oslo,")
    return "\n".join(rows) + "\n"


def run(folder: Path) -> tuple[dict[str, Any], str]:
    """Run the program; return what it took, and what it says was delivered."""
    said, figures = command(
        [sys.executable, "-m", "mentorkit", "run", "program.toml", "--yes"],
        folder,
        {"XDG_STATE_HOME": str(folder / "state")},
    )
    return figures, next(line.strip() for line in said.splitlines() if "delivered" in line or "nothing was due" in line)


def in_mailboxes(server: MailServer, count: int) -> Counter[str]:
    """Return how many mails each address got, once all are there."""
    with server.opened("ada") as box:
        until = time.monotonic() + 120
        while len(box.search(None, "ALL")[1][0].split()) < count and time.monotonic() < until:
            time.sleep(1)
            box.noop()
        _, found = box.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (DELIVERED-TO TO)])")
    headers = [part[1].decode() for part in found if isinstance(part, tuple)]
    return Counter(header.rpartition("ada+")[2].partition("@")[0] for header in headers)


def in_outbox(folder: Path) -> Counter[str]:
    """Return how many files each person got."""
    return Counter(path.name.split(".")[2] for path in folder.glob("*.run/outbox/*.match-announcement.*"))


@contextmanager
def receiving(channel: str, folder: Path) -> Iterator[tuple[str, Callable[[int], Counter[str]]]]:
    """Give what a program file says of a channel, and what counts what has arrived."""
    if channel == "outbox":
        yield "", lambda _count: in_outbox(folder)
        return
    with mail_server() as server:
        yield BY_MAIL.format(port=server.smtp), lambda count: in_mailboxes(server, count)


def measure(people: int, channel: str) -> dict[str, Any]:
    """Send, count, and return the figures; `note` says what arrived."""
    with tempfile.TemporaryDirectory() as made, receiving(channel, Path(made)) as (declared, arrived):
        folder = Path(made)
        (folder / "people.csv").write_text(roster(people))
        starts = (datetime.now(UTC) - timedelta(days=1)).date()
        (folder / "program.toml").write_text(PROGRAM.format(starts=starts) + declared)
        figures, said = run(folder)
        copies = arrived(people)
        again, said_again = run(folder)
    if "nothing was due" not in said_again:
        raise SystemExit(f"once more, it says: {said_again}")
    twice = sum(1 for count in copies.values() if count > 1)
    note = f"{len(copies):,} people have theirs, {twice} twice; {again['wall_seconds']:.1f} s to find nothing due again"
    return {**figures, "said": said, "note": note}


def main() -> None:
    """Measure one run, or all of them in a process each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="?", default=1_000)
    parser.add_argument("--channel", choices=CALLED, default="smtp")
    parser.add_argument("--json", action="store_true", help="print measurements, of all sizes")
    parser.add_argument("--quick", action="store_true", help=f"only of up to {QUICK} people")
    parser.add_argument("--one", action="store_true", help="print the measurement of this one")
    asked = parser.parse_args()
    if asked.json:
        for channel, people in RUNS:
            if people <= QUICK or not asked.quick:
                one = [sys.executable, "-m", "benchmarks.mailing", str(people), "--channel", channel, "--one"]
                subprocess.run(one, check=True)
        return
    instance = f"{asked.people:,} announcements {CALLED[asked.channel]}"
    try:
        found = measure(asked.people, asked.channel)
    except (pytest.skip.Exception, pytest.fail.Exception) as reason:  # how the servers of the tests say what they need
        tell("mailing", instance, asked.people, "mentorkit", failed=str(reason))
        return
    said, note = found.pop("said"), found.pop("note")
    if asked.one:
        tell("mailing", instance, asked.people, "mentorkit", **found, note=note)
        return
    print(f"{instance}: {found['wall_seconds']:.1f} s on the wall, {found['cpu_seconds']:.1f} s CPU, ", end="")
    print(f"{found['peak_megabytes']} MB at most; {said}")
    print(f"{note}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
