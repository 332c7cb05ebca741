"""A plugin that does what `TRICK` says instead of what it should: a matcher, a criterion and a rule."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen

from mentorkit.core.contracts import Ruling, solution_of
from mentorkit.hookspecs import hookimpl

TRICK = "none"


def greedy(problem: Any) -> Any:
    """Write everybody more places into the problem, and use them."""
    problem.seatings["mentor"].places[:] = 9
    problem.required.clear()
    return [
        [(list(problem.seatings).index("mentee"), n), (list(problem.seatings).index("mentor"), 0)]
        for n in range(len(problem.seatings["mentee"].people))
    ]


def played(problem: Any) -> Any:
    """Return what the trick makes of a matching problem, or None where it is not one of matching."""
    roles = list(problem.seatings)
    pair = [(roles.index("mentee"), 0), (roles.index("mentor"), 0)]
    tricks = {
        "twice": lambda: solution_of([pair, pair]),
        "unknown": lambda: solution_of([[(roles.index("mentee"), 7000), (roles.index("mentor"), 0)]]),
        "negative": lambda: solution_of([[(roles.index("mentee"), -1), (roles.index("mentor"), 0)]]),
        "alone": lambda: solution_of([[(roles.index("mentee"), 0)]]),
        "same-role": lambda: solution_of([[(roles.index("mentee"), 0), (roles.index("mentee"), 1)]]),
        "everybody": lambda: solution_of(
            [
                [(roles.index("mentee"), n), (roles.index("mentor"), 0)]
                for n in range(len(problem.seatings["mentee"].people))
            ]
        ),
        "more-places": lambda: solution_of(greedy(problem)),
        "nan": lambda: float("nan"),
        "none-returned": lambda: None,
        "text": lambda: "Ada and Dev",
        "generator": lambda: (one for one in [pair]),
        "raises": lambda: {}["site"],
        "deep": lambda: deeper(),
        "exits": lambda: sys.exit(0),
        "network": lambda: socket.create_connection(("192.0.2.1", 9), timeout=0.01),
    }
    return tricks[TRICK]() if TRICK in tricks else None


def deeper() -> Any:
    return deeper()


@frozen
class Matcher:
    name: str = "bad"
    summary: str = "does something else"
    options: None = None
    shapes: frozenset[str] = frozenset({"two-sided"})

    def columns(self, options: None) -> tuple[str, ...]:
        return ()

    def solve(self, options: None, problem: Any) -> Any:
        return played(problem)


def block(shape: tuple[int, int]) -> Any:
    """Return what the trick makes of similarities, or of what a rule allows."""
    tricks = {
        "similar-nan": lambda: np.full(shape, np.nan),
        "similar-100": lambda: np.full(shape, 100.0),
        "similar-one-row": lambda: np.zeros((1, shape[1] + 1)),
        "similar-none": lambda: None,
        "similar-texts": lambda: [["much"] * shape[1]] * shape[0],
        "similar-exits": lambda: sys.exit("enough"),
        "similar-generator": lambda: (one for one in range(3)),
    }
    return tricks[TRICK]() if TRICK in tricks else np.zeros(shape)


@frozen
class Criterion:
    name: str = "bad"
    summary: str = "sees something else"
    options: None = None
    directed: bool = False
    needs: str = "any"

    def columns(self, options: None) -> tuple[str, ...]:
        return ()

    def similarity(self, options: None, wanting: Sequence[Any], offering: Sequence[Any]) -> Any:
        if TRICK == "similar-writes":
            wanting[0] = "somebody else"  # type: ignore[index]
        return block((len(wanting), len(offering)))


@frozen
class Rule:
    name: str = "bad"
    summary: str = "rules something else"
    options: None = None

    def columns(self, options: None) -> tuple[str, ...]:
        return ()

    def prepare(self, options: None, wanting: Any, offering: Any, facts: Any) -> Any:
        answers = {
            "rules-floats": lambda shape: np.zeros(shape),
            "rules-everything-else": lambda shape: np.zeros((9, 9), dtype=bool),
            "rules-exits": lambda shape: sys.exit(1),
        }
        if TRICK == "rules-write":
            wanting.people[0].values["email"] = "eve@example.org"
        if TRICK == "rules-move-in":
            wanting.people[0].places["mentee"] = 9
        if TRICK == "rules-none":
            return None
        answer = answers.get(TRICK, lambda shape: np.zeros(shape, dtype=bool))
        return Ruling(lambda rows, columns: answer((len(rows), len(columns))))


@hookimpl
def mentorkit_matchers() -> list[Matcher]:
    if TRICK == "offers-exits":
        sys.exit(0)
    return None if TRICK == "offers-none" else [Matcher(), Matcher()] if TRICK == "offers-twice" else [Matcher()]  # type: ignore[return-value]


@hookimpl
def mentorkit_criteria() -> list[Criterion]:
    return [Criterion()]


@hookimpl
def mentorkit_rules() -> list[Rule]:
    return [Rule()]


if TRICK == "import-exits":
    sys.exit(0)
if TRICK == "import-raises":
    os.environ["NO_SUCH_VARIABLE_AT_ALL"]
