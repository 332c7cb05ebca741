"""Pairs of equals: `python -m benchmarks.cases.peers solve --people 2000`."""

from __future__ import annotations

from typing import Any

from benchmarks.cases.command_line import parsed, parser
from benchmarks.cases.solving import Case, run


def main() -> None:
    """Pose or solve one instance."""
    asked = parser(__doc__)
    asked.add_argument("--people", type=int, default=500)
    found = parsed(asked)

    def make() -> tuple[Any, Any]:
        from benchmarks import instances

        return instances.a_program_of_peers(), instances.many_peers(found.people)

    def small() -> tuple[Any, Any]:
        from benchmarks import instances

        return instances.a_program_of_peers(), instances.many_peers(20)

    def options() -> Any:
        from mentorkit.plugin_loading import build_catalogue

        wanted = build_catalogue().matchers[found.matcher or "peers"].implementation.options
        return wanted() if wanted else None

    case = Case("peers", f"{found.people:,} peers", found.people, make, small, found.matcher or "peers", options)
    run(case, found.action, found.folder, found.engine)


if __name__ == "__main__":
    main()
