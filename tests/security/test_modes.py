"""What holds personal data is its owner's alone, whatever the umask; and what others can read of secrets is told."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder
from security.guarded import NOON, PROGRAM, Guarded

SHARED = {"p.toml", "people.csv", "p.lock", "messages", "messages/hello.md"}
"""What its author wrote, and what is made for version control."""
FOR_PEOPLE = {"plan.json", "matching.json", "review.csv", "review.xlsx", "report.csv", "report.html", "ledger.sqlite"}
MAIL = """
[channels.mail]
use = "smtp"
host = "localhost"
from = "a@example.org"
user = "a"
password = { file = "keys/mail" }
"""


@pytest.fixture
def umask() -> Iterator[None]:
    """A umask that leaves everything open."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.uncounted
def test_all_that_is_written_is_its_owners_alone(
    guarded: Guarded, umask: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = guarded.folder / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    for command in (
        ("match", "--out", "matching.json"),
        ("match", "--review", "review.csv"),
        ("match", "--review", "review.xlsx"),
        ("plan", *NOON, "--out", "plan.json"),
        ("run", *NOON),
        ("record", "met", "--person", "2", "--at", "2027-02-20T12:00"),
        ("report", *NOON),
        ("report", *NOON, "--out", "report.csv", "--format", "csv"),
        ("run", "--simulate", "--folder", "deep/down/played"),
    ):
        ran = guarded(*command)
        assert 0 == ran.code, (command, ran.err)
    written = {path for path in guarded.folder.rglob("*") if str(path.relative_to(guarded.folder)) not in SHARED}
    assert 50 < len(written)
    assert {
        "plan.json",
        "matching.json",
        "review.csv",
        "review.xlsx",
        "report.csv",
        "report.html",
        "ledger.sqlite",
    } <= {path.name for path in written}
    assert any(path.is_relative_to(state) for path in written)
    wrong = [path for path in written if stat.S_IMODE(path.stat().st_mode) != (0o700 if path.is_dir() else 0o600)]
    assert [] == wrong


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user of the machine can enter."""
    folder = Path(tempfile.mkdtemp(prefix="mentorkit-security-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("folder_mode", "mode", "told"), [(0o755, 0o644, 1), (0o755, 0o604, 1), (0o755, 0o640, 0), (0o700, 0o644, 0)]
)
def test_a_secret_that_every_user_can_read_is_a_warning(
    shared: Path, capfd: pytest.CaptureFixture[str], folder_mode: int, mode: int, told: int
) -> None:
    files = {"p.toml": PROGRAM + MAIL, "keys/mail": "sesame\n", "messages/hello.md": "---\nsubject: a\n---\nb\n"}
    files["people.csv"] = "id,name,email,role\n1,Ada,a@example.org,mentor\n2,Ben,b@example.org,mentee\n"
    program_folder(shared, files)
    (shared / "keys").chmod(folder_mode)
    (shared / "keys" / "mail").chmod(mode)
    assert 0 == run_command(["check", str(shared / "p.toml")])
    said = capfd.readouterr().err
    assert told == said.count("warning[secret-readable]")
    assert told == said.count("chmod 600 keys/mail")
    assert "sesame" not in said
