"""Disturbs runs at length and writes the figures into docs/explanation/reliability.md: `make faults`.

Each case is a process of its own; what it came to is kept in `.faults`, so that a measurement that was ended goes on
where it was. A symptom ends with exit code 1 and leaves the page as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "reliability.md"
BEGIN, END = "<!-- figures: written by make faults -->", "<!-- end of figures -->"

SUBJECTS = {
    "outbox": "`outbox`",
    "smtp": "`smtp`",
    "webhook": "`webhook`",
    "keyed": "`webhook` with `dedupe_window`",
    "journal": "one that forgets what it has seen",
}
HOW = {
    "storm": "killed at random moments",
    "kill": "killed before each state-changing system call",
    "error": "each such call that can fail made to fail",
}


def main() -> int:
    """Measure what is not measured yet, and write the page."""
    parser = argparse.ArgumentParser(description="Disturbs runs and counts what has arrived.")
    parser.add_argument("--kills", type=int, default=500, help="how many for each channel at random moments")
    parser.add_argument("--kept", type=Path, default=ROOT / ".faults", help="where results are kept")
    asked = parser.parse_args()
    asked.kept.mkdir(parents=True, exist_ok=True)
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for how, name in _cases():
        found[how, name] = one = _measured(asked.kept, how, name, asked.kills)
        symptoms = [*one["lost"], *one["doubled"], *one["wrong"]]
        _say(f"{name}, {HOW[how]}: {one['points']} runs, {one['stopped']} ended by it, {len(symptoms)} symptoms")
        if symptoms:
            _say("\n".join(symptoms))
            return 1
    caught = _caught(asked.kept)
    _write(_figures(found), _mutants(caught))
    return 0 if all(caught.values()) else 1


def _cases() -> Iterable[tuple[str, str]]:
    traced = shutil.which("strace") is not None
    for name in SUBJECTS:
        yield "storm", name
        if traced:
            yield "kill", name
            yield "error", name


def _measured(kept: Path, how: str, name: str, kills: int) -> Mapping[str, Any]:
    result = kept / f"{how}-{name}.json"
    if not result.exists() or (how == "storm" and json.loads(result.read_text())["stopped"] < kills):
        with tempfile.TemporaryDirectory(prefix="faults-") as place:
            state = "fresh" if name == "outbox" else "recorded"
            traced = ["-m", "faults.interrupting", name, how, state, "0", "1", place]
            storm = ["-m", "faults.killing", name, str(kills), "7", place]
            answer = _ask(storm if how == "storm" else traced)
        result.write_text(answer)
    found: Mapping[str, Any] = json.loads(result.read_text())
    return found


def _ask(words: list[str]) -> str:
    path = os.pathsep.join([str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *words]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment, cwd=ROOT).stdout


def _caught(kept: Path) -> Mapping[str, list[str]]:
    """Return for each mutant the symptoms that its check has found."""
    from faults.mutants import MUTANTS, grown

    result = kept / "mutants.json"
    if not result.exists():
        caught = {}
        for name, mutant in MUTANTS.items():
            with grown(mutant) as place:
                caught[name] = mutant.caught_by(place)
            _say(f"mutant {name}: {'; '.join(caught[name]) or 'NOT CAUGHT'}")
        result.write_text(json.dumps(caught))
    found: Mapping[str, list[str]] = json.loads(result.read_text())
    return found


def _figures(found: Mapping[tuple[str, str], Mapping[str, Any]]) -> list[str]:
    rows = ["| disturbance | channel | disturbed runs | messages | lost | doubled | left in doubt (had arrived) |"]
    rows.append("|---|---|---|---|---|---|---|")
    for (how, name), one in sorted(found.items(), key=lambda item: list(HOW).index(item[0][0])):
        number = f"{one['stopped']:,} kills" if how == "storm" else f"{one['points']:,} points"
        doubt = f"{len(one['in_doubt']):,} ({one['arrived']:,})" if one["in_doubt"] else "0"
        figures = f"{one['messages']:,} | {len(one['lost']):,} | {len(one['doubled']):,} | {doubt}"
        rows.append(f"| {HOW[how]} | {SUBJECTS[name]} | {number} | {figures} |")
    versions = f"Python {platform.python_version()} and SQLite {sqlite3.sqlite_version}"
    return [*rows, "", f"Measured with {versions}; every doubt is named by `mentorkit status`."]


def _mutants(caught: Mapping[str, list[str]]) -> list[str]:
    from faults.mutants import MUTANTS

    rows = ["| wrong protocol | noticed by |", "|---|---|"]
    for name in caught:
        mutant = MUTANTS[name]
        rows.append(f"| {mutant.wrong} | `{mutant.caught_by.__name__}` |")
    return [f"{sum(map(bool, caught.values()))} of {len(caught)} wrong protocols are caught:", "", *rows]


def _write(*parts: list[str]) -> None:
    text = "\n\n".join("\n".join(part) for part in parts)
    page = PAGE.read_text(encoding="utf-8")
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    assert between.search(page), f"{PAGE} has no place for figures"
    PAGE.write_text(between.sub(lambda _: f"{BEGIN}\n\n{text}\n\n{END}", page), encoding="utf-8")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (what it is for)


if __name__ == "__main__":
    sys.exit(main())
