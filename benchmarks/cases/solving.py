"""Solves an instance as mentorkit does: pose, solve, certify; and writes it down for others to solve."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve, frozen

from benchmarks.measuring import Stages, cpu_seconds, tell

Make = Callable[[], tuple[Any, Any]]
"""Makes program and roster; what it imports is imported then, because a base install is imitated before."""


@frozen
class Case:
    """What is solved, and by which matcher.

    Attributes:
        name: of the case, as measurements say it.
        instance: in words.
        size: people on the served side.
        make: program and roster.
        small: the same for a handful of people, solved before so that what is imported when first needed is there.
        matcher: its name.
        options: its options, or what makes them.
    """

    name: str
    instance: str
    size: int
    make: Make
    small: Make
    matcher: str
    options: Callable[[], Any] = lambda: None

    @property
    def about(self) -> dict[str, Any]:
        """What all measurements of it say."""
        return {"case": self.name, "instance": self.instance, "size": self.size}


def imitate_base_install() -> None:
    """Let numba and OR-Tools be as if they were not installed."""
    for name in ("numba", "ortools"):
        sys.modules[name] = None  # type: ignore[assignment]


def solve(case: Case, engine: str) -> Any:
    """Solve a case and print what it took; return problem and solution."""
    from benchmarks.instances import a_catalogue, posing
    from mentorkit.core.contracts import Effort
    from mentorkit.core.matching.certifying import certify

    catalogue = a_catalogue()
    if case.matcher not in catalogue.matchers:
        tell(case.name, case.instance, case.size, engine, failed=f"there is no matcher {case.matcher}")
        return None
    program, roster = case.make()
    options, stages, clock = case.options(), Stages(), Clock()
    with stages.stage("loading"):
        few = posing(*case.small(), catalogue)
        catalogue.matchers[case.matcher].implementation.solve(options, few.problem)
    with stages.stage("posing"):
        one = posing(program, roster, catalogue)
    problem = evolve(one.problem, effort=Effort(tell=clock.told))
    with stages.stage("solving"):
        solution = catalogue.matchers[case.matcher].implementation.solve(options, problem)
    with stages.stage("certifying"):
        _, certificate = certify(problem, solution, one.counted_pairs, one.sides, f"{case.matcher} of benchmarks")
    figures = stages.figures()
    figures["stages"] |= clock.stages()
    bound = certificate.total_score_bound
    figures |= {"placed": certificate.matched, "total_score": round(certificate.total_score, 1)}
    figures |= {} if bound is None else {"bound": round(bound, 1), "placed_bound": certificate.matched_bound}
    tell(case.name, case.instance, case.size, engine, **figures)
    return problem, solution


class Clock:
    """When a matcher said that it began and ended something."""

    def __init__(self) -> None:
        self.begun: dict[str, float] = {}
        self.took: dict[str, float] = {}

    def told(self, what: str, share: float) -> None:
        """Note the time of what a matcher tells of its work."""
        self.begun.setdefault(what, cpu_seconds())
        self.took[what] = cpu_seconds() - self.begun[what] if share else 0.0

    def stages(self) -> dict[str, float]:
        """Return what each took, for what began and ended."""
        return {what: round(seconds, 4) for what, seconds in self.took.items() if seconds}


def write(case: Case, folder: Path, *, with_lists: bool = False) -> None:
    """Write scores and places, and lists of preferences where asked for, as arrays that any environment can read."""
    from benchmarks.instances import a_catalogue, posing

    program, roster = case.make()
    catalogue = a_catalogue()
    problem = posing(program, roster, catalogue).problem
    ((first, second), pairs) = next(iter(problem.pairs.items()))
    folder.mkdir(parents=True, exist_ok=True)
    tenths = np.lib.format.open_memmap(folder / "tenths.npy", "w+", np.int16, pairs.shape)
    for start in range(0, pairs.shape[0], 500):
        rows = np.arange(start, min(start + 500, pairs.shape[0]))
        tenths[rows] = pairs.scores(rows, np.arange(pairs.shape[1]))
    tenths.flush()
    np.save(folder / "row_places.npy", problem.seatings[first].places)
    np.save(folder / "column_places.npy", problem.seatings[second].places)
    if with_lists:
        proof = catalogue.matchers[case.matcher].implementation.solve(case.options(), problem).proof
        np.save(folder / "pairs.npy", proof.pairs)
        np.save(folder / "ranks.npy", proof.ranks)
    (folder / "instance.json").write_text(json.dumps(case.about))


def run(case: Case, action: str, folder: Path, engine: str, *, with_lists: bool = False) -> None:
    """Do what the command line asks for."""
    if action == "about":
        print(json.dumps(case.about))
    elif action == "pose":
        write(case, folder, with_lists=with_lists)
    else:
        solve(case, engine)
