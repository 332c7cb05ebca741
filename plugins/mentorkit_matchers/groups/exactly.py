"""The best groups there are, proven by HiGHS: for problems of up to about a hundred mentees.

A group is one of all sets of mentors that could lead one, with a size where mentees should differ; of these an integer
program chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.shapes import GroupPlan
from mentorkit_matchers.groups.grouping import Grouping, points_of, spread_of
from mentorkit_matchers.groups.integer_program import Program, Wanted
from mentorkit_matchers.groups.setting import Setting

_MOST_VARIABLES = 25_000
"""Pairs of a mentee and a possible group up to which a proof is tried."""

_TOLERANCE = 1e-3
"""Tenths of points by which HiGHS may be wrong about what groups are worth."""


@frozen(eq=False)
class Proven:
    """The best groups, or the best that were found.

    Attributes:
        value: tenths of points, those for differing mates included.
        bound: what nothing exceeds, as HiGHS says.
        optimal: whether HiGHS proved that nothing is better.
    """

    grouping: Grouping
    value: float
    bound: float
    optimal: bool


def planned(setting: Setting, plan: GroupPlan) -> Wanted:
    """Return that the usual groups are wanted."""
    few, more = divmod(plan.mentors, plan.groups)
    led_by = tuple((size, count) for size, count in ((few, plan.groups - more), (few + 1, more)) if count)
    once = plan.groups * setting.details.mentors[0] <= len(setting.columns)
    places = np.ones_like(setting.places) if once else setting.places
    return Wanted(plan.groups, plan.placed, plan.mentees, led_by, plan.groups, places)


def any_groups(setting: Setting, plan: GroupPlan) -> Wanted:
    """Return that groups of any allowed size are wanted, that place as many people as possible."""
    sizes = setting.details.mentees[0], setting.details.most
    return Wanted(None, None, sizes, ((setting.details.mentors[0], None),), max(plan.groups, 1), setting.places)


def best_groups(setting: Setting, wanted: Wanted, known: Grouping | None = None) -> Proven | None:
    """Return the best groups that are no worse than known ones; None: there are none, or it is too much to look.

    Args:
        setting: the problem.
        wanted: which groups there are to be.
        known: groups as wanted that are known already; where any number may be placed, as many are, in as many groups.
    """
    program = _program(setting, wanted)
    if program is None:
        return None
    if wanted.placed is None and known is not None:
        program.hold(int(known.sizes.sum()), len(known.sizes))
    value = -np.inf if known is None else points_of(setting, known) + spread_of(setting, known)
    found = program.solved(program.points(), -value)
    if found is None or -found.value < value - _TOLERANCE:
        return None
    return Proven(program.grouping(found.found, wanted), -found.value, -found.bound, found.proven)


def most_covered(setting: Setting, wanted: Wanted) -> Grouping | None:
    """Return groups that place as many people as possible, whatever they are worth; None: it is too much to look."""
    program = _program(setting, evolve(wanted, differing=False))
    found = None if program is None else program.covered()
    return program.grouping(found.found, wanted) if program is not None and found is not None and found.proven else None


def _program(setting: Setting, wanted: Wanted) -> Program | None:
    """Return the integer program of all groups as wanted; None: there are none, or too many."""
    units = _units(setting, [size for size, _ in wanted.led_by])
    sized = bool(setting.spread) and wanted.differing and wanted.sizes[0] < wanted.sizes[1]
    sizes = [(size, size) for size in range(wanted.sizes[0], wanted.sizes[1] + 1)] if sized else [wanted.sizes]
    again = len(setting.rows) // wanted.sizes[0]
    kinds = [
        (unit, *size)
        for unit in units
        for size in sizes
        for _ in range(min(again, *(int(wanted.places[one]) for one in unit)))
    ]
    if not kinds or len(kinds) * len(setting.rows) > _MOST_VARIABLES:
        return None
    return Program.of(setting, wanted, kinds)


def _units(setting: Setting, sizes: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the sets of mentors that could lead a group."""
    everybody = np.arange(len(setting.columns))
    count = sum(len(everybody) ** size for size in sizes)
    if count * len(setting.rows) > 4 * _MOST_VARIABLES:
        return []
    rivals = setting.rivals(everybody)
    bound = [set(pair) for pair in setting.leaders.tolist()]
    return [
        unit
        for size in sizes
        for unit in combinations(range(len(everybody)), size)
        if (rivals is None or not rivals[np.ix_(unit, unit)].any())
        and all(len(pair & set(unit)) != 1 for pair in bound)
    ]
