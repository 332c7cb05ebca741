"""What tests of security start from: a program in a folder, and beside it what must stay as it is and unread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("security.guarded")

from security.guarded import Guarded  # noqa: E402 (after what it is about)


@pytest.fixture
def guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Guarded]:
    """A folder with a program in order, with neighbors that nothing has touched, read or repeated at the end."""
    made = Guarded(tmp_path, capfd)
    monkeypatch.chdir(made.folder)
    yield made
    made.neighbors_are_as_they_were()
