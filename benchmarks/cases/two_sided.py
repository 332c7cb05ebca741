"""Mentees and mentors: `python -m benchmarks.cases.two_sided solve --mentees 10000 --mentors 5000 --places 2`."""

from __future__ import annotations

from typing import Any

from benchmarks.cases.command_line import parsed, parser
from benchmarks.cases.solving import Case, run


def main() -> None:
    """Pose or solve one instance."""
    asked = parser(__doc__)
    asked.add_argument("--kind", choices=("usual", "pairs", "heritage"), default="usual")
    asked.add_argument("--mentees", type=int, default=1_000)
    asked.add_argument("--mentors", type=int, default=500)
    asked.add_argument("--places", type=int, default=2)
    found = parsed(asked)

    def make() -> tuple[Any, Any]:
        from benchmarks import instances

        if found.kind == "heritage":
            return instances.a_program_for_heritage(), instances.english_heritage()
        program = instances.a_usual_program() if found.kind == "usual" else instances.a_program_of_pairs()
        return program, instances.a_big_roster(found.mentees, found.mentors, found.places)

    def small() -> tuple[Any, Any]:
        from benchmarks import instances

        program = instances.a_program_of_pairs() if found.kind == "pairs" else instances.a_usual_program()
        return program, instances.a_big_roster(20, 10, 2)

    words = f"{found.mentees:,} mentees, {found.mentors:,} mentors with {found.places} places"
    words += ", scores of pairs" if found.kind == "pairs" else ""
    size = found.mentees
    if found.kind == "heritage":
        words, size = "English Heritage 2013: 1,206 mentees, 959 mentors with 3 places", 1_206
    run(
        Case("two-sided", words, size, make, small, found.matcher or "optimal"),
        found.action,
        found.folder,
        found.engine,
    )


if __name__ == "__main__":
    main()
