"""`mentorkit --help` loads nothing heavy, so that it answers at once."""

import subprocess
import sys

import pytest

from mentorkit.command_line import COMMANDS

HEAVY = {"alembic", "attrs", "cattr", "cattrs", "icalendar", "importlib.metadata", "jinja2", "markdown_it", "numpy"}
HEAVY |= {"pluggy", "python_calamine", "scipy", "sqlalchemy", "tomllib", "tree_sitter", "zoneinfo", "mentorkit.core"}


@pytest.mark.parametrize("arguments", [["--help"], ["no-such-command"], *([name, "--help"] for name in COMMANDS)])
def test_help_imports_nothing_heavy(arguments):
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mentorkit", *arguments], capture_output=True, text=True, check=False
    )
    before_us = {"site", "editables", "editables.redirector"}
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines() if line.startswith("import time:")}
    assert set() == (loaded & HEAVY) - before_us
    assert "mentorkit.command_line" in loaded


def test_help_lists_every_command():
    ran = subprocess.run([sys.executable, "-m", "mentorkit", "--help"], capture_output=True, text=True, check=True)
    assert all(f"\n  {name} " in ran.stdout for name in COMMANDS)
