"""Whole runs as folders: the inputs, the commands, and every file and line they must come to.

A case is a folder with `commands.txt`, one command line each (without `mentorkit`), and the files they need. What is
expected is below `expected/`: `output.txt` with standard output, standard error and exit code of each command, and
`files/` with everything the commands wrote except the ledger and the lock. `pytest tests/golden --regenerate` rewrites
it.
"""

import shlex
import shutil
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/commands.txt"))
NOT_COMPARED = ("ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", ".runner")


def written(folder: Path, given: set[Path]) -> dict[str, bytes]:
    """Return every file below a folder that was not there before, by relative path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.relative_to(folder) not in given
        and path.name not in NOT_COMPARED
        and path.suffix != ".lock"
        and "template" not in path.relative_to(folder).parts
    }


def play(case: Path, folder: Path, capfd, monkeypatch) -> tuple[str, dict[str, bytes]]:
    """Run the commands of a case in a copy of it; return what they printed and wrote."""
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns("expected"))
    given = {path.relative_to(folder) for path in folder.rglob("*")}
    monkeypatch.chdir(folder)
    told = []
    for line in (case / "commands.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        code = run_command(shlex.split(line))
        out, err = capfd.readouterr()
        told.append(
            f"$ mentorkit {line}\n{out}" + (f"--- standard error\n{err}" if err else "") + f"--- exit code {code}\n"
        )
    return "\n".join(told), written(folder, given)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_whole_run_comes_to_what_is_expected(case, tmp_path, capfd, monkeypatch, request):
    output, files = play(case, tmp_path / "case", capfd, monkeypatch)
    expected = case / "expected"
    if request.config.getoption("--regenerate"):
        shutil.rmtree(expected, ignore_errors=True)
        (expected / "files").mkdir(parents=True)
        (expected / "output.txt").write_text(output, encoding="utf-8")
        for name, content in files.items():
            path = expected / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    assert (expected / "output.txt").read_text(encoding="utf-8") == output
    assert written(expected / "files", set()) == files


def test_there_are_cases():
    assert CASES
