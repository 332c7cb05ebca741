"""Better groups by exchanges: one member of every group gets up, and all of them sit down again in the best way.

Who gets up is chosen by chance; a seat may also be empty, and people who wait take part. What a person is worth in a
group does not depend on the others who got up, as there is one of each group: so that the best way to sit down is an
assignment problem, and one step chooses among as many ways as there are orders of the groups. The same is done with the
mentors. Every step keeps all rules and never loses anything. Source: very large neighborhoods by assignment, S. Gutin
(1999) "Exponential neighbourhood local search for the traveling salesman problem", and R. K. Ahuja, O. Ergun,
J. B. Orlin and A. P. Punnen (2002), "A survey of very large-scale neighborhood search techniques".
"""

from __future__ import annotations

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from mentorkit.core.problems import BoolArray, IntArray
from mentorkit_matchers.groups.grouping import NOBODY, Grouping, counts_of
from mentorkit_matchers.groups.setting import NEVER, Setting
from mentorkit_matchers.groups.sitting_down import assigned

PLACED = 1e7
"""What it is worth that one more person has a place: more than all scores in reach of a step."""

_SHORT = 2 * PLACED
"""What it costs that a group has too few mentees."""

_WAITING = 40
"""People without a place who take part in one step."""

_IMPOSSIBLE = NEVER / 10


@define(eq=False)
class Table:
    """Some groups and people without one, with all that is needed to exchange them; lives for one search.

    People are numbered within the table.

    Attributes:
        worth: tenths of mentees with mentors, NEVER where they must not meet, shape (mentees, mentors).
        apart: which mentees must not meet; None: all may.
        rivals: which mentors must not meet; None: all may.
        spread: of each column in which mentees should differ, their codes and its weight in tenths.
        grouping: who sits where.
        least: mentees that a group should have at least.
        least_leads: mentors that it should have at least.
        stays: mentees who must stay where they are.
        leads_on: mentors who must.
    """

    worth: NDArray[np.float64]
    apart: NDArray[np.int16] | None
    rivals: BoolArray | None
    spread: tuple[tuple[NDArray[np.int64], float], ...]
    grouping: Grouping
    least: int
    least_leads: int
    stays: BoolArray
    leads_on: BoolArray
    chance: np.random.Generator
    fits: NDArray[np.float64] = field(init=False)
    clashes: NDArray[np.int16] | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        """Compute what each mentee is worth with the mentors of each group, and whom there they must not meet."""
        self.fits = np.stack([self._fit(group) for group in range(len(self.grouping.leads))], axis=1)
        if self.apart is not None:
            people, group = self.grouping.members()
            self.clashes = np.zeros((len(self.worth), len(self.grouping.seats)), dtype=np.int16)
            for one, where in zip(people.tolist(), group.tolist(), strict=True):
                self.clashes[:, where] += self.apart[:, one]

    def sit(self, grouping: Grouping) -> None:
        """Let everybody sit as given."""
        self.grouping = grouping
        self.__attrs_post_init__()

    def points(self) -> float:
        """Return what the groups are worth: placed people, scores and differing mates."""
        people, group = self.grouping.members()
        sizes = self.grouping.sizes
        worth = PLACED * len(people) + float(self.fits[people, group].sum())
        for codes, weight in self.spread:
            counts = counts_of(codes[people], group, len(sizes))
            worth += weight * float(((sizes**2 - (counts**2).sum(axis=1)) / np.maximum(sizes - 1, 1)).sum())
        leads = (self.grouping.leads != NOBODY).sum(axis=1)
        short = np.maximum(self.least - sizes, 0).sum() + np.maximum(self.least_leads - leads, 0).sum()
        return worth + PLACED * float(leads.sum()) - _SHORT * float(short)

    def _fit(self, group: int) -> NDArray[np.float64]:
        leads = self.grouping.leads[group]
        leads = leads[leads != NOBODY]
        if not len(leads):
            return np.full(len(self.worth), NEVER)
        found: NDArray[np.float64] = self.worth[:, leads].mean(axis=1)
        found[found < _IMPOSSIBLE] = NEVER
        return found

    def exchange_mentees(self, noise: float = 0) -> bool:
        """Do one step with mentees, all gains off by chance with noise; return whether anything changed."""
        seats = self.grouping.seats
        seat = self.chance.integers(0, seats.shape[1], len(seats))
        picked = seats[np.arange(len(seats)), seat]
        groups = np.flatnonzero((picked == NOBODY) | ~self.stays[picked])
        seat, picked = seat[groups], picked[groups]
        waiting = _some(self.grouping.waiting, self.chance)
        people = np.concatenate([picked[picked != NOBODY], waiting])
        if not len(people):
            return False
        gains, empty = self._seat_gains(people, groups, seat, picked)
        gains += noise * self.chance.gumbel(size=gains.shape)
        taken = assigned(gains, empty, np.r_[_indexes(picked), np.full(len(waiting), NOBODY)])
        if taken is None:
            return False
        sitting = np.where(taken == NOBODY, NOBODY, people[taken])
        self.grouping.seats[groups, seat] = sitting
        self._note_clashes(groups, picked, sitting)
        self.grouping.waiting = _exchanged(self.grouping.waiting, waiting, np.setdiff1d(people, sitting))
        return True

    def _note_clashes(self, groups: IntArray, before: IntArray, after: IntArray) -> None:
        if self.apart is not None and self.clashes is not None:
            changed = before != after
            for people, sign in ((before, -1), (after, 1)):
                some = changed & (people != NOBODY)
                self.clashes[:, groups[some]] += sign * self.apart[:, people[some]]

    def _seat_gains(
        self, people: IntArray, groups: IntArray, seat: IntArray, picked: IntArray
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what each person is worth on each free seat, and what it is worth to leave it empty."""
        rest = self.grouping.seats.copy()
        rest[groups, seat] = NOBODY
        group, place = np.nonzero(rest[groups] != NOBODY)
        members = rest[groups][group, place]
        sizes = np.bincount(group, minlength=len(groups))
        gains = PLACED + self.fits[np.ix_(people, groups)]
        for codes, weight in self.spread:
            counts = counts_of(np.concatenate([codes[members], [codes.max(initial=0)]]), np.r_[group, 0], len(groups))
            counts[0, codes.max(initial=0)] -= 1
            gains += weight * _spread_gains(counts, sizes, counts[:, codes[people]].T)
        gains[:, sizes < self.least] += _SHORT
        if self.apart is not None and self.clashes is not None:
            clashes = self.clashes[np.ix_(people, groups)]
            clashes -= np.where(picked == NOBODY, 0, self.apart[np.ix_(people, picked)])
            gains[clashes > 0] = NEVER
        gains[gains < _IMPOSSIBLE] = NEVER
        return gains, np.zeros(len(groups))

    def exchange_mentors(self, noise: float = 0) -> bool:
        """Do one step with mentors, all gains off by chance with noise; return whether anything changed."""
        grouping = self.grouping
        seat = self.chance.integers(0, grouping.leads.shape[1], len(grouping.leads))
        picked = grouping.leads[np.arange(len(seat)), seat]
        groups = np.flatnonzero((picked == NOBODY) | ~self.leads_on[picked])
        seat, picked = seat[groups], picked[groups]
        bench = _some(grouping.bench, self.chance)
        people = np.concatenate([picked[picked != NOBODY], bench])
        if not len(people) or len(people) + len(groups) < 3:
            return False
        gains, empty = self._lead_gains(people, groups, seat)
        gains += noise * self.chance.gumbel(size=gains.shape)
        taken = assigned(gains, empty, np.r_[_indexes(picked), np.full(len(bench), NOBODY)])
        if taken is None:
            return False
        leading = np.where(taken == NOBODY, NOBODY, people[taken])
        grouping.leads[groups, seat] = leading
        grouping.bench = _exchanged(grouping.bench, bench, np.setdiff1d(people, leading))
        for group in groups[leading != picked].tolist():
            self.fits[:, group] = self._fit(group)
        return True

    def _lead_gains(
        self, people: IntArray, groups: IntArray, seat: IntArray
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what each mentor is worth on each free seat, and what it is worth to leave it empty."""
        rest = self.grouping.leads.copy()
        rest[groups, seat] = NOBODY
        beside = rest[groups]
        with_all = self._sums(groups)
        others = (beside != NOBODY).sum(axis=1)
        there = np.where(beside == NOBODY, 0, with_all[np.arange(len(groups))[:, None], beside]).sum(axis=1)
        gains = PLACED + ((with_all[:, people] + there[:, None]) / (others + 1)[:, None])
        empty = np.where(others > 0, there / np.maximum(others, 1), NEVER)
        gains[others < self.least_leads] += _SHORT
        gains[with_all[:, people] < _IMPOSSIBLE] = NEVER
        for one in beside.T:
            gains[(one[:, None] == people) & (one != NOBODY)[:, None]] = NEVER
            if self.rivals is not None:
                gains[self.rivals[np.ix_(one, people)] & (one != NOBODY)[:, None]] = NEVER
        return gains.T, empty

    def _sums(self, groups: IntArray) -> NDArray[np.float64]:
        """Return what all mentees of each group are worth with each mentor, shape (groups, mentors)."""
        found = np.zeros((len(groups), self.worth.shape[1]))
        for people in self.grouping.seats[groups].T:
            some = np.flatnonzero(people != NOBODY)
            found[some] += self.worth[people[some]]
        return found


def _spread_gains(counts: NDArray[np.int64], sizes: NDArray[np.int64], same: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how much the shares of differing mates grow in each group by one more person, shape (people, groups)."""
    differing = sizes**2 - (counts**2).sum(axis=1)
    before = differing / np.maximum(sizes - 1, 1)
    after = (differing + 2 * (sizes - same)) / np.maximum(sizes, 1)
    return np.asarray(after - before)


def _indexes(picked: IntArray) -> IntArray:
    """Return the seats of those who got up, in their order."""
    return np.flatnonzero(picked != NOBODY)


def _some(people: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.int64]:
    return people if len(people) <= _WAITING else np.sort(chance.choice(people, _WAITING, replace=False))


def _exchanged(everybody: NDArray[np.int64], before: IntArray, after: IntArray) -> NDArray[np.int64]:
    return np.sort(np.concatenate([np.setdiff1d(everybody, before), after]))


def table_of(
    setting: Setting,
    grouping: Grouping,
    groups: IntArray,
    waiting: IntArray,
    bench: IntArray,
    least: tuple[int, int],
    fixed: tuple[BoolArray, BoolArray],
    chance: np.random.Generator,
) -> tuple[Table, IntArray, IntArray]:
    """Return a table of some groups and people, with the numbers of its mentees and of its mentors."""
    seats, leads = grouping.seats[groups], grouping.leads[groups]
    mentees = np.unique(np.concatenate([seats[seats != NOBODY], waiting]))
    mentors = np.unique(np.concatenate([leads[leads != NOBODY], bench]))
    apart = setting.apart(mentees)
    within = Grouping(
        _renumbered(mentees, seats),
        _renumbered(mentors, leads),
        np.searchsorted(mentees, waiting),
        np.searchsorted(mentors, bench),
    )
    table = Table(
        setting.worth(mentees, mentors),
        None if apart is None or not apart.any() else apart.astype(np.int16),
        setting.rivals(mentors),
        tuple((one.codes[mentees], one.weight) for one in setting.spread),
        within,
        *least,
        fixed[0][mentees],
        fixed[1][mentors],
        chance,
    )
    return table, mentees, mentors


def _renumbered(people: IntArray, seats: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(seats == NOBODY, NOBODY, np.searchsorted(people, seats))
