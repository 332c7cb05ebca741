"""Whatever a command is doing, SIGTERM ends it like Ctrl-C: in words, with exit code 130."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "adventureworks"


def test_sigterm_ends_any_command_as_an_interruption(tmp_path):
    command = [sys.executable, "-m", "mentorkit", "run", str(EXAMPLE / "program.toml"), "--simulate"]
    started = subprocess.Popen(
        [*command, "--folder", str(tmp_path / "sim")],
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "sim").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    started.send_signal(signal.SIGTERM)
    _, told = started.communicate(timeout=60)
    assert 130 == started.returncode
    assert "interrupted" in told


def test_a_watched_program_ends_well_at_sigterm_and_goes_on_from_there(tmp_path):
    for name in ("program.toml", "people.csv"):
        (tmp_path / name).write_bytes((EXAMPLE.parent / "pilot" / name).read_bytes())
    command = [sys.executable, "-m", "mentorkit", "run", str(tmp_path / "program.toml"), "--json"]
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    started = subprocess.Popen(
        [*command, "--watch"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    first = json.loads(started.stdout.readline())
    started.send_signal(signal.SIGTERM)
    rest, told = started.communicate(timeout=60)
    assert (0, "") == (started.returncode, rest), told
    assert first["published"]
    assert first["next"] > first["at"]
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert ([], []) == (json.loads(again.stdout)["published"], json.loads(again.stdout)["sent"])
