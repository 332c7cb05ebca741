"""From a problem of groups to its solution: the usual groups where they place everybody, else any that are allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.matching.certifying import bound
from mentorkit.core.problems import TENTHS, IntArray, MatchingProblem, Solution
from mentorkit.core.proofs import GroupProof, LeaderProof
from mentorkit.core.shapes import GroupPlan
from mentorkit_matchers.groups.circles import Circles, with_circles
from mentorkit_matchers.groups.exactly import Proven, any_groups, best_groups, planned
from mentorkit_matchers.groups.grouping import NOBODY, Grouping, points_of, spread_of
from mentorkit_matchers.groups.proving import proof_of
from mentorkit_matchers.groups.searching import Search
from mentorkit_matchers.groups.setting import Setting, setting_of
from mentorkit_matchers.groups.starting import Start, bundles_of, impossible, start

_CHECKED = 3_000_000
"""Pairs up to which it is worth while to ask whether the bound is met before claiming that it is."""

_NEW_GROUPS = 8
"""Groups beyond the usual ones that are tried in order to place those who wait."""


@frozen(eq=False)
class _Found:
    """Groups, whether they are the usual ones, and what HiGHS proved about them."""

    grouping: Grouping
    planned: bool
    proven: Proven | None = None


def solved(problem: MatchingProblem) -> Solution:
    """Return the solution of a problem of groups."""
    setting = setting_of(problem)
    plan = setting.plan
    if not plan.groups:
        if bundles_of(setting):
            raise impossible(f"{len(setting.rows)} mentees and {len(setting.columns)} mentors are too few for a group")
        return _without_mentors(setting)
    begun = start(setting, _groups_to_start_with(setting, plan), plan.mentees, plan.mentors)
    search = Search.of(setting, begun)
    search.improve((plan.mentees[0], plan.mentors // plan.groups), problem.effort)
    found = _usual(setting, plan, search) or _unusual(setting, plan, search)
    return _solution(setting, begun, found)


def _without_mentors(setting: Setting) -> Solution:
    """Return that there are no groups: at most circles."""
    nobody = np.zeros(0, dtype=np.int64)
    empty = np.zeros((0, 1), dtype=np.int64)
    circles = with_circles(
        setting,
        Grouping(empty, empty, np.arange(len(setting.rows)), np.arange(len(setting.columns))),
        np.zeros(len(setting.rows), dtype=np.bool_),
    )
    free = np.zeros(len(setting.problem.seatings[setting.roles[0]].people), dtype=np.int64)
    proof = GroupProof(free, 1, 0, planned=not circles.members, full=nobody)
    planned = not circles.members
    solution = Solution(*_memberships(setting, circles), proof=proof, extra=_extra(setting, circles, planned, None))
    return evolve(solution, exact=_best(setting, circles, proof))


def _groups_to_start_with(setting: Setting, plan: GroupPlan) -> int:
    """Return how many groups there are: as planned, unless sets of people who must be together want more or fewer."""
    led = [one for one in bundles_of(setting) if len(one.mentors)]
    taken = np.concatenate([np.zeros(0, dtype=np.int64), *(one.mentors for one in led)])
    return min(max(plan.groups, len(led)), len(led) + int(np.delete(setting.places, taken).sum()))


def _usual(setting: Setting, plan: GroupPlan, search: Search) -> _Found | None:
    """Return the best of the usual groups; None: there are none in sight."""
    kept = search.keeps(plan)
    known = _value(setting, search.grouping) if kept and setting.small else -np.inf
    proven = None if setting.problem.effort.over() else best_groups(setting, planned(setting, plan), known)
    if proven is not None and proven.value >= known:
        return _Found(proven.grouping, planned=True, proven=proven)
    return _Found(search.grouping, planned=True) if kept else None


def _unusual(setting: Setting, plan: GroupPlan, search: Search) -> _Found:
    """Return groups of any allowed sizes that place as many people as possible."""
    least = setting.details.mentees[0], setting.details.mentors[0]
    effort = setting.problem.effort
    proven = None if effort.over() else best_groups(setting, any_groups(setting, plan))
    if proven is not None:
        search.grouping = proven.grouping
        search.seat_co_mentors(-(-plan.mentors // plan.groups))
        if len(search.grouping.bench):
            search.improve(least, effort)
        search.dissolve_small_groups()
        same = bool((search.grouping.leads != NOBODY).sum() == (proven.grouping.leads != NOBODY).sum())
        return _Found(search.grouping, planned=False, proven=proven if same else None)
    search.widen(setting.details.mentees[1])
    search.improve(least, effort)
    if setting.details.leftover == "overfull" and len(search.grouping.waiting):
        search.widen(setting.details.most)
        search.improve(least, effort)
    search.dissolve_small_groups()
    for _ in range(_NEW_GROUPS):
        before = search.grouping.copy()
        if len(before.waiting) == 0 or effort.over() or not search.open_a_group():
            break
        search.improve(least, effort)
        search.dissolve_small_groups()
        if len(search.grouping.waiting) >= len(before.waiting):
            search.grouping = before
            break
    return _Found(search.grouping, planned=False)


def _value(setting: Setting, grouping: Grouping) -> float:
    return points_of(setting, grouping) + spread_of(setting, grouping)


def _solution(setting: Setting, begun: Start, found: _Found) -> Solution:
    """Return groups as memberships, with what is proven about them."""
    circles = with_circles(setting, found.grouping, begun.stays)
    planned = found.planned and not circles.members
    proof = proof_of(setting, begun, circles.grouping, planned=planned)
    proven = None if circles.members else found.proven
    solution = Solution(*_memberships(setting, circles), proof=proof, extra=_extra(setting, circles, planned, proven))
    if len(setting.rows) * len(setting.columns) > _CHECKED:
        return solution
    return evolve(solution, exact=_best(setting, circles, proof))


def _best(setting: Setting, circles: Circles, proof: GroupProof | LeaderProof) -> bool:
    """Return whether nothing is better by the bound that a proof proves."""
    most = bound(setting.problem, proof)
    wanting = setting.problem.seatings[setting.roles[0]]
    people = np.concatenate([setting.rows[circles.grouping.members()[0]], *circles.members])
    placed = int((~wanting.covered[people]).sum())
    return (placed, _exact_points(setting, circles.grouping)) == (most.people, most.tenths)


def _exact_points(setting: Setting, grouping: Grouping) -> Any:
    from fractions import Fraction

    total = Fraction(0)
    for seats, leads in zip(grouping.seats, grouping.leads, strict=True):
        tenths = setting.tenths(seats[seats != NOBODY], leads[leads != NOBODY])
        total += Fraction(int(tenths.sum()), tenths.shape[1])
    return total


def _extra(setting: Setting, circles: Circles, planned: bool, proven: Proven | None) -> Mapping[str, Any]:
    sizes = circles.grouping.sizes
    extra: dict[str, Any] = {"groups": len(sizes), "planned": planned}
    if len(sizes):
        extra["mentees"] = [int(sizes.min()), int(sizes.max())]
    if circles.members:
        extra["circles"] = [len(one) for one in circles.members]
    spread = (spread_of(setting, circles.grouping) + circles.spread(setting)) / TENTHS
    if setting.spread:
        extra["spread"] = round(spread, 4)
    if proven is not None and proven.optimal:
        extra["proven_by"] = "HiGHS"
        extra["proven_bound"] = round(proven.bound / TENTHS, 4)
    return extra


def _memberships(setting: Setting, circles: Circles) -> tuple[IntArray, IntArray, IntArray]:
    roles = list(setting.problem.seatings)
    grouping = circles.grouping
    parts = []
    for role, people, seats in (
        (setting.roles[1], setting.columns, grouping.leads),
        (setting.roles[0], setting.rows, grouping.seats),
    ):
        group, place = np.nonzero(seats != NOBODY)
        parts.append((group, np.full(len(group), roles.index(role)), people[seats[group, place]]))
    for number, members in enumerate(circles.members, len(grouping.seats)):
        parts.append((np.full(len(members), number), np.full(len(members), roles.index(setting.roles[0])), members))
    group, seating, person = (np.concatenate(part) for part in zip(*parts, strict=True))
    return group, seating, person
