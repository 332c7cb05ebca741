"""From a problem of groups to its solution: the usual groups where they place everybody, else any that are allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.matching.certifying import bound
from mentorkit.core.problems import TENTHS, IntArray, MatchingProblem, Solution
from mentorkit.core.proofs import GroupProof, Island, IslandProof, LeaderProof
from mentorkit.core.shapes import GroupPlan
from mentorkit_matchers.groups.circles import Circles, with_circles
from mentorkit_matchers.groups.exactly import Proven, any_groups, best_groups, most_covered, planned
from mentorkit_matchers.groups.grouping import NOBODY, Grouping, spread_of
from mentorkit_matchers.groups.islands import islands_of, part_of, together_again
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
        return _without_mentors(setting)
    begun = start(setting, _groups_to_start_with(setting, plan), plan.mentees, plan.mentors)
    search = Search.of(setting, begun)
    search.improve((plan.mentees[0], plan.mentors // plan.groups), problem.effort)
    found = _usual(setting, plan, search)
    if found is None and len(islands := islands_of(setting)) > 1:
        return _of_islands(setting, begun, islands)
    return _solution(setting, begun, found or _unusual(setting, plan, search))


def _of_islands(setting: Setting, begun: Start, islands: Sequence[tuple[IntArray, IntArray]]) -> Solution:
    """Return the groups of islands, each solved on its own: the usual groups of its people, where there are any."""
    found, proofs = [], []
    for mentees, mentors in islands:
        part = part_of(setting, mentees, mentors)
        alone, proof = _of_island(part)
        found.append(alone)
        proofs.append(Island(part.rows, part.columns, proof) if isinstance(proof, GroupProof) else None)
    parts = [(*who, one.grouping) for who, one in zip(islands, found, strict=True)]
    everybody = _Found(together_again(parts), all(one.planned for one in found), _all_proven(found))
    known = [one for one in proofs if one is not None]
    separate = setting.details.leftover != "peer-circle" and len(known) == len(islands)
    return _solution(setting, begun, everybody, IslandProof(tuple(known)) if separate else None)


def _of_island(setting: Setting) -> tuple[_Found, GroupProof | LeaderProof]:
    """Return the groups of one island, and what is proven about them."""
    plan = setting.plan
    if not plan.groups:
        return _Found(_no_groups(setting), planned=True), _proof_of_none(setting, planned=True)
    begun = start(setting, _groups_to_start_with(setting, plan), plan.mentees, plan.mentors)
    search = Search.of(setting, begun)
    search.improve((plan.mentees[0], plan.mentors // plan.groups), setting.problem.effort)
    found = _usual(setting, plan, search) or _unusual(setting, plan, search)
    return found, proof_of(setting, begun, found.grouping, planned=found.planned)


def _all_proven(found: Sequence[_Found]) -> Proven | None:
    """Return the sum of what HiGHS proved about islands with groups; None: it did not about all."""
    led = [one for one in found if len(one.grouping.seats)]
    proven = [one.proven for one in led if one.proven is not None and one.proven.optimal]
    if not led or len(proven) < len(led):
        return None
    value, bound = sum(one.value for one in proven), sum(one.bound for one in proven)
    return Proven(proven[0].grouping, value, bound, optimal=True)


def _without_mentors(setting: Setting) -> Solution:
    """Return that there are no groups: at most circles."""
    circles = with_circles(setting, _no_groups(setting), np.zeros(len(setting.rows), dtype=np.bool_))
    planned = not circles.members
    proof = _proof_of_none(setting, planned=planned)
    solution = Solution(*_memberships(setting, circles), proof=proof, extra=_extra(setting, circles, planned, None))
    return evolve(solution, exact=_best(setting, circles, proof))


def _no_groups(setting: Setting) -> Grouping:
    """Return that everybody waits.

    Raises:
        ProgramError: some people must be together.
    """
    if bundles_of(setting):
        raise impossible(f"{len(setting.rows)} mentees and {len(setting.columns)} mentors are too few for a group")
    empty = np.zeros((0, 1), dtype=np.int64)
    return Grouping(empty, empty, np.arange(len(setting.rows)), np.arange(len(setting.columns)))


def _proof_of_none(setting: Setting, *, planned: bool) -> GroupProof:
    """Return what proves that no groups have no points."""
    free = np.zeros(len(setting.problem.seatings[setting.roles[0]].people), dtype=np.int64)
    return GroupProof(free, 1, 0, planned=planned, full=np.zeros(0, dtype=np.int64))


def _groups_to_start_with(setting: Setting, plan: GroupPlan) -> int:
    """Return how many groups there are: as planned, unless sets of people who must be together want more or fewer."""
    led = [one for one in bundles_of(setting) if len(one.mentors)]
    taken = np.concatenate([np.zeros(0, dtype=np.int64), *(one.mentors for one in led)])
    return min(max(plan.groups, len(led)), len(led) + int(np.delete(setting.places, taken).sum()))


def _usual(setting: Setting, plan: GroupPlan, search: Search) -> _Found | None:
    """Return the best of the usual groups; None: there are none in sight."""
    kept = search.keeps(plan)
    known = search.grouping if kept and setting.small else None
    proven = None if setting.problem.effort.over() else best_groups(setting, planned(setting, plan), known)
    if proven is not None:
        return _Found(proven.grouping, planned=True, proven=proven)
    return _Found(search.grouping, planned=True) if kept else None


def _unusual(setting: Setting, plan: GroupPlan, search: Search) -> _Found:
    """Return groups of any allowed sizes that place as many people as possible."""
    least = setting.details.mentees[0], setting.details.mentors[0]
    effort = setting.problem.effort
    wanted = any_groups(setting, plan)
    covered = None if effort.over() else most_covered(setting, wanted)
    if covered is not None:
        return _of_those_covered(setting, plan, search, covered)
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


def _of_those_covered(setting: Setting, plan: GroupPlan, search: Search, covered: Grouping) -> _Found:
    """Return good groups of as many people as possible from any groups of them."""
    effort = setting.problem.effort
    least = setting.details.mentees[0], setting.details.mentors[0]
    search.grouping = covered
    search.improve(least, effort)
    search.dissolve_small_groups()
    proven = None
    if not effort.over():
        proven = best_groups(setting, any_groups(setting, plan), search.grouping)
    if proven is None:
        return _Found(search.grouping, planned=False)
    search.grouping = proven.grouping
    search.seat_co_mentors(-(-plan.mentors // plan.groups))
    if len(search.grouping.bench):
        search.improve(least, effort)
    search.dissolve_small_groups()
    same = bool((search.grouping.leads != NOBODY).sum() == (proven.grouping.leads != NOBODY).sum())
    return _Found(search.grouping, planned=False, proven=proven if same else None)


def _solution(setting: Setting, begun: Start, found: _Found, proof: IslandProof | None = None) -> Solution:
    """Return groups as memberships, with what is proven about them."""
    circles = with_circles(setting, found.grouping, begun.stays)
    planned = found.planned and not circles.members
    known: IslandProof | GroupProof | LeaderProof = proof or proof_of(setting, begun, circles.grouping, planned=planned)
    proven = None if circles.members else found.proven
    solution = Solution(*_memberships(setting, circles), proof=known, extra=_extra(setting, circles, planned, proven))
    if len(setting.rows) * len(setting.columns) > _CHECKED:
        return solution
    return evolve(solution, exact=_best(setting, circles, known))


def _best(setting: Setting, circles: Circles, proof: GroupProof | IslandProof | LeaderProof) -> bool:
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
