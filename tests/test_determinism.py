"""The same inputs at the same moment give the same output and files, byte for byte: whatever the machine is set to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OTHER_PYTHON = ROOT / ".venv-other" / "bin" / "python"
LEFT_OUT = {"ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", ".runner"}
COMMANDS = (  # each in its folder
    ("adventureworks", "match", "program.toml", "--json", "--at", "2027-01-11T10:00"),
    ("adventureworks", "plan", "program.toml", "--at", "2027-01-11T10:00"),
    ("adventureworks", "run", "program.toml", "--at", "2027-01-11T10:00"),
    ("adventureworks", "run", "program.toml", "--at", "2027-02-03T10:00"),
    ("adventureworks", "report", "program.toml", "--json", "--at", "2027-02-03T10:00"),
    ("pilot", "run", "program.toml", "--simulate"),
)


def played(folder: Path, python: str, **environment: str) -> dict[str, bytes]:
    """Run the commands in a copy of the example; return every output and file by name."""
    shutil.copytree(ROOT / "examples" / "adventureworks", folder / "adventureworks")
    shutil.copytree(ROOT / "tests" / "golden" / "first-weeks", folder / "pilot")
    settings = {**os.environ, "XDG_STATE_HOME": str(folder / "state"), **environment}
    outputs = {}
    for number, (example, *arguments) in enumerate(COMMANDS):
        command = [python, "-m", "mentorkit", *arguments]
        ran = subprocess.run(command, cwd=folder / example, env=settings, capture_output=True, check=False)
        assert 0 == ran.returncode, ran.stderr.decode()
        outputs[f"{number} {arguments[0]}"] = ran.stdout
    for place in ("adventureworks/program.run", "pilot/program.sim"):
        for path in (folder / place).rglob("*"):
            if path.is_file() and path.name not in LEFT_OUT:
                outputs[str(path.relative_to(folder))] = path.read_bytes()
    return outputs


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return played(tmp_path_factory.mktemp("one") / "aw", sys.executable, TZ="UTC", PYTHONHASHSEED="0", LC_ALL="C.UTF-8")


def assert_same(expected: dict[str, bytes], found: dict[str, bytes]) -> None:
    assert sorted(expected) == sorted(found)
    assert [] == [name for name, content in expected.items() if found[name] != content]


def test_zone_hash_seed_and_locale_of_the_machine_do_not_matter(reference, tmp_path):
    assert len(reference) > 350
    assert_same(reference, played(tmp_path / "aw", sys.executable, TZ="Asia/Tokyo", PYTHONHASHSEED="4711", LC_ALL="C"))


@pytest.mark.skipif(not OTHER_PYTHON.exists(), reason="there is no second Python version here")
def test_the_python_version_does_not_matter(reference, tmp_path):
    assert_same(reference, played(tmp_path / "aw", str(OTHER_PYTHON), TZ="America/Lima", PYTHONHASHSEED="1"))
