from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mentorkit.ledger import Ledger, open_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "pilot.run" / "ledger.sqlite", create_for="pilot") as opened:
        yield opened
