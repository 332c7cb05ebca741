"""Groups as an integer program for HiGHS.

Which of the possible groups are there, and who is in them, are the variables. That two mentees of a group differ less
the more of them are alike is convex in their number, and lines through neighboring numbers describe it exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen
from numpy.typing import NDArray

from mentorkit.core.problems import IntArray
from mentorkit_matchers.groups.grouping import NOBODY, Grouping
from mentorkit_matchers.groups.setting import Setting
from mentorkit_matchers.linear import LinearProgram, WholeOptimum, optimum, whole_optimum

_NODES = 400
"""Nodes of the search for a proof: a limit that, unlike one of time, is the same on every machine."""

_MOST_ENTRIES = 15_000
"""Numbers in the rows of a program, those of variables that are out of the question left out, up to which HiGHS is
asked for the most points: with more, it often takes many seconds, and the search is as good or nearly so."""

_MOST_TO_COVER = 8 * _MOST_ENTRIES
"""The same where the only question is who can be placed, which is much easier."""

_TOLERANCE = 0.5
"""Tenths of points by which a bound of HiGHS may be wrong."""


@frozen
class Wanted:
    """Which groups are looked for.

    Attributes:
        groups: how many there are; None: any number.
        placed: how many mentees are in them; None: as many as possible, in groups as near `near` in number as possible.
        sizes: the fewest and the most mentees of a group.
        led_by: how many groups have how many mentors; a number of None: any.
        near: a number of groups.
        places: how many groups each mentor may be in.
        differing: whether it counts that mentees of a group differ.
    """

    groups: int | None
    placed: int | None
    sizes: tuple[int, int]
    led_by: tuple[tuple[int, int | None], ...]
    near: int
    places: NDArray[np.int64] = field(eq=False)
    differing: bool = True


@define(eq=False)
class Program:
    """An integer program that grows row by row; lives for one proof.

    Attributes:
        kinds: possible groups: who leads, and the fewest and the most mentees.
        mentee: of each membership variable.
        kind: of each membership variable; the variables after those say which kinds there are, then how alike.
    """

    setting: Setting
    kinds: list[tuple[tuple[int, ...], int, int]]
    mentee: NDArray[np.int64]
    kind: NDArray[np.int64]
    worth: NDArray[np.float64]
    alike: list[tuple[int, int, int]] = field(factory=list)
    near: int = 0
    rows: list[tuple[NDArray[np.int64], NDArray[np.float64], float, float]] = field(factory=list)

    @classmethod
    def of(cls, setting: Setting, wanted: Wanted, kinds: list[tuple[tuple[int, ...], int, int]]) -> Program:
        """Return the program of a setting, with every rule in it."""
        everybody = np.arange(len(setting.rows))
        tenths = setting.tenths(everybody, np.arange(len(setting.columns))).astype(np.float64)
        worth = np.stack([tenths[:, unit].mean(axis=1) for unit, _, _ in kinds], axis=1)
        allowed = np.stack([(tenths[:, unit] >= 0).all(axis=1) for unit, _, _ in kinds], axis=1)
        for mentee, mentor in setting.together.tolist():
            allowed[mentee] &= [mentor in unit for unit, _, _ in kinds]
        mentee, kind = np.nonzero(allowed)
        program = cls(setting, kinds, mentee, kind, worth[mentee, kind], near=wanted.near)
        program._members(wanted)
        program._kinds(wanted)
        program._rules()
        if wanted.differing:
            program._spread()
        return program

    def _add(
        self,
        variables: IntArray | Sequence[int],
        factors: IntArray | NDArray[np.float64] | float,
        low: float,
        high: float,
    ) -> None:
        these = np.asarray(variables, dtype=np.int64)
        self.rows.append((these, np.broadcast_to(np.asarray(factors, dtype=np.float64), these.shape), low, high))

    def _is(self, kind: int | IntArray) -> IntArray:
        """Return the variables that say whether groups of some kinds are there."""
        return len(self.mentee) + np.atleast_1d(kind)

    def _members(self, wanted: Wanted) -> None:
        must = {*self.setting.together[:, 0].tolist(), *self.setting.mates.reshape(-1).tolist()}
        all_of_them = wanted.placed == len(self.setting.rows)
        for one in range(len(self.setting.rows)):
            self._add(np.flatnonzero(self.mentee == one), 1, float(all_of_them or one in must), 1)
        if wanted.placed is not None:
            self._add(np.arange(len(self.mentee)), 1, wanted.placed, wanted.placed)
        for kind, (_, least, most) in enumerate(self.kinds):
            inside = np.flatnonzero(self.kind == kind)
            variables = np.append(inside, self._is(kind))
            self._add(variables, np.append(np.ones(len(inside)), -least), 0, np.inf)
            self._add(variables, np.append(np.ones(len(inside)), -most), -np.inf, 0)
        if len(self.kinds) > (wanted.groups or 0):
            for variable, kind in enumerate(self.kind.tolist()):
                self._add(np.append([variable], self._is(kind)), np.array([1, -1]), -np.inf, 0)

    def _kinds(self, wanted: Wanted) -> None:
        for mentor, places in enumerate(wanted.places.tolist()):
            leading = np.array([kind for kind, (unit, _, _) in enumerate(self.kinds) if mentor in unit], dtype=np.int64)
            must = mentor in self.setting.leaders or mentor in self.setting.together[:, 1]
            self._add(self._is(leading), 1, float(must), places)
        for size, count in wanted.led_by:
            if count is not None:
                some = np.array([kind for kind, (unit, _, _) in enumerate(self.kinds) if len(unit) == size])
                self._add(self._is(some), 1, count, count)
        if wanted.groups is None:
            everyone = self._is(np.arange(len(self.kinds)))
            for sign in (1, -1):
                self._add(
                    np.append(everyone, self._farther()),
                    np.append(np.full(len(everyone), sign), -1.0),
                    -np.inf,
                    sign * self.near,
                )

    def _farther(self) -> int:
        """Return the variable that is how far the number of groups is from the wanted one."""
        return len(self.mentee) + len(self.kinds)

    def _rules(self) -> None:
        variable = np.full((len(self.setting.rows), len(self.kinds)), NOBODY, dtype=np.int64)
        variable[self.mentee, self.kind] = np.arange(len(self.mentee))
        apart = self.setting.apart(np.arange(len(self.setting.rows)))
        if apart is not None:
            for a, b in np.argwhere(np.triu(apart)).tolist():
                for kind in np.flatnonzero((variable[a] != NOBODY) & (variable[b] != NOBODY)).tolist():
                    trio = np.array([variable[a, kind], variable[b, kind], *self._is(kind)])
                    self._add(trio, np.array([1, 1, -1]), -np.inf, 0)
        for a, b in self.setting.mates.tolist():
            for both in variable[[a, b]].T.tolist():
                there = np.array([one for one in both if one != NOBODY], dtype=np.int64)
                self._add(there, np.array([1, -1])[: len(there)], 0, 0)

    def _spread(self) -> None:
        for number, one in enumerate(self.setting.spread):
            codes = one.codes[self.mentee]
            for kind, (_, least, _) in enumerate(self.kinds):
                for code in np.unique(codes[self.kind == kind]).tolist() if least > 1 else []:
                    inside = np.flatnonzero((self.kind == kind) & (codes == code))
                    variable = self._farther() + 1 + len(self.alike)
                    self.alike.append((number, kind, code))
                    for many in range(1, min(len(inside), least) + 1):
                        variables = np.concatenate([inside, [variable], self._is(kind)])
                        factors = np.concatenate([np.full(len(inside), 2.0 * many - 1), [-1, -many * (many - 1)]])
                        self._add(variables, factors, -np.inf, 0)

    def covered(self) -> WholeOptimum | None:
        """Return the most mentees in groups, and of such groups those nearest in number to the wanted one."""
        costs = np.zeros(self._farther() + 1 + len(self.alike))
        costs[: len(self.mentee)] = -len(self.kinds) - self.near - 1
        costs[self._farther()] = 1
        return self.solved(costs, most=_MOST_TO_COVER)

    def points(self) -> NDArray[np.float64]:
        """Return costs that are lower the more points there are."""
        costs = np.zeros(self._farther() + 1 + len(self.alike))
        costs[: len(self.mentee)] = -self.worth
        for variable, (number, kind, _) in enumerate(self.alike):
            size = self.kinds[kind][1]
            costs[self._farther() + 1 + variable] = self.setting.spread[number].weight / (size - 1)
        for kind, (_, size, _) in enumerate(self.kinds):
            if size > 1:
                costs[self._is(kind)] -= sum(one.weight for one in self.setting.spread) * size * size / (size - 1)
        return costs

    def hold(self, placed: int, groups: int) -> None:
        """Let as many mentees be in groups, and the number of groups be as near the wanted one, from now on."""
        self._add(np.arange(len(self.mentee)), 1, placed, placed)
        self._add([self._farther()], 1, -np.inf, abs(groups - self.near) + 0.5)

    def solved(
        self, costs: NDArray[np.float64], known: float = np.inf, most: int = _MOST_ENTRIES
    ) -> WholeOptimum | None:
        """Return the best that HiGHS finds, if it costs no more than a known solution.

        None: there is nothing, or it is too much to look. Memberships that would cost more than that, by their reduced
        costs, are left out.
        """
        whole = len(self.mentee) + len(self.kinds)
        count = np.arange(len(costs))
        program = LinearProgram(
            costs, *self._matrix(len(costs)), np.zeros(len(costs)), np.where(count < whole, 1, np.inf)
        )
        relaxed = optimum(program) if known < np.inf else None
        if relaxed is not None:
            hopeless = (count < whole) & (relaxed.value + relaxed.reduced_costs > known + _TOLERANCE)
            program = evolve(program, most=np.where(hopeless, 0, program.most))
        if int(np.diff(program.matrix.tocsc().indptr)[program.most > 0].sum()) > most:
            return None
        return whole_optimum(program, whole, _NODES)

    def _matrix(self, width: int) -> tuple[Any, NDArray[np.float64], NDArray[np.float64]]:
        from scipy.sparse import csr_array

        row = np.repeat(np.arange(len(self.rows)), [len(variables) for variables, _, _, _ in self.rows])
        variables, factors = (np.concatenate([one[side] for one in self.rows]) for side in (0, 1))
        low, high = (np.array([one[side] for one in self.rows], dtype=np.float64) for side in (2, 3))
        return csr_array((factors, (row, variables)), shape=(len(self.rows), width)), low, high

    def grouping(self, found: NDArray[np.float64], wanted: Wanted) -> Grouping:
        """Return the groups that a solution stands for."""
        there = np.flatnonzero(found[self._is(np.arange(len(self.kinds)))] > 0.5)
        inside = found[: len(self.mentee)] > 0.5
        seats = np.full((len(there), wanted.sizes[1]), NOBODY, dtype=np.int64)
        leads = np.full((len(there), self.setting.details.mentors[1]), NOBODY, dtype=np.int64)
        for group, kind in enumerate(there.tolist()):
            members = self.mentee[inside & (self.kind == kind)]
            seats[group, : len(members)] = members
            leads[group, : len(self.kinds[kind][0])] = self.kinds[kind][0]
        return Grouping(
            seats,
            leads,
            np.setdiff1d(np.arange(len(self.setting.rows)), seats),
            np.setdiff1d(np.arange(len(self.setting.columns)), leads),
        )
