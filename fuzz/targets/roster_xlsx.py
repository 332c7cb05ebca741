"""A roster as a workbook, changed inside of its packing too."""

from __future__ import annotations

from fuzz.mutating import mutated_archive
from fuzz.scratch import written
from fuzz.target import Target
from fuzz.targets.roster_csv import check_reading, read


def run(data: bytes) -> None:
    """Read it as `roster_csv` does."""
    path = written("fuzzed.xlsx", data)
    check_reading(read(path), read(path))


TARGET = Target("roster_xlsx", run, mutate=mutated_archive, longest=32768)
