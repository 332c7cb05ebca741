"""The map is right: every test that ARCHITECTURE.md names for an invariant is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_every_invariant_names_a_test_that_exists():
    invariants = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## Invariants")[2]
    rows = [line for line in invariants.splitlines() if line.startswith("| ") and "`" in line.rpartition("|")[0]]
    assert len(rows) > 20
    for row in rows:
        path, names = "", 0
        for file, name in re.findall(r"`(?:([a-z_/]+\.py)::)?(test_\w+)`", row):
            path = file or path
            names += 1
            assert f"def {name}(" in (ROOT / "tests" / path).read_text(encoding="utf-8"), name
        assert names, row
