"""What the first plan of a large program takes: `python -m benchmarks.planning [PEOPLE]`.

One-on-one, a third of the people are mentors with two places; everything is planned, from the matching to all that is
to come, counted by day and step as `mentorkit plan` shows it. The collector is set as the command sets it.
"""

from __future__ import annotations

import csv
import gc
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from mentorkit.__main__ import RARELY
from mentorkit.core.history import History
from mentorkit.core.planning.deciding import make_plan
from mentorkit.core.planning.workload import workload
from mentorkit.opening import open_program

PROGRAM = """\
program.name = "Large"
program.starts = 2027-01-11
program.timezone = "Europe/London"
program.coordinator = "office@example.org"
roster.file = "people.csv"
roster.capacity.mentor = 2
model.use = "one-on-one"
"""
ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Singapore")
SKILLS = ("python", "negotiation", "leadership", "budgeting", "writing", "hiring", "law")


def main(count: int) -> None:
    """Plan a program of `count` people and print what it took."""
    gc.set_threshold(*RARELY)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_people(folder / "people.csv", count)
        (folder / "program.toml").write_text(PROGRAM)
        begun = time.process_time()
        opened = open_program(folder / "program.toml", at="2027-01-11T12:00:00Z")
        read = time.process_time()
        result = make_plan(opened.program, opened.roster, opened.catalogue, History(), opened.at)
        planned = time.process_time()
        messages = workload(opened.program, result.plan, History()).messages
    counted = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} people: {messages:,} messages, CPU: reading {read - begun:.1f} s, planning {planned - read:.1f} s, "
        f"counting {counted - planned:.1f} s; {memory:,.0f} MB at most"
    )


def _write_people(path: Path, count: int) -> None:
    choose = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "email", "level", "department", "skills", "wants", "timezone", "role"])
        for number in range(count):
            mentor = number % 3 == 0
            words = ";".join(choose.sample(SKILLS, 3))
            here = [f"D{choose.randrange(40)}", words if mentor else "", "" if mentor else words, choose.choice(ZONES)]
            level, role = (choose.randrange(3, 6), "mentor") if mentor else (choose.randrange(1, 3), "mentee")
            writer.writerow([number, f"Person {number}", f"p{number}@example.org", level, *here, role])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
