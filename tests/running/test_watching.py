"""A program that is watched runs at its steps and when its files change, and ends when it is asked to."""

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest
from attrs import define, evolve, field

from mentorkit import clock
from mentorkit.core.errors import ConsentError, ProgramError, RunError
from mentorkit.core.history import KnownTransmission
from mentorkit.opening import open_program
from mentorkit.running.asking import Consents
from mentorkit.running.run_once import run_once
from mentorkit.running.watching import watch
from mentorkit.testing import program_folder
from mentorkit.workspace import workspace

PEOPLE = """\
id,name,email,role
1,Ada Osei,ada@example.org,mentor
4,Dev Patel,dev@example.org,mentee
"""
PROGRAM = """\
[program]
name = "Pilot"
starts = 2027-01-11
timezone = "Europe/London"
[roster]
file = "people.csv"
[model]
use = "one-on-one"
"""
BEGIN = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)


@define
class Watched:
    """A clock that only pauses move, and what happened at which moment."""

    folder: object
    now: datetime = BEGIN
    step: timedelta = timedelta(minutes=1)
    deeds: dict = field(factory=dict)
    turns: list = field(factory=list)
    consents: list = field(factory=list)

    def pause(self, _seconds):
        self.now += self.step
        deed = self.deeds.get(self.now)
        if deed is not None:
            deed()
        assert self.now < BEGIN + timedelta(days=30), "nobody ended the watch"

    def read(self):
        return open_program(self.folder / "pilot.toml")

    def run(self, opened, consents):
        self.consents.append(consents)
        return run_once(opened, consents)

    def go(self, consents=None, run=None):
        watch(
            workspace(self.folder / "pilot.toml"),
            self.read,
            run or self.run,
            consents or Consents(),
            self._tell,
            pause=self.pause,
        )

    def _tell(self, turn):
        self.turns.append((self.now, turn))

    @property
    def sent(self):
        return [(at, len(turn.done.outcome.sent)) for at, turn in self.turns if turn.done]

    def at(self, moment, deed):
        self.deeds[moment] = deed

    def until(self, moment):
        self.at(moment, lambda: signal.raise_signal(signal.SIGTERM))


@pytest.fixture
def watched(tmp_path, monkeypatch):
    program_folder(tmp_path, {"pilot.toml": PROGRAM, "people.csv": PEOPLE})
    found = Watched(tmp_path)
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found


def test_it_runs_at_each_next_step_and_when_a_day_begins_and_ends_when_asked(watched):
    watched.step = timedelta(minutes=30)
    watched.until(BEGIN + timedelta(days=5))
    watched.go()
    plan = watched.turns[0][1].done.plan
    steps = {one.due for one in plan.later if one.due < BEGIN + timedelta(days=5)}
    days = {datetime(2027, 1, 12 + n, tzinfo=UTC) for n in range(5)}
    assert {BEGIN} | {one for one in steps | days if one < BEGIN + timedelta(days=5)} == {at for at, _ in watched.sent}
    assert len(steps) > 0
    assert len(plan.due) == watched.sent[0][1]


def test_what_is_watched_sends_what_single_runs_send(watched):
    watched.step = timedelta(minutes=30)
    watched.until(BEGIN + timedelta(days=10))
    watched.go()
    watched.now = BEGIN + timedelta(days=10)
    assert 0 == len(run_once(watched.read(), Consents()).outcome.sent)


def test_it_runs_when_quiet_hours_are_over(watched):
    (watched.folder / "pilot.toml").write_text(PROGRAM + '[delivery]\nquiet_hours = "07:00-11:30"\n')
    watched.until(BEGIN + timedelta(hours=5))
    watched.go()
    over = BEGIN + timedelta(hours=3, minutes=30)
    assert {over} == {at for at, number in watched.sent if number}
    assert "messages that wait" == next(turn.because for _, turn in watched.turns if turn.again == over)


@pytest.mark.parametrize(
    ("not_before", "again"),
    [
        (None, timedelta(minutes=5)),
        (BEGIN - timedelta(hours=1), timedelta(minutes=5)),
        (BEGIN + timedelta(minutes=40), timedelta(minutes=40)),
    ],
)
def test_what_was_put_off_is_tried_again_when_it_may_be_and_not_at_every_glance(watched, not_before, again):
    put_off = KnownTransmission("k", "deferred", "hello", 1, BEGIN, not_before=not_before)

    def run(opened, consents):
        done = run_once(opened, consents)
        if watched.now > BEGIN:
            return done
        return evolve(done, history=evolve(done.history, transmissions={"k": put_off}))

    watched.until(BEGIN + timedelta(minutes=59))
    watched.go(run=run)
    assert [BEGIN, BEGIN + again] == [at for at, _ in watched.turns]
    assert "what could not be delivered yet" == watched.turns[0][1].because


def test_a_changed_file_is_planned_with_at_once_when_it_keeps_still(watched):
    changed = BEGIN + timedelta(hours=2)
    people = watched.folder / "people.csv"
    watched.at(changed, lambda: people.write_text(PEOPLE + "5,Eva Novak,eva@example.org,mentee\n"))
    watched.until(BEGIN + timedelta(hours=3))
    watched.go()
    again = [(at, turn) for at, turn in watched.turns if at >= changed]
    assert (changed + timedelta(minutes=1)) == again[0][0]
    assert 3 == len(again[0][1].opened.roster.people)


def test_a_broken_file_is_told_nothing_is_sent_and_it_goes_on_once_mended(watched):
    file = watched.folder / "pilot.toml"
    watched.at(BEGIN + timedelta(minutes=10), lambda: file.write_text(PROGRAM + "nonsense = \n"))
    watched.at(BEGIN + timedelta(minutes=20), lambda: file.write_text(PROGRAM))
    watched.until(BEGIN + timedelta(minutes=30))
    watched.go()
    assert [False, True, False] == [isinstance(turn.problem, ProgramError) for _, turn in watched.turns]
    assert watched.turns[1][1].done is None


def test_what_the_first_run_refuses_ends_it_with_the_reason(watched):
    (watched.folder / "pilot.toml").write_text(PROGRAM + "nonsense = \n")
    with pytest.raises(ProgramError):
        watched.go()


def test_an_event_that_somebody_records_is_acted_on(watched):
    ledger = watched.folder / "pilot.run" / "ledger.sqlite"
    moment = BEGIN + timedelta(minutes=10)
    watched.at(moment, lambda: os.utime(ledger, ns=(1, 1)))
    watched.until(BEGIN + timedelta(minutes=15))
    watched.go()
    assert moment in [at for at, _ in watched.turns]


def test_guards_are_let_pass_once_and_not_for_ever(watched):
    watched.step = timedelta(minutes=30)
    watched.until(BEGIN + timedelta(days=2))
    watched.go(Consents(yes=True, accept_missing=True, catch_up=True, retry_in_doubt=True))
    assert Consents(yes=True, accept_missing=True, catch_up=True, retry_in_doubt=True) == watched.consents[0]
    assert {Consents(yes=True)} == set(watched.consents[1:])


def test_a_consent_that_is_needed_later_is_asked_for_and_everything_waits(watched):
    watched.step = timedelta(minutes=30)

    def run(opened, consents):
        if watched.turns:
            raise ConsentError("more than a tenth is missing; go on by --accept-missing")
        return watched.run(opened, consents)

    watched.until(BEGIN + timedelta(days=2))
    watched.go(run=run)
    assert all("--accept-missing" in str(turn.problem) for _, turn in watched.turns[1:])
    assert len(watched.turns) > 1


def test_a_ledger_that_cannot_be_written_ends_it(watched):
    watched.step = timedelta(minutes=30)

    def run(opened, consents):
        if watched.turns:
            raise RunError("the ledger cannot be written")
        return watched.run(opened, consents)

    with pytest.raises(RunError):
        watched.go(run=run)


def test_a_clock_that_goes_back_sends_nothing_again(watched):
    watched.step = timedelta(minutes=30)

    def back():
        watched.now = BEGIN - timedelta(days=3)

    watched.at(BEGIN + timedelta(days=2), back)
    keys = []
    watched.at(BEGIN - timedelta(days=1), lambda: signal.raise_signal(signal.SIGTERM))
    watched.go()
    for _, turn in watched.turns:
        keys += [one.key for one in turn.done.outcome.sent]
    assert len(set(keys)) == len(keys)
    assert keys


def test_a_signal_while_it_plans_ends_it_before_anything_is_sent(watched):
    def run(opened, consents):
        signal.raise_signal(signal.SIGTERM)
        return watched.run(opened, consents)

    watched.now = BEGIN + timedelta(hours=1)
    watched.go(run=run)
    ((_, turn),) = watched.turns
    assert turn.done.outcome.interrupted
    assert () == turn.done.outcome.sent
    assert turn.done.outcome.waiting > 0
