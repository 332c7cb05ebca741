"""Fuzzing guided by branches that no input took before: atheris (libFuzzer), in a process of its own for each target.

Findings do not end a search: each input is judged as everywhere, the first of each cause is kept, and the search goes
on. What it has learned stays in `fuzz/found`, and the next one begins with it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from attrs import evolve

from fuzz.corpora import CORPUS, ROOT, files_of
from fuzz.driving import Tally
from fuzz.judging import Finding, judged
from fuzz.mutating import mutated
from fuzz.scratch import in_memory
from fuzz.target import Target
from fuzz.targets import load_target

FOUND = ROOT / "fuzz" / "found"
"""Inputs that took new branches, by target; kept from search to search, and not in version control."""
_OURS = ("mentorkit", "mentorkit_models", "mentorkit_matchers", "mentorkit_criteria", "mentorkit_channels")
_PARSERS = (
    *("tomllib", "json", "zipfile", "csv", "email", "icalendar", "recurring_ical_events", "dateutil", "jinja2"),
    *("markdown_it",),
)
_RENDERING = frozenset({"jinja2", "markdown_it"})
_COVERED = re.compile(r"^#\d+\s+(INITED|DONE)\s+cov: (\d+) ft: (\d+)", re.MULTILINE)
_SLOWER = 10
"""How many times as long an input takes while it is seen which branches it takes."""
_GRACE = 180
_MOST_FILES = 60
"""So many files a search begins with: it runs all of them before it changes any."""
_WRITES_EVERY = 1.0


def is_guided() -> bool:
    """Return whether atheris is installed."""
    return importlib.util.find_spec("atheris") is not None


def searched(name: str, seed: int, seconds: float) -> Tally:
    """Search with atheris for so many seconds by the clock; return what came of it."""
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=in_memory()) as folder:
        place = Path(folder)
        done = _process(name, seed, seconds, place)
        tally = _read(place / "tally.json")
        for path in sorted(place.glob("ended-*")):  # it took minutes, or gigabytes: libFuzzer ends such a search
            what = f"the search was ended by it: {path.name.split('-')[1]}"
            tally.findings[what] = path.read_bytes(), Finding(what, what)
    if not tally.executions:
        raise RuntimeError(f"the search of {name} did not begin:\n{done[-2000:]}")
    covered = {word: (int(branches), int(features)) for word, branches, features in _COVERED.findall(done)}
    if len(covered) == 2:
        more = covered["DONE"][0] - covered["INITED"][0]
        tally.covered = f"{covered['DONE'][0]:,} branches covered, {more:,} of them new"
    return tally


def _process(name: str, seed: int, seconds: float, place: Path) -> str:
    """Run the search and return what libFuzzer said."""
    target = load_target(name)
    corpus, kept = place / "corpus", FOUND / name
    corpus.mkdir()
    kept.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(sorted(files_of(target), key=_first)[:_MOST_FILES]):
        shutil.copyfile(path, corpus / f"{number:04d}-{path.name}")
    words = place / "words"  # libFuzzer takes no empty dictionary
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in (*target.words, "0")), encoding="ascii")
    flags = (
        *(f"-max_total_time={round(seconds)}", f"-max_len={target.longest}", f"-dict={words}", f"-seed={seed % 2**31}"),
        *("-rss_limit_mb=4096", "-timeout=300", "-report_slow_units=1000", f"-artifact_prefix={place}/ended-"),
    )
    return _said_by(
        [sys.executable, "-m", "fuzz.guided", name, str(place / "tally.json"), *flags, str(kept), str(corpus)],
        {**os.environ, "FUZZ_SCRATCH": str(place), "XDG_STATE_HOME": str(place / "state"), "NO_COLOR": "1"},
        seconds + _GRACE,
    )


def _first(path: Path) -> tuple[bool, int, str]:
    """Return what files are sorted by: those of the corpus come first, then short ones."""
    return not path.is_relative_to(CORPUS), path.stat().st_size, str(path)


def _said_by(command: list[str], environment: dict[str, str], seconds: float) -> str:
    """Run a command for no longer than so many seconds; return what it wrote on standard error."""
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as ended:  # on a slow machine; what was found until then counts
        return (ended.stderr or b"").decode(errors="replace")
    return done.stderr.decode(errors="replace")


def _escaped(word: str) -> str:
    return "".join(chr(one) if 32 <= one < 127 and chr(one) not in '"\\' else f"\\x{one:02x}" for one in word.encode())


def _read(path: Path) -> Tally:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Tally()
    findings = {what: (bytes.fromhex(data), Finding(what, text)) for what, (data, text) in told["findings"].items()}
    return Tally(told["executions"], told["seconds"], findings)


class _Search:
    """What runs inside of the process: judges every input, and writes now and then what came of it.

    libFuzzer ends the process without giving anybody a last word.
    """

    def __init__(self, target: Target, file: Path) -> None:
        self.target, self.file, self.tally = target, file, Tally()
        self.began = self.written = time.monotonic()

    def __call__(self, data: bytes) -> None:
        """Judge an input."""
        before = len(self.tally.findings)
        self.tally.add(data, judged(self.target, data))
        now = time.monotonic()
        if now - self.written > _WRITES_EVERY or len(self.tally.findings) > before or self.tally.executions == 1:
            self.written, self.tally.seconds = now, now - self.began
            self._write()

    def _write(self) -> None:
        findings = {what: (data.hex(), one.told) for what, (data, one) in self.tally.findings.items()}
        document = {"executions": self.tally.executions, "seconds": self.tally.seconds, "findings": findings}
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(document, ensure_ascii=True), encoding="utf-8")
        new.replace(self.file)


def _changing(target: Target) -> Callable[[bytes, int, int], bytes]:
    """Return a target's own way to change inputs, as libFuzzer asks for it."""

    def change(data: bytes, longest: int, seed: int) -> bytes:
        return target.mutate(data, Random(seed), longest)

    return change


def _begin(arguments: list[str]) -> None:
    """Search in this process; never returns."""
    atheris: Any = importlib.import_module("atheris")
    name, file, *flags = arguments
    for known in [one for one in sys.modules if one.partition(".")[0] in _PARSERS]:
        del sys.modules[known]  # what is imported already has no eyes on its branches
    parsers = [
        one for one in _PARSERS if name == "message" or one not in _RENDERING
    ]  # a message costs ten times as much
    with atheris.instrument_imports(include=[*_OURS, *parsers]):
        target = load_target(name)
    target = evolve(target, seconds=target.seconds * _SLOWER)
    own = {} if target.mutate is mutated else {"custom_mutator": _changing(target)}
    atheris.Setup([name, *flags], _Search(target, Path(file)), **own)
    atheris.Fuzz()


if __name__ == "__main__":
    _begin(sys.argv[1:])
