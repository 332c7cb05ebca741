"""Which commands are supervised: those that may call a plugin that does not come with mentorkit."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorkit.command_line import boundary
from mentorkit.supervising import deciding
from mentorkit.supervising.deciding import may_call_others

LOCAL = 'plugins.files = ["acme.py"]\n'


@pytest.mark.parametrize(
    ("content", "supervised"),
    [
        ('program.name = "Pilot"\n', False),
        (LOCAL, True),
        ('[plugins]\nfiles = ["acme.py"]\n', True),
        ("#" * 2**20 + LOCAL, False),  # refused before any plugin is loaded
    ],
)
def test_a_program_that_names_plugins_is_supervised(tmp_path: Path, content: str, supervised: bool) -> None:
    program = tmp_path / "pilot.toml"
    program.write_text(content, encoding="utf-8")
    assert supervised == may_call_others([str(program), "--json"])
    assert may_call_others([str(program), "--watch"])


def test_what_is_no_file_names_no_plugins(tmp_path: Path) -> None:
    assert not may_call_others([str(tmp_path), str(tmp_path / "none.toml"), "\0", "x" * 5000, "-"])


def test_a_plugin_of_another_distribution_is_supervised_always(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not may_call_others(["people.csv"])
    monkeypatch.setattr(deciding, "OURS", "another")
    assert may_call_others(["people.csv"])


@pytest.mark.parametrize("arguments", [[], ["--help"], ["run", "p.toml", "--watch", "--help"], ["rum", "--watch"]])
def test_who_only_asks_for_help_is_not_supervised(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorkit.supervising.parent.supervise", lambda work: pytest.fail("supervised"))
    assert boundary.run_process(arguments) in (0, 2)
