"""`python -m benchmarks.run [--quick] [--only CASE] [--afresh]`: measures everything and writes the page.

Every measurement is a process of its own, with a limit of time. What was measured is kept in `.bench/`, so that an
interrupted run goes on where it was; a run of other code, or after a whole one, begins afresh.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import page, planned
from benchmarks.environments import ENVIRONMENTS, ROOT, python_of, versions

KEPT = ROOT / ".bench"
LIMIT, QUICK_LIMIT, LONG_LIMIT = 900, 60, 7_200
"""Seconds that one measurement may take, on the wall clock."""

AGAIN, SOON = 3, 4.0
"""How often a measurement is made that takes less than so many seconds; the median counts."""

COMPILED, COMPILING = KEPT / "numba-cache", 3
"""Where compiled code is kept, and how often a measurement is made at most until nothing has to be compiled."""

Figures = dict[str, Any]


class Run:
    """A run with what it has measured so far."""

    def __init__(self, folder: Path, about: dict[str, Any], *, afresh: bool) -> None:
        self.folder, self.patient = folder, bool(about["long"])
        self.limit = about["limit"]
        self.kept = folder / "measurements.jsonl"
        known = folder / "run.json"
        if afresh or not known.exists() or json.loads(known.read_text()) != about:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            known.write_text(json.dumps(about))
        lines = self.kept.read_text().splitlines() if self.kept.exists() else []
        self.measured: dict[str, list[Figures]] = dict(json.loads(line) for line in lines)

    def measure(self, key: str, command: Sequence[str | Path], about: Figures) -> None:
        """Make a measurement, unless it is made already; short ones are repeated, and the median counts."""
        if key in self.measured:
            return
        times = [self._once(command, about)]
        if times[0].get("wall_seconds", SOON) < SOON:
            times += [self._once(command, about) for _ in range(AGAIN - 1)]
        times.sort(key=lambda found: found.get("cpu_seconds", 1e9))
        self.note(key, [times[len(times) // 2]])

    def note(self, key: str, found: list[Figures]) -> None:
        """Keep measurements."""
        self.measured[key] = found
        with self.kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps([key, found]) + "\n")
        for one in found:
            print(words(one), file=sys.stderr, flush=True)

    def _once(self, command: Sequence[str | Path], about: Figures) -> Figures:
        """Return a measurement in which nothing was compiled: where something was, it is made again."""
        for _ in range(COMPILING):
            before = compiled_files()
            found, trouble = output(command, self.limit, {"NUMBA_CACHE_DIR": str(COMPILED)})
            if trouble or compiled_files() == before:
                break
        return found[-1] if found and not trouble else {**about, "failed": trouble or "it said nothing"}


def compiled_files() -> int:
    """Return how many files of compiled code there are."""
    return sum(1 for _ in COMPILED.rglob("*")) if COMPILED.exists() else 0


def output(
    command: Sequence[str | Path], limit: float, environment: dict[str, str] | None = None
) -> tuple[list[Figures], str]:
    """Return the measurements that a command printed, and what went wrong."""
    around = {**os.environ, "PYTHONHASHSEED": "0", **(environment or {})}
    try:
        done = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return [], f"stopped after {limit:,.0f} seconds"
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0:
        return found, ""
    told = done.stderr.strip().splitlines()
    return found, f"it ended with {done.returncode}: {told[-1] if told else ''}"[:200]


def words(one: Figures) -> str:
    """Return a measurement as a line for whoever waits."""
    who = f"{one.get('instance', '')}  {one.get('engine', '')}"
    if "failed" in one:
        return f"{who}: {one['failed']}"
    return f"{who}: {one['cpu_seconds']:.2f} s CPU, {one['peak_megabytes']:,} MB, total score {one.get('total_score')}"


def main() -> None:
    """Measure and write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "--quick", action="store_true", help="a small part, in about two minutes; the docs stay as they are"
    )
    asked.add_argument("--only", default="", help=f"one case: {', '.join(page.CASES)}")
    asked.add_argument("--afresh", action="store_true", help="forget what an interrupted run has measured")
    asked.add_argument(
        "--long", action="store_true", help="wait for peers that take hours where mentorkit takes seconds"
    )
    asked.add_argument("--limit", type=int, help="seconds that one measurement may take; what takes longer says so")
    found = asked.parse_args()
    limit = found.limit or (QUICK_LIMIT if found.quick else LONG_LIMIT if found.long else LIMIT)
    about = {"code": code(), "quick": found.quick, "long": found.long, "only": found.only, "limit": limit}
    run = Run(KEPT / ("quick" if found.quick else "full"), about, afresh=found.afresh)
    (run.folder / "versions.json").write_text(json.dumps(known_versions()))
    for one in planned.instances(found.only, quick=found.quick):
        measure(run, one)
    if not found.only or found.only == "two-sided":
        cold_start(run, quick=found.quick)
    for script in planned.further(found.only, quick=found.quick):
        ask(run, script)
    for name in planned.OWN_PLAN:
        if found.only in ("", name):
            collect(run, name, quick=found.quick)
    results = [one for some in run.measured.values() for one in some]
    docs = ROOT / "docs" if not (found.quick or found.only) else run.folder / "docs"
    written = page.write(results, docs, json.loads((run.folder / "versions.json").read_text()))
    (run.folder / "run.json").write_text("{}")  # whole: the next run begins afresh
    print(written)


def measure(run: Run, one: planned.Instance) -> None:
    """Measure an instance with everybody who solves it; nobody stops because another fails."""
    module, key = f"benchmarks.cases.{one.case}", " ".join((one.case, *one.arguments))
    (about,), _ = output([sys.executable, "-m", module, "about", *one.arguments], QUICK_LIMIT)
    for engine in one.ours:
        command = [sys.executable, "-m", module, "solve", *one.arguments, "--engine", engine, *planned.OWN[engine]]
        run.measure(f"{key} {engine}", command, {**about, "engine": engine})
    peers = (*one.peers, *(one.patient if run.patient else ()))
    missing = [peer for peer in peers if f"{key} {peer.script}" not in run.measured]
    folder = run.folder / "instance"
    if missing:
        posed = [sys.executable, "-m", module, "pose", *one.arguments, "--folder", str(folder)]
        _, trouble = output(posed, run.limit)
        for peer in missing:
            name = f"{key} {peer.script}"
            if trouble:
                run.note(name, [{**about, "engine": peer.name, "failed": f"it could not be posed: {trouble}"}])
            else:
                against(run, name, peer, folder, {**about, "engine": peer.name})
    shutil.rmtree(folder, ignore_errors=True)


def against(run: Run, name: str, peer: planned.Peer, folder: Path, about: Figures) -> None:
    """Measure a peer in its environment, on an instance that is written in a folder."""
    try:
        python = python_of(peer.environment)
    except (subprocess.CalledProcessError, OSError) as problem:
        run.note(name, [{**about, "failed": f"its environment cannot be made: {problem}"}])
    else:
        run.measure(name, [python, "-m", f"benchmarks.rivals.{peer.script}", folder], about)


def cold_start(run: Run, *, quick: bool) -> None:
    """Measure once with nothing compiled yet."""
    size = 2_000 if quick else 10_000
    arguments = planned.two_sided(size, size // 2)
    engine = "mentorkit, first start"
    command = [sys.executable, "-m", "benchmarks.cases.two_sided", "solve", *arguments, "--engine", engine]
    empty = run.folder / "numba-cache"
    shutil.rmtree(empty, ignore_errors=True)
    if "cold start" not in run.measured:
        found, trouble = output(command, run.limit, {"NUMBA_CACHE_DIR": str(empty)})
        run.note("cold start", found or [{"failed": trouble, "engine": engine}])


def ask(run: Run, one: planned.Script) -> None:
    """Measure what a further script solves, if it is there."""
    if (ROOT / "benchmarks" / f"{one.case}.py").exists():
        about = {"case": one.case, "instance": one.words, "size": one.size, "engine": planned.OURS}
        command = [sys.executable, "-m", "benchmarks.cases.further", "--case", one.case, "--words", one.words]
        command += ["--size", str(one.size), f"benchmarks.{one.case}", *one.arguments]
        run.measure(f"{one.case} {one.words}", command, about)


def collect(run: Run, name: str, *, quick: bool) -> None:
    """Collect what a further script prints, if it is there."""
    if (ROOT / "benchmarks" / f"{name}.py").exists() and name not in run.measured:
        command = [sys.executable, "-m", f"benchmarks.{name}", "--json", *(["--quick"] if quick else [])]
        found, trouble = output(command, run.limit)
        run.note(name, found or [{"case": name, "engine": "mentorkit", "failed": trouble or "it said nothing"}])


def code() -> str:
    """Return what the code is: the commit, and a digest of what is changed beside it."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout.strip()

    return git("rev-parse", "HEAD") + git("diff", "HEAD", "--", "mentorkit", "plugins", "benchmarks")


def known_versions() -> dict[str, str]:
    """Return the versions of what takes part; a peer without an environment is left out."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in ("numpy", "scipy", "numba", "ortools"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    for name in ENVIRONMENTS:
        try:
            found |= {one: number for one, number in versions(name).items() if one not in found}
        except (subprocess.CalledProcessError, OSError) as problem:
            print(f"no environment {name}: {problem}", file=sys.stderr)
    return found


if __name__ == "__main__":
    main()
