"""From first groups to good ones: exchanges at tables of some groups each, then whoever is left over."""

from __future__ import annotations

import numpy as np
from attrs import define
from numpy.typing import NDArray

from mentorkit.core.problems import BoolArray, Effort, IntArray
from mentorkit.core.shapes import GroupPlan
from mentorkit_matchers.groups.exchanging import Table, table_of
from mentorkit_matchers.groups.grouping import NOBODY, Grouping
from mentorkit_matchers.groups.setting import Setting
from mentorkit_matchers.groups.starting import Start, impossible

TABLE = 128
"""Groups at a table, where there are so many that one table for all would be slow."""

ONE_TABLE = 220
"""Groups that still sit at one table."""

_ROUNDS = 3
"""How often people are spread over tables anew."""

_STEPS = 3_000
"""Steps at the only table, at most; tables among several get a twentieth of that."""

_STEPS_OF_A_GROUP = 100
"""Steps at the only table for each of its groups, at most."""

_LAST_TABLES = 12
"""Tables for those who found no seat, one after another."""

_PATIENCE = 50
"""Steps in a row without any gain after which a table is done."""

_ANYWAY = 20
"""Steps that are taken even if the time is up, so that those who wait find a seat."""

_NOISE = (50.0, 300.0)
"""How much better or worse everything is by chance, in tenths of points, in the step that leads away from a grouping
that no step improves."""


@define(eq=False)
class Search:
    """Improves a grouping; lives for one solution.

    Attributes:
        grouping: the best so far; it keeps all rules at any time.
        stays: mentees who must stay in their group.
        leads_on: mentors who must.
    """

    setting: Setting
    grouping: Grouping
    stays: BoolArray
    leads_on: BoolArray
    chance: np.random.Generator

    @classmethod
    def of(cls, setting: Setting, start: Start) -> Search:
        """Return a search from a start, of which everybody who breaks a rule where they are waits.

        Raises:
            ProgramError: those who must be together must not be.
        """
        search = cls(
            setting, start.grouping.copy(), start.stays, start.leads_on, np.random.default_rng(setting.problem.seed)
        )
        for group in range(len(search.grouping.seats)):
            search._seat_by_the_rules(group)
        return search

    def _seat_by_the_rules(self, group: int) -> None:
        """Let everybody wait whom a rule keeps from being where they are; those who must be there come first."""
        seats = self.grouping.seats[group]
        leads = self.grouping.leads[group]
        people = seats[seats != NOBODY]
        people = people[np.argsort(~self.stays[people], kind="stable")]
        forbidden = np.asarray((self.setting.tenths(people, leads[leads != NOBODY]) < 0).any(axis=1))
        apart = self.setting.apart(people)
        kept: list[int] = []
        for one in range(len(people)):
            if not forbidden[one] and (apart is None or not apart[one, kept].any()):
                kept.append(one)
        out = np.setdiff1d(people, people[kept])
        rivals = self.setting.rivals(leads[leads != NOBODY])
        if self.stays[out].any() or (rivals is not None and rivals.any()):
            raise impossible("a rule keeps them apart")
        seats[np.isin(seats, out)] = NOBODY
        self.grouping.waiting = np.sort(np.concatenate([self.grouping.waiting, out]))

    def improve(self, least: tuple[int, int], effort: Effort) -> None:
        """Exchange people until that is of no use or the time is up."""
        groups = len(self.grouping.seats)
        if not groups:
            return
        if groups <= ONE_TABLE:
            steps = min(_STEPS, groups * _STEPS_OF_A_GROUP)
            self._sit(np.arange(groups), self.grouping.waiting, self.grouping.bench, least, steps, effort)
            return
        for number in range(_ROUNDS):
            tables = np.array_split(self.chance.permutation(groups), -(-groups // TABLE))
            waiting, bench = (
                np.array_split(self.chance.permutation(some), len(tables))
                for some in (self.grouping.waiting, self.grouping.bench)
            )
            for place, table in enumerate(tables):
                if effort.over() and not len(self.grouping.waiting):
                    return
                effort.tell("groups", (number + place / len(tables)) / _ROUNDS)
                self._sit(np.sort(table), np.sort(waiting[place]), np.sort(bench[place]), least, _STEPS // 20, effort)
        self._find_seats(least, effort)

    def _find_seats(self, least: tuple[int, int], effort: Effort) -> None:
        """Let those who still wait, and groups that lack somebody, sit at one table with groups drawn by chance."""
        for _ in range(_LAST_TABLES):
            sizes, leads = self.grouping.sizes, (self.grouping.leads != NOBODY).sum(axis=1)
            lacking = (sizes < least[0]) | (leads < least[1])
            if effort.over() or not (lacking.any() or len(self.grouping.waiting)):
                return
            some = self.chance.permutation(self.grouping.waiting)[:TABLE]
            leaders = self.grouping.leads.max(axis=1)
            once, number = np.unique(leaders, return_inverse=True)
            open_to = np.asarray((self.setting.tenths(some, once) >= 0).any(axis=0))[number]
            parts = (lacking, sizes > least[0], sizes < self.grouping.seats.shape[1], open_to, sizes >= 0)
            drawn = [self.chance.permutation(np.flatnonzero(part))[: TABLE // 4] for part in parts]
            table = np.unique(np.concatenate(drawn))
            bench = self.chance.permutation(self.grouping.bench)[:TABLE]
            self._sit(table, np.sort(some), np.sort(bench), least, _STEPS // 20, effort)

    def _sit(
        self, groups: IntArray, waiting: IntArray, bench: IntArray, least: tuple[int, int], steps: int, effort: Effort
    ) -> None:
        fixed = self.stays, self.leads_on
        table, mentees, mentors = table_of(
            self.setting, self.grouping, groups, waiting, bench, least, fixed, self.chance
        )
        _improve(table, steps, effort)
        within, grouping = table.grouping, self.grouping
        grouping.seats[groups] = np.where(within.seats == NOBODY, NOBODY, mentees[within.seats])
        grouping.leads[groups] = np.where(within.leads == NOBODY, NOBODY, mentors[within.leads])
        grouping.waiting = _replaced(grouping.waiting, waiting, mentees[within.waiting])
        grouping.bench = _replaced(grouping.bench, bench, mentors[within.bench])

    def keeps(self, plan: GroupPlan) -> bool:
        """Return whether the groups are the planned ones."""
        sizes, leads = self.grouping.sizes, (self.grouping.leads != NOBODY).sum(axis=1)
        return (
            len(sizes) == plan.groups
            and int(sizes.sum()) == plan.placed
            and plan.mentees[0] <= int(sizes.min())
            and int(sizes.max()) <= plan.mentees[1]
            and int(leads.sum()) == plan.mentors
            and int(np.ptp(leads)) <= 1
        )

    def widen(self, most: int) -> None:
        """Let groups have up to so many mentees."""
        missing = most - self.grouping.seats.shape[1]
        if missing > 0:
            self.grouping.seats = np.pad(self.grouping.seats, ((0, 0), (0, missing)), constant_values=NOBODY)

    def seat_co_mentors(self, most: int) -> None:
        """Let groups have up to so many mentors."""
        missing = most - self.grouping.leads.shape[1]
        if missing > 0:
            self.grouping.leads = np.pad(self.grouping.leads, ((0, 0), (0, missing)), constant_values=NOBODY)

    def open_a_group(self) -> bool:
        """Add an empty group, led by whoever on the bench may have most of those who wait; return whether it is."""
        bench, waiting = self.grouping.bench, self.grouping.waiting
        fewest = self.setting.details.mentors[0]
        if len(bench) < fewest or not len(waiting):
            return False
        allowed = (self.setting.tenths(waiting, bench) >= 0).sum(axis=0)
        led = bench[np.argsort(-allowed, kind="stable")[:fewest]]
        rivals = self.setting.rivals(led)
        if allowed.max() == 0 or (rivals is not None and rivals.any()):
            return False
        grouping = self.grouping
        grouping.seats = np.pad(grouping.seats, ((0, 1), (0, 0)), constant_values=NOBODY)
        grouping.leads = np.pad(grouping.leads, ((0, 1), (0, 0)), constant_values=NOBODY)
        grouping.leads[-1, :fewest] = led
        grouping.bench = np.setdiff1d(bench, led)
        return True

    def dissolve_small_groups(self) -> None:
        """Let those wait whose group has fewer people than allowed.

        Raises:
            ProgramError: people who must be together are among them.
        """
        fewest = self.setting.details.mentees[0], self.setting.details.mentors[0]
        leads = (self.grouping.leads != NOBODY).sum(axis=1)
        small = np.flatnonzero((self.grouping.sizes < fewest[0]) | (leads < fewest[1]))
        self.grouping = self.grouping.without(small)
        if self.stays[self.grouping.waiting].any() or self.leads_on[self.grouping.bench].any():
            raise impossible("there are too few others for a group")


def _improve(table: Table, steps: int, effort: Effort) -> None:
    """Take steps at a table until they are of no use, then try from near there again, and keep the best."""
    steps -= _settle(table, steps, effort)
    best = table.points()
    while steps > 0 and not effort.over():
        before = table.grouping.copy()
        noise = table.chance.uniform(*_NOISE)
        table.exchange_mentors(noise)
        table.exchange_mentees(noise)
        steps -= _settle(table, steps, effort)
        points = table.points()
        if points < best:
            table.sit(before)
        best = max(best, points)


def _settle(table: Table, steps: int, effort: Effort) -> int:
    """Take steps until many in a row were in vain; return how many. Mentors take turns with mentees."""
    in_vain = 0
    for step in range(steps):
        better = table.exchange_mentees() if step % 4 else table.exchange_mentors()
        in_vain = 0 if better else in_vain + 1
        if in_vain > _PATIENCE + len(table.grouping.seats) // 4:
            return step + 1
        if effort.over() and (step >= _ANYWAY or not len(table.grouping.waiting)):
            return step + 1
    return steps


def _replaced(everybody: NDArray[np.int64], before: IntArray, after: IntArray) -> NDArray[np.int64]:
    return np.sort(np.concatenate([np.setdiff1d(everybody, before), after]))
