"""The two marks, also where somebody wrongly believes to be alone."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from mentorkit.core.contracts import Receipt
from mentorkit.core.deliveries import Transmission
from mentorkit.core.plan import Newcomer
from mentorkit.ledger import Ledger, open_ledger, protocol
from mentorkit.testing import a_plan, a_transmission

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
SENT = Receipt("sent", "a.eml")


def claim(ledger: Ledger, at: datetime, limit: int, but: Collection[str] = ()) -> tuple[Transmission, ...]:
    return ledger.transmissions(ledger.claim(ledger.waiting(at, but)[:limit], at))


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
    one, two = claim(due, NOON, 5)
    assert (a_transmission("a", 1, "17"), a_transmission("b", 1, "17")) == (one, two)
    assert {"a": "claimed", "b": "claimed"} == states(due)
    assert due.mark_at_risk("a", "email", NOON)
    assert {"a": "at_risk", "b": "claimed"} == states(due)
    assert due.settle("a", SENT, NOON)
    due.release(["b"], NOON, "no luck")
    assert {"a": "sent", "b": "due"} == states(due)
    known = due.read().transmissions
    assert ("a.eml", 1) == (known["a"].detail, known["a"].attempts)
    assert "no luck" == known["b"].detail


def test_a_claim_is_bounded_and_leaves_out_what_it_is_told_to(due: Ledger) -> None:
    assert 2 == len(due.waiting(NOON))
    assert ["b"] == [one.key for one in claim(due, NOON, 1, but={"a"})]
    assert ["a"] == [one.key for one in claim(due, NOON, 5)]
    assert () == claim(due, NOON, 5)
    assert 0 == len(due.waiting(NOON))


def test_what_is_claimed_is_nobody_elses(due: Ledger) -> None:
    claim(due, NOON, 5)
    with another(due) as second:
        assert () == claim(second, NOON, 5)
        assert not second.mark_at_risk("a", "email", NOON)
        assert not second.settle("a", SENT, NOON)
        second.release(["a"], NOON)
    assert {"a": "claimed", "b": "claimed"} == states(due)


def test_recovery_takes_back_what_was_certainly_not_sent(due: Ledger) -> None:
    claim(due, NOON, 5)
    due.mark_at_risk("a", "email", NOON)
    with another(due) as second:
        assert ("a",) == second.recover((), NOON)
        assert {"a": "in_doubt", "b": "due"} == states(second)
        assert () == second.recover((), NOON)


def test_where_a_repeat_is_harmless_nothing_is_in_doubt(due: Ledger) -> None:
    claim(due, NOON, 5)
    due.mark_at_risk("a", "outbox", NOON)
    with another(due) as second:
        assert () == second.recover(("outbox",), NOON)
        assert {"a": "due", "b": "due"} == states(second)


def test_a_run_does_not_recover_its_own(due: Ledger) -> None:
    claim(due, NOON, 5)
    due.mark_at_risk("a", "email", NOON)
    due.recover((), NOON)
    assert {"a": "at_risk", "b": "claimed"} == states(due)


@pytest.mark.parametrize("moment", ["before the mark", "after the mark"])
def test_two_that_believe_to_be_alone_send_once(due: Ledger, moment: str) -> None:
    transmitted = []

    def run_through(ledger: Ledger) -> None:
        for one in claim(ledger, NOON, 5):
            if ledger.mark_at_risk(one.key, "email", NOON):
                transmitted.append(one.key)
                ledger.settle(one.key, SENT, NOON)

    (one,) = claim(due, NOON, 1)
    with another(due) as second:
        if moment == "before the mark":
            second.recover((), NOON)
            run_through(second)
        if due.mark_at_risk(one.key, "email", NOON):
            if moment == "after the mark":
                second.recover((), NOON)
                run_through(second)
            transmitted.append(one.key)
            due.settle(one.key, SENT, NOON)
    run_through(due)
    assert ["a", "b"] == sorted(transmitted)
    assert {"a": "sent", "b": "sent"} == states(due)


def test_a_late_acknowledgment_settles_a_doubt(due: Ledger) -> None:
    claim(due, NOON, 1)
    due.mark_at_risk("a", "email", NOON)
    with another(due) as second:
        second.recover((), NOON)
    assert "in_doubt" == states(due)["a"]
    assert due.settle("a", SENT, NOON)
    assert "sent" == states(due)["a"]


@pytest.mark.parametrize(
    ("outcome", "state"), [("sent", "sent"), ("failed", "failed"), ("deferred", "deferred"), ("unknown", "in_doubt")]
)
def test_a_receipt_says_the_state(due: Ledger, outcome: str, state: str) -> None:
    claim(due, NOON, 1)
    due.mark_at_risk("a", "email", NOON)
    due.settle("a", Receipt(outcome, "why"), NOON)  # type: ignore[arg-type]
    assert state == states(due)["a"]
    assert "why" == due.read().transmissions["a"].detail


def test_what_is_deferred_waits_ever_longer_and_no_longer_than_six_hours(due: Ledger) -> None:
    at, pauses = NOON, []
    for _ in range(9):
        (one,) = claim(due, at, 1, but={"b"})
        due.mark_at_risk(one.key, "email", at)
        due.settle(one.key, Receipt("deferred"), at)
        until = due.read().transmissions["a"].not_before
        assert until is not None
        assert () == claim(due, until - timedelta(seconds=1), 1, but={"b"})
        pauses.append((until - at) // timedelta(minutes=1))
        at = until
    assert [5, 10, 20, 40, 80, 160, 320, 360, 360] == pauses


@pytest.mark.parametrize(
    ("asked", "heeded"),
    [
        (timedelta(minutes=90), timedelta(minutes=90)),
        (timedelta(), timedelta()),
        (timedelta(days=3), timedelta(days=1)),
        (timedelta(seconds=-5), timedelta()),
    ],
)
def test_who_puts_a_message_off_says_until_when_up_to_a_day(due: Ledger, asked: timedelta, heeded: timedelta) -> None:
    (one,) = claim(due, NOON, 1)
    due.mark_at_risk(one.key, "email", NOON)
    due.settle(one.key, Receipt("deferred", retry_after=asked), NOON)
    assert NOON + heeded == due.read().transmissions[one.key].not_before


def test_what_waited_too_long_expires(due: Ledger) -> None:
    assert () == due.expire(NOON + timedelta(days=7) - timedelta(microseconds=1))
    assert ("a", "b") == due.expire(NOON + timedelta(days=7))
    assert {"a": "expired", "b": "expired"} == states(due)


def test_doubts_are_retried_only_when_a_person_says_so(due: Ledger) -> None:
    claim(due, NOON, 1)
    due.mark_at_risk("a", "email", NOON)
    due.settle("a", Receipt("unknown"), NOON)
    assert ["b"] == [one.key for one in claim(due, NOON, 5)]
    assert ("a",) == due.retry_doubts(NOON)
    assert ["a"] == [one.key for one in claim(due, NOON, 5)]


def test_a_thousand_at_once(tmp_path: Path) -> None:
    many = tuple(a_transmission(f"s{n:04d}", 1, "17") for n in range(1200))
    with open_ledger(tmp_path / "ledger.sqlite", create_for="pilot", durable=False) as ledger:
        ledger.record_plan(a_plan(newcomers=(Newcomer(1, "17"),), due=many))
        assert many == claim(ledger, NOON, 2000)
        ledger.release([one.key for one in many], NOON)
        assert tuple(one.key for one in many) == ledger.expire(NOON + timedelta(days=9))
        assert many == ledger.transmissions([one.key for one in many])
        ledger.check()


def test_adopting_takes_what_an_interrupted_run_held_for_sent(due: Ledger) -> None:
    later = evolve(a_transmission("c", 1, "17"), due=NOON + timedelta(hours=1))
    due.record_plan(a_plan(ledger_id=due.id, mark=due.tail().number, due=(later,)))
    claim(due, NOON, 5)
    due.mark_at_risk("a", "email", NOON)
    with another(due) as second:
        second.adopt(NOON, NOON)
        assert () == second.recover((), NOON)
        assert {"a": "superseded", "b": "superseded", "c": "due"} == states(second)
        assert "assumed sent" == second.read().transmissions["a"].detail
        assert ["c"] == [one.key for one in claim(second, NOON, 5)]
    assert not due.settle("a", SENT, NOON)


def test_adopting_takes_doubts_for_sent(due: Ledger) -> None:
    claim(due, NOON, 1)
    due.mark_at_risk("a", "email", NOON)
    due.settle("a", Receipt("unknown", "no answer"), NOON)
    due.adopt(NOON, NOON)
    assert () == due.retry_doubts(NOON)
    assert {"a": "superseded", "b": "superseded"} == states(due)


def test_what_waits_for_some_people_can_be_dropped(due: Ledger) -> None:
    other = a_transmission("c", 2, "18")
    newcomer = (Newcomer(2, "18"),)
    due.record_plan(a_plan(ledger_id=due.id, mark=due.tail().number, newcomers=newcomer, due=(other,)))
    claim(due, NOON, 1)
    due.mark_at_risk("a", "email", NOON)
    due.settle("a", SENT, NOON)
    assert () == due.supersede_for((), NOON)
    assert ("b",) == due.supersede_for({1, 99}, NOON)
    assert () == due.supersede_for({1, 99}, NOON)
    assert {"a": "sent", "b": "superseded", "c": "due"} == states(due)


def test_what_may_have_arrived_before_it_was_dropped_stays_in_doubt_for_whoever_has_to_take_it_back(
    due: Ledger,
) -> None:
    claim(due, NOON, 2)
    due.mark_at_risk("a", "calendars", NOON, "caldav")
    due.settle("a", Receipt("unknown", "no answer in time"), NOON, repeat=True)
    due.release(["b"], NOON)
    assert {"a": "deferred", "b": "due"} == states(due)
    due.supersede_for({1}, NOON)
    assert {"a": "superseded", "b": "superseded"} == states(due)
    dropped = due.read()
    assert {"in_doubt", "superseded"} == set(dropped.deliveries.values())
    assert () == due.waiting(NOON)
    assert () == due.doubts()


def test_what_a_server_says_at_length_is_kept_in_short_and_without_addresses():
    began = time.process_time()
    kept = protocol.without_addresses("550 <ada@example.org> " + "x" * 1_000_000 + "@example.org")
    assert time.process_time() - began < 1
    assert kept.startswith("550 <(address)> xxx")
    assert len(kept) <= protocol.LONGEST_DETAIL
