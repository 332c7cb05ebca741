"""Good circles by exchanges: two people change places, or somebody goes from a larger circle to a smaller one.

What every exchange of one person with any other would gain is known at once from what each person is worth to each
circle. Exchanges are drawn by chance, those that gain more the likelier, ever more surely (annealing with a heat bath;
source: S. Kirkpatrick, C. D. Gelatt and M. P. Vecchi, "Optimization by simulated annealing", 1983); then the best ones
are made until none gains anything.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from mentorkit.core.problems import Effort

_HEAT = (30.0, 5.0)
"""How many tenths chance outweighs at the beginning of a search, and at its end."""

_COVER = 1e5
"""What it is worth that somebody gets their first circle."""

_NOISE = 1 << 18
"""How many numbers are drawn by chance once and used again and again."""

_STEP, _PER_PERSON = 8e-6, 0.014e-6
"""About how long an exchange takes, in seconds: in any case, and by each person that is looked at."""

_LEAST = 1e-6


@frozen(eq=False)
class _Standing:
    """What an exchange is reckoned from, until somebody changes places.

    Attributes:
        own: what each person is worth to the circle they are in, counted by its pairs.
        shares: what counts of a pair in the circle of each person.
        waits: who waits; None where nobody does.
        of_size: the circles of each size.
    """

    own: NDArray[np.float64]
    shares: NDArray[np.float64]
    waits: NDArray[np.bool_] | None
    of_size: Mapping[int, NDArray[np.int64]]


@define(eq=False)
class Circling:
    """Improves circles; lives for one solution.

    Attributes:
        worth: what every two people are worth together, in tenths, shape (people, people).
        first: who is placed for the first time.
        circle: the circle of each person; the last number is that of those who wait.
        sizes: how many people each circle has; of those who wait 0.
        sums: what each person would be worth to each circle, shape (circles + 1, people).
        inside: what all pairs of each circle are worth.
    """

    worth: NDArray[np.float32]
    first: NDArray[np.int64]
    circle: NDArray[np.int64]
    sizes: NDArray[np.int64]
    sums: NDArray[np.float64]
    inside: NDArray[np.float64]
    shares: NDArray[np.float64]
    chance: np.random.Generator
    everybody: NDArray[np.int64]
    _known: _Standing | None = field(default=None, init=False)

    @classmethod
    def of(
        cls, worth: NDArray[np.float32], first: NDArray[np.int64], circle: NDArray[np.int64], circles: int, seed: int
    ) -> Circling:
        """Return circles that begin as given."""
        people = len(circle)
        sums = np.zeros((circles + 1, people))
        for number in range(circles):
            sums[number] = worth[circle == number].sum(axis=0, dtype=np.float64)
        sizes = np.bincount(circle, minlength=circles + 1)
        sizes[circles] = 0
        everybody = np.arange(people)
        inside = np.bincount(circle, sums[circle, everybody], circles + 1) / 2
        shares = np.where(sizes > 1, 1 / np.maximum(sizes - 1, 1), 0.0)
        chance = np.random.default_rng(seed & (2**64 - 1))
        return cls(worth, first, circle, sizes, sums, inside, shares, chance, everybody)

    def value(self) -> float:
        """Return what all circles are worth, in tenths, with what rules, covering and bundles add or take."""
        waiting = self.first[self.circle == len(self.sizes) - 1].sum()
        return float((self.inside * self.shares).sum()) - _COVER * float(waiting)

    def exchanges(self, one: int) -> NDArray[np.float64]:
        """Return what it gains if somebody changes places with each other person; 0 for who is in the same circle."""
        mine, worth, now = self.circle[one], self.worth[one], self._standing()
        gains = (self.sums[mine] - worth - now.own[one]) * self.shares[mine]
        gains += (self.sums[:, one].take(self.circle) - worth - now.own) * now.shares
        if mine == len(self.sizes) - 1:
            gains += _COVER * (self.first[one] - self.first)
        elif now.waits is not None:
            gains += np.where(now.waits, _COVER * (self.first - self.first[one]), 0)
        gains[self.circle == mine] = 0
        return np.asarray(gains)

    def _standing(self) -> _Standing:
        """Return how things stand: worked out once for all exchanges that are looked at before one is made."""
        if self._known is None:
            waits = self.circle == len(self.sizes) - 1
            self._known = _Standing(
                own=self.sums[self.circle, self.everybody],
                shares=self.shares[self.circle],
                waits=waits if waits.any() else None,
                of_size={size: np.flatnonzero(self.sizes == size) for size in set(self.sizes.tolist())},
            )
        return self._known

    def exchange(self, one: int, other: int) -> None:
        """Let two people change places."""
        self._go(one, self.circle[other], other)

    def _go(self, one: int, there: int, other: int = -1) -> None:
        here = self.circle[one]
        self._known = None
        waiting = len(self.sizes) - 1
        for person, out, into in ((one, here, there), (other, there, here)):
            if person >= 0:
                self.inside[out] -= self.sums[out, person] if out != waiting else 0
                self.sums[out] -= self.worth[person] if out != waiting else 0
                self.circle[person] = into
        for person, into in ((one, there), (other, here)):
            if person >= 0 and into != waiting:
                self.inside[into] += self.sums[into, person]
                self.sums[into] += self.worth[person]

    def move(self, one: int, noise: NDArray[np.float64] | None = None) -> bool:
        """Let somebody leave a larger circle for the smaller one that gains most by it; return whether they did."""
        here = self.circle[one]
        size = int(self.sizes[here])
        smaller = self._standing().of_size.get(size - 1)
        if size < 3 or smaller is None:
            return False
        left = (self.inside[here] - self.sums[here, one]) / (size - 2) - self.inside[here] / (size - 1)
        gains = left + (self.inside[smaller] + self.sums[smaller, one]) / (size - 1)
        gains -= self.inside[smaller] / (size - 2)
        if noise is not None:
            gains = gains + noise[: len(smaller)]
        best = int(gains.argmax())
        if gains[best] <= (_LEAST if noise is None else 0):
            return False
        there = int(smaller[best])
        self._go(one, there)
        self.sizes[[here, there]] = self.sizes[[there, here]]
        self.shares[[here, there]] = self.shares[[there, here]]
        self._known = None
        return True

    def settle(self, effort: Effort) -> None:
        """Make the best exchange of one person after the other until none gains anything."""
        still = 0
        while still < len(self.circle):
            for one in self.chance.permutation(len(self.circle)).tolist():
                if effort.over():
                    return
                gains = self.exchanges(one)
                other = int(gains.argmax())
                better = gains[other] > _LEAST
                if better:
                    self.exchange(one, other)
                still = 0 if self.move(one) or better else still + 1
                if still >= len(self.circle):
                    return

    def anneal(self, steps: int, effort: Effort) -> None:
        """Make so many exchanges that are drawn by chance, those that gain more the likelier."""
        people = len(self.circle)
        noise = self.chance.gumbel(size=_NOISE + people)
        start, end = _HEAT
        for number, (one, at) in enumerate(
            zip(
                self.chance.integers(0, people, steps).tolist(),
                self.chance.integers(0, _NOISE, steps).tolist(),
                strict=True,
            )
        ):
            if number % 64 == 0 and effort.over():
                return
            heat = start * (end / start) ** (number / steps)
            drawn = noise[at : at + people] * heat
            gains = self.exchanges(one) + drawn
            other = int(gains.argmax())
            if self.circle[other] != self.circle[one]:
                self.exchange(one, other)
            self.move(one, drawn)

    def improve(self, seconds: float, effort: Effort, rounds: int) -> None:
        """Anneal and settle some rounds, about so many seconds in all, and keep the best.

        The time is only estimated, so that the same problem gets the same circles on every machine.
        """
        self.settle(effort)
        best, kept = self.value(), self._kept()
        each = _STEP + _PER_PERSON * len(self.circle)
        for number in range(rounds):
            effort.tell("circles", number / rounds)
            self.anneal(int(seconds / rounds / each), effort)
            self.settle(effort)
            if self.value() > best + _LEAST:
                best, kept = self.value(), self._kept()
            if effort.over():
                break
        self.circle, self.sizes = kept
        self._known = None

    def _kept(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return self.circle.copy(), self.sizes.copy()
