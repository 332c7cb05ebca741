"""Killed before every state-changing system call, a program loses nothing and sends nothing twice.

Wrong protocols are shown to a harness in `test_mutants.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from faults.subjects import together

pytestmark = pytest.mark.faults

SCRIPT = "faults.interrupting"
TESTS = Path(__file__).parents[1]
WORKERS = 2


def may_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


needs_strace = pytest.mark.skipif(not may_trace(), reason="needs strace, and the right to trace a process")


def disturbed(subject: str, how: str, state: str, folder: Path) -> dict[str, Any]:
    """Return what came of all points together."""
    commands = [
        [sys.executable, "-m", SCRIPT, subject, how, state, str(worker), str(WORKERS), str(folder)]
        for worker in range(WORKERS)
    ]
    environment = for_modules()
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for command in commands
    ]
    answers = [worker.communicate() for worker in workers]
    for worker, (_, said) in zip(workers, answers, strict=True):
        assert worker.returncode == 0, said
    return together([json.loads(answer) for answer, _ in answers])


def for_modules() -> dict[str, str]:
    """Return an environment in which modules of the tests are found."""
    path = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": path}


@needs_strace
def test_killed_before_every_call_the_outbox_gets_everything_exactly_once(tmp_path: Path) -> None:
    found = disturbed("outbox", "kill", "fresh", tmp_path)
    assert found["points"] > 150
    assert found["points"] == found["stopped"]
    assert ([], [], [], []) == (found["lost"], found["doubled"], found["in_doubt"], found["wrong"])


@needs_strace
def test_killed_before_every_call_a_channel_without_memory_loses_and_doubles_nothing(tmp_path: Path) -> None:
    found = disturbed("journal", "kill", "recorded", tmp_path)
    assert found["points"] > 60
    assert ([], [], []) == (found["lost"], found["doubled"], found["wrong"])
    assert len(found["in_doubt"]) == len(set(found["in_doubt"]))
    assert 0 < len(found["in_doubt"]) < found["points"] / 2


@needs_strace
@pytest.mark.parametrize(("subject", "state", "at_least"), [("outbox", "fresh", 150), ("journal", "recorded", 50)])
def test_whatever_call_fails_the_run_says_so_and_the_next_goes_on(
    tmp_path: Path, subject: str, state: str, at_least: int
) -> None:
    found = disturbed(subject, "error", state, tmp_path)
    assert found["points"] > at_least
    assert found["stopped"] > found["points"] / 2
    assert ([], [], []) == (found["lost"], found["doubled"], found["wrong"])
    assert ([] if subject == "outbox" else sorted(set(found["in_doubt"]))) == sorted(found["in_doubt"])


@needs_strace
def test_the_second_mark_is_on_disk_before_the_message_gets_its_name(tmp_path: Path) -> None:
    """What a kill cannot show, since the kernel's cache survives it: the order of writes and syncs."""
    command = [sys.executable, "-m", SCRIPT, "order", str(tmp_path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, env=for_modules()).stdout
    calls = json.loads(answer)
    named = [place for place, call in enumerate(calls) if call == "link"]
    assert 3 == len(named)
    assert "fdatasync" == calls[named[0] - 1]
    assert list(range(named[0], named[0] + 3)) == named  # the mark is one for all that goes out in one go
    assert "pwrite64" in calls[: named[0]]
