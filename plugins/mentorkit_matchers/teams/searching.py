"""Good teams by exchanges: all who sit on one seat get up, and the best of their role sit down again.

With the other seats as they are, who sits where is an assignment problem. Seat after seat is filled that way until
nothing becomes better; then some seat is filled as if all were worth a little more or less, and the best is kept.
"""

from __future__ import annotations

import numpy as np
from attrs import define
from numpy.typing import NDArray

from mentorkit.core.problems import Effort
from mentorkit_matchers.teams.lineup import NEVER, PLACED, Lineup, impossible

NOBODY = -1

_TRIES = 1_600_000
"""Tries, times the square of the number of teams."""

_MOST_TRIES = 60

_NOISE = (10.0, 60.0)
"""How much more or less a person is worth by chance in a try, in tenths of points."""

_TAKEN = 100 * NEVER
"""What somebody is worth who sits in the team already."""


@define(eq=False)
class Search:
    """Improves teams; lives for one solution.

    Attributes:
        seated: who sits where, shape (seats, teams); people by their number in their role.
        stays: seats of people who must be together, same shape.
    """

    lineup: Lineup
    seated: NDArray[np.int64]
    stays: NDArray[np.bool_]
    chance: np.random.Generator

    @classmethod
    def of(cls, lineup: Lineup) -> Search:
        """Return a search with those seated who must be together, and the best for the other seats one after another.

        Raises:
            ProgramError: those who must be together are more than a team holds.
        """
        shape = len(lineup.seats), lineup.teams
        search = cls(
            lineup, np.full(shape, NOBODY), np.zeros(shape, dtype=np.bool_), np.random.default_rng(lineup.problem.seed)
        )
        if len(lineup.bundles) > lineup.teams:
            raise impossible(f"there are {len(lineup.bundles)} sets of people for {lineup.teams} teams")
        for team, bundle in enumerate(lineup.bundles):
            for role, person in bundle.members:
                free = [seat for seat, own in enumerate(lineup.seats) if own == role and not search.stays[seat, team]]
                if not free:
                    raise impossible(f"a team has fewer seats for the role {lineup.roles[role]}")
                search.seated[free[0], team], search.stays[free[0], team] = person, True
        for seat in range(len(lineup.seats)):
            search.fill(seat)
        return search

    def fill(self, seat: int, noise: float = 0) -> None:
        """Let the best people sit on one seat of all teams, as far as it is free to choose."""
        from scipy.optimize import linear_sum_assignment

        lineup, role = self.lineup, self.lineup.seats[seat]
        teams = np.flatnonzero(~self.stays[seat])
        left = lineup.places[role].copy()
        for other, own in enumerate(lineup.seats):
            if own == role:
                sitting = self.seated[other] if other != seat else self.seated[other][self.stays[other]]
                np.subtract.at(left, sitting[sitting != NOBODY], 1)
        people = np.repeat(np.arange(len(left)), np.clip(left, 0, len(teams)))
        gains = self._gains(seat, teams)[:, people]
        for_the_first_time = np.append(True, np.diff(people) > 0)[: len(people)] & (left == lineup.places[role])[people]
        gains += PLACED * np.where(for_the_first_time, lineup.first[role][people], 0)
        if noise:
            gains = gains + noise * self.chance.gumbel(size=gains.shape)
        row, column = linear_sum_assignment(gains, maximize=True)
        self.seated[seat, teams] = NOBODY
        self.seated[seat, teams[row]] = people[column]

    def _gains(self, seat: int, teams: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what everybody of a role is worth on a seat of each team, shape (teams, people)."""
        lineup, role = self.lineup, self.lineup.seats[seat]
        gains = np.zeros((len(teams), len(lineup.places[role])))
        for other, own in enumerate(lineup.seats):
            sitting = self.seated[other, teams]
            there = np.flatnonzero(sitting != NOBODY)
            if other == seat or not len(there):
                continue
            if (role, own) in lineup.worth:
                gains[there] += lineup.worth[own, role][sitting[there]]
            if role == own:
                gains[there, sitting[there]] = _TAKEN
        return gains

    def worth(self) -> NDArray[np.float64]:
        """Return the points of each team, below NEVER / 2 where it is not allowed, not complete or there already."""
        lineup = self.lineup
        worth = np.where((self.seated == NOBODY).any(axis=0), NEVER, 0.0)
        for seat, role in enumerate(lineup.seats):
            for other, own in enumerate(lineup.seats[:seat]):
                if (role, own) in lineup.worth:
                    worth += lineup.worth[role, own][self.seated[seat], self.seated[other]]
                if role == own:
                    worth += np.where(self.seated[seat] == self.seated[other], NEVER, 0)
        if max(int(places.max(initial=0)) for places in lineup.places) > 1:
            members = np.sort(self.seated + _offsets(lineup)[:, None], axis=0)
            again = np.ones(len(worth), dtype=np.bool_)
            again[np.unique(members, axis=1, return_index=True)[1]] = False
            worth[again] += NEVER
        return worth

    def value(self) -> float:
        """Return what all allowed teams are worth, with a little for the others the fewer rules they break."""
        worth = self.worth()
        allowed = worth > NEVER / 2
        placed = placed_by(self.lineup, self.seated[:, allowed])
        return PLACED * placed + float(worth[allowed].sum() + worth[~allowed].sum() * 1e-9)

    def settle(self) -> float:
        """Fill seat after seat until nothing becomes better; return the value."""
        value = self.value()
        while True:
            before, seated = value, self.seated.copy()
            for seat in range(len(self.lineup.seats)):
                self.fill(seat)
            value = self.value()
            if value <= before + 1e-6:
                self.seated = seated
                return before

    def improve(self, effort: Effort) -> None:
        """Settle, then try again from nearby, and keep the best."""
        best, teams = self.settle(), self.lineup.teams
        tries = min(_MOST_TRIES, max(4, _TRIES // max(1, teams * teams)))
        for number in range(tries):
            if effort.over():
                return
            effort.tell("teams", number / tries)
            before = self.seated.copy()
            for seat in self.chance.permutation(len(self.lineup.seats))[:2].tolist():
                self.fill(seat, self.chance.uniform(*_NOISE))
            value = self.settle()
            if value < best:
                self.seated = before
            best = max(best, value)

    def allowed(self) -> NDArray[np.int64]:
        """Return the teams that are complete and break no rule.

        Raises:
            ProgramError: people who must be together are in none of them.
        """
        good = self.worth() > NEVER / 2
        if self.stays[:, ~good].any():
            raise impossible("a rule keeps them apart, or there are too few others")
        return np.flatnonzero(good)


def placed_by(lineup: Lineup, seated: NDArray[np.int64]) -> int:
    """Return how many people get their first team."""
    return sum(
        int(lineup.first[role][np.unique(seated[[one == role for one in lineup.seats]])].sum())
        for role in sorted(set(lineup.seats))
    )


def _offsets(lineup: Lineup) -> NDArray[np.int64]:
    """Return for each seat what makes numbers of people of different roles different."""
    first = np.cumsum([0, *(len(places) + 1 for places in lineup.places)])
    return np.asarray(first[list(lineup.seats)])
