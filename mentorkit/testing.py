"""The kit for authors of plugins and templates: values to start from and folders of files.

Everything here is public, and our own tests use it first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from mentorkit.core.catalogue import Catalogue, Offer, Origin
from mentorkit.core.conditions import Value
from mentorkit.core.contracts import Role
from mentorkit.core.deliveries import Delivery, Recipient, Transmission
from mentorkit.core.matching.narrowed_scores import Narrowable
from mentorkit.core.plan import Plan
from mentorkit.core.problems import (
    UNIT_BITS,
    BoolArray,
    IntArray,
    MatchingProblem,
    PairScores,
    ScoreSums,
    Seating,
    Summand,
    sorted_pairs,
)
from mentorkit.core.program import (
    Length,
    MatchingUse,
    MessageSet,
    MessageText,
    ModelUse,
    Program,
    RosterUse,
    Series,
    Step,
    TemplateUse,
    Use,
    When,
)
from mentorkit.core.relationships import Member, Relationship, relationship_id
from mentorkit.core.roster import Person, Roster
from mentorkit.core.shapes import Circles, Groups, Slots, Teams


def program_folder(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files, given as path to content, below `folder` and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")
    return folder


def a_message(name: str = "messages/hello", subject: str = "Hello", body: str = "Hello {{ me.name }}.") -> MessageSet:
    """Return a message with one variant for everybody."""
    return MessageSet(name, (MessageText(f"{name}.md", "", "", subject, body),))


def a_program(**changes: Any) -> Program:
    """Return a small resolved one-on-one program in London time; keyword arguments replace its attributes."""
    program = Program(
        id="pilot",
        name="Pilot",
        starts=date(2027, 1, 11),
        ends=date(2027, 1, 11) + timedelta(weeks=24),
        length=Length(24, "weeks"),
        timezone="Europe/London",
        roster=RosterUse(sources=()),
        model=ModelUse(Use("one-on-one"), roles=(Role("mentor", "mentor", False), Role("mentee", "mentee", True))),
        matching=MatchingUse(Use("optimal")),
        series=(Series("sessions", 7, (Length(2, "weeks"), Length(2, "weeks"), Length(4, "weeks"))),),
        timeline=(
            Step(
                "match-announcement",
                When("match", text="match + 0 days at 09:00"),
                ("mentor", "mentee"),
                a_message("messages/match-announcement"),
            ),
        ),
        template=TemplateUse("none", "0", ""),
        contacts={"coordinator": "coordinator@example.org"},
    )
    return evolve(program, **changes)


def a_person(person: str, *roles: str, places: int = 1, **values: Value) -> Person:
    """Return a person with these roles, `places` in each, and a name and mail address unless given."""
    filled: dict[str, Value] = {"name": f"Person {person}", "email": f"{person}@example.org", **values}
    return Person(person, tuple(sorted(roles)), dict.fromkeys(roles, places), filled)


def a_roster(*people: Person) -> Roster:
    """Return a roster of these people."""
    columns = frozenset(column for person in people for column in person.values)
    return Roster(people, columns)


def a_transmission(key: str, number: int = 1, person: str = "1", **changes: Any) -> Transmission:
    """Return a transmission of one delivery to a mentor, due at noon of 2027-01-11 and worth sending for a week."""
    recipient = Recipient(number, person, "mentor")
    due = datetime(2027, 1, 11, 12, tzinfo=UTC)
    part = Delivery(f"{key}/once/p{number}/mentor", key, "once", recipient)
    one = Transmission(key, key, recipient, due, due + timedelta(days=7), "Europe/London", (part,))
    return evolve(one, **changes)


def a_plan(**changes: Any) -> Plan:
    """Return a plan of program `pilot` at noon of 2027-01-11 that does nothing but what the keyword arguments say."""
    return evolve(Plan(datetime(2027, 1, 11, 12, tzinfo=UTC), "pilot", ""), **changes)


def a_relationship(*members: tuple[str, str], program: str = "pilot", score: float = 50.0) -> Relationship:
    """Return a relationship of people, each given with their role."""
    sat = tuple(Member(person, role) for person, role in members)
    return Relationship(relationship_id(program, sat), sat, score)


def a_catalogue(**kinds: Sequence[Any]) -> Catalogue:
    """Return a catalogue of these implementations: `a_catalogue(models=[MyModel()], rules=[…])`."""
    origin = Origin("tests", "1", "tests")
    offers: Any = {kind: {one.name: Offer(one, origin) for one in given} for kind, given in kinds.items()}
    return Catalogue(**offers)


def a_moment(text: str) -> datetime:
    """Return an aware datetime from RFC 3339 text."""
    return datetime.fromisoformat(text)


@frozen(eq=False)
class MatrixScores(Narrowable):
    """Scores of pairs from a matrix of tenths of points, -1 where a pair is forbidden."""

    tenths: NDArray[np.int16]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return self.tenths.shape[0], self.tenths.shape[1]

    def scores(self, rows: IntArray, columns: IntArray) -> NDArray[np.int16]:
        """Return a block of the matrix."""
        return np.asarray(self.tenths[np.ix_(rows, columns)])

    def blocked_by(self, rows: IntArray, columns: IntArray) -> Mapping[str, BoolArray]:
        """Return the forbidden pairs, as those of one rule `forbidden`."""
        return {"forbidden": self.scores(rows, columns) < 0}

    def take(self, rows: IntArray, columns: IntArray) -> PairScores:
        """Return a part of the matrix."""
        return MatrixScores(self.scores(rows, columns))

    def sums(self) -> ScoreSums | None:
        """Return the matrix as a sum of one part."""
        rows = np.arange(self.shape[0]).reshape(-1, 1)
        units = np.maximum(self.tenths, 0).astype(np.int32) << UNIT_BITS
        parts = (Summand(rows, self.shape[0], lambda some: units[some]),)
        allowed = (Summand(rows, self.shape[0], lambda some: self.tenths[some] >= 0),)
        return ScoreSums(self.shape, parts, allowed, sorted_pairs(np.zeros((0, 2), dtype=np.int64)))


def a_two_sided_problem(
    tenths: Sequence[Sequence[int]] | NDArray[np.integer[Any]],
    mentee_places: Sequence[int] | None = None,
    mentor_places: Sequence[int] | None = None,
    **changes: Any,
) -> MatchingProblem:
    """Return a problem of mentees e0, e1, … (rows) and mentors m0, m1, … (columns), one place each unless given."""
    matrix = np.array(tenths, dtype=np.int16)
    seatings = {
        "mentor": _seating("mentor", "m", matrix.shape[1], mentor_places),
        "mentee": _seating("mentee", "e", matrix.shape[0], mentee_places),
    }
    problem = MatchingProblem("two-sided", "match", seatings, {("mentee", "mentor"): MatrixScores(matrix)})
    return evolve(problem, **changes)


def a_peer_problem(
    tenths: Sequence[Sequence[int]] | NDArray[np.integer[Any]],
    places: Sequence[int] | None = None,
    covered: Sequence[bool] | None = None,
    **changes: Any,
) -> MatchingProblem:
    """Return a problem of peers p0, p1, … with one place each unless given.

    Only what stands above the diagonal of the matrix counts: it holds for both directions. Nobody is their own peer.
    """
    above = np.triu(np.array(tenths, dtype=np.int16), 1)
    matrix = above + above.T
    np.fill_diagonal(matrix, -1)
    size = len(matrix)
    seating = Seating(
        "peer",
        True,
        tuple(f"p{number}" for number in range(size)),
        np.array(places if places is not None else [1] * size, dtype=np.int64),
        np.array(covered if covered is not None else [False] * size, dtype=np.bool_),
    )
    problem = MatchingProblem("peers", "match", {"peer": seating}, {("peer", "peer"): MatrixScores(matrix)})
    return evolve(problem, **changes)


def a_circle_problem(
    tenths: Sequence[Sequence[int]] | NDArray[np.integer[Any]],
    sizes: tuple[int, int] = (3, 8),
    target: int | None = None,
    **changes: Any,
) -> MatchingProblem:
    """Return a problem of peers p0, p1, … for circles of these sizes; the matrix is as of `a_peer_problem`."""
    return evolve(a_peer_problem(tenths), **{"shape": "circles", "details": Circles(sizes, target), **changes})


def a_group_problem(
    tenths: Sequence[Sequence[int]] | NDArray[np.integer[Any]],
    mentor_places: Sequence[int] | None = None,
    *,
    mentees_apart: Sequence[tuple[int, int]] = (),
    mentors_apart: Sequence[tuple[int, int]] = (),
    columns: Mapping[str, Sequence[Value | None]] | None = None,
    **changes: Any,
) -> MatchingProblem:
    """Return a problem of groups of mentees e0, e1, … (rows) and mentors m0, m1, … (columns).

    Pairs that are apart are given by number; `columns` holds roster cells of the mentees. Sizes and the like come as
    `details`, a `Groups`.
    """
    cells = columns or {}
    problem = a_two_sided_problem(tenths, None, mentor_places, shape="groups", details=Groups())
    seatings, pairs = dict(problem.seatings), dict(problem.pairs)
    seatings["mentee"] = evolve(seatings["mentee"], values=lambda column: tuple(cells[column]))
    for role, apart in (("mentee", mentees_apart), ("mentor", mentors_apart)):
        size = len(seatings[role].people)
        among = np.full((size, size), 500, dtype=np.int16)
        for a, b in [*apart, *((one, one) for one in range(size))]:
            among[a, b] = among[b, a] = -1
        if apart:
            pairs[role, role] = MatrixScores(among)
    return evolve(problem, **{"seatings": seatings, "pairs": pairs, **changes})


def a_slots_problem(
    tenths: Sequence[Sequence[int]] | NDArray[np.integer[Any]],
    mentee_open: Sequence[Sequence[bool]] | NDArray[np.bool_],
    mentor_open: Sequence[Sequence[bool]] | NDArray[np.bool_],
    mentee_places: Sequence[int] | None = None,
    mentor_places: Sequence[int] | None = None,
    *,
    rotate: bool = False,
    seats: int = 1,
    **changes: Any,
) -> MatchingProblem:
    """Return a problem of mentees e0, e1, … (rows) and mentors m0, m1, … (columns) who meet in slots.

    `mentee_open` and `mentor_open` say who can meet when, shape (people, slots). Places are not limited unless given.
    """
    mentees, mentors = np.array(mentee_open, dtype=np.bool_), np.array(mentor_open, dtype=np.bool_)
    slots = mentees.shape[1]
    flat = a_two_sided_problem(
        tenths,
        mentee_places if mentee_places is not None else [slots] * len(mentees),
        mentor_places if mentor_places is not None else [slots] * len(mentors),
    )
    seatings = {
        "mentor": evolve(flat.seatings["mentor"], open=mentors),
        "mentee": evolve(flat.seatings["mentee"], open=mentees),
    }
    details = Slots(tuple(f"slot {number}" for number in range(slots)), rotate, seats)
    return evolve(evolve(flat, shape="slots", seatings=seatings, details=details), **changes)


def a_team_problem(
    counts: Mapping[str, int],
    tenths: Mapping[tuple[str, str], Sequence[Sequence[int]] | NDArray[np.integer[Any]]],
    served: Sequence[str],
    places: Mapping[str, Sequence[int]] | None = None,
    **changes: Any,
) -> MatchingProblem:
    """Return a problem of teams with so many members of each role, who are called by their role and a number.

    `tenths` holds the scores of two roles each; within a role, what stands above the diagonal holds both ways.
    """
    given, sizes = dict(places or {}), dict[str, int]()
    pairs = {}
    for (first, second), rows in tenths.items():
        matrix = np.array(rows, dtype=np.int16)
        if first == second:
            matrix = np.triu(matrix, 1) + np.triu(matrix, 1).T
            np.fill_diagonal(matrix, -1)
        pairs[first, second] = MatrixScores(matrix)
        sizes |= {first: matrix.shape[0], second: matrix.shape[1]}
    seatings = {
        role: evolve(_seating(role, role, sizes[role], given.get(role)), served=role in served) for role in counts
    }
    return evolve(MatchingProblem("teams", "match", seatings, pairs, details=Teams(dict(counts))), **changes)


def _seating(role: str, letter: str, size: int, places: Sequence[int] | None) -> Seating:
    return Seating(
        role,
        role == "mentee",
        tuple(f"{letter}{number}" for number in range(size)),
        np.array(places if places is not None else [1] * size, dtype=np.int64),
        np.zeros(size, dtype=np.bool_),
    )
