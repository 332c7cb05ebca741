"""Killed between any two steps, or at any moment, a program loses nothing and sends nothing twice, by any channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.killing import stepped
from faults.storming import FRESH, storm
from faults.subjects import Tally
from faults.ways import REPEATABLE, subject_of


@pytest.mark.parametrize("name", ["smtp", "webhook", "keyed"])
def test_killed_between_any_two_steps(name: str, tmp_path: Path) -> None:
    with subject_of(name) as subject:
        found = stepped(subject, tmp_path, keys=("a",))
    assert found.points > 20
    _nothing_is_lost_or_doubled(name, found)


@pytest.mark.parametrize("name", ["smtp-tls", "matrix", "slack", "caldav"])
def test_killed_between_any_two_of_the_last_steps(name: str, tmp_path: Path) -> None:
    with subject_of(name) as subject:
        found = stepped(subject, tmp_path, keys=("a",), most=16)
    assert 16 == found.points
    _nothing_is_lost_or_doubled(name, found)


def _nothing_is_lost_or_doubled(name: str, found: Tally) -> None:
    assert ([], found.points) == (found.symptoms, found.stopped)
    assert (name not in REPEATABLE) == bool(found.in_doubt)
    assert len(found.in_doubt) < found.points / 2


def test_killed_at_random_moments(tmp_path: Path) -> None:
    with subject_of("smtp-faulty") as subject:
        found = storm(subject, tmp_path, kills=12, seed=3, messages=6, fresh=0)
    assert [] == found.symptoms
    assert 12 <= found.stopped
    assert found.stopped == sum(found.killed_while.values())


def test_a_run_that_python_was_started_anew_for_is_killed_as_well(tmp_path: Path) -> None:
    with subject_of("webhook") as subject:
        found = storm(subject, tmp_path, kills=1, seed=1, messages=3, fresh=1)
    assert [] == found.symptoms
    assert found.stopped == found.killed_while[FRESH] > 0
