"""A program file, up to the resolved program with its messages: what `check` looks at beside the people."""

from __future__ import annotations

import tomllib

import tomli_w

from fuzz.desk_files import catalogue, opened
from fuzz.laws import check_diagnostics
from fuzz.scratch import written
from fuzz.target import Target
from mentorkit.core.diagnostics import errors_in
from mentorkit.loading.loader import Loaded, load_program, shown_values
from mentorkit.messages import check_messages

_NAME = "fuzzed.toml"


def run(data: bytes) -> None:
    """Load it; what loads is the same when it is written down and loaded again."""
    loaded = load_program(written(_NAME, data), catalogue())
    check_loaded(loaded)
    if loaded.program is None:
        return
    own = loaded.layers[0].file.values
    again = load_program(written(_NAME, tomli_w.dumps(dict(own)).encode()), catalogue())
    assert loaded.program == again.program
    assert loaded.values == again.values
    assert dict(loaded.values) == tomllib.loads(tomli_w.dumps(dict(loaded.values)))


def check_loaded(loaded: Loaded) -> None:
    """Assert that whatever is wrong is told, and that there is a program exactly where nothing is."""
    check_diagnostics(loaded.diagnostics)
    assert (loaded.program is None) == bool(errors_in(loaded.diagnostics))
    shown_values(loaded)
    program = loaded.program or loaded.partial
    if program is not None:
        check_diagnostics(check_messages(program, program.model.roles, opened().roster))


TARGET = Target(
    "program",
    run,
    seeds=(
        *("fuzz/desk/*.toml", "examples/*/*.toml", "tests/golden/*/program.toml", "tests/templates/programs/*.toml"),
        *("tests/data/hostile/toml_*.toml", "benchmarks/cases/*.toml"),
    ),
    words=(
        *("[program]", "[roster]", "[[roster.sources]]", "[model]", "[matching.criteria.x]", "[timeline.x]", "extends"),
        *('file = "people.csv"', 'use = "one-on-one"', "at_least", "off = true", "parameter", 'when = "match"'),
        *("every 2 weeks", "session 1 + 3 days at 09:00", "[channels.x]", "[delivery]", "quiet_hours", "[surveys.x]"),
        *("[privacy]", "[kpis.x]", "[[series]]", "minutes", "days", "hours", "repeat", "until", "silent 14 days"),
        *("2027-01-11", "1979-05-27T07:32:00Z", "07:32:00", "{ env = 'X' }", "[plugins]", "[words]", "[contacts]"),
    ),
    longest=16384,
)
