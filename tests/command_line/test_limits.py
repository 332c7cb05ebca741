"""A matching can be limited, interrupted and timed; what is found by then is printed with its gap."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

SLOW = """\
import time
from pathlib import Path

import numpy as np

from mentorkit.core.contracts import Solution, solution_of
from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.core.proofs import PriceProof
from mentorkit.hookspecs import hookimpl


class Slow:
    name, summary, options, shapes = "slow", "looks on until it is told to stop", None, frozenset({"two-sided"})

    def columns(self, options):
        return ()

    def solve(self, options, problem):
        (mentee, mentor), scores = next(iter(problem.pairs.items()))
        tenths = scores.scores(*map(np.arange, scores.shape))
        Path("begun").touch()
        if problem.effort.megabytes is not None:
            Path("megabytes").write_text(str(problem.effort.megabytes))
        for step in range(3000):
            if problem.effort.over():
                break
            problem.effort.tell("looking on", step / 3000)
            time.sleep(0.01)
        roles = list(problem.seatings)
        row, column = np.argwhere(tenths >= 0)[0].tolist()
        gains = {"coverage": 1001 * scores.shape[0], "total-score": 1}
        prices = np.full(scores.shape[1], gains["coverage"] + 1000)
        pair = [(roles.index(mentee), row), (roles.index(mentor), column)]
        return solution_of([pair], proof=PriceProof(prices, gains))


class Stubborn(Slow):
    name = "stubborn"

    def solve(self, options, problem):
        Path("begun").touch()
        time.sleep(60)


class Picky(Slow):
    name = "picky"

    def solve(self, options, problem):
        told = f'"picky" does not know "{problem.objective[1]}"'
        known = "it knows coverage or total-score"
        raise ProgramError([error("unknown-objective", told, path="matching.objective", help=known)])


@hookimpl
def mentorkit_matchers():
    return [Slow(), Stubborn(), Picky()]
"""
AT = ["--at", "2027-01-11T10:00"]


@pytest.fixture
def slow(folder):
    """The program with a matcher that goes on for half a minute unless it is told to stop."""
    program = (folder / "pilot.toml").read_text()
    use = '\n[plugins]\nfiles = ["slow.py"]\n\n[matching]\nuse = "slow"\n'
    (folder / "pilot.toml").write_text(program + use)
    (folder / "slow.py").write_text(SLOW)
    return folder


def started(folder, *arguments):
    """Return a command that has come to its matcher."""
    command = subprocess.Popen(
        [sys.executable, "-m", "mentorkit", *arguments],
        env={**os.environ, "XDG_STATE_HOME": str(folder)},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not (folder / "begun").exists() and command.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (folder / "begun").exists()
    return command


@pytest.mark.parametrize("command", ["match", "plan", "run", "publish"])
def test_a_matching_stops_at_its_limit_and_is_told_with_its_gap(mentorkit, slow, command):
    arguments = [command, "pilot.toml", *AT, "--time-limit", "0.1s", "--memory-limit", "2GB"]
    ran = mentorkit(*arguments, *(["--fill"] if command == "publish" else []))
    assert 0 == ran.code, ran.err
    assert "2000" == (slow / "megabytes").read_text()
    if command in ("match", "plan"):
        assert "Proven: at most 1 more person could be placed." in ran.out


def test_ctrl_c_ends_the_search_and_prints_what_was_found(slow):
    command = started(slow, "match", "pilot.toml", "--json", *AT)
    command.send_signal(signal.SIGINT)
    out, told = command.communicate(timeout=30)
    assert 130 == command.returncode
    certificate = json.loads(out)["certificate"]
    assert (1, 2, None, False) == tuple(certificate[key] for key in ("matched", "matched_bound", "gap", "exact"))
    assert "once more ends at once" in told
    assert "interrupted: this is the best that was found until then" in told


def test_a_second_ctrl_c_ends_at_once(slow):
    program = (slow / "pilot.toml").read_text().replace('"slow"', '"stubborn"')
    (slow / "pilot.toml").write_text(program)
    command = started(slow, "match", "pilot.toml", *AT)
    command.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert command.poll() is None
    command.send_signal(signal.SIGINT)
    out, _told = command.communicate(timeout=10)
    assert (130, "") == (command.returncode, out)


@pytest.mark.parametrize("arguments", [["run"], ["publish", "--fill"], ["plan", "--out", "plan.json"]])
def test_what_acts_or_saves_does_nothing_with_an_interrupted_search(slow, arguments):
    command = started(slow, arguments[0], "pilot.toml", *arguments[1:], *AT)
    command.send_signal(signal.SIGINT)
    out, told = command.communicate(timeout=10)
    assert (130, "") == (command.returncode, out)
    assert "interrupted" in told
    assert not (slow / "pilot.run").exists()
    assert not (slow / "plan.json").exists()


def test_timings_go_to_standard_error(mentorkit):
    plain, timed = (mentorkit("match", "pilot.toml", *AT, *more) for more in ([], ["--timings"]))
    assert plain.out == timed.out
    assert "solving" not in plain.err
    said = [part.rpartition(" ")[0].split(" ") for part in timed.err.strip().splitlines()[-1].split(", ")]
    assert ["posing", "solving", "certifying"] == [part for part, _seconds in said]
    assert all(float(seconds) >= 0 for _part, seconds in said)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--time-limit", "soon"),
        ("--time-limit", "0s"),
        ("--time-limit", "10"),
        ("--memory-limit", "2"),
        ("--memory-limit", "1GBit"),
    ],
)
def test_what_is_no_limit_is_refused(mentorkit, option, value):
    ran = mentorkit("match", "pilot.toml", option, value)
    assert 2 == ran.code
    assert f"Invalid value for '{option}'" in ran.err


def test_a_simulation_has_no_limits(mentorkit):
    ran = mentorkit("run", "pilot.toml", "--simulate", "--time-limit", "1s")
    assert 2 == ran.code
    assert "--simulate has a ledger of its own" in ran.err


def test_the_certificate_says_how_many_pairs_were_checked(mentorkit):
    assert 3 * 2 == mentorkit("match", "pilot.toml", "--json", *AT).document["certificate"]["pairs_checked"]


def test_an_objective_that_a_matcher_does_not_know_is_named_at_its_line(mentorkit, slow):
    program = (slow / "pilot.toml").read_text()
    (slow / "pilot.toml").write_text(program.replace('"slow"', '"picky"\nobjective = ["coverage", "fewest-changes"]'))
    line = 1 + (slow / "pilot.toml").read_text().splitlines().index('objective = ["coverage", "fewest-changes"]')
    for command in ("match", "plan", "run"):
        ran = mentorkit(command, "pilot.toml", *AT)
        assert 2 == ran.code
        assert f'pilot.toml:{line}:1: error[unknown-objective]: "picky" does not know "fewest-changes"' in ran.err
        assert "help: it knows coverage or total-score" in ran.err
