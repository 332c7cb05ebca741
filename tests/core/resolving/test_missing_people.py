"""`roster.missing`: what it means that somebody is not in a new roster."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorkit.loading.loader import load_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import program_folder

PROGRAM = """
program = { name = "P", starts = 2027-01-11, timezone = "UTC" }
model.use = "one-on-one"
timeline.hello = { when = "start", to = "everyone", message = "hello" }
"""


def load(folder: Path, roster: str):
    files = {
        "p.toml": PROGRAM + roster,
        "hello.md": "---\nsubject: Hi\n---\nHi.\n",
        "people.csv": "id,level\n1,1\n2,2\n",
    }
    return load_program(program_folder(folder, files) / "p.toml", build_catalogue())


@pytest.mark.parametrize(
    ("more", "expected"), [("", "hold"), ('\nmissing = "left"', "left"), ('\nmissing = "hold"', "hold")]
)
def test_a_program_says_what_it_means_to_be_missing(tmp_path, more, expected):
    loaded = load(tmp_path, '[roster]\nfile = "people.csv"' + more)
    assert expected == loaded.program.roster.missing


def test_another_word_is_refused_where_it_stands(tmp_path):
    loaded = load(tmp_path, '[roster]\nfile = "people.csv"\nmissing = "gone"')
    assert [7] == [found.line for found in loaded.diagnostics if found.severity == "error"]
