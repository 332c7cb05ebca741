from __future__ import annotations

import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from attrs import evolve
from sqlalchemy import text

from mentorkit.core.contracts import Receipt
from mentorkit.core.deliveries import Delivery, Recipient
from mentorkit.core.errors import RefusedError
from mentorkit.core.happenings import Happening
from mentorkit.core.history import Event, History, RosterSeen
from mentorkit.core.learning import consequences
from mentorkit.core.plan import Newcomer, Plan
from mentorkit.core.proofs import Price
from mentorkit.core.relationships import Certificate, Matching, Member, Relationship
from mentorkit.core.sessions import Schedule, Session
from mentorkit.ledger import Ledger, open_ledger, portioning, read_history
from mentorkit.ledger.connecting import connect
from mentorkit.ledger.schema import metadata
from mentorkit.testing import a_catalogue, a_plan, a_program, a_transmission
from mentorkit_models.one_on_one import OneOnOne

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
PAIR = Relationship("r1", (Member("17", "mentor"), Member("42", "mentee")), 81.3)
MEETING = Session(
    "r1-1",
    "r1",
    "sessions",
    1,
    datetime(2027, 1, 18, 9),  # noqa: DTZ001 (a local time, in the zone beside it)
    "Europe/London",
    datetime(2027, 1, 18, 9, tzinfo=UTC),
    60,
    ("17", "42"),
)


def first_plan(**changes: Any) -> Plan:
    plan = a_plan(
        newcomers=(Newcomer(1, "17"), Newcomer(2, "42"), Newcomer(3, "contact:coordinator")),
        matching=Matching((PAIR,), (), (), Certificate("optimal", True, 1, 81.3)),
        occasions=("match",),
        schedule=Schedule((MEETING,)),
        due=(a_transmission("hello", 1, "17"), a_transmission("welcome", 2, "42")),
        expired=(a_transmission("old", 1, "17"),),
    )
    return evolve(plan, **changes)


def test_a_ledger_knows_whether_people_were_matched(ledger: Ledger) -> None:
    assert not ledger.was_matched()
    ledger.record_plan(first_plan(matching=None, occasions=(), schedule=Schedule(), due=(), expired=()))
    assert not ledger.was_matched()


def test_a_ledger_knows_that_people_were_matched(ledger: Ledger) -> None:
    ledger.record_plan(first_plan())
    assert ledger.was_matched()


def test_a_plan_comes_back_as_history(ledger: Ledger) -> None:
    ledger.record_plan(first_plan())

    history = ledger.read()

    assert {"17": 1, "42": 2, "contact:coordinator": 3} == dict(history.numbers)
    assert {"17": NOON, "42": NOON, "contact:coordinator": NOON} == dict(history.seen)
    assert {"match": NOON} == dict(history.occasions)
    assert [(PAIR, "published", NOON)] == [(k.relationship, k.state, k.published_at) for k in history.relationships]
    assert [(MEETING, "planned")] == [(known.session, known.state) for known in history.sessions]
    assert {"hello": "due", "welcome": "due", "old": "expired"} == {
        known.key: known.state for known in history.transmissions.values()
    }
    assert "due" == history.deliveries["hello/once/p1/mentor"]
    assert ledger.id == history.ledger_id
    ledger.check()


def test_a_plan_of_more_rows_than_a_portion_is_recorded_the_same(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = first_plan(taking_part={"17": True, "42": True}, identities={"17": "a", "42": "b"})
    ledger.record_plan(plan)
    monkeypatch.setattr(portioning, "PORTION", 1)
    with open_ledger(tmp_path / "other.sqlite", create_for="pilot") as other:
        other.record_plan(plan)
        assert ledger.read() == evolve(other.read(), ledger_id=ledger.id)
        assert ledger.tail().number == other.tail().number
        other.check()


def test_a_ledger_that_is_opened_again_knows_the_same(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path, create_for="pilot") as ledger:
        ledger.record_plan(first_plan())
        before = ledger.read()
    assert before == read_history(path)


def test_a_program_that_has_not_run_yet_knows_nothing(tmp_path: Path) -> None:
    assert History() == read_history(tmp_path / "ledger.sqlite")
    assert [] == list(tmp_path.iterdir())


def test_recording_nothing_changes_nothing(ledger: Ledger) -> None:
    ledger.record_plan(first_plan())
    before = ledger.read()
    ledger.record_plan(a_plan(ledger_id=ledger.id, mark=before.mark))
    assert before == ledger.read()


def test_a_provisional_matching_is_not_recorded(ledger: Ledger) -> None:
    ledger.record_plan(first_plan(provisional=True))
    history = ledger.read()
    assert ((), (), {}) == (history.relationships, history.sessions, dict(history.occasions))


def test_a_stale_plan_is_refused_and_leaves_nothing(ledger: Ledger) -> None:
    ledger.record_plan(first_plan())
    before = ledger.read()
    for stale in (first_plan(), first_plan(ledger_id=ledger.id, mark=before.mark - 1), first_plan(mark=before.mark)):
        with pytest.raises(RefusedError, match="stale"):
            ledger.record_plan(stale)
    assert before == ledger.read()


def test_a_plan_of_another_ledger_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match="stale"):
        ledger.record_plan(first_plan(ledger_id="another"))


def test_a_plan_of_another_program_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match=r'"pilot".*"other"'):
        ledger.record_plan(a_plan(program="other"))


def test_a_plan_is_recorded_whole_or_not_at_all(ledger: Ledger) -> None:
    stranger = Relationship("r2", (Member("17", "mentor"), Member("nobody", "mentee")), 10.0)
    plan = first_plan()
    broken = a_plan(
        newcomers=plan.newcomers, matching=Matching((PAIR, stranger), (), (), Certificate("optimal", True, 2, 91.3))
    )
    with pytest.raises(KeyError):
        ledger.record_plan(broken)
    assert 0 == ledger.read().mark
    assert {} == ledger.read().numbers


def record(ledger: Ledger, *events: Event) -> None:
    """Record events with what follows from them in a program whose pairs end with either of the two."""
    history = ledger.read()
    happening = consequences(a_program(), a_catalogue(models=[OneOnOne()]), history, events, NOON)
    new = [event.person for event in events if event.person not in history.numbers]
    numbers = {person: number for number, person in enumerate(new, len(history.numbers) + 1)}
    ledger.record_happening(happening, numbers=numbers, at=NOON, mark=history.mark)


def test_what_was_worked_out_before_the_ledger_moved_on_is_refused(ledger: Ledger) -> None:
    ledger.record_plan(first_plan())
    mark = ledger.read().mark
    record(ledger, Event("e1", NOON, "17", "met", "r1-1"))
    with pytest.raises(RefusedError, match="stale"):
        ledger.record_happening(Happening(), numbers={}, at=NOON, mark=mark)


def test_an_event_by_a_stranger_gives_them_a_number(ledger: Ledger) -> None:
    ledger.record_plan(first_plan())
    record(ledger, Event("e1", NOON, "99", "answered", "pulse.mood", "4"))
    assert 4 == ledger.read().numbers["99"]
    ledger.check()


@pytest.mark.parametrize(("kind", "state"), [("met", "held"), ("missed", "missed")])
def test_an_event_says_what_became_of_a_session(ledger: Ledger, kind: str, state: str) -> None:
    ledger.record_plan(first_plan())
    record(ledger, Event("e1", NOON, "17", kind, "r1-1"))
    assert [state] == [known.state for known in ledger.read().sessions]
    ledger.check()


def test_declining_ends_the_relationship_and_what_hung_on_it(ledger: Ledger) -> None:
    part = Delivery("reminder/once/p1/mentor/r1", "reminder", "once", Recipient(1, "17", "mentor"), "r1")
    reminder = a_transmission("reminder", 1, "17", deliveries=(part,))
    ledger.record_plan(evolve(first_plan(), due=(reminder, a_transmission("hello", 1, "17")), expired=()))
    record(ledger, Event("e1", NOON, "42", "declined", "r1"))
    history = ledger.read()
    assert [("ended", "declined", NOON, NOON)] == [
        (k.state, k.reason, k.ended_at, k.end_noted) for k in history.relationships
    ]
    assert [("canceled", 1, NOON)] == [(known.state, known.sequence, known.changed) for known in history.sessions]
    assert {"reminder": "superseded", "hello": "due"} == {k.key: k.state for k in history.transmissions.values()}
    ledger.check()


def test_a_moved_session_is_kept_at_its_new_time(ledger: Ledger) -> None:
    ledger.record_plan(first_plan())
    record(ledger, Event("e1", NOON, "42", "moved", "r1-1", "2027-03-02T15:00"))
    (known,) = ledger.read().sessions
    assert ("moved", 1, 1) == (known.state, known.sequence, known.moves)
    assert "2027-03-02T15:00:00" == known.session.local.isoformat()
    ledger.check()


def test_a_proposal_waits_until_it_is_published(ledger: Ledger) -> None:
    ledger.record_plan(evolve(first_plan(proposing=True), schedule=Schedule(), occasions=()))
    proposed = ledger.read()
    assert ["proposed"] == [known.state for known in proposed.relationships]
    assert ({}, ()) == (proposed.occasions, proposed.published)
    ledger.check()
    plan = first_plan()
    ledger.record_plan(evolve(plan, newcomers=(), mark=proposed.mark, ledger_id=ledger.id, due=(), expired=()))
    published = ledger.read()
    assert [("published", plan.at)] == [(known.state, known.published_at) for known in published.relationships]
    assert ["match"] == list(published.occasions)
    ledger.check()


def test_a_withdrawn_proposal_can_be_proposed_again(ledger: Ledger) -> None:
    ledger.record_plan(evolve(first_plan(proposing=True), schedule=Schedule(), occasions=()))
    withdrawn = a_plan(withdrawn=("r1",), mark=ledger.read().mark, ledger_id=ledger.id)
    ledger.record_plan(withdrawn)
    assert () == ledger.read().proposed
    again = first_plan(proposing=True, mark=ledger.read().mark, ledger_id=ledger.id)
    ledger.record_plan(evolve(again, newcomers=(), schedule=Schedule(), occasions=(), due=(), expired=()))
    assert ["r1"] == [known.relationship.id for known in ledger.read().proposed]
    ledger.check()


def test_what_later_plans_compare_with_is_kept(ledger: Ledger) -> None:
    seen = RosterSeen(NOON, "d1", 12, 8)
    ledger.record_plan(first_plan(series={"sessions": "m1", "coffee": "m2"}, roster=seen))
    assert {"sessions": "m1", "coffee": "m2"} == ledger.read().series
    ledger.record_plan(a_plan(series={"coffee": ""}, mark=ledger.read().mark, ledger_id=ledger.id))
    assert ({"sessions": "m1"}, (seen,)) == (ledger.read().series, ledger.read().rosters)


def test_prices_are_kept_until_there_are_others(ledger: Ledger) -> None:
    first = {Member("17", "mentor"): Price(1, -20), Member("42", "mentee"): Price(0, 813)}
    ledger.record_plan(first_plan(prices=first))
    assert first == ledger.read().prices
    ledger.record_plan(a_plan(mark=ledger.read().mark, ledger_id=ledger.id))
    assert first == ledger.read().prices
    other = {Member("42", "mentor"): Price(2, 10**12)}
    ledger.record_plan(a_plan(mark=ledger.read().mark, ledger_id=ledger.id, prices=other))
    assert other == ledger.read().prices


def test_an_adopted_ledger_sends_nothing_from_before(ledger: Ledger) -> None:
    ledger.adopt(NOON, NOON)
    due = (a_transmission("hello", 1, "17"), a_transmission("after", 2, "42", due=NOON + timedelta(seconds=1)))
    ledger.record_plan(first_plan(ledger_id=ledger.id, mark=1, due=due, expired=()))
    history = ledger.read()
    assert NOON == history.assume_sent_until
    assert {"hello": "superseded", "after": "due"} == {k.key: k.state for k in history.transmissions.values()}
    ledger.check()


def test_adopting_drops_what_was_waiting(ledger: Ledger) -> None:
    ledger.record_plan(first_plan())
    ledger.adopt(NOON, NOON)
    assert () == ledger.waiting(NOON)


def test_the_log_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path, create_for="pilot") as ledger:
        plan = a_plan(
            newcomers=(Newcomer(1, "zora@example.org"),),
            due=(a_transmission("hello", 1, "zora@example.org"),),
            prices={Member("zora@example.org", "mentor"): Price(1, 2)},
        )
        ledger.record_plan(plan)
        record(ledger, Event("zora-e1", NOON, "zora@example.org", "answered", "pulse.mood", "good"))
        (one,) = ledger.claim(ledger.waiting(NOON)[:1], NOON)
        ledger.mark_at_risk(one, "email", NOON)
        ledger.settle(one, Receipt("failed", "550 <zora@example.org> unknown"), NOON)
        assert "550 <(address)> unknown" == ledger.read().transmissions["hello"].detail
    engine = connect(path)
    with engine.connect() as connection:
        tables = [table for table in metadata.sorted_tables if table.name not in ("people", "events")]
        said = " ".join(str(row) for table in tables for row in connection.execute(table.select()))
    engine.dispose()
    assert "zora" not in said
    assert "hello" in said


def test_migrations_lead_to_the_declared_tables(ledger: Ledger) -> None:
    engine = connect(ledger.path)
    with engine.connect() as connection:
        assert [] == compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
        declared = {
            (table.name, str(one.name))
            for table in metadata.sorted_tables
            for one in table.constraints
            if type(one).__name__ == "CheckConstraint"
        }
        written = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
    engine.dispose()
    assert declared
    assert all(any(name == table and constraint in sql for name, sql in written) for table, constraint in declared)


def test_every_commit_is_on_disk(ledger: Ledger) -> None:
    with ledger._engine.connect() as connection:
        assert 2 == connection.execute(text("PRAGMA synchronous")).scalar_one()
        assert "wal" == connection.execute(text("PRAGMA journal_mode")).scalar_one()
        assert 1 == connection.execute(text("PRAGMA foreign_keys")).scalar_one()


def test_only_the_owner_reads_a_ledger(ledger: Ledger) -> None:
    ledger.record_plan(first_plan())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in ledger.path.parent.iterdir()}
    assert {"ledger.sqlite": 0o600, "ledger.sqlite-wal": 0o600, "ledger.sqlite-shm": 0o600} == modes
    assert 0o700 == stat.S_IMODE(ledger.path.parent.stat().st_mode)


def test_a_consent_is_remembered_for_one_channel_and_sender(ledger: Ledger) -> None:
    assert not ledger.has_consent("email", "a")
    ledger.give_consent("email", "a", NOON)
    ledger.give_consent("email", "a", NOON)
    assert ledger.has_consent("email", "a")
    assert not ledger.has_consent("email", "b")
    ledger.check()


def test_what_a_matching_fixed_of_a_relationship_is_kept(ledger: Ledger) -> None:
    fixed = evolve(PAIR, slot="round 1", at=NOON, until=date(2027, 1, 24))
    ledger.record_plan(first_plan(matching=Matching((fixed,), (), (), Certificate("slots", True, 1, 81.3))))
    assert [fixed] == [known.relationship for known in ledger.read().relationships]
