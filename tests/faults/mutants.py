"""Wrong protocols, each wrong in one thing, and the check that has to notice it: else its silence would mean nothing.

They live here alone: a mutant is the right protocol with one function put in another's place for a while.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from attrs import evolve, frozen
from sqlalchemy import select, update

from faults import checks, checks_of_ways
from mentorkit.core.contracts import Receipt
from mentorkit.guarding.ledger_guard import Guarded
from mentorkit.ledger import Ledger, open_ledger, protocol, store
from mentorkit.ledger.schema import transmissions
from mentorkit.running import delivering, doubts
from mentorkit.running.channels import OpenChannel
from running import test_doubts as doubt_tests

Patches = Sequence[tuple[Any, str, Any]]
Check = Callable[[Path], list[str]]

MARK, SETTLE, CLAIM, DOUBTS = Ledger.mark_at_risk, Ledger.settle, Ledger.claim, Ledger.doubts
MARK_ALL, NOTE_REFUSAL = Ledger.mark_all_at_risk, protocol._note_refusal
RECOVER, RELEASE, WAITING, LOG = protocol.recover, protocol.release, protocol.waiting, protocol._log
OPEN = store.open_checked
CHANNELS = ("journal", "post", "outbox")


@frozen
class Mutant:
    """A wrong protocol.

    Attributes:
        wrong: what it does.
        patches: what stands in place of what: owner, name, function.
        caught_by: the check that notices it.
    """

    wrong: str
    patches: Patches
    caught_by: Check


def _by_doubt_test(test: Callable[..., object], *arguments: Any) -> Check:
    """Return a check that is one of the tests of doubts."""

    def check(place: Path) -> list[str]:
        with open_ledger(place / "ledger.sqlite", create_for="pilot", durable=False) as ledger:
            try:
                test(ledger, doubt_tests.Clock(), *arguments)
            except AssertionError as problem:
                return [str(problem).partition("\n")[0] or "an assertion does not hold"]
        return []

    check.__name__ = test.__name__
    return check


def _recovered_as_due(connection: Any, ledger: str, owner: str, harmless: Any, at: Any) -> tuple[str, ...]:
    RECOVER(connection, ledger, owner, CHANNELS, at)
    connection.execute(update(transmissions).values(doubt_since=None))
    return ()


def _unknown_as(outcome: Any) -> Callable[..., bool]:
    def settle(self: Ledger, key: str, receipt: Receipt, *more: Any, **named: Any) -> bool:
        known = evolve(receipt, outcome=outcome) if receipt.outcome == "unknown" else receipt
        return SETTLE(self, key, known, *more, **named)

    return settle


def _settled_beforehand(self: Ledger, key: str, channel: str, at: Any, *more: Any) -> bool:
    return MARK(self, key, channel, at, *more) and SETTLE(self, key, Receipt("sent"), at)


def _marked_afterwards(self: Ledger, key: str, receipt: Receipt, at: Any, *more: Any, **named: Any) -> bool:
    return MARK(self, key, "journal", at) and SETTLE(self, key, receipt, at, *more, **named)


def _marked_unseen(
    connection: Any, ledger: str, owner: str, key: str, channel: str, at: Any, kind: str, now: Any
) -> bool:
    values = {"channel": channel, "kind": kind, "marked_at": now, "owner": owner}
    protocol._change(connection, [key], "at_risk", at, values)
    return True


def _claimed_and_marked(self: Ledger, keys: Any, at: Any) -> tuple[str, ...]:
    claimed = CLAIM(self, keys, at)
    for key in claimed:
        MARK(self, key, "journal", at)
    return claimed


def _released_whatever_it_is(connection: Any, ledger: str, owner: str, keys: Any, detail: str, at: Any) -> None:
    RELEASE(connection, ledger, owner, keys, detail, at)
    at_risk = (transmissions.c.state == "at_risk") & transmissions.c.key.in_(list(keys))
    found = connection.execute(select(transmissions.c.key).where(at_risk)).scalars().all()
    protocol._change(connection, found, "due", at, {"owner": None})
    LOG(connection, ledger, at, ((key, "at_risk") for key in found), "due")


def _settled_unseen(connection: Any, owner: str, key: str, states: Any) -> Any:
    return connection.execute(select(transmissions).where(transmissions.c.key == key)).first()


def _waiting_or_in_doubt(at: Any) -> Any:
    return WAITING(at) | (transmissions.c.state == "in_doubt")


def _logged_afterwards(connection: Any, *arguments: Any) -> None:
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    LOG(connection, *arguments)


def _expired_whatever_it_is(connection: Any, ledger: str, at: Any) -> tuple[str, ...]:
    before = ("due", "deferred", "in_doubt")
    return protocol.move(connection, ledger, at, before, "expired", transmissions.c.expires <= at)


def _undurable(path: Path, *, durable: bool) -> Any:
    return OPEN(path, durable=False)


def _refused_without_an_answer(receipt: Receipt, *_: Any) -> Receipt:
    return evolve(receipt, outcome="failed") if receipt.outcome == "unknown" else receipt


def _address_forgotten(connection: Any, ledger: str, row: Any, receipt: Receipt, at: Any, address: str) -> None:
    NOTE_REFUSAL(connection, ledger, row, evolve(receipt, bad_address=False), at, address)


def _marked_the_first_of(self: Ledger, keys: Any, *more: Any) -> bool:
    return MARK_ALL(self, keys[:1], *more)


def _since_the_last_attempt(self: Ledger) -> Any:
    return tuple(evolve(one, since=one.marked) for one in DOUBTS(self))


def _not_looked_into(*_: Any) -> doubts.Looked:
    return doubts.Looked((), frozenset(), (), {})


def _yes(*_: Any, **__: Any) -> bool:
    return True


MUTANTS = {
    "deed-before-mark": Mutant(
        "the second mark is set after the deed",
        [(Ledger, "mark_at_risk", _yes), (Ledger, "settle", _marked_afterwards)],
        checks.killed_between_steps,
    ),
    "sent-before-deed": Mutant(
        "what is about to be sent counts as sent",
        [(Ledger, "mark_at_risk", _settled_beforehand), (Ledger, "settle", _yes)],
        checks.killed_between_steps,
    ),
    "recovered-as-due": Mutant(
        "what was at risk when a run died is due",
        [(protocol, "recover", _recovered_as_due)],
        checks.killed_between_steps,
    ),
    "doubts-are-retried": Mutant(
        "what is in doubt waits like what is due",
        [(protocol, "waiting", _waiting_or_in_doubt)],
        checks.killed_between_steps,
    ),
    "one-mark-for-all": Mutant(
        "the second mark is set on a whole batch",
        [(Ledger, "claim", _claimed_and_marked), (Ledger, "mark_at_risk", _yes)],
        checks.killed_between_steps,
    ),
    "nobody-owns": Mutant(
        "all runs claim in the same name",
        [(store, "token_hex", lambda _: "0")],
        checks.killed_between_steps,
    ),
    "log-apart": Mutant(
        "a change and its log entry are two transactions",
        [(protocol, "_log", _logged_afterwards)],
        checks.killed_between_steps,
    ),
    "expired-in-doubt": Mutant(
        "what is in doubt expires",
        [(protocol, "expire", _expired_whatever_it_is)],
        checks.killed_and_run_too_late,
    ),
    "unknown-as-deferred": Mutant(
        "no answer counts as not delivered",
        [(Ledger, "settle", _unknown_as("deferred"))],
        checks.without_an_answer,
    ),
    "unknown-as-sent": Mutant(
        "no answer counts as delivered", [(Ledger, "settle", _unknown_as("sent"))], checks.without_an_answer
    ),
    "released-at-risk": Mutant(
        "a run that is ended gives back what it is committing",
        [(protocol, "release", _released_whatever_it_is)],
        checks.two_signals,
    ),
    "marked-unseen": Mutant(
        "the second mark is set whoever has the message",
        [(protocol, "mark_at_risk", _marked_unseen)],
        checks.two_that_believe_to_be_alone,
    ),
    "settled-unseen": Mutant(
        "a receipt is written whoever has the message",
        [(protocol, "_under_second_mark", _settled_unseen)],
        checks.a_late_receipt,
    ),
    "nothing-remembered": Mutant(
        "how far the log had got is not remembered before sending",
        [(Guarded, "remember", lambda *_, **__: None)],
        checks.an_earlier_copy,
    ),
    "not-synced": Mutant("commits are not synced", [(store, "open_checked", _undurable)], checks.the_mark_is_on_disk),
    "window-from-the-last": Mutant(
        "the window of repeats begins anew with each",
        [(Ledger, "doubts", _since_the_last_attempt)],
        _by_doubt_test(
            doubt_tests.test_the_window_begins_with_the_first_attempt_whatever_later_ones_come_to, "unknown"
        ),
    ),
    "absent-at-once": Mutant(
        "what is not there yet counts as not delivered",
        [(OpenChannel, "settles_after", timedelta())],
        _by_doubt_test(
            doubt_tests.test_that_it_is_not_there_is_believed_only_once_it_could_be, 10 * doubt_tests.MINUTE, 1
        ),
    ),
    "repeated-by-another": Mutant(
        "what may have arrived goes out again by any channel",
        [(delivering, "look_into", _not_looked_into)],
        _by_doubt_test(doubt_tests.test_a_doubt_is_about_one_channel_and_nothing_is_repeated_by_another),
    ),
    "doubt-passed-on": Mutant(
        "what gave no answer goes by the next channel, too",
        [(delivering, "_judged", _refused_without_an_answer)],
        checks_of_ways.a_doubt_beside_another_channel,
    ),
    "lost-address-forgotten": Mutant(
        "that nobody is at an address is not remembered",
        [(protocol, "_note_refusal", _address_forgotten)],
        checks_of_ways.an_address_at_which_nobody_is,
    ),
    "digest-made-anew": Mutant(
        "which messages may have gone out as one is not remembered",
        [(Ledger, "bundles", lambda *_: {})],
        checks_of_ways.a_doubtful_digest_that_grows,
    ),
    "one-mark-for-a-digest": Mutant(
        "of several messages that go out as one, only the first is marked",
        [(Ledger, "mark_all_at_risk", _marked_the_first_of)],
        checks_of_ways.an_interrupted_digest,
    ),
    "clock-set-back": Mutant(
        "a clock that was set back opens windows again",
        [(doubts, "_passed", lambda since, now: now - since)],
        _by_doubt_test(doubt_tests.test_a_clock_that_was_set_back_proves_nothing),
    ),
}

CHECKS = tuple(dict.fromkeys(one.caught_by for one in MUTANTS.values()))


@contextmanager
def grown(mutant: Mutant | None) -> Iterator[Path]:
    """Give a folder of its own in a process where a mutant is in force (None: the right protocol)."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutant-")))
        stack.enter_context(patch.dict(os.environ, XDG_STATE_HOME=str(place / "state")))
        for owner, name, wrong in mutant.patches if mutant else ():
            stack.enter_context(patch.object(owner, name, wrong))
        yield place
