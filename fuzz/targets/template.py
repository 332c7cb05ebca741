"""A template's own file, below a program that extends it."""

from __future__ import annotations

from fuzz.desk_files import catalogue
from fuzz.scratch import scratch, written
from fuzz.target import Target
from fuzz.targets.program import TARGET as PROGRAM
from fuzz.targets.program import check_loaded
from mentorkit.loading.loader import load_program


def run(data: bytes) -> None:
    """Load a program that extends it; the same files make the same program."""
    written("mine/template.toml", data)
    loaded = load_program(scratch() / "short.toml", catalogue())
    check_loaded(loaded)
    assert loaded.program == load_program(scratch() / "short.toml", catalogue()).program


TARGET = Target(
    "template",
    run,
    seeds=(
        *("fuzz/desk/mine/template.toml", "examples/*/template/template.toml"),
        *("program-templates/mentorkit_templates/*/template.toml", "tests/data/hostile/toml_*.toml"),
    ),
    words=(*PROGRAM.words, "[template]", "[parameters.x]", "[requires]", "[[moved]]", 'type = "length"', "default"),
    longest=16384,
)
