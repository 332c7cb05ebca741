"""Which matching comes after a plan is carried out: the next intake, or the next round."""

from __future__ import annotations

from datetime import date

from attrs import evolve, frozen

from mentorkit.core.contracts import Round
from mentorkit.core.history import History
from mentorkit.core.matching.intakes import next_intake
from mentorkit.core.matching.rounds import next_round
from mentorkit.core.plan import Plan
from mentorkit.core.program import Program
from mentorkit.core.zones import to_local


@frozen
class Coming:
    """The next matching after some moment.

    Attributes:
        on: its day; None: there is none.
        round: the round that it is, of a model in rounds.
    """

    on: date | None = None
    round: Round | None = None


def coming_after(program: Program, history: History, plan: Plan) -> Coming:
    """Return the next matching after a plan that was made with this history."""
    known = evolve(history, occasions={**history.occasions, **dict.fromkeys(plan.occasions, plan.at)})
    today = to_local(plan.at, program.timezone).date()
    return Coming(next_intake(program, known, today), next_round(program, known, today))
