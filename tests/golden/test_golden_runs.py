"""Whole runs as folders: the inputs, the commands, and everything they come to. They read as stories.

A case is a folder with `STORY.md` (who, what happens, what a coordinator should see), the files of a program, and
`commands.txt`: one command line each (without `mentorkit`), and between them what people do with files: `cp FROM TO`,
`rm FILE`, `append FILE LINE`. Comments tell the story and appear in the output. `little-program` beside the cases is
the template that most of them extend; a copy of it lies in each case.

What is expected is below `expected/`: `output.txt` with standard output, standard error and exit code of each command;
`ledger.txt`, what the ledger knows in the end; `outbox.txt`, one line per message; and `files/` with what the commands
wrote and the patterns of `expected-files.txt` name. `pytest tests/golden --regenerate` rewrites it, to be read in the
diff.
"""

import re
import shlex
import shutil
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.ledger import read_history

HERE = Path(__file__).parent
TEMPLATE = "little-program"
CASES = sorted(path.parent for path in HERE.glob("*/commands.txt"))
NOT_WRITTEN = ("expected", "STORY.md", "commands.txt", "expected-files.txt")


def play(case: Path, folder: Path, capfd, monkeypatch) -> str:
    """Do what a case says in a copy of it; return what was seen."""
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns(*NOT_WRITTEN))
    shutil.copytree(HERE / TEMPLATE, folder / TEMPLATE)
    monkeypatch.chdir(folder)
    seen = []
    for line in (case / "commands.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            seen.append(f"{line}\n")
        elif line.strip():
            seen.append(do(shlex.split(line), line, folder, capfd))
    return "".join(seen)


def do(words: list[str], line: str, folder: Path, capfd) -> str:
    """Do one thing; return what is seen of it."""
    match words:
        case ["cp", source, target]:
            shutil.copyfile(folder / source, folder / target)
        case ["rm", file]:
            (folder / file).unlink()
        case ["append", file, text]:
            with (folder / file).open("a", encoding="utf-8") as stream:
                stream.write(f"{text}\n")
        case _:
            code = run_command(words)
            out, err = capfd.readouterr()
            problems = f"--- standard error\n{err}" if err else ""
            return f"$ mentorkit {line}\n{out}{problems}--- exit code {code}\n\n"
    return f"$ {line}\n\n"


def written(folder: Path, patterns: list[str]) -> dict[str, bytes]:
    """Return the files below a folder that a pattern names, by relative path."""
    names = sorted({path.relative_to(folder) for pattern in patterns for path in folder.glob(pattern)})
    return {str(name): (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def outbox(folder: Path) -> str:
    """Return a line for each message in the outbox: its name, to whom, about what, and what comes with it."""
    lines = []
    for path in sorted(folder.glob("*.run/outbox/*.eml"), key=lambda path: _counted(path.stem)):
        message = message_from_bytes(path.read_bytes(), policy=modern)
        parts = sorted({part.get_content_type() for part in message.walk()} - PLAIN)
        methods = [
            part.get_param("method", "") for part in message.walk() if part.get_content_type() == "text/calendar"
        ]
        more = f"  + {', '.join(dict.fromkeys([*parts, *methods]))}" if parts else ""
        lines.append(f"{path.stem}  to {message['To']}: {' '.join(message['Subject'].split())}{more}\n")
    return "".join(lines)


def _counted(name: str) -> list[str]:
    """Return a key by which p10 comes after p9."""
    return [word.zfill(12) if word.isdigit() else word for word in re.split(r"(\d+)", name)]


PLAIN = {"multipart/alternative", "multipart/mixed", "text/plain", "text/html"}


def ledger(folder: Path) -> str:
    """Return what the ledger of a run folder knows, in words."""
    path = next(iter(sorted(folder.glob("*.run/ledger.sqlite"))), None)
    if path is None:
        return "no ledger\n"
    history = read_history(path)
    numbers = history.numbers
    sections = {
        "people": [f"p{number}  {one}" for one, number in sorted(numbers.items(), key=lambda one: one[1])],
        "occasions": [f"{moment:%Y-%m-%d %H:%MZ}  {key}" for key, moment in sorted(history.occasions.items())],
        "relationships": [_relationship(known, numbers) for known in history.relationships],
        "sessions": [_session(known, numbers) for known in history.sessions],
        "events": [
            f"{event.at:%Y-%m-%d %H:%MZ}  {event.kind}  {event.person} (p{numbers[event.person]})"
            + "".join(f"  {name}={value}" for name, value in (("about", event.subject), ("says", event.value)) if value)
            + f"  [{event.id}]"
            for event in history.events
        ],
        "transmissions": [
            f"{one.state}  {one.key}"
            for one in sorted(history.transmissions.values(), key=lambda one: _counted(one.key))
        ],
    }
    return "\n".join(f"{title}\n" + "".join(f"  {line}\n" for line in lines) for title, lines in sections.items())


def _relationship(known, numbers) -> str:
    who = ", ".join(f"{one.role} {one.person} (p{numbers[one.person]})" for one in known.relationship.members)
    reason = f" ({known.reason})" if known.reason else ""
    since = "".join(
        f"  {word} {moment:%Y-%m-%d %H:%MZ}"
        for word, moment in (("published", known.published_at), ("ended", known.ended_at), ("noted", known.end_noted))
        if moment
    )
    return f"{known.relationship.id}  {known.state}{reason}  {who}  {known.relationship.occasion}{since}"


def _session(known, numbers) -> str:
    one = known.session
    who = ", ".join(f"{person} (p{numbers[person]})" for person in one.people)
    changes = f"  changed {known.sequence}×, moved {known.moves}×" if known.sequence else ""  # noqa: RUF001
    place = f" in {one.place}" if one.place else ""
    return (
        f"{one.id}  {known.state}  {one.local:%a %Y-%m-%d %H:%M} {one.zone}, {one.minutes} min{place}  {who}{changes}"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_whole_run_comes_to_what_is_expected(case, tmp_path, capfd, monkeypatch, request):
    folder = tmp_path / "case"
    output = play(case, folder, capfd, monkeypatch)
    patterns = case / "expected-files.txt"
    named = written(folder, patterns.read_text(encoding="utf-8").split()) if patterns.exists() else {}
    found = {
        "output.txt": output.encode(),
        "ledger.txt": ledger(folder).encode(),
        "outbox.txt": outbox(folder).encode(),
        **{f"files/{name}": content for name, content in named.items()},
    }
    expected = case / "expected"
    if request.config.getoption("--regenerate"):
        shutil.rmtree(expected, ignore_errors=True)
        for name, content in found.items():
            (expected / name).parent.mkdir(parents=True, exist_ok=True)
            (expected / name).write_bytes(content)
    for name in ("output.txt", "ledger.txt", "outbox.txt"):
        assert (expected / name).read_text(encoding="utf-8") == found[name].decode()
    assert written(expected, ["**/*"]) == found


def test_every_story_is_told():
    assert CASES
    assert [] == [case.name for case in CASES if not (case / "STORY.md").exists()]
