"""Places that are free beside those who wait for a partner, and whom of them somebody free could take by the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
from attrs import evolve, field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Role
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.posing import posed
from mentorkit.core.matching.requesting import looked_for_now
from mentorkit.core.problems import BoolArray, IntArray, MatchingProblem, PairScores
from mentorkit.core.program import Program
from mentorkit.core.relationships import Unmatched
from mentorkit.core.roster import Roster

_BLOCK = 2_000_000
"""Pairs that are looked at together."""
_MOST_SEATS = 4_000_000
"""Allowed pairs of people and single places from which on it is not worked out whom they hold together."""


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
        together: at most how many of them could be placed at once, a place counted for one of them; 0 where nobody
            of a role that is not served offers places.
    """

    rooms: Mapping[str, Room] = field(factory=dict)
    placeable: frozenset[str] = frozenset()
    together: int = 0

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
    """Return the places that published and proposed relationships leave free, and who of the waiting could be placed.

    Where program and roster contradict each other by now (a matching would be refused), nothing is free.
    """
    try:
        requests = looked_for_now(program, history)
        posing = posed(program, roster, catalogue, _as_published(history), today, requests=requests)
    except ProgramError:
        return FreePlaces()
    rooms = {
        role.name: Room(len(seats.people), int(seats.places.sum()))
        for role in roles
        if not role.served and (seats := posing.pool.seatings[role.name]).people
    }
    people = {role.name: [one.person for one in waiting if one.role == role.name] for role in roles if role.served}
    links = [link for one in posing.occasions for role in people for link in _links(one.problem, role, people[role])]
    placeable = frozenset(person for link in links for person in link.placeable())
    places = sum(room.places for room in rooms.values())
    return FreePlaces(rooms, placeable, _together(links, rooms, min(len(placeable), places)))


def _as_published(history: History) -> History:
    """Return a history in which what is proposed takes its places already."""
    taken = {known.relationship.id for known in history.proposed}
    return evolve(
        history,
        relationships=tuple(
            evolve(one, state="published") if one.relationship.id in taken else one for one in history.relationships
        ),
    )


@frozen(eq=False)
class _Link:
    """Which of some who wait (rows) and some of another role (columns) may be paired.

    Attributes:
        places: how many places each of the others has free.
    """

    people: Sequence[str]
    role: str
    others: Sequence[str]
    places: IntArray
    allowed: BoolArray

    def placeable(self) -> Iterator[str]:
        """Yield who has an allowed partner with a free place."""
        yield from (self.people[number] for number in np.flatnonzero(self.allowed.any(axis=1)).tolist())


def _links(problem: MatchingProblem, role: str, waiting: Sequence[str]) -> Iterator[_Link]:
    """Yield whom those who wait in a role may be paired with, block by block."""
    index = problem.seatings[role].index
    here = [one for one in waiting if one in index]
    for (first, second), pairs in problem.pairs.items():
        if role in (first, second):
            other = problem.seatings[second if role == first else first]
            step = max(1, _BLOCK // max(1, len(other.people)))
            for start in range(0, len(here), step):
                part = here[start : start + step]
                rows = np.array([index[one] for one in part], dtype=np.int64)
                yield _Link(part, other.role, other.people, other.places, _allowed(pairs, rows, role == first))


def _allowed(pairs: PairScores, people: IntArray, wants: bool) -> BoolArray:
    everybody = np.arange(pairs.shape[1 if wants else 0])
    scores = pairs.scores(people, everybody) if wants else pairs.scores(everybody, people).T
    allowed: BoolArray = scores >= 0
    return allowed


def _together(links: Sequence[_Link], rooms: Mapping[str, Room], most: int) -> int:
    """Return how many people the free places can hold at once, by a maximum matching (Hopcroft and Karp, 1973).

    Where that would take too long, it is `most`, which bounds it.
    """
    links = [link for link in links if link.role in rooms]
    people = {one: number for number, one in enumerate(dict.fromkeys(one for link in links for one in link.people))}
    seats: dict[tuple[str, str], int] = {}
    size = 0
    for link in links:
        for other, places in zip(link.others, link.places.tolist(), strict=True):
            if (link.role, other) not in seats:
                seats[link.role, other] = size
                size += min(places, len(people))
    capped = [np.minimum(link.places, len(people)) for link in links]
    if sum(int((link.allowed * places).sum()) for link, places in zip(links, capped, strict=True)) > _MOST_SEATS:
        return most
    edges = [_edges(link, places, people, seats) for link, places in zip(links, capped, strict=True)]
    if not size or not edges:
        return 0
    from scipy.sparse import csr_array  # only a status page with free places needs it
    from scipy.sparse.csgraph import maximum_bipartite_matching

    rows, columns = (np.concatenate([edge[side] for edge in edges]) for side in (0, 1))
    graph = csr_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(len(people), size))
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


def _edges(
    link: _Link, places: IntArray, people: Mapping[str, int], seats: Mapping[tuple[str, str], int]
) -> tuple[IntArray, IntArray]:
    """Return the allowed pairs of people and single places, by their numbers."""
    number = np.array([people[one] for one in link.people], dtype=np.int64)
    first = np.array([seats[link.role, one] for one in link.others], dtype=np.int64)
    rows, columns = np.nonzero(link.allowed)
    times = places[columns]
    within = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(number[rows], times), np.repeat(first[columns], times) + within
