"""Stable matching of lists by score: `python -m benchmarks.cases.stable solve --mentees 100000 --length 50`.

Half as many mentors as mentees, with two places each. The stage `lists` makes the lists, `proposing` is the matching
itself.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from benchmarks.cases.command_line import parsed, parser
from benchmarks.cases.solving import Case, run

COMPILED_FROM = 300_000
"""Pairs on lists from which the matcher runs compiled code."""


def main() -> None:
    """Pose or solve one instance."""
    asked = parser(__doc__)
    asked.add_argument("--mentees", type=int, default=1_000)
    asked.add_argument("--length", type=int, default=20)
    found = parsed(asked)

    def make() -> tuple[Any, Any]:
        from benchmarks import instances

        return instances.a_usual_program(), instances.a_big_roster(found.mentees, found.mentees // 2, 2)

    def small() -> tuple[Any, Any]:
        from benchmarks import instances

        if found.mentees * found.length >= COMPILED_FROM:
            load_compiled_code()
        return instances.a_usual_program(), instances.a_big_roster(20, 10, 2)

    def options() -> Any:
        from mentorkit_matchers.stable import StableOptions

        return StableOptions(length=found.length)

    words = f"{found.mentees:,} mentees with lists of {found.length}, {found.mentees // 2:,} mentors with 2 places"
    case = Case("stable", words, found.mentees, make, small, "stable", options)
    run(case, found.action, found.folder, found.engine, with_lists=True)


def load_compiled_code() -> None:
    """Load the compiled code that long lists use, so that the time it takes to load is not the matching's."""
    import numpy as np

    from mentorkit_matchers.stable.proposing import accepted, proposals

    if find_spec("numba") is not None:
        none, one = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
        accepted(proposals(none, none, none, none, 1), one, one, compiled=True)


if __name__ == "__main__":
    main()
