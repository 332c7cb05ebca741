"""How long it takes to send many people their match announcements through a mail server on this machine.

Run `python -m benchmarks.mailing [PEOPLE]`, as root: it starts Postfix and Dovecot, which share the machine with
mentorkit, and stops them. Every person has an address of their own; what arrives is counted over IMAP.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

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

[channels.email]
use = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
from = "Throughput <office@example.org>"
"""
SKILLS = ("python", "negotiation", "leadership", "budgeting", "writing", "statistics", "law")


def roster(people: int) -> str:
    """Return a roster in which half of the people are mentors."""
    rows = ["id,name,email,role,level,department,skills,wants,languages,location,manager_id"]
    for number in range(people):
        role, level = ("mentor", 4) if number % 2 else ("mentee", 2)
        skill = SKILLS[number % len(SKILLS)]
        rows.append(f"{number},Person {number},ada+{number}@example.org,{role},{level},Law,{skill},{skill},en,Oslo,")
    return "\n".join(rows) + "\n"


def run(folder: Path) -> tuple[float, float, str]:
    """Run the program; return seconds on the wall clock, CPU seconds, and what it says was delivered."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-m", "mentorkit", "run", "program.toml", "--yes"],
        cwd=folder,
        env={**os.environ, "XDG_STATE_HOME": str(folder / "state")},
        capture_output=True,
        text=True,
        check=False,
    )
    took, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode:
        raise SystemExit(ran.stdout + ran.stderr)
    said = next(line.strip() for line in ran.stdout.splitlines() if "delivered" in line or "nothing was due" in line)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, said


def arrived(server: MailServer, count: int) -> Counter[str]:
    """Return how many mails each address got, once all are there."""
    with server.opened("ada") as box:
        until = time.monotonic() + 120
        while len(box.search(None, "ALL")[1][0].split()) < count and time.monotonic() < until:
            time.sleep(1)
            box.noop()
        _, found = box.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (DELIVERED-TO TO)])")
    headers = [part[1].decode() for part in found if isinstance(part, tuple)]
    return Counter(header.rpartition("ada+")[2].partition("@")[0] for header in headers)


def main(people: int) -> None:
    """Send, count, and print."""
    with mail_server() as server, tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "people.csv").write_text(roster(people))
        starts = (datetime.now(UTC) - timedelta(days=1)).date()
        (folder / "program.toml").write_text(PROGRAM.format(starts=starts, port=server.smtp))
        begun = time.perf_counter()
        took, cpu, said = run(folder)
        copies = arrived(server, people)
        until_there = time.perf_counter() - begun
        again, _, said_again = run(folder)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    twice = sum(1 for count in copies.values() if count > 1)
    print(f"{people} people: {took:.1f} s on the wall, {cpu:.1f} s CPU, {memory:.0f} MB at most; {said}")
    print(f"{len(copies)} mailboxes have it, {twice} twice; all there {until_there:.1f} s after the start")
    print(
        f"once more: {again:.1f} s; {said_again.splitlines()[1].strip() if said_again.count(chr(10)) else said_again}"
    )
    whole = again + (took - again) / people * 10_000
    busy = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"{whole:.0f} s for 10,000 at this rate; {busy}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
