"""Disturbs runs at length and writes the figures into docs/explanation/reliability.md: `make faults`.

Each case is a process of its own, storms are several, with a seed each; what they came to is kept in `.faults`, so that
a measurement that was ended goes on where it was. A symptom ends with exit code 1 and leaves the page as it is.
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from faults.further import FURTHER, command
from faults.subjects import together
from faults.ways import SUBJECTS
from servers.calendars import there

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "reliability.md"
BEGIN, END = "<!-- figures: written by make faults -->", "<!-- end of figures -->"

NOT_TRACED = ("smtp-faulty", "radicale")
"""What another run of the same would not do the same calls by."""

A_STORM = 1_000
"""Kills of one storm, at most."""
_IN_MEMORY = Path("/dev/shm")  # a kill leaves files as they are, wherever they are; there they cost less

PHASES = {
    "opening": "before or while the ledger was opened",
    "planning": "while they recovered, looked into doubts, and planned",
    "preparing": "between the two marks",
    "at risk": "between the second mark and its receipt",
    "between": "between two messages",
    "ending": "in the end",
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
    parser.add_argument("--jobs", type=int, default=2, help="how many storms at a time")
    parser.add_argument("--only", default="", help="storms over these alone, and no page: outbox,smtp")
    parser.add_argument("--kept", type=Path, default=ROOT / ".faults", help="where results are kept")
    parser.add_argument("--no-more", action="store_true", help="measure nothing, and write the page of what there is")
    asked = parser.parse_args()
    asked.kept.mkdir(parents=True, exist_ok=True)
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    only = [("storm", name) for name in asked.only.split(",") if name]
    for how, name in only or _cases():
        if asked.no_more and not list(asked.kept.glob(f"{how}-{name}{'-[0-9]*' if how == 'storm' else ''}.json")):
            continue
        if how == "storm":
            kills = 0 if asked.no_more else asked.kills
            found[how, name] = one = _stormed(asked.kept, name, kills, asked.jobs)
        else:
            found[how, name] = one = _traced(asked.kept, how, name)
        symptoms = [*one["lost"], *one["doubled"], *one["wrong"]]
        _say(f"{name}, {HOW[how]}: {one['points']} runs, {one['stopped']} ended by it, {len(symptoms)} symptoms")
        if symptoms:
            _say("\n".join(symptoms))
            return 1
    if only:
        return 0
    more = {name: _further(asked.kept, name, measure=not asked.no_more) for name in FURTHER}
    further = {name: one for name, one in more.items() if one is not None}
    for name, one in further.items():
        symptoms = [*one["lost"], *one["doubled"], *one["wrong"]]
        _say(f"{one['points']} {FURTHER[name].said}: {len(symptoms)} symptoms")
        if symptoms:
            _say("\n".join(symptoms))
            return 1
    caught = _caught(asked.kept)
    _write(_figures(found), _further_figures(further), _mutants(caught))
    return 0 if all(caught.values()) else 1


def _cases() -> Iterable[tuple[str, str]]:
    traced = shutil.which("strace") is not None
    for name in SUBJECTS:
        if name == "radicale" and not there():
            continue
        yield "storm", name
        if traced and name not in NOT_TRACED:
            yield "kill", name
            yield "error", name


def _stormed(kept: Path, name: str, kills: int, jobs: int) -> Mapping[str, Any]:
    """Return what all storms over a subject came to; those that lack are begun, several at a time."""
    done = [json.loads(one.read_text()) for one in sorted(kept.glob(f"storm-{name}-[0-9]*.json"))]
    lacking = kills - sum(one["stopped"] for one in done)
    sizes = [min(A_STORM, lacking - before) for before in range(0, max(lacking, 0), A_STORM)]
    with ThreadPoolExecutor(jobs) as pool:
        new = pool.map(lambda more: _storm(kept, name, len(done) + more[0], more[1]), enumerate(sizes))
        return together([*done, *new])


def _storm(kept: Path, name: str, number: int, kills: int) -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory(prefix="faults-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as place:
        answer = _ask(["-m", "faults.storming", name, str(kills), str(number), place])
    (kept / f"storm-{name}-{number}.json").write_text(answer)
    found: Mapping[str, Any] = json.loads(answer)
    return found


def _traced(kept: Path, how: str, name: str) -> Mapping[str, Any]:
    result = kept / f"{how}-{name}.json"
    if not result.exists():
        with tempfile.TemporaryDirectory(prefix="faults-") as place:
            state = "fresh" if name == "outbox" else "recorded"
            answer = _ask(["-m", "faults.interrupting", name, how, state, "0", "1", place])
        result.write_text(answer)
    found: Mapping[str, Any] = json.loads(result.read_text())
    return found


def _further(kept: Path, name: str, *, measure: bool = True) -> Mapping[str, Any] | None:
    result = kept / f"further-{name}.json"
    with tempfile.TemporaryDirectory(prefix="faults-") as place:
        words = command(name, Path(place))
        if measure and not result.exists() and words is not None:
            result.write_text(_ask(words))
    return json.loads(result.read_text()) if result.exists() else None


def _further_figures(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    rows = ["| how many of what | messages | lost | doubled | left in doubt (had arrived) |", "|---|---|---|---|---|"]
    for name, one in found.items():
        doubt = f"{len(one['in_doubt']):,} ({one['arrived']:,})" if one["in_doubt"] else "0"
        figures = f"{one['messages']:,} | {len(one['lost']):,} | {len(one['doubled']):,} | {doubt}"
        rows.append(f"| {one['points']:,} {FURTHER[name].said} | {figures} |")
    return rows


def _ask(words: list[str]) -> str:
    path = os.pathsep.join([str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    full = [sys.executable, *words] if words[0] == "-m" else words
    return subprocess.run(full, stdout=subprocess.PIPE, text=True, check=True, env=environment, cwd=ROOT).stdout


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
    refused = sum(one["refused"] for one in found.values())
    named = (
        f"every doubt is named by `mentorkit status`, and so are {refused:,} messages that a server refused for good"
    )
    return [*rows, "", *_whereabouts(found), "", f"Measured with {versions}; {named}."]


def _whereabouts(found: Mapping[tuple[str, str], Mapping[str, Any]]) -> list[str]:
    """Return in what the runs of all storms were killed, most often first."""
    storms = together([one for (how, _), one in found.items() if how == "storm"])
    kills = sorted(storms["killed_while"].items(), key=lambda item: -item[1])
    said = "; ".join(f"{number:,} {PHASES.get(phase, phase)}" for phase, number in kills if number)
    return [
        f"Of those killed at random moments {said}. {storms['paused']:,} were stopped for a moment before (SIGSTOP)."
    ]


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
