"""The best groups there are, proven by HiGHS: for problems of up to about a hundred mentees.

A group is one of all sets of mentors that could lead one, with a size where mentees should differ; of these an integer
program chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from attrs import frozen

from mentorkit.core.shapes import GroupPlan
from mentorkit_matchers.groups.grouping import Grouping
from mentorkit_matchers.groups.integer_program import Program, Wanted
from mentorkit_matchers.groups.setting import Setting

_MOST_VARIABLES = 25_000
"""Pairs of a mentee and a possible group up to which a proof is tried."""


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


def best_groups(setting: Setting, wanted: Wanted, known: float = -np.inf) -> Proven | None:
    """Return the best groups that are no worse than known ones; None: there are none, or it is too much to look.

    Args:
        setting: the problem.
        wanted: which groups there are to be.
        known: tenths of points of groups as wanted that are known already.
    """
    units = _units(setting, [size for size, _ in wanted.led_by])
    sized = bool(setting.spread) and wanted.sizes[0] < wanted.sizes[1]
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
    program = Program.of(setting, wanted, kinds)
    if wanted.placed is None:
        first = program.solved(program.coverage())
        if first is None or not first.proven:
            return None
        program.hold(program.coverage(), first.value)
    found = program.solved(program.points(), -known)
    if found is None:
        return None
    return Proven(program.grouping(found.found, wanted), -found.value, -found.bound, found.proven)


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
