"""A model whose roles and matcher depend on its options, from roster to ledger by the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("welcome_plugin.py")
PROGRAM = """\
program = { name = "Welcome", starts = 2027-01-11, length = "4 weeks", timezone = "Europe/Oslo" }
plugins.files = ["welcome_plugin.py"]
roster.file = "people.csv"
model.use = "welcome"
sessions = { count = 1 }

[timeline.hello]
when = "match"
to = "everyone"
message = "messages/hello"
"""
BUDDIES = """\
model.options.buddies = true
matching.criteria.desk = { kind = "same", column = "desk", between = ["newcomer", "buddy"] }
words.newcomer = "new colleague"
"""
HELLO = "---\nsubject: Hello\n---\nDear {{ me.name }}, {{ me.role_title }}\n"
PEOPLE = "id,name,email,level,desk\n" + "".join(
    f"{one},{one.title()},{one}@example.org,{level},{desk}\n"
    for one, level, desk in (("ann", 1, "A"), ("ben", 1, "B"), ("cem", 2, "A"), ("dan", 3, "B"))
)

Play = Callable[[str], dict[str, str]]


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Play:
    program_folder(
        tmp_path, {"messages/hello.md": HELLO, "people.csv": PEOPLE, "welcome_plugin.py": PLUGIN.read_text()}
    )
    monkeypatch.chdir(tmp_path)

    def play(program: str) -> dict[str, str]:
        (tmp_path / "p.toml").write_text(program)
        assert 0 == run_command(["run", "p.toml", "--simulate"])
        capfd.readouterr()
        with (tmp_path / "p.sim" / "matches.csv").open() as file:
            return {row["person"]: f"{row['role']} {row['score']}" for row in csv.DictReader(file)}

    return play


def test_options_decide_who_is_what_and_who_matches_them(
    play: Play, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    newcomers, buddies = dict.fromkeys(("ann", "ben"), "newcomer 100.0"), dict.fromkeys(("cem", "dan"), "buddy 100.0")
    assert newcomers | buddies == play(BUDDIES + PROGRAM)
    sent = [path.read_text() for path in (tmp_path / "p.sim" / "outbox").iterdir()]
    assert 2 == sum("new colleague" in one for one in sent)
    assert 0 == run_command(["match", "p.toml", "--json"])
    assert "optimal" == json.loads(capfd.readouterr().out)["certificate"]["matcher"]


def test_without_them_it_is_what_it_usually_is(play: Play) -> None:
    assert dict.fromkeys(("ann", "ben", "cem", "dan"), "colleague 0.0") == play(PROGRAM)


def test_a_role_of_another_variant_is_unknown(play: Play, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.toml").write_text(PROGRAM.replace('"everyone"', '"newcomer"'))
    assert 2 == run_command(["check", "p.toml", "--json"])
    assert {"timeline.hello.to"} == {
        one["path"] for one in json.loads(capfd.readouterr().out)["problems"] if one["severity"] == "error"
    }
