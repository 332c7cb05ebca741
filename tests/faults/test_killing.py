"""Killed between any two steps, or at any moment, a program loses nothing and sends nothing twice, by any channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.killing import stepped, storm
from faults.subjects import REPEATABLE, run, start, subject_of


@pytest.mark.parametrize("name", ["smtp", "webhook", "keyed"])
def test_killed_between_any_two_steps(name: str, tmp_path: Path) -> None:
    with subject_of(name) as subject:
        found = stepped(subject, tmp_path, keys=("a",))
    assert ([], found.points) == (found.symptoms, found.stopped)
    assert found.points > 20
    assert (name not in REPEATABLE) == bool(found.in_doubt)
    assert len(found.in_doubt) < found.points / 2


def test_killed_at_random_moments(tmp_path: Path) -> None:
    with subject_of("smtp") as subject:
        start(tmp_path / "warm")
        run(tmp_path / "warm", subject)
        found = storm(subject, tmp_path, kills=6, seed=3, messages=5)
    assert [] == found.symptoms
    assert 6 <= found.stopped
