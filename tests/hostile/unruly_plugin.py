"""A plugin of every kind that works, except that it does `DEED` to the whole process where `PLACE` is."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

from mentorkit.core.contracts import Fit, MatchingProblem, Measure, Occasion, Receipt, Role, Ruling, solution_of
from mentorkit.hookspecs import hookimpl

PLACE, DEED = "nowhere", "nothing"


def forks() -> None:
    """Go on in two processes, as if nothing had happened."""
    os.fork()


def forks_and_stays() -> None:
    """Leave a copy of the whole process behind."""
    if not os.fork():
        time.sleep(60)
        os._exit(0)


def crashes() -> None:
    faulthandler.disable()  # of pytest
    ctypes.string_at(0)


def aborts() -> None:
    faulthandler.disable()
    os.abort()


def prints() -> None:
    print("a word")  # noqa: T201 (that is what it does)
    sys.stdout.write("a word\n")
    os.write(1, b"a word\n")
    os.system("echo a word")


def spins() -> None:
    while True:
        pass


def spins_in_c() -> None:
    """Hear nobody, as Python does between its steps only."""
    Path("spins.txt").touch()
    sum(range(10**15))


DEEDS: dict[str, Any] = {
    "nothing": lambda: None,
    "ends": lambda: os._exit(0),
    "crashes": crashes,
    "aborts": aborts,
    "is killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "takes a moment": lambda: time.sleep(1),
    "takes four seconds": lambda: time.sleep(4),
    "sleeps": lambda: time.sleep(60),
    "spins": spins,
    "spins in C": spins_in_c,
    "forks": forks,
    "forks and stays": forks_and_stays,
    "begins a thread": lambda: threading.Thread(target=time.sleep, args=(60,)).start(),
    "eats memory": lambda: bytes(2**62),
    "prints": prints,
    "raises": lambda: {}["site"],
    "exits": lambda: sys.exit(0),
}


def now_at(place: str) -> None:
    if place == PLACE:
        DEEDS[DEED]()


@frozen
class Matcher:
    name: str = "unruly"
    summary: str = "puts whoever it likes together"
    options: None = None
    shapes: frozenset[str] = frozenset({"two-sided"})

    def columns(self, options: None) -> tuple[str, ...]:
        now_at("columns")
        return ()

    def solve(self, options: None, problem: MatchingProblem) -> Any:
        now_at("solve")
        roles = list(problem.seatings)
        mentees, mentors = (list(range(len(problem.seatings[role].people))) for role in ("mentee", "mentor"))
        random.shuffle(mentors)
        pairs = zip(mentees, mentors, strict=False)
        return solution_of([[(roles.index("mentee"), one), (roles.index("mentor"), other)] for one, other in pairs])


@frozen
class Criterion:
    name: str = "unruly"
    summary: str = "likes everybody"
    options: None = None
    directed: bool = False
    needs: str = "any"

    def columns(self, options: None) -> tuple[str, ...]:
        return ()

    def similarity(self, options: None, wanting: Sequence[Any], offering: Sequence[Any]) -> Any:
        now_at("similarity")
        return np.ones((len(wanting), len(offering)))


@frozen
class Rule:
    name: str = "unruly"
    summary: str = "allows everything"
    options: None = None

    def columns(self, options: None) -> tuple[str, ...]:
        return ()

    def prepare(self, options: None, wanting: Any, offering: Any, facts: Any) -> Ruling:
        now_at("prepare of a rule")
        return Ruling(self.blocked)

    def blocked(self, rows: Any, columns: Any) -> Any:
        now_at("blocked")
        return np.zeros((len(rows), len(columns)), dtype=bool)


@frozen
class Model:
    name: str = "unruly"
    summary: str = "one on one, as it likes"
    options: None = None
    roles: tuple[Role, ...] = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
    shape: str = "two-sided"
    matcher: str = "unruly"
    template: str = ""

    def roles_by_level(self, levels: Sequence[float]) -> dict[str, frozenset[float]]:
        now_at("roles_by_level")
        return {"mentee": frozenset(levels[:2]), "mentor": frozenset(levels[2:])}

    def columns(self, options: None) -> tuple[str, ...]:
        return ()

    def occasions(self, options: None, pool: Any) -> list[Occasion]:
        now_at("occasions")
        between = ("mentee", "mentor")
        pairs, required = {between: pool.pair_scores(*between)}, {between: pool.required(*between)}
        problem = MatchingProblem(self.shape, "match", pool.seatings, pairs, required, pool.objective, pool.seed)
        return [Occasion("match", problem)]

    def counted_pairs(self, options: None, members: Sequence[Any]) -> list[tuple[Any, Any]]:
        now_at("counted_pairs")
        by_role = {member.role: member for member in members}
        return [(by_role["mentee"], by_role["mentor"])]

    def on_leaving(self, options: None, relationship: Any, person: str) -> str:
        return "end"

    def fit(self, goals: Sequence[str], facts: Any) -> Fit:
        return Fit(0.0)


@frozen
class Kpi:
    name: str = "unruly"
    summary: str = "nobody knows"
    options: None = None
    unit: str = "share"
    at_most: bool = False

    def measure(self, options: None, facts: Any) -> Measure:
        now_at("measure")
        return Measure(1, 2)


@frozen
class Kind:
    name: str = "unruly"
    summary: str = "a line per message"
    options: None = None
    leaves_machine: bool = False
    repeat_is_harmless: bool = False

    def open(self, options: None, setting: Any) -> Channel:
        now_at("open")
        return Channel(Path(setting.folder).parent / "lines.txt")


@frozen
class Channel:
    path: Path

    def reaches(self, person: Any, address: str) -> bool:
        now_at("reaches")
        return person is not None

    def prepare(self, outgoing: Any) -> Line:
        now_at("prepare of a channel")
        return Line(self.path, f"{outgoing.key}\n")

    def close(self) -> None:
        now_at("close")


@frozen
class Line:
    path: Path
    text: str

    def commit(self) -> Receipt:
        now_at("commit")
        with self.path.open("a", encoding="utf-8") as file:
            file.write(self.text)
        return Receipt("sent", "written")

    def abandon(self) -> None:
        """Nothing was written yet."""


@hookimpl
def mentorkit_matchers() -> list[Matcher]:
    now_at("hook")
    return [Matcher()]


@hookimpl
def mentorkit_criteria() -> list[Criterion]:
    return [Criterion()]


@hookimpl
def mentorkit_rules() -> list[Rule]:
    return [Rule()]


@hookimpl
def mentorkit_models() -> list[Model]:
    return [Model()]


@hookimpl
def mentorkit_kpis() -> list[Kpi]:
    return [Kpi()]


@hookimpl
def mentorkit_channels() -> list[Kind]:
    return [Kind()]


now_at("import")
