"""The two marks, also where somebody wrongly believes to be alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from mentorkit.core.contracts import Receipt
from mentorkit.core.plan import Newcomer
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.testing import a_plan, a_transmission

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
SENT = Receipt("sent", "a.eml")


@pytest.fixture
def due(ledger: Ledger) -> Ledger:
    both = (a_transmission("a", 1, "17"), a_transmission("b", 1, "17"))
    ledger.record_plan(a_plan(newcomers=(Newcomer(1, "17"),), due=both))
    return ledger


def states(ledger: Ledger) -> dict[str, str]:
    ledger.check()
    return {key: known.state for key, known in ledger.read().transmissions.items()}


def another(ledger: Ledger) -> Ledger:
    return open_ledger(ledger.path)


def test_from_due_to_sent(due: Ledger) -> None:
    one, two = due.claim(NOON, "outbox", 5)
    assert (a_transmission("a", 1, "17"), a_transmission("b", 1, "17")) == (one, two)
    assert {"a": "claimed", "b": "claimed"} == states(due)
    assert due.mark_at_risk("a", NOON)
    assert {"a": "at_risk", "b": "claimed"} == states(due)
    assert due.settle("a", SENT, NOON)
    due.release(["b"], NOON, "no luck")
    assert {"a": "sent", "b": "due"} == states(due)
    known = due.read().transmissions
    assert ("a.eml", 1) == (known["a"].detail, known["a"].attempts)
    assert "no luck" == known["b"].detail


def test_a_claim_is_bounded_and_leaves_out_what_it_is_told_to(due: Ledger) -> None:
    assert 2 == due.waits(NOON)
    assert ["b"] == [one.key for one in due.claim(NOON, "outbox", 1, but={"a"})]
    assert ["a"] == [one.key for one in due.claim(NOON, "outbox", 5)]
    assert () == due.claim(NOON, "outbox", 5)
    assert 0 == due.waits(NOON)


def test_what_is_claimed_is_nobody_elses(due: Ledger) -> None:
    due.claim(NOON, "outbox", 5)
    with another(due) as second:
        assert () == second.claim(NOON, "outbox", 5)
        assert not second.mark_at_risk("a", NOON)
        assert not second.settle("a", SENT, NOON)
        second.release(["a"], NOON)
    assert {"a": "claimed", "b": "claimed"} == states(due)


def test_recovery_takes_back_what_was_certainly_not_sent(due: Ledger) -> None:
    due.claim(NOON, "email", 5)
    due.mark_at_risk("a", NOON)
    with another(due) as second:
        assert ("a",) == second.recover((), NOON)
        assert {"a": "in_doubt", "b": "due"} == states(second)
        assert () == second.recover((), NOON)


def test_where_a_repeat_is_harmless_nothing_is_in_doubt(due: Ledger) -> None:
    due.claim(NOON, "outbox", 5)
    due.mark_at_risk("a", NOON)
    with another(due) as second:
        assert () == second.recover(("outbox",), NOON)
        assert {"a": "due", "b": "due"} == states(second)


def test_a_run_does_not_recover_its_own(due: Ledger) -> None:
    due.claim(NOON, "outbox", 5)
    due.mark_at_risk("a", NOON)
    due.recover((), NOON)
    assert {"a": "at_risk", "b": "claimed"} == states(due)


@pytest.mark.parametrize("moment", ["before the mark", "after the mark"])
def test_two_that_believe_to_be_alone_send_once(due: Ledger, moment: str) -> None:
    transmitted = []

    def run_through(ledger: Ledger) -> None:
        for one in ledger.claim(NOON, "email", 5):
            if ledger.mark_at_risk(one.key, NOON):
                transmitted.append(one.key)
                ledger.settle(one.key, SENT, NOON)

    (one,) = due.claim(NOON, "email", 1)
    with another(due) as second:
        if moment == "before the mark":
            second.recover((), NOON)
            run_through(second)
        if due.mark_at_risk(one.key, NOON):
            if moment == "after the mark":
                second.recover((), NOON)
                run_through(second)
            transmitted.append(one.key)
            due.settle(one.key, SENT, NOON)
    run_through(due)
    assert ["a", "b"] == sorted(transmitted)
    assert {"a": "sent", "b": "sent"} == states(due)


def test_a_late_acknowledgment_settles_a_doubt(due: Ledger) -> None:
    due.claim(NOON, "email", 1)
    due.mark_at_risk("a", NOON)
    with another(due) as second:
        second.recover((), NOON)
    assert "in_doubt" == states(due)["a"]
    assert due.settle("a", SENT, NOON)
    assert "sent" == states(due)["a"]


@pytest.mark.parametrize(
    ("outcome", "state"), [("sent", "sent"), ("failed", "failed"), ("deferred", "deferred"), ("unknown", "in_doubt")]
)
def test_a_receipt_says_the_state(due: Ledger, outcome: str, state: str) -> None:
    due.claim(NOON, "email", 1)
    due.mark_at_risk("a", NOON)
    due.settle("a", Receipt(outcome, "why"), NOON)  # type: ignore[arg-type]
    assert state == states(due)["a"]
    assert "why" == due.read().transmissions["a"].detail


def test_what_is_deferred_waits_ever_longer_and_no_longer_than_six_hours(due: Ledger) -> None:
    at, pauses = NOON, []
    for _ in range(9):
        (one,) = due.claim(at, "email", 1, but={"b"})
        due.mark_at_risk(one.key, at)
        due.settle(one.key, Receipt("deferred"), at)
        until = due.read().transmissions["a"].not_before
        assert until is not None
        assert () == due.claim(until - timedelta(seconds=1), "email", 1, but={"b"})
        pauses.append((until - at) // timedelta(minutes=1))
        at = until
    assert [5, 10, 20, 40, 80, 160, 320, 360, 360] == pauses


def test_what_waited_too_long_expires(due: Ledger) -> None:
    assert () == due.expire(NOON + timedelta(days=7) - timedelta(microseconds=1))
    assert ("a", "b") == due.expire(NOON + timedelta(days=7))
    assert {"a": "expired", "b": "expired"} == states(due)


def test_doubts_are_retried_only_when_a_person_says_so(due: Ledger) -> None:
    due.claim(NOON, "email", 1)
    due.mark_at_risk("a", NOON)
    due.settle("a", Receipt("unknown"), NOON)
    assert ["b"] == [one.key for one in due.claim(NOON, "email", 5)]
    assert ("a",) == due.retry_doubts(NOON)
    assert ["a"] == [one.key for one in due.claim(NOON, "email", 5)]


def test_a_thousand_at_once(tmp_path: Path) -> None:
    many = tuple(a_transmission(f"s{n:04d}", 1, "17") for n in range(1200))
    with open_ledger(tmp_path / "ledger.sqlite", create_for="pilot", durable=False) as ledger:
        ledger.record_plan(a_plan(newcomers=(Newcomer(1, "17"),), due=many))
        assert many == ledger.claim(NOON, "outbox", 2000)
        ledger.release([one.key for one in many], NOON)
        assert tuple(one.key for one in many) == ledger.expire(NOON + timedelta(days=9))
        assert many == ledger.transmissions([one.key for one in many])
        ledger.check()


def test_adopting_takes_what_an_interrupted_run_held_for_sent(due: Ledger) -> None:
    later = evolve(a_transmission("c", 1, "17"), due=NOON + timedelta(hours=1))
    due.record_plan(a_plan(ledger_id=due.id, mark=due.tail().number, due=(later,)))
    due.claim(NOON, "email", 5)
    due.mark_at_risk("a", NOON)
    with another(due) as second:
        second.adopt(NOON, NOON)
        assert () == second.recover((), NOON)
        assert {"a": "superseded", "b": "superseded", "c": "due"} == states(second)
        assert "assumed sent" == second.read().transmissions["a"].detail
        assert ["c"] == [one.key for one in second.claim(NOON, "email", 5)]
    assert not due.settle("a", SENT, NOON)


def test_adopting_takes_doubts_for_sent(due: Ledger) -> None:
    due.claim(NOON, "email", 1)
    due.mark_at_risk("a", NOON)
    due.settle("a", Receipt("unknown", "no answer"), NOON)
    due.adopt(NOON, NOON)
    assert () == due.retry_doubts(NOON)
    assert {"a": "superseded", "b": "superseded"} == states(due)


def test_what_waits_for_some_people_can_be_dropped(due: Ledger) -> None:
    other = a_transmission("c", 2, "18")
    newcomer = (Newcomer(2, "18"),)
    due.record_plan(a_plan(ledger_id=due.id, mark=due.tail().number, newcomers=newcomer, due=(other,)))
    due.claim(NOON, "email", 1)
    due.mark_at_risk("a", NOON)
    due.settle("a", SENT, NOON)
    assert () == due.supersede_for((), NOON)
    assert ("b",) == due.supersede_for({1, 99}, NOON)
    assert () == due.supersede_for({1, 99}, NOON)
    assert {"a": "sent", "b": "superseded", "c": "due"} == states(due)
