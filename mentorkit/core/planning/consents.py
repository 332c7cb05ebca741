"""What a run would stop for: guards that only a person's consent opens, each by a flag of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from attrs import evolve, frozen

from mentorkit.core.deliveries import Transmission
from mentorkit.core.moments import add_length
from mentorkit.core.planning.deciding import PlanResult
from mentorkit.core.planning.expecting import Expected
from mentorkit.core.program import Program


@frozen
class ConsentNeeded:
    """A flag of `mentorkit run` without which it would not go on, and why."""

    flag: Literal["--accept-missing", "--catch-up"]
    reason: str


def consents_needed(program: Program, result: PlanResult, *, by_clock: bool) -> tuple[ConsentNeeded, ...]:
    """Return the consents without which a run of this plan stops, in the order in which it would.

    `by_clock`: the plan's moment is the clock's, which may be wrong; nobody has named it.
    """
    needed = _for_people(result.expected)
    today = result.plan.at.date()
    reach = today - add_length(today, evolve(program.max_catch_up, amount=-program.max_catch_up.amount))
    bound = f"delivery.max_catch_up is {program.max_catch_up}"
    if result.plan.lateness > reach:
        late = f"the oldest message due is {result.plan.lateness.days} days late, and {bound}"
        needed.append(ConsentNeeded("--catch-up", late))
    elif given_up := _given_up(result, reach) if by_clock else ():
        days = max((result.plan.at - one.due).days for one in given_up)
        said = f"{len(given_up):,} messages would be given up as too late, the oldest by {days} days, and {bound}"
        needed.append(ConsentNeeded("--catch-up", f"{said}: if the clock is right, nobody has run this for long"))
    return tuple(needed)


def _given_up(result: PlanResult, reach: timedelta) -> list[Transmission]:
    """Return what a program that has run before would never send, and has missed by more than it catches up.

    A clock that is far ahead looks like that, too, and what it gives up would not come back once it is right.
    """
    known = result.history.transmissions
    return [one for one in result.plan.expired if known and result.plan.at - one.due > reach]


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
