"""Parts of which the written forms of proofs are put together: numbers, people, values by person, records of these.

Each part writes a value as JSON has it and reads it back for the people of a problem. Reading raises ValueError where
the values are none; the message goes on after "the proof".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from mentorkit.core.problems import MatchingProblem, Seating

SeatingOf = Callable[[MatchingProblem], Seating]
"""Which seating of a problem the people are of."""


@frozen
class Codec:
    """How a value is written for a problem, and how it is read."""

    write: Callable[[Any, MatchingProblem], Any]
    read: Callable[[Any, MatchingProblem], Any]


def wanting(problem: MatchingProblem) -> Seating:
    """Return who wants, of the only two roles that are compared; what is kept apart within a role does not matter."""
    return problem.seatings[_between(problem)[0]]


def offering(problem: MatchingProblem) -> Seating:
    """Return who offers, of the only two roles that are compared; between peers the same as who wants."""
    return problem.seatings[_between(problem)[1]]


def _between(problem: MatchingProblem) -> tuple[str, str]:
    between = [pair for pair in problem.pairs if len(problem.pairs) == 1 or pair[0] != pair[1]]
    if len(between) != 1:
        raise ValueError("is one between two roles, the problem is not")
    return between[0]


def _whole(value: Any, _problem: MatchingProblem | None = None) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise ValueError(f"has {value!r} where a whole number belongs")
    return value


def _flag(value: Any, _problem: MatchingProblem) -> bool:
    if type(value) is not bool:
        raise ValueError(f"has {value!r} where true or false belongs")
    return value


WHOLE = Codec(lambda value, _problem: int(value), _whole)
"""A whole number of at most 64 bits."""

FLAG = Codec(lambda value, _problem: bool(value), _flag)
"""True or false."""


def _read_gains(values: Any, _problem: MatchingProblem) -> dict[str, int]:
    gains = {name: _whole(gain) for name, gain in values}
    if len(gains) != len(values) or not all(isinstance(name, str) for name in gains):
        raise ValueError("does not name each objective once")
    return gains


GAINS = Codec(lambda gains, _problem: [[name, int(gain)] for name, gain in gains.items()], _read_gains)
"""What each objective is worth, as a list, because their order matters and that of a JSON object does not."""


def maybe(part: Callable[[], Codec]) -> Codec:
    """Return the form of what may be None; `part` is called late, so that a record may hold itself."""
    return Codec(
        lambda value, problem: None if value is None else part().write(value, problem),
        lambda value, problem: None if value is None else part().read(value, problem),
    )


def many(part: Codec) -> Codec:
    """Return the form of a tuple."""
    return Codec(
        lambda values, problem: [part.write(one, problem) for one in values],
        lambda values, problem: tuple(part.read(one, problem) for one in values),
    )


def record(kind: type[Any], **parts: Codec) -> Codec:
    """Return the form of an attrs class, by its fields; all of them must be there, and nothing else."""
    names = {one.name for one in attrs.fields(kind)}
    if names != set(parts):
        raise TypeError(f"the fields of {kind.__name__} are {sorted(names)}")

    def read(values: Any, problem: MatchingProblem) -> Any:
        if not isinstance(values, Mapping) or set(values) != names:
            raise ValueError(f"has something else where {', '.join(sorted(names))} belong")
        return kind(**{name: part.read(values[name], problem) for name, part in parts.items()})

    return Codec(
        lambda value, problem: {name: part.write(getattr(value, name), problem) for name, part in parts.items()}, read
    )


def per_person(of: SeatingOf) -> Codec:
    """Return the form of whole numbers over the people of a seating: a mapping from everybody's id."""

    def read(values: Any, problem: MatchingProblem) -> NDArray[np.int64]:
        seating = of(problem)
        strange = sorted(set(values) ^ set(seating.people))
        if strange:
            raise ValueError(f"is not about the same people: {', '.join(strange[:5])}")
        return np.array([_whole(values[person]) for person in seating.people], dtype=np.int64)

    return Codec(lambda array, problem: dict(zip(of(problem).people, array.tolist(), strict=True)), read)


def rows_per_person(of: SeatingOf, kind: type[np.generic] = np.int64) -> Codec:
    """Return the form of a table with a row of whole numbers for each person of a seating: a mapping by id."""

    def read(values: Any, problem: MatchingProblem) -> NDArray[Any]:
        seating = of(problem)
        strange = sorted(set(values) ^ set(seating.people))
        if strange:
            raise ValueError(f"is not about the same people: {', '.join(strange[:5])}")
        rows = [[_whole(value) for value in values[person]] for person in seating.people]
        if len({len(row) for row in rows}) > 1:
            raise ValueError("has rows of different lengths")
        width = 0 if seating.open is None else seating.open.shape[1]
        return np.array(rows, dtype=kind).reshape(len(rows), len(rows[0]) if rows else width)

    def write(table: Any, problem: MatchingProblem) -> dict[str, list[int]]:
        return dict(zip(of(problem).people, table.astype(np.int64).tolist(), strict=True))

    return Codec(write, read)


def role_number(place: int) -> SeatingOf:
    """Return what finds the seating of a problem's role by its place in the order of roles."""

    def seating(problem: MatchingProblem) -> Seating:
        seatings = list(problem.seatings.values())
        if place >= len(seatings):
            raise ValueError(f"is one for {place + 1} roles or more, the problem has {len(seatings)}")
        return seatings[place]

    return seating


def between_roles(kind: type[Any], prices: str, **parts: Codec) -> Codec:
    """Return the form of an attrs class that is `between` two roles, with whole numbers over those of the second."""

    def form(between: Any, problem: MatchingProblem) -> Codec:
        if tuple(between) not in problem.pairs:
            raise ValueError(f"is about {between!r}, which the problem does not compare")
        roles = Codec(lambda value, _problem: list(value), lambda value, _problem: tuple(value))
        of_the_second = per_person(lambda one: one.seatings[between[1]])
        return record(kind, between=roles, **{prices: of_the_second}, **parts)

    return Codec(
        lambda value, problem: form(value.between, problem).write(value, problem),
        lambda values, problem: form(values.get("between", ()), problem).read(values, problem),
    )


def people(of: SeatingOf, kind: Callable[[NDArray[np.int64]], Any] = np.asarray) -> Codec:
    """Return the form of indexes into a seating: ids in the same order; `kind` makes of an array what it was."""
    return Codec(
        lambda indexes, problem: [of(problem).people[index] for index in np.asarray(indexes).tolist()],
        lambda ids, problem: kind(np.array([_index(one, of(problem)) for one in ids], dtype=np.int64)),
    )


def flagged(of: SeatingOf) -> Codec:
    """Return the form of true or false over the people of a seating: the ids for whom it is true, sorted."""

    def read(ids: Any, problem: MatchingProblem) -> NDArray[np.bool_]:
        seating = of(problem)
        flags = np.zeros(len(seating.people), dtype=np.bool_)
        flags[np.array([_index(one, seating) for one in ids], dtype=np.int64)] = True
        return flags

    return Codec(
        lambda flags, problem: sorted(of(problem).people[index] for index in np.flatnonzero(flags).tolist()), read
    )


def both(first: Codec, second: Codec) -> Codec:
    """Return the form of a tuple of two."""

    def read(values: Any, problem: MatchingProblem) -> tuple[Any, Any]:
        one, other = values
        return first.read(one, problem), second.read(other, problem)

    return Codec(lambda pair, problem: [first.write(pair[0], problem), second.write(pair[1], problem)], read)


def index_pairs(first: SeatingOf, second: SeatingOf) -> Codec:
    """Return the form of pairs of indexes, shape (k, 2): pairs of ids."""

    def write(pairs: Any, problem: MatchingProblem) -> list[list[str]]:
        rows, columns = first(problem).people, second(problem).people
        return [[rows[row], columns[column]] for row, column in pairs.tolist()]

    def read(values: Any, problem: MatchingProblem) -> NDArray[np.int64]:
        rows, columns = first(problem), second(problem)
        found = [(_index(one, rows), _index(other, columns)) for one, other in values]
        return np.array(found, dtype=np.int64).reshape(-1, 2)

    return Codec(write, read)


def _read_table(values: Any, _problem: MatchingProblem) -> NDArray[np.int64]:
    return np.array([(_whole(one), _whole(other)) for one, other in values], dtype=np.int64).reshape(-1, 2)


NUMBER_PAIRS = Codec(lambda table, _problem: table.tolist(), _read_table)
"""Whole numbers, shape (k, 2)."""


def _index(person: Any, seating: Seating) -> int:
    if person not in seating.index:
        raise ValueError(f"names {person!r}, who is no {seating.role} in this problem")
    return seating.index[person]
