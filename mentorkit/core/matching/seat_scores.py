"""Who of some people could take which of some seats by the rules, and for how many points with those who are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.blaming import blaming
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Group
from mentorkit.core.history import History
from mentorkit.core.matching.pooling import parted, rule_facts
from mentorkit.core.matching.posing import narrowed
from mentorkit.core.matching.scoreboard import Scoreboard
from mentorkit.core.problems import FORBIDDEN, BoolArray, MatchingProblem, PairScores, Seating
from mentorkit.core.program import Program
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import Roster


@frozen(eq=False)
class SeatScores:
    """Seats of one role as rows, people as columns.

    Attributes:
        relationships: id of the relationship of each seat.
        allowed: who could take which seat.
        points: the mean score of the pairs that would count, in tenths; 0 where none would.
        people: the number of each person in `among`; -1: the scope keeps them out.
        among: scores between people of the role.
    """

    relationships: tuple[str, ...]
    allowed: BoolArray
    points: NDArray[np.float64]
    people: NDArray[np.int64]
    among: PairScores

    def alike(self, seat: int) -> list[int]:
        """Return the seats in the same relationship, this one among them."""
        return [number for number, one in enumerate(self.relationships) if one == self.relationships[seat]]

    def get_on(self, first: int, second: int) -> bool:
        """Return whether the rules allow two of the people together."""
        row, column = self.people[[first]], self.people[[second]]
        return bool(self.among.scores(row, column)[0, 0] != FORBIDDEN)


def seat_scores(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    role: str,
    people: Sequence[str],
    relationships: Sequence[Relationship],
) -> SeatScores:
    """Return what is between people and seats of a role, each in one of these relationships.

    Nobody sits down with somebody from whom they have parted, or with whom they are together elsewhere.
    """
    problem = narrowed(
        program, roster, catalogue, _problem(program, roster, catalogue, history, role, people, relationships)
    )
    index = problem.seatings[role].index
    numbers = np.array([index.get(one, -1) for one in people], dtype=np.int64)
    kept = np.flatnonzero(numbers >= 0)
    allowed = np.zeros((len(relationships), len(people)), dtype=np.bool_)
    points = np.zeros(allowed.shape, dtype=np.float64)
    for seat, relationship in enumerate(relationships):
        counts = _counted(program, catalogue, relationship, Member(people[0], role))
        fits, score = _row(problem, role, numbers[kept], relationship.members, counts)
        allowed[seat, kept], points[seat, kept] = fits, score
        for member in relationship.members:
            allowed[seat, [number for number, one in enumerate(people) if one == member.person]] = False
    ids = tuple(one.id for one in relationships)
    return SeatScores(ids, allowed, points, numbers, problem.pairs[role, role])


def _problem(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    role: str,
    people: Sequence[str],
    relationships: Sequence[Relationship],
) -> MatchingProblem:
    """Return who is concerned, and scores between the role and every role, the one that wants first."""
    groups = {one.name: _group(roster, one.name, role, people, relationships) for one in program.model.roles}
    given = tuple(known.relationship for known in history.binding)
    facts, apart = rule_facts(program, roster, history), parted(program, history)
    board = Scoreboard(program, catalogue, groups, facts, given, apart)
    model = catalogue.models[program.model.use.name].implementation
    return MatchingProblem(
        shape=model.shape,
        occasion="refill",
        seatings={one.name: _seating(groups[one.name], one.served) for one in program.model.roles},
        pairs={pair: board.pair_scores(*pair) for pair in _pairs_with(program, role)},
        objective=program.matching.objective,
        seed=program.seed,
    )


def _pairs_with(program: Program, role: str) -> Iterator[tuple[str, str]]:
    """Yield a role with every role, the one that wants first: models list those who offer before those who want."""
    names = [one.name for one in program.model.roles]
    for other in names:
        yield (role, other) if names.index(role) >= names.index(other) else (other, role)


def _group(roster: Roster, name: str, role: str, people: Sequence[str], relationships: Sequence[Relationship]) -> Group:
    there = [person for one in relationships for person in one.people(name) if person in roster.by_id]
    everybody = dict.fromkeys((*(people if name == role else ()), *there))
    return Group(name, tuple(roster.by_id[one] for one in everybody))


def _seating(group: Group, served: bool) -> Seating:
    size = len(group.people)
    return Seating(
        group.role,
        served,
        tuple(one.id for one in group.people),
        np.ones(size, dtype=np.int64),
        np.zeros(size, dtype=np.bool_),
        lambda column: tuple(one.values.get(column) for one in group.people),
    )


def _counted(program: Program, catalogue: Catalogue, relationship: Relationship, member: Member) -> frozenset[Member]:
    """Return whose pairs with whoever comes would count, as the model says it of one of them."""
    offer = catalogue.models[program.model.use.name]
    with blaming(offer.origin, f'the model "{program.model.use.name}"'):
        pairs = offer.implementation.counted_pairs(program.model.use.options, (*relationship.members, member))
    return frozenset(one for pair in pairs if member in pair for one in pair if one != member)


def _row(
    problem: MatchingProblem,
    role: str,
    people: NDArray[np.int64],
    members: Sequence[Member],
    counts: frozenset[Member],
) -> tuple[BoolArray, NDArray[np.float64]]:
    """Return who could come to these members, and for how many points on average."""
    allowed = np.ones(len(people), dtype=np.bool_)
    total = np.zeros(len(people), dtype=np.float64)
    for (first, second), scores in problem.pairs.items():
        other = second if first == role else first
        index = problem.seatings[other].index
        there = [one for one in members if one.role == other and one.person in index]
        if not there:
            continue
        numbers = np.array([index[one.person] for one in there], dtype=np.int64)
        block = scores.scores(people, numbers) if first == role else scores.scores(numbers, people).T
        allowed &= (block != FORBIDDEN).all(axis=1)
        counted = np.array([one in counts for one in there], dtype=np.bool_)
        total += block[:, counted].sum(axis=1)
    pairs = sum(one.person in problem.seatings[one.role].index for one in counts)
    return allowed, total / max(1, pairs)
