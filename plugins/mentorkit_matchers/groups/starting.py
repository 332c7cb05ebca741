"""Groups to start with: who leads, and the best two-sided matching of the mentees with the leaders."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import define, evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import BoolArray, IntArray, MatchingProblem
from mentorkit.core.proofs import PriceProof
from mentorkit_matchers.groups.grouping import NOBODY, Grouping
from mentorkit_matchers.groups.setting import NEVER, Setting
from mentorkit_matchers.optimal import Optimal


@frozen(eq=False)
class Bundle:
    """People who must be in one group."""

    mentees: NDArray[np.int64]
    mentors: NDArray[np.int64]


@frozen(eq=False)
class Start:
    """A first grouping.

    Attributes:
        stays: mentees whose group is fixed because they must be with somebody.
        leads_on: mentors for whom the same holds.
        proof: prices of the mentors in `led`, from the matching of mentees with leaders.
        led: mentors who took part in that matching.
    """

    grouping: Grouping
    stays: BoolArray
    leads_on: BoolArray
    proof: PriceProof
    led: NDArray[np.int64]


def bundles_of(setting: Setting) -> list[Bundle]:
    """Return the people who must be in one group, those with mentors first.

    Raises:
        ProgramError: they are more than a group can hold.
    """
    size = len(setting.rows)
    pairs = np.concatenate([setting.together + np.array([0, size]), setting.mates, setting.leaders + size])
    parent = list(range(size + len(setting.columns)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = one = parent[parent[one]]
        return one

    for a, b in pairs.tolist():
        parent[max(root(a), root(b))] = min(root(a), root(b))
    people: dict[int, list[int]] = {}
    for one in np.unique(pairs).tolist():
        people.setdefault(root(one), []).append(one)
    found = [
        Bundle(
            *(
                np.array(side, dtype=np.int64)
                for side in ([x for x in one if x < size], [x - size for x in one if x >= size])
            )
        )
        for one in people.values()
    ]
    for bundle in found:
        if len(bundle.mentees) > setting.details.most or len(bundle.mentors) > setting.details.mentors[1]:
            raise impossible(
                f"{len(bundle.mentees)} mentees and {len(bundle.mentors)} mentors are more than it may have"
            )
    return sorted(found, key=lambda one: len(one.mentors) == 0)


def impossible(why: str) -> ProgramError:
    """Return the error to raise when required pairs cannot be in groups."""
    message = f"some of those who must be together cannot be in one group: {why}"
    advice = "take some pairs out of the rule, or let groups be larger"
    return ProgramError([error("groups-impossible", message, path="matching.rules", help=advice)])


def start(setting: Setting, groups: int, sizes: tuple[int, int], mentors: int) -> Start:
    """Return that many groups with as many mentees as possible, between two sizes where that can be.

    Raises:
        ProgramError: those who must be together cannot be.
    """
    bundles = bundles_of(setting)
    led = [one for one in bundles if len(one.mentors)]
    if len(led) > groups:
        raise impossible(f"there are {groups} groups for {len(led)} sets of people")
    first = np.array([one.mentors[0] for one in led], dtype=np.int64)
    taken = np.concatenate([np.zeros(0, dtype=np.int64), *(one.mentors for one in led)])
    leaders, market = _leaders(setting, groups, first, taken, sizes[1], bundles)
    market = _evenly(market, groups, sizes, len(setting.rows))
    width = max(-(-mentors // groups), *(len(one.mentors) for one in led), 1)
    leads = np.full((groups, width), NOBODY, dtype=np.int64)
    leads[:, 0] = leaders
    for group, one in enumerate(led):
        leads[group, : len(one.mentors)] = one.mentors
    grouping = Grouping(
        _seats(market.group, groups, sizes[1]),
        leads,
        np.flatnonzero(market.group == NOBODY),
        np.setdiff1d(np.arange(len(setting.columns)), leads),
    )
    stays, leads_on = (np.zeros(len(one), dtype=np.bool_) for one in (setting.rows, setting.columns))
    for one in bundles:
        stays[one.mentees], leads_on[one.mentors] = True, True
    return Start(grouping, stays, leads_on, market.proof, leaders)


@define(frozen=True, eq=False)
class _Market:
    """The mentees matched with leaders.

    Attributes:
        group: number of the leader of each mentee, NOBODY for none.
        places: how many mentees each leader may have.
        bound: group of the mentees who must be in it.
    """

    setting: Setting
    leaders: NDArray[np.int64]
    places: NDArray[np.int64]
    bound: dict[int, int]
    group: NDArray[np.int64]
    proof: PriceProof


def _matched(setting: Setting, leaders: IntArray, places: IntArray, bound: dict[int, int]) -> _Market:
    """Return the best matching of the mentees with leaders who have so many places."""
    problem = setting.problem
    once, number = np.unique(leaders, return_inverse=True)
    left = np.maximum(places - np.bincount(list(bound.values()), minlength=len(leaders)), 0)
    free = np.setdiff1d(np.arange(len(setting.rows)), list(bound))
    rows, columns = setting.rows[free], setting.columns[once]
    mentee, mentor = (
        problem.seatings[role].take(kept) for role, kept in zip(setting.roles, (rows, columns), strict=True)
    )
    ones = np.ones(len(free), dtype=np.int64)
    two_sided = MatchingProblem(
        "two-sided",
        problem.occasion,
        {
            mentor.role: evolve(mentor, places=np.bincount(number, left, len(once)).astype(np.int64)),
            mentee.role: evolve(mentee, places=ones, covered=ones == 0),
        },
        {setting.roles: setting.pairs.take(rows, columns)},
        seed=problem.seed,
        effort=problem.effort,
    )
    solution = Optimal().solve(None, two_sided)
    if not isinstance(solution.proof, PriceProof):
        raise TypeError("the matcher optimal has no prices")
    order = np.lexsort((solution.seating, solution.group))
    column, row = solution.person[order].reshape(-1, 2).T
    group = np.full(len(setting.rows), NOBODY, dtype=np.int64)
    group[list(bound)] = list(bound.values())
    group[free[row]] = _shared_out(column, number, left)
    return _Market(
        setting,
        leaders.astype(np.int64),
        places.astype(np.int64),
        bound,
        group,
        evolve(solution.proof, prices=solution.proof.prices[number]),
    )


def _shared_out(column: IntArray, number: IntArray, places: IntArray) -> NDArray[np.int64]:
    """Return the group of each mentee from the mentor they have; a mentor of several groups fills one after another."""
    seats = np.repeat(np.arange(len(places)), places)
    seats = seats[np.argsort(number[seats], kind="stable")]
    order = np.argsort(column, kind="stable")
    sorted_columns = column[order]
    nth = np.arange(len(order)) - np.searchsorted(sorted_columns, sorted_columns)
    group = np.empty(len(column), dtype=np.int64)
    group[order] = seats[np.searchsorted(number[seats], sorted_columns) + nth]
    return group


def _leaders(
    setting: Setting, groups: int, first: IntArray, taken: IntArray, most: int, bundles: Iterable[Bundle]
) -> tuple[NDArray[np.int64], _Market]:
    """Return who leads each group, those who must lead first, with the mentees matched to them.

    All are candidates at first; whoever is least missed is left out, half of those who are too many at a time.
    """
    others = np.setdiff1d(np.arange(len(setting.columns)), taken)
    candidates = np.concatenate([first, others])
    if len(candidates) < groups:
        again = [np.flatnonzero(setting.places[candidates] > times) for times in range(1, int(setting.places.max()))]
        candidates = np.concatenate([candidates, *(candidates[one] for one in again)])[:groups]
    while True:
        places = np.full(len(candidates), most, dtype=np.int64)
        market = _matched(setting, candidates, places, _bound(setting, bundles, candidates, most))
        spare = len(candidates) - groups
        if spare <= 0:
            return candidates, market
        missed = _missed(setting, market)
        missed[: len(first)] = np.inf
        out = np.argsort(missed, kind="stable")[: -(-spare // 2)]
        candidates = np.delete(candidates, out)


def _bound(setting: Setting, bundles: Iterable[Bundle], leaders: IntArray, most: int) -> dict[int, int]:
    """Return the group of everybody who must be with somebody: their mentor's, or the best with room for all."""
    room = np.full(len(leaders), most)
    found: dict[int, int] = {}
    for number, one in enumerate(bundles):
        group = number
        if not len(one.mentors):
            worth = setting.worth(one.mentees, leaders).sum(axis=0)
            worth[room < len(one.mentees)] = 2 * NEVER
            group = int(worth.argmax())
            if worth[group] < NEVER / 10:
                raise impossible("no mentor may have them all")
        room[group] -= len(one.mentees)
        found |= dict.fromkeys(one.mentees.tolist(), group)
    return found


def _missed(setting: Setting, market: _Market) -> NDArray[np.float64]:
    """Return how much the mentees of each leader would lose without them, if the next best had room for all.

    Of very many pairs, it is how many mentees they are.
    """
    if not setting.small:
        return np.bincount(market.group[market.group != NOBODY], minlength=len(market.leaders)).astype(np.float64)
    lost = np.zeros(len(market.leaders))
    step = max(1, 1_000_000 // max(1, len(market.leaders)))
    placed = np.flatnonzero(market.group != NOBODY)
    for begin in range(0, len(placed), step):
        some = placed[begin : begin + step]
        own = market.group[some]
        worth = setting.worth(some, market.leaders)
        with_own = worth[np.arange(len(some)), own]
        worth[np.arange(len(some)), own] = NEVER
        np.add.at(lost, own, np.minimum(with_own - worth.max(axis=1), -NEVER))
    return lost


def _evenly(market: _Market, groups: int, sizes: tuple[int, int], mentees: int) -> _Market:
    """Return the matching with groups of nearly equal size, where nobody loses their place by that."""
    load = np.bincount(market.group[market.group != NOBODY], minlength=groups)
    if load.min() >= sizes[0]:
        return market
    larger = min(mentees, groups * sizes[1]) - groups * sizes[0]
    places = np.full(groups, sizes[0], dtype=np.int64)
    places[np.argsort(-load, kind="stable")[:larger]] = sizes[1]
    even = _matched(market.setting, market.leaders, places, market.bound)
    return even if (even.group == NOBODY).sum() <= (market.group == NOBODY).sum() else market


def _seats(group: NDArray[np.int64], groups: int, most: int) -> NDArray[np.int64]:
    """Return who sits in each group, from the group of everybody."""
    seats = np.full((groups, most), NOBODY, dtype=np.int64)
    order = np.argsort(group, kind="stable")
    order = order[group[order] != NOBODY]
    placed = group[order]
    seats[placed, np.arange(len(order)) - np.searchsorted(placed, placed)] = order
    return seats
