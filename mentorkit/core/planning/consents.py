"""What a run would stop for: guards that only a person's consent opens, each by a flag of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from attrs import evolve, frozen

from mentorkit.core.moments import add_length
from mentorkit.core.planning.deciding import PlanResult
from mentorkit.core.planning.expecting import Expected
from mentorkit.core.program import Program


@frozen
class ConsentNeeded:
    """A flag of `mentorkit run` without which it would not go on, and why."""

    flag: Literal["--accept-missing", "--catch-up"]
    reason: str


def consents_needed(program: Program, result: PlanResult) -> tuple[ConsentNeeded, ...]:
    """Return the consents without which a run of this plan stops, in the order in which it would."""
    needed = _for_people(result.expected)
    today = result.plan.at.date()
    reach = today - add_length(today, evolve(program.max_catch_up, amount=-program.max_catch_up.amount))
    if result.plan.lateness > reach:
        needed.append(
            ConsentNeeded(
                "--catch-up",
                f"the oldest message due is {result.plan.lateness.days} days late, and delivery.max_catch_up is "
                f"{program.max_catch_up}",
            )
        )
    return tuple(needed)


def _for_people(expected: Expected) -> list[ConsentNeeded]:
    if not expected.suspicious:
        return []
    columns = expected.lost_columns
    said = [f"the roster had {_listed(columns)} before and has not now, as from a changed export"] if columns else []
    said += [
        f"{len(people)} participants ({share:.0%}) {what} ({_listed(people)}), {likeness}"
        for people, share, what, likeness in (
            (expected.missing, expected.missing_share, "are missing from the roster", "as from a truncated export"),
            (expected.leaving, expected.leaving_share, "leave at once by the roster", "as from a mistaken column"),
        )
        if people
    ]
    return [ConsentNeeded("--accept-missing", "; ".join(said))]


def _listed(people: Sequence[str]) -> str:
    return ", ".join(people[:10]) + (" …" if len(people) > 10 else "")
