"""How long reading a large roster takes and how much memory, side by side with `csv.DictReader`.

Run `python benchmarks/roster_reading.py [PEOPLE] [csv|xlsx]`; each reader runs in a process of its own.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from mentorkit.core.program import ColumnRecipe, RosterSource, RosterUse
from mentorkit.plugin_loading import build_catalogue
from mentorkit.roster_files import read_roster
from mentorkit.testing import a_program

HEADERS = [
    "id",
    "name",
    "email",
    "manager_id",
    "department",
    "title",
    "level",
    "location",
    "timezone",
    "Hired",
    "skills",
    "languages",
]
ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "")


def person(number: int) -> list[str]:
    """Return the cells of one made-up person."""
    hired = date(1990, 1, 1) + timedelta(days=number * 7 % 13_000)
    skills = ";".join(f"skill {number * step % 97}" for step in (3, 5, 11))
    return [
        f"{number:07}",
        f"Given{number % 5003} Sürname{number % 9001}",
        f"person.{number}@example.org",
        f"{number // 8:07}" if number else "",
        f"Department {number % 120}",
        f"Title {number % 300}",
        str(1 + number * 7 % 9),
        f"Town {number % 60}",
        ZONES[number % len(ZONES)],
        hired.strftime("%d.%m.%Y"),
        skills,
        "en;de" if number % 3 else "en",
    ]


def write(path: Path, people: int) -> None:
    """Write the roster: CSV with byte-order mark, semicolons and dd.mm.yyyy dates, or a workbook."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            out = csv.writer(stream, delimiter=";")
            out.writerow(HEADERS)
            out.writerows(person(number) for number in range(people))
        return
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("People")
    sheet.append(HEADERS)
    for number in range(people):
        sheet.append(person(number))
    workbook.save(path)


def with_dict_reader(path: Path) -> int:
    """Read every row as a dictionary of texts, nothing more."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return len(list(csv.DictReader(stream, delimiter=";")))


def with_mentorkit(path: Path) -> int:
    """Read people with typed values, roles, places and a digest; every check is made."""
    columns = {"hire_date": ColumnRecipe(("Hired",), format="DD.MM.YYYY")}
    program = a_program(roster=RosterUse((RosterSource(str(path), path.name, columns=columns),)))
    reading = read_roster(program, build_catalogue(), today=date(2027, 1, 11))
    for diagnostic in reading.diagnostics:
        print(diagnostic.severity, diagnostic.message)
    return len(reading.roster.participants)


def measured(name: str, read: Callable[[Path], int], path: Path) -> None:
    """Print time and peak memory of one reader."""
    began = time.perf_counter()
    people = read(path)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(f"{name:16} {people:>9,} people  {took:6.2f} s  {peak:6.0f} MB")


def main() -> None:
    """Write a roster to a temporary folder and read it with each reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=300_000)
    parser.add_argument("format", nargs="?", choices=["csv", "xlsx"], default="csv")
    asked = parser.parse_args()
    readers = {"mentorkit": with_mentorkit}
    if asked.format == "csv":
        readers["csv.DictReader"] = with_dict_reader
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"people.{asked.format}"
        write(path, asked.people)
        print(f"{asked.people:,} people, {len(HEADERS)} columns, {path.stat().st_size / 2**20:.0f} MB")
        for name, read in readers.items():
            process = multiprocessing.get_context("spawn").Process(target=measured, args=(name, read, path))
            process.start()
            process.join()


if __name__ == "__main__":
    main()
