"""The tutorials: every file they show is written, every command they show is played, and shown output is what it says.

A fenced block that is no console session is the file that the text before it named last; "Add" before it appends. In
a console session, lines after a command are its output; a line "…" stands for lines that the page leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

import pytest
from attrs import field, frozen

from mentorkit.command_line.boundary import run_command

pytestmark = pytest.mark.uncounted

TUTORIALS = Path(__file__).parent.parent / "docs" / "tutorial"
LEFT_OUT = "…"

_BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```$")
_NAMED = re.compile(r"`([\w/.-]+\.(?:csv|toml|md))`")
_LOOP = re.compile(r"for (\w+) in ([\w ]+); do (.*); done")


@frozen
class Write:
    """A file that the page shows."""

    name: str
    text: str
    more: bool


@frozen
class Play:
    """A command, as often as its loop says, and the output that the page shows."""

    commands: tuple[str, ...]
    shown: list[str] = field(factory=list)


def steps(page: str) -> Iterator[Write | Play]:
    """Yield what a page does, in its order."""
    since = 0
    for block in _BLOCK.finditer(page):
        before = page[since : block.start()]
        since = block.end()
        if block[1] == "console":
            yield from _session(block[2].splitlines())
        else:
            *_, name = _NAMED.findall(before.strip().rpartition("\n\n")[2])
            yield Write(name, block[2], more="Add" in before.strip().rpartition("\n\n")[2])


def _session(lines: list[str]) -> Iterator[Play]:
    play: Play | None = None
    for line in lines:
        if line.startswith("$ "):
            if play:
                yield play
            play = Play(_commands(line.removeprefix("$ ")))
        elif play:
            play.shown.append(line)
    if play:
        yield play


def _commands(line: str) -> tuple[str, ...]:
    loop = _LOOP.fullmatch(line)
    return tuple(Template(loop[3]).substitute({loop[1]: one}) for one in loop[2].split()) if loop else (line,)


def agrees(shown: list[str], said: list[str]) -> bool:
    """Return whether what a page shows is what a command said, apart from what the page leaves out."""
    parts = "\n".join(shown).split(f"\n{LEFT_OUT}")
    whole = "\n".join(said)
    if len(parts) == 1:
        return parts[0].rstrip() == whole.rstrip()
    return whole.startswith(parts[0]) and all(part in whole for part in parts)


@pytest.mark.parametrize("name", ["three-months-in-ten-minutes"])
def test_a_tutorial_can_be_followed_to_the_letter(name, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    played = 0
    for step in steps((TUTORIALS / f"{name}.md").read_text(encoding="utf-8")):
        if isinstance(step, Write):
            old = (tmp_path / step.name).read_text(encoding="utf-8") if step.more else ""
            (tmp_path / step.name).write_text(old + step.text, encoding="utf-8")
            continue
        for command in step.commands:
            program, *arguments = command.split()
            assert ("mentorkit", 0) == (program, run_command(arguments)), (command, capfd.readouterr().err)
            said, _ = capfd.readouterr()
            played += 1
            assert not step.shown or agrees(step.shown, said.splitlines()), f"$ {command}\n{said}"
    assert played > 20


def test_what_a_page_shows_must_be_there():
    assert agrees(["a", LEFT_OUT], ["a", "b"])
    assert not agrees(["b", LEFT_OUT], ["a", "b"])
    assert not agrees(["a"], ["a", "b"])
