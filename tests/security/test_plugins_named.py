"""Whoever has a plugin installed beside a program that does not name it, gets nothing of it run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import program_folder
from security.guarded import NOON, PROGRAM, Guarded

ROGUE = 'from pathlib import Path\nPath(__file__).with_name("imported").touch()\n'
METADATA = "Metadata-Version: 2.1\nName: Rogue_Plugin\nVersion: 3.0\n"
POINTS = "[mentorkit]\nrogue = rogue_plugin_of_tests\n"


@pytest.fixture
def rogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A distribution that is installed, and leaves a file where it is imported; gives that file's place."""
    place = program_folder(
        tmp_path / "installed",
        {
            "rogue_plugin_of_tests.py": ROGUE,
            "rogue_plugin-3.0.dist-info/METADATA": METADATA,
            "rogue_plugin-3.0.dist-info/entry_points.txt": POINTS,
        },
    )
    monkeypatch.syspath_prepend(str(place))
    yield place / "imported"
    sys.modules.pop("rogue_plugin_of_tests", None)


@pytest.mark.uncounted
@pytest.mark.parametrize(
    "required", ["[]", '["packaging"]', '["rogue"]', '["rogue-plugin-x", "no requirement at all!"]']
)
def test_what_a_program_does_not_name_is_not_imported(guarded: Guarded, rogue: Path, required: str) -> None:
    guarded.before = guarded._neighbors()
    guarded.write({"p.toml": f"plugins.require = {required}\n{PROGRAM}"})
    commands = (("check",), ("show",), ("match",), ("plan",), ("run", *NOON), ("status",), ("report",))
    for command in commands if required == "[]" else commands[:2]:
        guarded(*command)
        assert "rogue_plugin_of_tests" not in sys.modules, command
    assert not rogue.exists()
    assert 'the plugins of "Rogue_Plugin" are installed and not loaded' in guarded("check").err


@pytest.mark.parametrize("required", ['plugins.require = ["Rogue.Plugin >=3"]\n', ""])
def test_what_it_names_is_and_where_it_names_nothing_everything(guarded: Guarded, rogue: Path, required: str) -> None:
    guarded.write({"p.toml": required + PROGRAM})
    assert 0 == guarded("check").code
    assert rogue.exists()
    rogue.unlink()
    guarded.before = guarded._neighbors()


def test_it_cannot_stand_in_the_way_of_ours_either(guarded: Guarded, rogue: Path) -> None:
    """An entry point of a name that another has ends every command that would load both."""
    taken = rogue.parent / "rogue_plugin-3.0.dist-info/entry_points.txt"
    taken.write_text(POINTS.replace("rogue =", "models ="))
    guarded.before = guarded._neighbors()
    guarded.write({"p.toml": f"plugins.require = []\n{PROGRAM}"})
    assert 0 == guarded("check").code
    assert "one-on-one" in build_catalogue(named=()).models
