"""Whatever lies where a ledger should be is refused in words, and is still there afterwards."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mentorkit.core.errors import MentorkitError, RefusedError, RunError
from mentorkit.core.plan import Newcomer, Plan
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.testing import a_plan, a_transmission


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of a program that has run, closed."""
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path, create_for="pilot") as ledger:
        due = tuple(a_transmission(f"s{n:03d}", 1, "17") for n in range(100))
        ledger.record_plan(a_plan(newcomers=(Newcomer(1, "17"),), due=due))
    return path


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda content: b"", "is empty"),
        (lambda content: b"hello world\n" * 50, "is not a ledger"),
        (lambda content: content[: len(content) // 2], "damaged"),
        (lambda content: bytes(100) + content[100:], "is not a ledger"),
        (lambda content: content[:200], "damaged"),
        (lambda content: content[:4096] + bytes(len(content) - 4096), "damaged"),
    ],
)
def test_a_damaged_ledger_is_refused_and_kept(path: Path, damage: Callable[[bytes], bytes], said: str) -> None:
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)
    with pytest.raises(RefusedError, match=said):
        open_ledger(path, create_for="pilot")
    assert damaged == path.read_bytes()


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE people (name)")
        connection.commit()
    with pytest.raises(RefusedError, match="something else"):
        open_ledger(path, create_for="pilot")


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="not a file"):
        open_ledger(tmp_path, create_for="pilot")


def test_there_must_be_one_where_none_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="no ledger"):
        open_ledger(tmp_path / "ledger.sqlite")
    assert [] == list(tmp_path.iterdir())


def test_another_programs_ledger_is_refused(path: Path) -> None:
    with pytest.raises(RefusedError, match=r'"pilot".*"other"'):
        open_ledger(path, create_for="other")


def test_a_newer_ledger_is_refused(path: Path) -> None:
    _edit(path, "UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(RefusedError, match="another version of mentorkit"):
        open_ledger(path)


@pytest.mark.parametrize("leftover", ["", "-journal", "-wal"])
def test_an_interrupted_making_is_started_over(tmp_path: Path, leftover: str) -> None:
    (tmp_path / f".ledger.sqlite.new{leftover}").write_bytes(b"half of one")
    with open_ledger(tmp_path / "ledger.sqlite", create_for="pilot") as ledger:
        assert 0 == ledger.read().mark
    assert ["ledger.sqlite"] == sorted(one.name for one in tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "pilot.run").write_text("not a folder")
    with pytest.raises(RunError, match=r"pilot\.run.ledger\.sqlite could not be made"):
        open_ledger(tmp_path / "pilot.run" / "ledger.sqlite", create_for="pilot")


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE log SET after = 'sent' WHERE n = 5",
        "DELETE FROM log WHERE n = 7",
        "UPDATE log SET subject = 's001' WHERE n = 9",
        "UPDATE transmissions SET state = 'sent' WHERE key = 's042'",
        "DELETE FROM transmissions WHERE key = 's042'",
        "UPDATE transmissions SET key = 'S042' WHERE key = 's042'",
        "DELETE FROM people",
    ],
)
def test_a_check_finds_what_was_changed_by_hand(path: Path, tampering: str) -> None:
    with open_ledger(path) as ledger:
        ledger.check()
    _edit(path, tampering)
    with open_ledger(path) as ledger, pytest.raises(RefusedError, match=r"does not add up|damaged"):
        ledger.check()


def test_a_database_refuses_states_that_do_not_exist(path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        _edit(path, "UPDATE transmissions SET state = 'lost'")


def test_a_full_disk_stops_a_write_in_words_and_leaves_everything_as_it_was(path: Path) -> None:
    with open_ledger(path) as ledger:
        before = ledger.read()
        with ledger._engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(RunError, match="free some space"):
            ledger.record_plan(_more(ledger))
        assert before == ledger.read()
        ledger.check()


def test_a_ledger_that_turns_read_only_stops_a_write_in_words(path: Path) -> None:
    with open_ledger(path) as ledger:
        before = ledger.read()
        with ledger._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(RunError, match="writable"):
            ledger.record_plan(_more(ledger))
        assert before == ledger.read()


def test_flipped_bytes_never_start_anew(path: Path) -> None:
    """Whatever byte is flipped: opening refuses, checking refuses, or everything reads as before."""
    sound = path.read_bytes()
    with open_ledger(path) as ledger:
        before = ledger.read()
    places = random.Random(7).sample(range(len(sound)), 100)
    for place in places:
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x15]) + sound[place + 1 :])
        try:
            with open_ledger(path, create_for="pilot") as ledger:
                ledger.check()
                assert len(before.transmissions) == len(ledger.read().transmissions)
                assert before.mark == ledger.read().mark
        except MentorkitError:
            continue


def _more(ledger: Ledger) -> Plan:
    due = tuple(a_transmission(f"t{n:04d}", 1, "17") for n in range(2000))
    return a_plan(ledger_id=ledger.id, mark=ledger.read().mark, due=due)


def _edit(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
