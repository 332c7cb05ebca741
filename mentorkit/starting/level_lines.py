"""Other lines between levels: who would have which role if a roster's people were divided elsewhere than usual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from attrs import evolve, frozen

from mentorkit.core.contracts import RosterFacts
from mentorkit.core.proposing import Proposal, Sheet
from mentorkit.core.proposing.taking_part import level_bounds, level_in, levels_of
from mentorkit.core.variants import ModelInUse


@frozen
class LevelLine:
    """A line between two roles, with the facts of the roster as head counts tell them."""

    roles: Mapping[str, Mapping[str, object]]
    facts: RosterFacts


def lines_beside(model: ModelInUse, sheet: Sheet, proposal: Proposal, facts: RosterFacts) -> Iterator[LevelLine]:
    """Yield the lines between the two roles of a model other than the usual one, the nearest to it first.

    None are there where a model has other than two roles, or fewer than three levels leave no choice.
    """
    levels = levels_of(sheet, proposal)
    divided = model.roles_by_level(levels) if len(levels) > 2 else {}
    if len(divided) != 2 or not all(divided.values()) or len(model.roles) != 2:
        return
    lower, upper = sorted(divided, key=lambda role: min(divided[role]))
    usual = len(divided[lower])
    counts = Counter(level for cell in _cells(sheet, proposal) if (level := level_in(cell, proposal)) is not None)
    for cut in sorted(range(1, len(levels)), key=lambda at: (abs(at - usual), at)):
        if cut != usual:
            own = {upper: levels[cut:], lower: levels[:cut]}
            people = {role: sum(counts[level] for level in some) for role, some in own.items()}
            yield LevelLine(
                {role: {"level": level_bounds(some, levels)} for role, some in own.items()},
                evolve(facts, by_role=people, places={role: _places(facts, role, n) for role, n in people.items()}),
            )


def _cells(sheet: Sheet, proposal: Proposal) -> Sequence[str]:
    return tuple(chain.from_iterable(sheet.cells.get(header, ()) for header in proposal.guesses["level"].headers[:1]))


def _places(facts: RosterFacts, role: str, people: int) -> int:
    """Return how many places so many people have if they have as many each as those in the role now."""
    now = facts.by_role.get(role, 0)
    return round(people * facts.places.get(role, 0) / now) if now else people


def levels_told(conditions: Mapping[str, object], order: Sequence[str]) -> str:
    """Return in words which levels a condition is for, by their names where they have some."""
    condition = conditions["level"]

    def name(level: object) -> str:
        return order[int(str(level).partition(".")[0]) - 1] if order else f"{level:g}"

    if not isinstance(condition, Mapping):
        return f"level {', '.join(map(name, condition))}" if isinstance(condition, Sequence) else f"level {condition}"
    low, high = condition.get("at_least"), condition.get("at_most")
    if low is None:
        return f"level {name(high)} and below"
    return f"level {name(low)} and above" if high is None else f"level {name(low)} to {name(high)}"
