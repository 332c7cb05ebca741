"""Fuzzing on the command line: every target for a while, or one input again.

python -m fuzz.run                          every target, 60 seconds each
python -m fuzz.run --for 600 --only mail    one of them, longer
python -m fuzz.run mail fuzz/crashes/FILE   what one input comes to
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from fuzz.corpora import ROOT, inputs_of, saved
from fuzz.driving import Tally, driven, replayed
from fuzz.guided import is_guided, searched
from fuzz.judging import judged
from fuzz.targets import NAMES, load_target


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, or replay; return 1 where something is found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.run", description="Throws bytes at what reads files.")
    parser.add_argument("target", nargs="?", choices=NAMES, help="replay a file on this target")
    parser.add_argument("file", nargs="?", type=Path, help="the file to replay")
    parser.add_argument("--for", dest="seconds", type=float, default=60, help="seconds for each target (60)")
    parser.add_argument("--only", choices=NAMES, help="fuzz this target alone")
    parser.add_argument("--seed", type=int, help="of the source of chance; default: another one each time")
    asked = parser.parse_args(arguments)
    if asked.file:
        return _replay(asked.target, asked.file)
    seed = time.time_ns() % 2**31 if asked.seed is None else asked.seed
    names = [asked.only or asked.target] if asked.only or asked.target else NAMES
    if not is_guided():
        print("atheris is not installed here (pip install 'mentorkit[fuzz]'): changing bytes without seeing branches")
    found = sum(_fuzz(name, seed, asked.seconds) for name in names)
    print(f"{found} findings" if found else "nothing was found")
    return 1 if found else 0


def _replay(name: str, file: Path) -> int:
    found = judged(load_target(name), file.read_bytes())
    print(found.told if found else f"{name} takes {file} as it should")
    return 1 if found else 0


def _fuzz(name: str, seed: int, seconds: float) -> int:
    """Fuzz a target, print what came of it, and return how many causes of failure were found."""
    if is_guided():
        return _told(name, searched(name, seed, seconds))
    target = load_target(name)
    tally = replayed(target, inputs_of(target))
    search = driven(target, seed, seconds)
    search.findings |= tally.findings
    return _told(name, search)


def _told(name: str, tally: Tally) -> int:
    speed = tally.executions / tally.seconds if tally.seconds else 0.0
    covered = f", {tally.covered}" if tally.covered else ""
    print(f"{name}: {tally.executions:,} executions, {speed:,.0f} a second{covered}", flush=True)
    for what, (data, finding) in sorted(tally.findings.items()):
        path = saved(name, data).relative_to(ROOT)
        print(f"  {what}: {finding.told.strip().splitlines()[-1][:200]}")
        print(f"    python -m fuzz.run {name} {path}", flush=True)
    return len(tally.findings)


if __name__ == "__main__":
    sys.exit(main())
