"""Ledgers of earlier versions are brought up to date when they are opened, with what they know."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mentorkit.core.happenings import Ending, Happening
from mentorkit.core.plan import Newcomer
from mentorkit.core.relationships import Certificate, Matching
from mentorkit.ledger import open_ledger
from mentorkit.testing import a_plan, a_relationship

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
PAIR = a_relationship(("17", "mentor"), ("42", "mentee"))
BACK_TO_THE_THIRD = """
ALTER TABLE relationships DROP COLUMN until;
ALTER TABLE relationships DROP COLUMN slot;
ALTER TABLE relationships DROP COLUMN meets_at;
ALTER TABLE relationships DROP COLUMN asked_at;
UPDATE alembic_version SET version_num = '0003';
"""
BACK_TO_THE_SECOND = f"""
{BACK_TO_THE_THIRD}
DROP TABLE prices;
UPDATE alembic_version SET version_num = '0002';
"""
BACK_TO_THE_FIRST = f"""
{BACK_TO_THE_SECOND}
ALTER TABLE people DROP COLUMN known_by;
ALTER TABLE rosters DROP COLUMN columns;
ALTER TABLE people DROP COLUMN takes_part;
ALTER TABLE relationships DROP COLUMN end_noted;
ALTER TABLE sessions DROP COLUMN moves;
ALTER TABLE sessions DROP COLUMN changed;
UPDATE alembic_version SET version_num = '0001';
"""


@pytest.mark.parametrize("back", [BACK_TO_THE_FIRST, BACK_TO_THE_SECOND, BACK_TO_THE_THIRD])
def test_a_ledger_of_an_earlier_version_opens_and_knows_the_same(tmp_path: Path, back: str) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path, create_for="pilot") as ledger:
        found = Matching((PAIR,), (), (), Certificate("optimal", True, 1, 50.0))
        ledger.record_plan(a_plan(newcomers=(Newcomer(1, "17"), Newcomer(2, "42")), matching=found))
        over = Happening(endings=(Ending(PAIR.id, NOON, NOON, "ended"),))
        ledger.record_happening(over, numbers={}, at=NOON, mark=ledger.read().mark)
        before = ledger.read()
    with closing(sqlite3.connect(path)) as older:
        older.executescript(back)
    with open_ledger(path) as ledger:
        assert before == ledger.read()
        ledger.check()
