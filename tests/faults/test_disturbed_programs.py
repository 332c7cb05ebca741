"""Whole runs that are asked to end, find no room, may not write, run beside each other, or find a damaged ledger."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from faults.filling import filled, may_mount
from faults.flipping import CRAFTED, crafted, flipped
from faults.refusing import CASES, MASKS, unprivileged
from faults.runners import together
from faults.signaling import signaled
from faults.test_interruptions import for_modules


@pytest.mark.parametrize("watched", [False, True])
def test_a_run_that_is_asked_to_end_leaves_nothing_in_hand(watched: bool, tmp_path: Path) -> None:
    found = signaled(tmp_path, 2, watched=watched)
    assert ([], []) == (found.symptoms, found.in_doubt)
    assert 2 == found.points


@pytest.mark.skipif(not may_mount(), reason="needs root, and the right to mount a small disk of memory")
def test_once_there_is_room_again_everything_is_sent_once(tmp_path: Path) -> None:
    found = filled(tmp_path, 4)
    assert ([], []) == (found.symptoms, found.in_doubt)
    assert found.stopped > 3


def test_what_may_not_be_written_is_named_and_mended_everything_is_sent_once(tmp_path: Path) -> None:
    command = unprivileged([sys.executable, "-m", "faults.refusing", str(tmp_path)])
    answer = subprocess.run(command, capture_output=True, text=True, env=for_modules(), check=False)
    assert 0 == answer.returncode, answer.stderr
    found = json.loads(answer.stdout)
    assert [] == found["lost"] + found["doubled"] + found["in_doubt"] + found["wrong"]
    theirs = [name for name, case in CASES.items() if case.mode is None]
    assert found["points"] in (len(CASES) + len(MASKS), len(CASES) - len(theirs) + len(MASKS))


@pytest.mark.parametrize("alone", [False, True])
def test_eight_runs_at_once_send_everything_once(alone: bool, tmp_path: Path) -> None:
    found = together(tmp_path, 8, 240, alone=alone)
    assert [] == found.symptoms
    assert 240 == found.messages


def test_a_flipped_bit_starts_nothing_anew_and_sends_nothing_twice(tmp_path: Path) -> None:
    found = flipped(tmp_path, 60)
    assert [] == found.symptoms
    assert 0 < found.stopped < found.points == 60


def test_a_damaged_ledger_starts_nothing_anew_and_sends_nothing_twice(tmp_path: Path) -> None:
    found = crafted(tmp_path)
    assert [] == found.symptoms
    assert len(CRAFTED) - 3 <= found.stopped
