"""`ledger verify` and `ledger settle`: what adds up, what does not, and what a person knows of doubts."""

import json
import random
import shutil
import sqlite3
from contextlib import closing

import pytest

PUBLISHED = ("--at", "2027-01-11T10:00:00Z")


@pytest.fixture
def ran(folder, mentorkit):
    assert 0 == mentorkit("run", "pilot.toml", *PUBLISHED).code
    return folder / "pilot.run" / "ledger.sqlite"


def test_a_ledger_that_adds_up_is_told_with_what_it_holds(ran, mentorkit):
    told = mentorkit("ledger", "verify", "pilot.toml")
    assert 0 == told.code
    assert "adds up" in told.out
    assert "pilot.lock names" in told.out
    document = mentorkit("ledger", "verify", "pilot.toml", "--json").document
    with sqlite3.connect(ran) as connection:
        (entries,) = connection.execute("select count(*) from log").fetchone()
        (relationships,) = connection.execute("select count(*) from relationships").fetchone()
    assert (entries, relationships, True) == (document["entries"], document["relationships"], document["locked"])
    assert document["remembered"] <= entries
    assert document["transmissions"]["sent"] > 0


def test_verifying_needs_neither_people_nor_a_sound_program(ran, folder, mentorkit):
    (folder / "people.csv").unlink()
    (folder / "pilot.toml").write_text("nonsense = ")
    assert 0 == mentorkit("ledger", "verify", "pilot.toml").code


def test_there_may_be_none_yet(folder, mentorkit):
    told = mentorkit("ledger", "verify", "pilot.toml")
    assert 2 == told.code
    assert "there is no ledger" in told.err


@pytest.mark.parametrize(
    "change",
    [
        "update transmissions set state = 'due' where state = 'sent'",
        "update relationships set state = 'ended', ended_at = published_at",
        "update sessions set state = 'canceled'",
        "delete from log where n = 3",
        "update log set after = 'due' where n = (select max(n) from log)",
        "delete from deliveries; delete from transmissions",
    ],
)
def test_what_was_changed_by_hand_is_found(ran, mentorkit, change):
    with sqlite3.connect(ran) as connection:
        connection.executescript(change)
    told = mentorkit("ledger", "verify", "pilot.toml")
    assert 2 == told.code, change
    assert "damaged" in told.err or "does not add up" in told.err or "earlier copy" in told.err


def test_an_earlier_copy_and_another_ledger_are_found(ran, folder, mentorkit):
    copy = folder / "yesterday.sqlite"
    shutil.copy(ran, copy)
    mentorkit("record", "pilot.toml", "left", "--person", "4", "--at", "2027-01-11T12:00:00Z")
    shutil.copy(copy, ran)
    told = mentorkit("ledger", "verify", "pilot.toml")
    assert (2, True) == (told.code, "earlier copy" in told.err)
    ran.unlink()
    shutil.rmtree(folder / "pilot.run")
    (folder / "pilot.lock").rename(folder / "other.lock")
    mentorkit("run", "pilot.toml", *PUBLISHED)
    (folder / "other.lock").rename(folder / "pilot.lock")
    told = mentorkit("ledger", "verify", "pilot.toml")
    assert (2, True) == (told.code, "is not the one that" in told.err)


@pytest.mark.parametrize("kind", ["empty", "cut", "text", "zeroed head"])
def test_what_is_no_ledger_any_more_is_never_taken_for_a_new_one(ran, mentorkit, kind):
    whole = ran.read_bytes()
    broken = {
        "empty": b"",
        "cut": whole[: len(whole) // 3],
        "text": b"id,name\n1,Ada\n",
        "zeroed head": bytes(100) + whole[100:],
    }
    ran.write_bytes(broken[kind])
    for command in (("ledger", "verify", "pilot.toml"), ("run", "pilot.toml", "--at", "2027-01-11T11:00:00Z")):
        told = mentorkit(*command)
        assert 2 == told.code
        assert "Traceback" not in told.err
    assert broken[kind] == ran.read_bytes()


def test_a_backup_without_what_was_written_beside_it_is_found(ran, folder, mentorkit):
    """SQLite keeps the last writes in `-wal`: who copies the file alone has the ledger as it was before them."""
    with closing(sqlite3.connect(ran)) as reader:
        reader.execute("pragma wal_autocheckpoint = 0")
        reader.execute("select count(*) from log").fetchone()
        mentorkit("record", "pilot.toml", "left", "--person", "4", "--at", "2027-01-11T12:00:00Z")
        shutil.copy(ran, folder / "copy.sqlite")
    for beside in ran.parent.glob("ledger.sqlite-*"):
        beside.unlink()
    shutil.copy(folder / "copy.sqlite", ran)
    for command in (("ledger", "verify", "pilot.toml"), ("run", "pilot.toml", "--at", "2027-01-11T13:00:00Z")):
        told = mentorkit(*command)
        assert (2, True) == (told.code, "earlier copy" in told.err), told.err


def test_a_flipped_byte_is_found_or_matters_to_nothing(ran, mentorkit):
    """Whatever bit of the file is flipped, nobody is told a state that is not so and nothing goes out twice."""
    with sqlite3.connect(ran) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    whole = ran.read_bytes()
    sound = json.loads(mentorkit("ledger", "verify", "pilot.toml", "--json").out)
    chance, found = random.Random(7), 0
    for _ in range(60):
        place = chance.randrange(100, len(whole))
        ran.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :])
        told = mentorkit("ledger", "verify", "pilot.toml", "--json")
        assert told.code in (0, 2), told.err
        if told.code == 0:
            assert sound == json.loads(told.out), f"byte {place} changed what is told, and nobody noticed"
        found += told.code == 2
    assert found > 0


QUIET = """
from attrs import frozen

from mentorkit.core.contracts import Receipt
from mentorkit.hookspecs import hookimpl


@frozen
class Quiet:
    name: str = "quiet"
    summary: str = "never hears whether a message arrived"
    options: None = None
    leaves_machine: bool = False
    repeat_is_harmless: bool = False

    def open(self, options, setting):
        return self

    def reaches(self, person, address):
        return True

    def prepare(self, outgoing):
        return self

    def commit(self):
        return Receipt("unknown", "no answer")

    def abandon(self):
        pass


@hookimpl
def mentorkit_channels():
    return (Quiet(),)
"""


@pytest.fixture
def in_doubt(folder, mentorkit):
    """Return the keys of messages of which nobody knows whether they arrived."""
    (folder / "quiet.py").write_text(QUIET)
    with (folder / "pilot.toml").open("a") as program:
        program.write('\n[plugins]\nfiles = ["quiet.py"]\n[channels.quiet]\n')
    told = mentorkit("run", "pilot.toml", *PUBLISHED, "--json")
    assert 1 == told.code
    return [one["key"] for one in told.document["in_doubt"]]


def states(mentorkit):
    return mentorkit("ledger", "verify", "pilot.toml", "--json").document["transmissions"]


def test_what_somebody_found_counts_as_sent_or_is_due_again(in_doubt, mentorkit):
    first, second, *rest = in_doubt
    told = mentorkit("ledger", "settle", "pilot.toml", first, "--sent")
    assert (0, True) == (told.code, f"{first} counts as sent" in told.out)
    document = mentorkit("ledger", "settle", "pilot.toml", second, "--not-sent", "--json").document
    assert {"settled": [second], "as": "not-sent"} == document
    assert {"sent": 1, "due": 1, "in_doubt": len(rest)} == states(mentorkit)
    again = mentorkit("run", "pilot.toml", "--at", "2027-01-11T10:30:00Z", "--json").document
    assert [second] == [one["key"] for one in again["in_doubt"]]


def test_all_that_are_named_are_settled_or_none(in_doubt, mentorkit):
    told = mentorkit("ledger", "settle", "pilot.toml", in_doubt[0], "nothing", "--sent")
    assert (2, True) == (told.code, "is no message of this ledger" in told.err)
    assert {"in_doubt": len(in_doubt)} == states(mentorkit)


def test_status_says_how_to_settle_doubts(in_doubt, mentorkit):
    told = mentorkit("status", "pilot.toml", "--at", "2027-01-11T10:30:00Z")
    assert "mentorkit ledger settle pilot.toml" in told.out
    assert all(key in told.out for key in in_doubt[:1])


def test_only_what_is_in_doubt_is_settled(ran, mentorkit):
    with sqlite3.connect(ran) as connection:
        (key, *_) = connection.execute("select key from transmissions order by key").fetchone()
    told = mentorkit("ledger", "settle", "pilot.toml", key, "--sent")
    assert (2, True) == (told.code, "is sent, not in doubt" in told.err)
    assert 2 == mentorkit("ledger", "settle", "pilot.toml", key).code
