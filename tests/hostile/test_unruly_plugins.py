"""Plugins that turn against the whole process: whatever they do is said, and nothing of it is used."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.desk import NOON, PEOPLE, Desk, Ran
from hostile.desk import PROGRAM as DESK_PROGRAM
from mentorkit.command_line.boundary import run_command
from mentorkit.supervising.page import PAGE, RETURNED
from mentorkit.supervising.parent import supervise
from mentorkit.testing import program_folder

SOURCE = Path(__file__).with_name("unruly_plugin.py").read_text(encoding="utf-8")
PROGRAM = """\
format = 1

[program]
name = "Pilot"
starts = 2027-01-11
length = "8 weeks"
timezone = "Europe/London"

[plugins]
files = ["unruly.py"]
time_limit = "1 minute"

[roster]
file = "people.csv"

[model]
use = "unruly"

[matching]
use = "unruly"
[matching.criteria.unruly]
weight = 1
column = "skills"
[matching.rules.unruly]

[sessions]
count = 2
cadence = "2 weeks"

[timeline.hello]
when = "match"
to = ["mentor", "mentee"]
message = "messages/hello"

[channels.lines]
use = "unruly"

[kpis.unruly]
target = 0.5
"""
HELLO = "---\nsubject: Welcome\n---\nHello {{ me.name }}.\n"
WITHOUT_ROLES = "\n".join(line.rpartition(",")[0] for line in PEOPLE.splitlines()) + "\n"
STEPS = {
    "import": "the import",
    "hook": "the hook mentorkit_matchers",
    "columns": 'columns of the matcher "unruly"',
    "roles_by_level": 'roles_by_level of the model "unruly"',
    "similarity": 'similarity of the criterion "unruly"',
    "prepare of a rule": 'prepare of the rule "unruly"',
    "blocked": 'the rule "unruly"',
    "occasions": 'occasions of the model "unruly"',
    "solve": 'solve of the matcher "unruly"',
    "counted_pairs": 'counted_pairs of the model "unruly"',
    "open": 'the channel "lines", opening,',
    "reaches": 'the channel "lines", asked whom it reaches,',
    "prepare of a channel": 'the channel "lines", preparing a message,',
    "commit": 'the channel "lines", sending a message',
    "close": 'the channel "lines", closing,',
}
IN_A_RUN = ("open", "reaches", "prepare of a channel", "commit")
"""Where something failed while acting: exit code 1."""


@pytest.fixture(scope="module", autouse=True)
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Load once what a run needs, so that the children that fork from here need not."""
    folder = tmp_path_factory.mktemp("loaded")
    program_folder(folder, {"pilot.toml": DESK_PROGRAM, "people.csv": PEOPLE})
    assert 0 == run_command(["run", str(folder / "pilot.toml"), "--yes", *NOON])


def lay(desk: Desk, place: str, deed: str, people: str = PEOPLE) -> None:
    source = SOURCE.replace('"nowhere", "nothing"', f'"{place}", "{deed}"', 1)
    desk.write(
        {"pilot.toml": PROGRAM, "unruly.py": source, "messages/hello.md": HELLO, "people.csv": people},
    )


def sent(desk: Desk) -> list[str]:
    lines = desk.folder / "lines.txt"
    return lines.read_text(encoding="utf-8").splitlines() if lines.exists() else []


def run(desk: Desk, *arguments: str) -> Ran:
    return desk.process("run", "pilot.toml", "--yes", *NOON, *arguments)


def told(ran: Ran) -> str:
    """Return the one line in which an error is told."""
    (line,) = [line for line in ran.err.splitlines() if line.startswith("error[")]
    return line


def test_it_works_where_it_behaves(desk: Desk) -> None:
    lay(desk, "nowhere", "nothing")
    ran = run(desk, "--json")
    assert 0 == ran.code, ran.err
    assert 4 == len(ran.document["sent"]) == len(sent(desk))


@pytest.mark.parametrize("place", STEPS)
def test_who_ends_the_process_is_named_with_the_step(desk: Desk, place: str) -> None:
    lay(desk, place, "ends", WITHOUT_ROLES if place == "roles_by_level" else PEOPLE)
    ran = run(desk)
    assert 2 == ran.code, ran.out + ran.err
    assert f"{STEPS[place]}" in told(ran)
    assert "of the plugin unruly.py (a local file) ended the process" in told(ran)
    assert "with exit code 0" in told(ran)
    assert "    help: mend or remove that plugin" in ran.err
    assert [] == sent(desk)


def test_a_key_figure_that_ends_the_process_is_named_with_the_step(desk: Desk) -> None:
    lay(desk, "measure", "ends")
    ran = desk.process("report", "pilot.toml", *NOON)
    assert 2 == ran.code, ran.out + ran.err
    assert 'measure of the KPI "unruly" of the plugin unruly.py (a local file) ended the process' in told(ran)


ENDS = {
    "crashes": "ended the process by signal 11 (Segmentation fault)",
    "aborts": "ended the process by signal 6 (Aborted)",
    "is killed": "was killed (signal 9): by somebody, or by the system because memory ran out",
}


@pytest.mark.parametrize("deed", ENDS)
def test_how_the_process_ended_is_said(desk: Desk, deed: str) -> None:
    lay(desk, "solve", deed)
    ran = desk.process("match", "pilot.toml", *NOON)
    assert 2 == ran.code, ran.out + ran.err
    assert f'solve of the matcher "unruly" of the plugin unruly.py (a local file) {ENDS[deed]}' in told(ran)


@pytest.mark.parametrize("deed", ["sleeps", "spins"])
def test_who_never_comes_back_is_ended_and_named(desk: Desk, deed: str) -> None:
    lay(desk, "similarity", deed)
    desk.write({"pilot.toml": PROGRAM.replace("1 minute", "3 seconds")})
    began = time.monotonic()
    ran = desk.process("match", "pilot.toml", *NOON)
    assert 2 == ran.code, ran.out + ran.err
    assert "of the plugin unruly.py (a local file) had not come back after 3 seconds and was ended" in told(ran)
    assert "plugins.time_limit" in ran.err
    assert 30 > time.monotonic() - began


def test_a_time_limit_on_the_command_line_gives_a_matcher_as_long(desk: Desk) -> None:
    lay(desk, "solve", "takes four seconds")
    desk.write({"pilot.toml": PROGRAM.replace("1 minute", "3 seconds")})
    assert 0 == desk.process("match", "pilot.toml", "--time-limit", "30s", *NOON).code


@pytest.mark.parametrize("place", ["import", "similarity", "solve", "blocked", "occasions"])
def test_a_copy_that_comes_back_is_ended_before_it_does_anything(desk: Desk, place: str) -> None:
    lay(desk, place, "forks")
    ran = run(desk)
    assert 2 == ran.code, ran.out + ran.err
    assert 1 == ran.err.count("made a copy of the whole process (os.fork) and let it come back")
    assert "unruly.py (a local file)" in ran.err
    assert [] == sent(desk)
    assert "" == ran.out


def test_a_copy_that_comes_back_when_all_is_done_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(desk, "nowhere", "nothing")

    def with_a_late_copy(work: Callable[[], int]) -> int:
        code = supervise(work)
        PAGE.write(RETURNED, 'solve of the matcher "unruly" of the plugin unruly.py (a local file)')
        return code

    monkeypatch.setattr("mentorkit.supervising.parent.supervise", with_a_late_copy)
    ran = desk.process("match", "pilot.toml", *NOON)
    assert 0 == ran.code, ran.err
    assert 'warning[plugin-forks]: solve of the matcher "unruly" of the plugin unruly.py' in ran.err


def test_no_process_beside_this_one_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(desk, "nowhere", "nothing")

    def refused() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", refused)
    ran = run(desk)
    assert 1 == ran.code
    assert "start no process beside this one (Resource temporarily unavailable)" in told(ran)
    assert [] == sent(desk)


def test_a_message_that_may_have_gone_out_twice_is_in_doubt(desk: Desk) -> None:
    lay(desk, "commit", "forks")
    ran = run(desk, "--json")
    assert 1 == ran.code, ran.out + ran.err
    assert 4 == len(ran.document["in_doubt"]), ran.out
    assert all("made a copy of the whole process" in one["detail"] for one in ran.document["in_doubt"])


@pytest.mark.parametrize("deed", ["ends", "sleeps"])
def test_what_a_channel_had_in_hand_when_it_was_ended_is_in_doubt(desk: Desk, deed: str) -> None:
    lay(desk, "commit", deed)
    desk.write({"pilot.toml": PROGRAM.replace("1 minute", "3 seconds")})
    ran = run(desk)
    assert 2 == ran.code, ran.out + ran.err
    assert "sending a message (which is in doubt now)" in told(ran)
    lay(desk, "nowhere", "nothing")
    ran = run(desk, "--json")
    assert (1, 1, 3) == (ran.code, len(ran.document["in_doubt"]), len(ran.document["sent"])), ran.out + ran.err
    assert 3 == len(sent(desk))


@pytest.mark.parametrize("deed", ["forks and stays", "begins a thread"])
def test_what_a_plugin_leaves_running_holds_up_nobody(desk: Desk, deed: str) -> None:
    lay(desk, "open", deed)
    began = time.monotonic()
    ran = run(desk, "--json")
    assert 0 == ran.code, ran.err
    assert 4 == len(ran.document["sent"]) == len(sent(desk))
    lay(desk, "nowhere", "nothing")
    assert 0 == run(desk).code
    assert 45 > time.monotonic() - began


@pytest.mark.parametrize("place", ["import", "hook", "similarity", "solve", "open", "commit"])
def test_what_a_plugin_prints_is_no_part_of_the_output(desk: Desk, place: str) -> None:
    lay(desk, place, "prints")
    ran = run(desk, "--json")
    assert 0 == ran.code, ran.err
    assert 4 == len(ran.document["sent"])
    assert 4 <= ran.err.count("a word\n")


def test_what_was_published_stays_whatever_a_matcher_comes_to_the_next_time(desk: Desk) -> None:
    lay(desk, "nowhere", "nothing")
    many = "".join(f"m{n},M {n},m{n}@example.org,1,,,,,,{'mentor' if n % 2 else 'mentee'}\n" for n in range(20))
    desk.write({"people.csv": PEOPLE + many})
    solved = [desk("match", "pilot.toml", "--json", *NOON).document["relationships"] for _ in range(2)]
    assert solved[0] != solved[1]
    assert 0 == desk("run", "pilot.toml", "--yes", *NOON).code
    published = desk.files()["pilot.run/matches.csv"]
    assert 0 == desk("run", "pilot.toml", "--yes", "--at", "2027-01-12T10:00").code
    assert published == desk.files()["pilot.run/matches.csv"]


def test_memory_that_is_not_there_is_the_plugins_problem(desk: Desk) -> None:
    lay(desk, "solve", "eats memory")
    ran = run(desk)
    assert 2 == ran.code, ran.out + ran.err
    assert 'solve of the matcher "unruly" of the plugin unruly.py (a local file) failed: ' in told(ran)
    assert [] == sent(desk)


@pytest.mark.parametrize(
    ("place", "deed"),
    [*((one, "raises") for one in STEPS), *((one, "exits") for one in (*IN_A_RUN, "import", "columns"))],
)
def test_whatever_is_raised_names_the_plugin(desk: Desk, place: str, deed: str) -> None:
    lay(desk, place, deed, WITHOUT_ROLES if place == "roles_by_level" else PEOPLE)
    ran = desk("run", "pilot.toml", "--yes", *NOON)
    assert (0 if place == "close" else 1 if place in IN_A_RUN else 2) == ran.code, ran.out + ran.err
    assert ("KeyError: 'site'" if deed == "raises" else "SystemExit") in ran.out + ran.err or place == "close"
    assert "mentorkit has a bug" not in ran.err
    assert 4 * (place == "close") == len(sent(desk))


# ------------------------------------------------------------------------------------------------------- signals


def begun(desk: Desk, *arguments: str) -> subprocess.Popen[str]:
    """Start a run in a session of its own, and wait for its first message."""
    lay(desk, "commit", "takes a moment")
    command = [sys.executable, "-m", "mentorkit", "run", "pilot.toml", "--yes", "--json", *arguments]
    started = subprocess.Popen(
        command, cwd=desk.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until = time.monotonic() + 60
    while not sent(desk) and time.monotonic() < until:
        time.sleep(0.02)
    return started


ASKED: dict[str, Callable[[int], None]] = {
    "the process alone": lambda pid: os.kill(pid, signal.SIGTERM),
    "all processes of a service": lambda pid: os.killpg(pid, signal.SIGTERM),
    "Ctrl-C": lambda pid: os.killpg(pid, signal.SIGINT),
}


@pytest.mark.parametrize("who", ASKED)
def test_a_run_that_is_asked_to_end_finishes_the_message_in_hand(desk: Desk, who: str) -> None:
    started = begun(desk, *NOON)
    ASKED[who](started.pid)
    out, err = started.communicate(timeout=60)
    assert 130 == started.returncode, out + err
    document = json.loads(out)
    assert ([], len(sent(desk))) == (document["in_doubt"], len(document["sent"]))
    assert 1 <= len(sent(desk)) < 4
    lay(desk, "nowhere", "nothing")
    assert 0 == run(desk).code
    assert 4 == len(sent(desk))


def test_who_asks_three_times_is_heard_whatever_a_plugin_does(desk: Desk) -> None:
    lay(desk, "commit", "spins in C")
    command = [sys.executable, "-m", "mentorkit", "run", "pilot.toml", "--yes", *NOON]
    started = subprocess.Popen(
        command, cwd=desk.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until = time.monotonic() + 60
    while not (desk.folder / "spins.txt").exists() and time.monotonic() < until:
        time.sleep(0.02)
    for _ in range(3):
        time.sleep(0.3)
        os.kill(started.pid, signal.SIGTERM)
    _, err = started.communicate(timeout=60)
    assert (130, "interrupted") == (started.returncode, err.splitlines()[-1])
    lay(desk, "nowhere", "nothing")
    ran = run(desk, "--json")
    assert 4 == len(ran.document["sent"]) + len(ran.document["in_doubt"])


def test_a_run_ends_when_the_process_that_looks_after_it_is_killed(desk: Desk) -> None:
    started = begun(desk, *NOON)
    started.kill()
    started.communicate(timeout=60)  # ends when nobody holds the pipes any more
    there = len(sent(desk))
    lay(desk, "nowhere", "nothing")
    ran = run(desk, "--json")
    assert there + len(ran.document["sent"]) == len(sent(desk)) == len(set(sent(desk)))
    assert 4 == len({*sent(desk), *(one["key"] for one in ran.document["in_doubt"])})
