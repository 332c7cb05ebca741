"""What the first plan of a large program takes: `python -m benchmarks.planning [PEOPLE] [--command]`.

One-on-one, a third of the people are mentors with two places; everything is planned, from the matching to all that is
to come, counted by day and step as `mentorkit plan` shows it. The collector is set as the command sets it. With
`--command` it is `mentorkit plan` itself that is measured, as somebody meets it, with and without a plan that is saved.
"""

from __future__ import annotations

import argparse
import csv
import gc
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import Stages, command, tell
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
AT = "2027-01-11T12:00:00Z"
RUNS = (1_000, 10_000, 100_000)
QUICK = 10_000
ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Singapore")
SKILLS = ("python", "negotiation", "leadership", "budgeting", "writing", "hiring", "law")


def measure(folder: Path) -> tuple[int, dict[str, Any]]:
    """Plan the program in a folder; return how many messages there are, and what it took."""
    gc.set_threshold(*RARELY)
    stages = Stages()
    with stages.stage("reading"):
        opened = open_program(folder / "program.toml", at=AT)
    with stages.stage("planning"):
        result = make_plan(opened.program, opened.roster, opened.catalogue, History(), opened.at)
    with stages.stage("counting"):
        messages = workload(opened.program, result.plan, History()).messages
    return messages, stages.figures()


def of_command(folder: Path, *more: str) -> dict[str, Any]:
    """Return what `mentorkit plan` takes for the program in a folder."""
    asked = [sys.executable, "-m", "mentorkit", "plan", "program.toml", "--at", AT, *more]
    said, figures = command(asked, folder, {"XDG_STATE_HOME": str(folder / "state")})
    return {**figures, "note": f"it shows {len(said.splitlines())} lines"}


def main() -> None:
    """Measure one plan, or all of them in a process each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="?", default=100_000)
    parser.add_argument("--command", action="store_true", help="measure the command, with and without a saved plan")
    parser.add_argument("--json", action="store_true", help="print measurements, of all sizes")
    parser.add_argument("--quick", action="store_true", help=f"only of up to {QUICK:,} people")
    parser.add_argument("--one", action="store_true", help="print the measurement of this one")
    asked = parser.parse_args()
    if asked.json:
        for people in RUNS:
            if people <= QUICK or not asked.quick:
                subprocess.run([sys.executable, "-m", "benchmarks.planning", str(people), "--one"], check=True)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_people(folder / "people.csv", asked.people)
        (folder / "program.toml").write_text(PROGRAM)
        if asked.command:
            print(f"mentorkit plan: {of_command(folder)}")
            print(f"mentorkit plan --out: {of_command(folder, '--out', 'first.plan')}", end=", ")
            print(f"{(folder / 'first.plan').stat().st_size / 1e6:,.0f} MB of plan")
            return
        messages, figures = measure(folder)
    if asked.one:
        instance = f"the first plan of {asked.people:,} people"
        tell("planning", instance, asked.people, "mentorkit", **figures, note=f"{messages:,} messages")
        return
    parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in figures["stages"].items())
    print(f"{asked.people:,} people: {messages:,} messages, CPU: {parts}; ", end="")
    print(f"{figures['cpu_seconds']:.1f} s CPU in all, {figures['peak_megabytes']:,} MB at most")


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
    main()
