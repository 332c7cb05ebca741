"""What the objectives of a matching cost each other, as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mentorkit.core.matching.trading import Trade
from mentorkit.presenting.tables import counted


def trade_off_text(trades: Sequence[Trade]) -> str:
    """Return a line for each objective that stands before another one."""
    if not trades:
        return "There is one objective alone, which costs no other anything."
    return "\n".join(["what the objectives cost", *("  " + _line(one) for one in trades)])


def _line(trade: Trade) -> str:
    if trade.reason:
        return f"{trade.objective}: what it costs {trade.costs} cannot be said: {trade.reason}."
    if trade.amount is None or trade.without is None or trade.value is None:
        return f"{trade.objective}: what it costs {trade.costs} cannot be said: nobody is matched."
    if trade.amount == 0:
        told = f"{trade.objective} costs {trade.costs} nothing"
    else:
        amount, reached = _WORDS[trade.costs]
        there = f"{reached(trade.without)} ({trade.matched_without:,} matched)"
        here = f"{reached(trade.value)} ({trade.matched:,} matched)"
        told = f"{trade.objective} costs {amount(trade.amount)}: without it {there}, with it {here}"
    return told + ("." if trade.proven else "; not both matchings are proven to be the best, so it may be otherwise.")


def _points(value: float) -> str:
    return f"{value:,.1f} points"


def _people(value: float) -> str:
    return counted(int(value), "person", "people")


def _kept(value: float) -> str:
    return counted(int(value), "kept pair")


_WORDS: Mapping[str, tuple[Callable[[float], str], Callable[[float], str]]] = {
    "coverage": (_people, _people),
    "total-score": (_points, _points),
    "worst-off": (lambda value: f"the worst off {_points(value)}", lambda value: f"nobody is below {value:,.1f}"),
    "even-load": (
        lambda value: f"{value:,.0f} in even-load",
        lambda value: f"the squares of the loads add up to {value:,.0f}",
    ),
    "fewest-changes": (_kept, _kept),
}
"""How much of an objective is lost, and how far it is reached."""


def trade_off_json(trades: Sequence[Trade]) -> list[dict[str, Any]]:
    """Return what stands under `trade_off` in `mentorkit match --json`."""
    return [
        {
            "objective": one.objective,
            "costs": one.costs,
            "amount": one.amount,
            "value": one.value,
            "without": one.without,
            "matched": one.matched,
            "matched_without": one.matched_without,
            "proven": one.proven,
            "reason": one.reason,
        }
        for one in trades
    ]
