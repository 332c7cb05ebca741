"""Who takes the free seats of relationships that go on.

Whoever had a seat and is back takes it again. All other seats are an assignment problem, role by role, those first who
offer: as many seats as can be are filled; of served roles, by those who wait longest; among all ways to do so, the
points of whoever comes with those who are there are the most. Places are a transversal matroid in this, too, so that
weights that fall strictly from rank to rank find the first such set of people (`matching.turns` has the source).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Role
from mentorkit.core.diagnostics import errors_in
from mentorkit.core.happenings import Joining, with_all_joined
from mentorkit.core.history import History
from mentorkit.core.matching.decisions import Decisions
from mentorkit.core.matching.pooling import build_pool
from mentorkit.core.matching.posing import leaving_soon
from mentorkit.core.matching.queueing import ranks
from mentorkit.core.matching.seat_scores import SeatScores, seat_scores
from mentorkit.core.matching.seats import Seat
from mentorkit.core.matching.usability import usable
from mentorkit.core.problems import TENTHS, BoolArray
from mentorkit.core.program import Program
from mentorkit.core.relationships import Member
from mentorkit.core.roster import Roster
from mentorkit.core.standing import standing
from mentorkit.core.zones import to_local

_TOGETHER = 200
"""Seats that are filled together; of more, those whose relationship has the smaller id come first."""

_BEST = 100 * TENTHS + 1


def who_returns(
    program: Program, roster: Roster, history: History, seats: Sequence[Seat], at: datetime
) -> tuple[Joining, ...]:
    """Return who left a seat that is still free, and is back: no rule and no queue stands between them and it."""
    away = standing(roster, history, to_local(at, program.timezone).date())
    taken = Counter(member for known in history.binding for member in known.relationship.members)
    found: dict[tuple[str, str], Joining] = {}
    for seat in seats:
        member = seat.former.member
        person = roster.by_id.get(member.person)
        here = person is not None and member.role in person.roles and person.id not in away.left | away.paused
        if not here or person is None or seat.former.reason != "left" or (seat.relationship, person.id) in found:
            continue
        if taken[member] < person.places.get(member.role, 1) and person.id not in seat.known.relationship.people():
            taken[member] += 1
            found[seat.relationship, person.id] = Joining(seat.relationship, member, at)
    return tuple(found.values())


def who_joins(
    program: Program, roster: Roster, catalogue: Catalogue, history: History, seats: Sequence[Seat], at: datetime
) -> tuple[Joining, ...]:
    """Return who takes which of these seats; where the roster lacks what criteria or rules read, nobody.

    `at` is UTC, aware.
    """
    program, notes = usable(program, roster, catalogue)
    if errors_in(notes):
        return ()
    found: list[Joining] = []
    for role in sorted(program.model.roles, key=lambda one: one.served):
        here = [seat for seat in seats if seat.role == role.name]
        for start in range(0, len(here), _TOGETHER):
            part = _filled(program, roster, catalogue, history, role, here[start : start + _TOGETHER], at)
            history = with_all_joined(history, part)
            found += part
    return tuple(found)


def _filled(
    program: Program,
    roster: Roster,
    catalogue: Catalogue,
    history: History,
    role: Role,
    seats: Sequence[Seat],
    at: datetime,
) -> tuple[Joining, ...]:
    today = to_local(at, program.timezone).date()
    away = standing(roster, history, today)
    away = evolve(away, paused=away.paused | leaving_soon(program, roster, today, program.ends))
    pool, _ = build_pool(program, roster, catalogue, history, away, Decisions(), today)
    free = pool.seatings[role.name]
    if not free.people:
        return ()
    now = {known.relationship.id: known.relationship for known in history.published}
    scores = seat_scores(
        program, roster, catalogue, history, role.name, free.people, [now[one.relationship] for one in seats]
    )
    line = _line(program, history, role, free.people, free.covered, today)
    chosen = Choice(scores, line, tuple(int(one) for one in free.places)).best()
    return tuple(
        Joining(seat.relationship, Member(free.people[person], role.name), at)
        for seat, person in zip(seats, chosen, strict=True)
        if person is not None
    )


def _line(
    program: Program, history: History, role: Role, people: Sequence[str], covered: BoolArray, today: date
) -> NDArray[np.int64]:
    """Return whose turn it is, the smaller first; of those who offer, nobody is before another.

    Who has a relationship and room for one more comes after everybody who has none.
    """
    if not role.served:
        return np.zeros(len(people), dtype=np.int64)
    order = ranks(program, history, [Member(one, role.name) for one in people], today)
    turns = np.array([order[Member(one, role.name)] for one in people], dtype=np.int64)
    behind = turns + covered * (turns.max() + 1)
    return np.unique(behind, return_inverse=True)[1].astype(np.int64)


@frozen(eq=False)
class Choice:
    """The assignment of people to seats.

    Attributes:
        line: the rank of each person.
        places: how many seats each can take, one in each relationship.
    """

    scores: SeatScores
    line: NDArray[np.int64]
    places: tuple[int, ...]

    def best(self) -> list[int | None]:
        """Return the number of the person for each seat; None: it stays free.

        Two who come into one relationship must get on as well: where they do not, the one behind the other is taken
        off its seats, and all is assigned again.
        """
        allowed = self.scores.allowed.copy()
        while True:
            chosen = self._assigned(allowed)
            clash = self._clash(chosen)
            if clash is None:
                return chosen
            seat, person = clash
            allowed[self.scores.alike(seat), person] = False

    def _assigned(self, allowed: BoolArray) -> list[int | None]:
        from scipy.optimize import linear_sum_assignment  # only runs after somebody has left need it

        seats = len(allowed)
        points = np.where(allowed, self.scores.points + 1.0, 0.0)
        weight = (int(self.line.max()) + 1 - self.line) * float(seats * _BEST + 1)
        gains = np.where(allowed, points + weight, 0.0)
        people = _worth_a_look(gains)
        columns = np.repeat(people, np.minimum(np.array(self.places)[people], seats))
        rows, found = linear_sum_assignment(gains[:, columns], maximize=True)
        chosen: list[int | None] = [None] * seats
        for row, column in zip(rows.tolist(), columns[found].tolist(), strict=True):
            if allowed[row, column]:
                chosen[row] = column
        return chosen

    def _clash(self, chosen: Sequence[int | None]) -> tuple[int, int] | None:
        """Return a seat and the person who cannot have it because of another who comes into the same relationship."""
        for seat, person in enumerate(chosen):
            for other in self.scores.alike(seat):
                second = chosen[other]
                if other <= seat or person is None or second is None:
                    continue
                if person == second or not self.scores.get_on(person, second):
                    return max(((seat, person), (other, second)), key=self._behind)
        return None

    def _behind(self, taken: tuple[int, int]) -> tuple[int, float, int]:
        seat, person = taken
        return int(self.line[person]), -float(self.scores.points[seat, person]), person


def _worth_a_look(gains: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the people of whom an assignment needs no others: for each seat as many of the best as there are seats."""
    seats, people = gains.shape
    if people <= seats:
        return np.arange(people)
    best: Iterable[NDArray[np.int64]] = (np.argsort(-row, kind="stable")[:seats] for row in gains)
    return np.unique(np.concatenate(list(best)))
