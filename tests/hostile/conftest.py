"""The desk on which hostile files are laid."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.register_assert_rewrite("hostile.desk")

from hostile.desk import PEOPLE, PROGRAM, Desk  # noqa: E402 (after what it is about)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Desk:
    """A folder in which `pilot.toml` and `people.csv` are in order."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    made = Desk(folder, capfd)
    made.write({"pilot.toml": PROGRAM, "people.csv": PEOPLE})
    return made
