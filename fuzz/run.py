"""Fuzzing on the command line: every target for a while, or one input again.

python -m fuzz.run                          every target, 60 seconds each
python -m fuzz.run --for 600 --only mail    one of them, longer
python -m fuzz.run --cases 100000           as many inputs with structure in all, however long it takes
python -m fuzz.run mail fuzz/crashes/FILE   what one input comes to
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from fuzz.corpora import ROOT, inputs_of, saved
from fuzz.driving import Tally, driven, replayed
from fuzz.guided import FOUND, is_guided, searched
from fuzz.judging import judged
from fuzz.targets import NAMES, load_target

LAWS = (
    *("tests/ledger/test_ledger_laws.py", "tests/test_roster_laws.py", "tests/core/learning/test_learning_laws.py"),
    *("tests/contracts/test_asking_laws.py", "tests/core/timeline/test_inviting.py", "tests/running/test_bundling.py"),
)
"""Tests of properties that are held at length, too: models of the ledger, of rosters, of what follows from events."""
SECONDS = 60.0
LAWS_EACH = 20
"""So many times the examples of a usual test run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, or replay; return 1 where something is found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.run", description="Throws bytes at what reads files.")
    parser.add_argument("target", nargs="?", choices=NAMES, help="replay a file on this target")
    parser.add_argument("file", nargs="?", type=Path, help="the file to replay")
    parser.add_argument("--for", dest="seconds", type=float, default=SECONDS, help="seconds for each target (60)")
    parser.add_argument("--only", choices=NAMES, help="fuzz this target alone")
    parser.add_argument("--seed", type=int, help="of the source of chance; default: another one each time")
    parser.add_argument("--cases", type=int, help="inputs with structure in all; default: as many as there is time for")
    asked = parser.parse_args(arguments)
    if asked.target:
        return _replay(asked.target, asked.file) if asked.file else parser.error("say which file to replay")
    seed = time.time_ns() % 2**31 if asked.seed is None else asked.seed
    print(f"seed {seed}" if is_guided() else f"seed {seed}; {_WITHOUT}", flush=True)
    found = sum(_fuzz(name, seed, asked.seconds, asked.cases) for name in ([asked.only] if asked.only else NAMES))
    found += 0 if asked.only else _broken_laws()
    print(f"{found} findings" if found else "nothing was found")
    return 1 if found else 0


_WITHOUT = "atheris is not installed here (pip install 'mentorkit[fuzz]'): bytes are changed without seeing branches"


def _replay(name: str, file: Path) -> int:
    found = judged(load_target(name), file.read_bytes())
    print(found.told if found else f"{name} takes {file} as it should")
    return 1 if found else 0


def _fuzz(name: str, seed: int, seconds: float, cases: int | None) -> int:
    """Fuzz a target, print what came of it, and return how many causes of failure were found."""
    findings: set[str] = set()
    for how, tally in _searches(name, seed, seconds, cases):
        speed = tally.executions / tally.seconds if tally.seconds else 0.0
        covered = f", {tally.covered}" if tally.covered else ""
        print(f"{name}, {how}: {tally.executions:,} executions, {speed:,.0f} a second{covered}", flush=True)
        for what, (data, finding) in sorted(tally.findings.items()):
            path = saved(name, data).relative_to(ROOT)
            print(f"  {what}: {finding.told.strip().splitlines()[-1][:200]}")
            print(f"    python -m fuzz.run {name} {path}", flush=True)
        findings |= set(tally.findings)
    return len(findings)


def _searches(name: str, seed: int, seconds: float, cases: int | None) -> Iterator[tuple[str, Tally]]:
    """Yield what each way of searching a target came to; each takes the same time.

    Seeing branches makes inputs take about ten times as long: what is found so is changed further without.
    """
    from fuzz.structured import share_of, structured

    ways = 2 + is_guided()
    if is_guided():
        yield "bytes, guided", searched(name, seed, seconds / ways)
    target = load_target(name)
    tally = driven(target, seed, seconds / ways, more=sorted((FOUND / name).glob("*")))
    tally.findings |= replayed(target, inputs_of(target)).findings
    yield "bytes", tally
    if cases is None:
        yield "structure", structured(target, seed, seconds=seconds / ways)
    else:
        yield "structure", structured(target, seed, cases=share_of(name, cases))


def _broken_laws() -> int:
    """Hold the tests of properties at length; return 1 where one is broken."""
    print(f"tests of properties, each with {LAWS_EACH} times as many examples:", flush=True)
    asked = ["-q", "-p", "no:cacheprovider", "-n", "2", f"--examples-times={LAWS_EACH}", *LAWS]
    done = subprocess.run([sys.executable, "-m", "pytest", *asked], cwd=ROOT, check=False)
    return int(done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
