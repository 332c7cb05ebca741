"""The ledger against a model of it in memory: whatever happens in whatever order, both know the same."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mentorkit.core.contracts import Receipt
from mentorkit.core.plan import Newcomer
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.testing import a_plan, a_transmission

pytestmark = pytest.mark.uncounted

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
OUTCOMES = {"sent": "sent", "failed": "failed", "deferred": "deferred", "unknown": "in_doubt"}
keys = st.integers(0, 11).map(lambda number: f"k{number:02d}")


class TwoRunners(RuleBasedStateMachine):
    """Two openings of one ledger that do not know of each other; the model says what each may do.

    `sent` counts how often a transmission has been put at risk and acknowledged: never twice, unless somebody said
    that a doubt should be retried.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "ledger.sqlite"
        first = open_ledger(path, create_for="pilot", durable=False)
        first.record_plan(a_plan(newcomers=(Newcomer(1, "17"),)))
        self.runners: list[Ledger] = [first, open_ledger(path, durable=False)]
        self.states: dict[str, str] = {}
        self.owners: dict[str, int] = {}
        self.free_at: dict[str, datetime] = {}
        self.attempts: dict[str, int] = {}
        self.accepted: dict[str, int] = {}
        self.retried: set[str] = set()
        self.at = NOON

    def teardown(self) -> None:
        for runner in self.runners:
            runner.close()
        self.folder.cleanup()

    @rule(key=keys)
    def plan(self, key: str) -> None:
        if key not in self.states:
            ledger = self.runners[0]
            due = (a_transmission(key, 1, "17", expires=NOON + timedelta(days=2)),)
            ledger.record_plan(a_plan(at=self.at, ledger_id=ledger.id, mark=ledger.read().mark, due=due))
            self.states[key] = "due"

    @rule(minutes=st.integers(1, 600))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(who=st.integers(0, 1), limit=st.integers(1, 4))
    def claim(self, who: int, limit: int) -> None:
        free = [
            key
            for key, state in sorted(self.states.items())
            if state == "due" or (state == "deferred" and self.free_at[key] <= self.at)
        ][:limit]
        assert free == list(self.runners[who].claim(self.runners[who].waiting(self.at)[:limit], self.at))
        for key in free:
            self.states[key], self.owners[key] = "claimed", who
            self.attempts[key] = self.attempts.get(key, 0) + 1

    @rule(who=st.integers(0, 1), key=keys)
    def mark(self, who: int, key: str) -> None:
        allowed = self.states.get(key) == "claimed" and self.owners[key] == who
        assert allowed == self.runners[who].mark_at_risk(key, "email", self.at)
        if allowed:
            self.states[key] = "at_risk"

    @rule(who=st.integers(0, 1), key=keys, outcome=st.sampled_from(sorted(OUTCOMES)))
    def settle(self, who: int, key: str, outcome: str) -> None:
        allowed = self.states.get(key) in ("at_risk", "in_doubt") and self.owners.get(key) == who
        receipt = Receipt(outcome)  # type: ignore[arg-type]
        assert allowed == self.runners[who].settle(key, receipt, self.at)
        if allowed:
            self.states[key] = OUTCOMES[outcome]
            self.accepted[key] = self.accepted.get(key, 0) + (outcome == "sent")
            if outcome == "deferred":
                pause = min(timedelta(minutes=5) * 2 ** (self.attempts[key] - 1), timedelta(hours=6))
                self.free_at[key] = self.at + pause

    @rule(who=st.integers(0, 1), key=keys)
    def release(self, who: int, key: str) -> None:
        self.runners[who].release([key], self.at)
        if self.states.get(key) == "claimed" and self.owners[key] == who:
            self.states[key] = "due"
            del self.owners[key]

    @rule(who=st.integers(0, 1))
    def recover(self, who: int) -> None:
        """The other one is believed to be dead, rightly or wrongly."""
        theirs = {key for key, owner in self.owners.items() if owner != who}
        doubtful = sorted(key for key in theirs if self.states[key] == "at_risk")
        assert tuple(doubtful) == self.runners[who].recover((), self.at)
        for key in theirs:
            if self.states[key] == "claimed":
                self.states[key] = "due"
                del self.owners[key]
            elif self.states[key] == "at_risk":
                self.states[key] = "in_doubt"

    @rule(who=st.integers(0, 1))
    def expire(self, who: int) -> None:
        late = self.at >= NOON + timedelta(days=2)
        over = sorted(key for key, state in self.states.items() if late and state in ("due", "deferred"))
        assert tuple(over) == self.runners[who].expire(self.at)
        for key in over:
            self.states[key] = "expired"
            self.owners.pop(key, None)

    @rule()
    def retry_doubts(self) -> None:
        doubtful = sorted(key for key, state in self.states.items() if state == "in_doubt")
        assert tuple(doubtful) == self.runners[0].retry_doubts(self.at)
        for key in doubtful:
            self.states[key] = "due"
            del self.owners[key]
            self.retried.add(key)

    @invariant()
    def both_know_the_same(self) -> None:
        for runner in self.runners:
            history = runner.read()
            assert self.states == {key: known.state for key, known in history.transmissions.items()}
            assert self.attempts == {key: one.attempts for key, one in history.transmissions.items() if one.attempts}

    @invariant()
    def nothing_was_sent_twice(self) -> None:
        assert all(times <= 1 for key, times in self.accepted.items() if key not in self.retried)

    @invariant()
    def it_adds_up(self) -> None:
        self.runners[1].check()


TestTwoRunners = TwoRunners.TestCase
TestTwoRunners.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
