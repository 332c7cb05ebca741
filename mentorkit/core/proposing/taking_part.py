"""Who takes part as what in a model, where a roster says it for another one, or only by level."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from attrs import field, frozen

from mentorkit.core.conditions import number_in
from mentorkit.core.contracts import Role
from mentorkit.core.enrolling.recipes import folded
from mentorkit.core.proposing.columns import Proposal
from mentorkit.core.proposing.guesses import Sheet
from mentorkit.core.variants import ModelInUse

SIGNED = ("mentor", "mentee")
"""The roles that people sign up for."""


@frozen
class TakingPart:
    """What a program must say of roles.

    Attributes:
        by_source: whether the roles of the files hold for this model.
        roles: conditions by role, as a program file has them; empty: the roster's own words or levels are enough.
        division: the same conditions where levels alone say it, whether or not a program must say them.
        refused: why nothing says who takes part; "" where something does.
        asks: what would say it.
    """

    by_source: bool = False
    roles: Mapping[str, Mapping[str, object]] = field(factory=dict)
    refused: str = ""
    asks: str = ""
    division: Mapping[str, Mapping[str, object]] = field(factory=dict)


def taking_part(model: ModelInUse, sheet: Sheet, proposal: Proposal, source_roles: Collection[str]) -> TakingPart:
    """Return who takes part as what in a model, from what people signed up as, or else from their levels.

    Who signed up as a mentor is no mentor in a model in which juniors mentor; there levels say it.
    """
    names = [role.name for role in model.roles]
    signed = bool(source_roles) or "role" in proposal.guesses
    read = any(folded(header) == "role" for header in sheet.headers) or "role" in proposal.guesses
    said = not source_roles or set(source_roles) <= set(names)
    by_role = set(names) == set(SIGNED) and not upside_down(model)
    if signed and said and by_role:
        return TakingPart(by_source=True)
    if len(names) == 1:
        return TakingPart(roles={names[0]: {}} if read else {})
    levels = levels_of(sheet, proposal)
    asks = "role or level" if by_role else "level"
    if not levels:
        return TakingPart(refused=_unsaid(model, signed=signed), asks=asks)
    divided = model.roles_by_level(levels)
    if not all(divided.get(name) for name in names):
        told = "a single level does not tell" if len(levels) == 1 else f"{len(levels)} levels do not tell"
        return TakingPart(refused=f"{told} its roles apart: {', '.join(names)}", asks=asks)
    division = {name: {"level": level_bounds(divided[name], levels)} for name in names}
    return TakingPart(roles=division if read else {}, division=division)


def _unsaid(model: ModelInUse, *, signed: bool) -> str:
    if signed and upside_down(model):
        return "here juniors are mentors, whatever people signed up as, and nobody's level says who is junior"
    return f"nothing says who takes part as {' or '.join(role.name for role in model.roles)}"


def upside_down(model: ModelInUse) -> bool:
    """Return whether a model's mentors stand below its mentees."""
    sides: dict[str, list[float]] = {"mentor": [], "mentee": [], "peer": []}
    by_level, roles = model.roles_by_level([1, 2, 3, 4]), {role.name: role for role in model.roles}
    for name, levels in by_level.items():
        role: Role | None = roles.get(name)
        sides[role.side if role else "peer"] += sorted(levels)
    return bool(sides["mentor"] and sides["mentee"]) and max(sides["mentor"]) < min(sides["mentee"])


def levels_of(sheet: Sheet, proposal: Proposal) -> list[float]:
    """Return the distinct levels of a sheet, ascending, as the proposal reads them; none where it reads none."""
    guess = proposal.guesses.get("level")
    if guess is None:
        return []
    cells = sheet.distinct.get(guess.headers[0], frozenset())
    return sorted({level for cell in cells if (level := level_in(cell, proposal)) is not None})


def level_in(cell: str, proposal: Proposal) -> float | None:
    """Return the level that a cell is, as the proposal reads it; None where it is none."""
    guess = proposal.guesses["level"]
    if not guess.order:
        return number_in(cell)
    places = [grade.casefold() for grade in guess.order]
    folded = cell.casefold()
    return float(places.index(folded) + 1) if folded in places else None


def level_bounds(own: Collection[float], levels: Collection[float]) -> object:
    """Return the condition that holds for some of the levels and for no others."""
    low, high = min(own), max(own)
    bounds = {"at_least": low} if low > min(levels) else {}
    bounds |= {"at_most": high} if high < max(levels) else {}
    between = [level for level in levels if low <= level <= high]
    return bounds if bounds and len(between) == len(own) else sorted(own)
