"""Places that are free beside those who wait for a partner, and whom of them somebody free could take by the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from attrs import field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Role
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.posing import posed
from mentorkit.core.problems import MatchingProblem, PairScores
from mentorkit.core.program import Program
from mentorkit.core.relationships import Unmatched
from mentorkit.core.roster import Roster

_BLOCK = 2_000_000
"""Pairs that are looked at together."""


@frozen
class Room:
    """People of one role with free places, and how many places those are."""

    people: int
    places: int


@frozen
class FreePlaces:
    """What is free.

    Attributes:
        rooms: by role, those that offer and are not served; roles without a free place are left out.
        placeable: ids of those who wait and whom somebody free could take by the rules; one place may be
            counted for several of them.
    """

    rooms: Mapping[str, Room] = field(factory=dict)
    placeable: frozenset[str] = frozenset()

    @property
    def places(self) -> int:
        """All free places."""
        return sum(room.places for room in self.rooms.values())


def free_places(
    program: Program,
    roles: Sequence[Role],
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    today: date,
    waiting: Sequence[Unmatched],
) -> FreePlaces:
    """Return the places that published relationships leave free, and who of the waiting could be placed.

    Where program and roster contradict each other by now (a matching would be refused), nothing is free.
    """
    try:
        posing = posed(program, roster, catalogue, history, today)
    except ProgramError:
        return FreePlaces()
    rooms = {
        role.name: Room(len(seats.people), int(seats.places.sum()))
        for role in roles
        if not role.served and (seats := posing.pool.seatings[role.name]).people
    }
    served = {role.name for role in roles if role.served}
    people = {role: [one.person for one in waiting if one.role == role] for role in served}
    found = (
        person
        for occasion in posing.occasions
        for role in sorted(served)
        for person in _placeable(occasion.problem, role, people[role])
    )
    return FreePlaces(rooms, frozenset(found))


def _placeable(problem: MatchingProblem, role: str, waiting: Sequence[str]) -> Iterable[str]:
    """Yield who of the waiting has an allowed partner with a free place."""
    index = problem.seatings[role].index
    here = [one for one in waiting if one in index]
    for (first, second), pairs in problem.pairs.items():
        if role in (first, second):
            yield from _allowed(pairs, here, [index[one] for one in here], axis=1 if role == first else 0)


def _allowed(pairs: PairScores, people: Sequence[str], index: Sequence[int], axis: int) -> Iterable[str]:
    everybody = np.arange(pairs.shape[axis])
    step = max(1, _BLOCK // max(1, len(everybody)))
    for start in range(0, len(index), step):
        part = np.array(index[start : start + step], dtype=np.int64)
        rows, columns = (part, everybody) if axis else (everybody, part)
        allowed = (pairs.scores(rows, columns) >= 0).any(axis=axis)
        yield from (people[start + number] for number in np.flatnonzero(allowed).tolist())
