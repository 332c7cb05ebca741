"""A program whose objective its matcher does not pursue is refused when it is checked, not when it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorkit.loading import load_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import program_folder

PEOPLE = "id,name,level,skills,wants\n1,Ada,4,python,\n2,Ben,2,,python\n"
PROGRAM = """
program.name = "Pilot"
program.starts = 2027-01-11
roster.file = "people.csv"
model.use = "one-on-one"
matching.use = "{matcher}"
matching.objective = {objective}
"""


def found(folder: Path, matcher: str, objective: str) -> list[tuple[str, str, int | None]]:
    text = PROGRAM.format(matcher=matcher, objective=objective)
    program_folder(folder, {"pilot.toml": text.lstrip(), "people.csv": PEOPLE})
    loaded = load_program(folder / "pilot.toml", build_catalogue())
    return [(one.code, one.help, one.line) for one in loaded.diagnostics if one.path == "matching.objective"]


@pytest.mark.parametrize(
    ("matcher", "objective", "code", "hint"),
    [
        ("optimal", '["worst-off", "coverage"]', "objective-order", 'write "coverage" before "worst-off"'),
        ("optimal", '["total-score", "even-load"]', "objective-order", 'write "coverage" before "even-load"'),
        ("stable", '["coverage", "worst-off"]', "unknown-objective", "it pursues none: leave objective out"),
        ("random", '["coverage", "even-load"]', "unknown-objective", "it pursues none: leave objective out"),
        ("optimal", '["coverage", "fewest-changes"]', "objective-idle", 'rematch = "everyone"'),
    ],
)
def test_what_a_matcher_does_not_pursue_is_told_at_its_line(
    tmp_path: Path, matcher: str, objective: str, code: str, hint: str
) -> None:
    ((told, help_text, line),) = found(tmp_path, matcher, objective)
    assert (code, 6) == (told, line)
    assert hint in help_text


@pytest.mark.parametrize("matcher", ["optimal", "stable", "random"])
@pytest.mark.parametrize("objective", ['["coverage", "total-score"]', '["total-score", "coverage"]', '["total-score"]'])
def test_the_plain_objective_goes_with_every_matcher(tmp_path: Path, matcher: str, objective: str) -> None:
    assert [] == found(tmp_path, matcher, objective)
