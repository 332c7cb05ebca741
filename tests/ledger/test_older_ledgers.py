"""Ledgers of earlier versions are brought up to date when they are opened, with what they know."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mentorkit.core.happenings import Ending, Happening
from mentorkit.core.history import Event
from mentorkit.core.memberships import Membership
from mentorkit.core.plan import Newcomer
from mentorkit.core.relationships import Certificate, Matching, Member
from mentorkit.ledger import open_ledger
from mentorkit.testing import a_plan, a_relationship

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
PAIR = a_relationship(("17", "mentor"), ("42", "mentee"))
BACK_TO_THE_SEVENTH = """
ALTER TABLE transmissions DROP COLUMN bundle;
UPDATE alembic_version SET version_num = '0007';
"""
BACK_TO_THE_SIXTH = f"""
{BACK_TO_THE_SEVENTH}
ALTER TABLE transmissions DROP COLUMN marked_at;
ALTER TABLE transmissions DROP COLUMN doubt_since;
UPDATE alembic_version SET version_num = '0006';
"""
BACK_TO_THE_FIFTH = f"""
{BACK_TO_THE_SIXTH}
DROP TABLE refusals;
DROP TABLE unreachable;
ALTER TABLE transmissions DROP COLUMN kind;
UPDATE alembic_version SET version_num = '0005';
"""
BACK_TO_THE_FOURTH = f"""
{BACK_TO_THE_FIFTH}
PRAGMA foreign_keys = OFF;
CREATE TABLE before (
    relationship VARCHAR(40) NOT NULL, position INTEGER NOT NULL, number INTEGER NOT NULL, role VARCHAR(80) NOT NULL,
    CONSTRAINT pk_members PRIMARY KEY (relationship, position),
    CONSTRAINT uq_members_relationship UNIQUE (relationship, number),
    CONSTRAINT fk_members_relationship FOREIGN KEY(relationship) REFERENCES relationships (id),
    CONSTRAINT fk_members_number FOREIGN KEY(number) REFERENCES people (number)
);
INSERT INTO before SELECT relationship, position, number, role FROM members;
DROP TABLE members;
ALTER TABLE before RENAME TO members;
UPDATE alembic_version SET version_num = '0004';
"""
BACK_TO_THE_THIRD = f"""
{BACK_TO_THE_FOURTH}
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


@pytest.mark.parametrize(
    "back",
    [
        *(BACK_TO_THE_FIRST, BACK_TO_THE_SECOND, BACK_TO_THE_THIRD),
        *(BACK_TO_THE_FOURTH, BACK_TO_THE_FIFTH, BACK_TO_THE_SIXTH, BACK_TO_THE_SEVENTH),
    ],
)
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


GROUP = a_relationship(("17", "mentor"), ("42", "mentee"), ("43", "mentee"), ("44", "mentee"))


@pytest.mark.parametrize(("back_again", "there"), [(False, ("17", "42", "44")), (True, ("17", "42", "43", "44"))])
def test_who_had_left_a_group_by_an_earlier_version_is_no_member_of_it(
    tmp_path: Path, back_again: bool, there: tuple[str, ...]
) -> None:
    path = tmp_path / "ledger.sqlite"
    later = NOON + timedelta(days=1)
    events = [Event("e1", later, "43", "left", "")]
    events += [Event("e2", later + timedelta(days=1), "43", "resumed", "")] if back_again else []
    with open_ledger(path, create_for="pilot") as ledger:
        found = Matching((GROUP,), (), (), Certificate("groups", True, 3, 150.0))
        people = tuple(Newcomer(number, one) for number, one in enumerate(("17", "42", "43", "44"), 1))
        ledger.record_plan(a_plan(newcomers=people, matching=found))
        ledger.record_happening(Happening(tuple(events)), numbers={}, at=later, mark=ledger.read().mark)
    with closing(sqlite3.connect(path)) as older:
        older.executescript(BACK_TO_THE_FOURTH)

    with open_ledger(path) as ledger:
        (known,) = ledger.read().relationships
        ledger.check()

    assert there == known.relationship.people()
    left = () if back_again else (Membership(Member("43", "mentee"), None, later, "left", "e1"),)
    assert left == known.departures
    assert 4 == len(known.founders)
