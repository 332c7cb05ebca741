"""What a run would stop for: guards that only a person's consent opens, each by a flag of its own."""

from __future__ import annotations

from typing import Literal

from attrs import evolve, frozen

from mentorkit.core.moments import add_length
from mentorkit.core.planning.deciding import PlanResult
from mentorkit.core.program import Program

MISSING_SHARE = 0.1
"""More than this part of the known participants missing from a roster is taken for a truncated export."""


@frozen
class ConsentNeeded:
    """A flag of `mentorkit run` without which it would not go on, and why."""

    flag: Literal["--accept-missing", "--catch-up"]
    reason: str


def consents_needed(program: Program, result: PlanResult) -> tuple[ConsentNeeded, ...]:
    """Return the consents without which a run of this plan stops, in the order in which it would."""
    needed = []
    if result.missing_share > MISSING_SHARE:
        shown = ", ".join(result.missing[:10]) + (" …" if len(result.missing) > 10 else "")
        needed.append(
            ConsentNeeded(
                "--accept-missing",
                f"{len(result.missing)} participants ({result.missing_share:.0%}) are missing from the roster "
                f"({shown}), as from a truncated export",
            )
        )
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
