"""The shipped examples: what their README says is so."""

from __future__ import annotations

import csv
import runpy
import shutil
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_roster_is_what_the_script_makes_of_the_plain_one(tmp_path: Path) -> None:
    source = EXAMPLES / "adventureworks"
    for name in ("add_signups.py", "adventureworks.csv"):
        shutil.copy(source / name, tmp_path)

    runpy.run_path(str(tmp_path / "add_signups.py"), run_name="__main__")

    assert (source / "people.csv").read_bytes() == (tmp_path / "people.csv").read_bytes()


def test_only_answers_were_added_to_real_people() -> None:
    plain = rows(EXAMPLES / "adventureworks" / "adventureworks.csv")
    added = ("skills", "languages", "role", "wants", "capacity")

    for before, after in zip(plain, rows(EXAMPLES / "adventureworks" / "people.csv"), strict=True):
        assert {name: cell for name, cell in before.items() if name not in added} == {
            name: cell for name, cell in after.items() if name not in added
        }
        assert after["role"] or not any(after[name] for name in added)
