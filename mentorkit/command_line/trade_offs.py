"""What `mentorkit match --trade-off` adds: the matching made again without each objective that stands before one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mentorkit.core.history import History
    from mentorkit.core.matching.solving import MatchingOutcome
    from mentorkit.core.matching.trading import Trade
    from mentorkit.opening import Opened
    from mentorkit.running.spending import Spending


def trades(opened: Opened, history: History, made: MatchingOutcome, spent: Spending) -> tuple[Trade, ...]:
    """Return what each declared objective costs the next one.

    With a matcher that pursues none of them nothing is made again: it would be the same matching.
    """
    from attrs import evolve

    from mentorkit.core.matching.pursuing import not_pursued
    from mentorkit.core.matching.trading import trade_off, untold
    from mentorkit.running.match_once import match_afresh

    objective = opened.program.matching.objective
    if why := not_pursued(opened.program, opened.catalogue):
        return untold(objective, made, why)

    def make(objective: tuple[str, ...]) -> MatchingOutcome:
        matching = evolve(opened.program.matching, objective=objective)
        return match_afresh(evolve(opened, program=evolve(opened.program, matching=matching)), history, spent.effort())

    return trade_off(objective, made, make)
