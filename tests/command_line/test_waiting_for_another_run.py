"""A program that another run holds: waited for as long as one is told to, then named, and nothing is sent."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

AT = ("--at", "2027-01-11T12:00:00Z")


@contextmanager
def held(folder):
    """Hold the program's run folder by another process; give that."""
    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from mentorkit.guarding.one_runner import one_runner\n"
        "with one_runner(Path('pilot.run'), datetime(2027, 1, 11, tzinfo=UTC)):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True, cwd=folder) as other:
        assert "held\n" == other.stdout.readline()
        yield other
        other.kill()


@pytest.mark.parametrize(
    ("waits", "told"), [((), ""), (("--lock-timeout", "0.3"), ", and still was after 0.3 seconds")]
)
def test_who_holds_a_program_is_named_and_nothing_is_sent(mentorkit, folder, waits, told):
    with held(folder) as other:
        refused = mentorkit("run", "pilot.toml", *waits, *AT)
    assert (2, "") == (refused.code, refused.out)
    said = f"is held by process {other.pid} on {os.uname().nodename}, since 2027-01-11T00:00:00+00:00{told}"
    assert said in " ".join(refused.err.split())
    assert [".runner"] == [path.name for path in (folder / "pilot.run").iterdir()]


def test_a_run_that_waits_goes_on_when_the_other_lets_go(mentorkit, folder):
    with held(folder) as other:
        threading.Timer(0.3, other.stdin.close).start()
        ran = mentorkit("run", "pilot.toml", "--lock-timeout", "60", "--json", *AT)
    assert 0 == ran.code
    assert ran.document["sent"]


def test_whoever_dies_holds_nothing(mentorkit, folder):
    """Why there is no command to break a hold: the kernel has let go of it before anybody could."""
    with held(folder) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert (folder / "pilot.run" / ".runner").read_bytes()
        assert 0 == mentorkit("run", "pilot.toml", *AT).code


def test_a_saved_plan_is_stale_if_the_ledger_moved_on_while_the_run_waited(mentorkit, folder, monkeypatch):
    from mentorkit import clock
    from mentorkit.guarding import ledger_guard
    from mentorkit.testing import a_moment

    monkeypatch.setattr(clock, "now", lambda: a_moment("2027-01-11T12:00:00+00:00"))
    mentorkit("plan", "pilot.toml", "--out", "plan.json", *AT)
    hold = ledger_guard.one_runner

    @contextmanager
    def after_another_run(*arguments):
        monkeypatch.setattr(ledger_guard, "one_runner", hold)
        assert 0 == mentorkit("run", "pilot.toml", *AT).code
        with hold(*arguments):
            yield

    monkeypatch.setattr(ledger_guard, "one_runner", after_another_run)
    sent = len(list((folder / "pilot.run").glob("outbox/*.eml")))
    refused = mentorkit("run", "pilot.toml", "--plan", "plan.json")
    assert (2, 0) == (refused.code, sent)
    assert "the ledger has gone on since" in " ".join(refused.err.split())


@pytest.mark.parametrize("other", ["--watch", "--simulate"])
def test_what_waits_by_itself_or_for_nobody_takes_no_timeout(mentorkit, other):
    assert 2 == mentorkit("run", "pilot.toml", other, "--lock-timeout", "1").code
