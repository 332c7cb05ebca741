"""A plugin as somebody outside of mentorkit would write it: a model of three roles, its matcher, and a scope.

A team is one executive, one manager and one junior. The scope keeps people who have a tag, and keeps people from the
same site apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from mentorkit.core.contracts import (
    Fit,
    IntArray,
    Matcher,
    MatchingProblem,
    Member,
    MentoringModel,
    Occasion,
    Person,
    Pool,
    Relationship,
    Role,
    RosterFacts,
    Scope,
    Solution,
    solution_of,
)
from mentorkit.hookspecs import hookimpl

BETWEEN = (("junior", "manager"), ("junior", "executive"), ("manager", "executive"))


class Triangle:
    """An executive, a manager and a junior learn from each other."""

    name = "triangle"
    summary = "an executive, a manager and a junior"
    options = None
    roles = (
        Role("executive", "mentor", served=False),
        Role("manager", "mentor", served=False),
        Role("junior", "mentee", served=True),
    )
    shape = "teams"
    matcher = "first-fit"
    template = "traditional-one-on-one"

    def roles_by_level(self, levels: Sequence[float]) -> Mapping[str, frozenset[float]]:
        return {
            "executive": frozenset(levels[2:]),
            "manager": frozenset(levels[1:2]),
            "junior": frozenset(levels[:1]),
        }

    def columns(self, options: Any) -> tuple[str, ...]:
        return ()

    def occasions(self, options: Any, pool: Pool) -> Sequence[Occasion]:
        problem = MatchingProblem(
            shape=self.shape,
            occasion="match",
            seatings=pool.seatings,
            pairs={pair: pool.pair_scores(*pair) for pair in BETWEEN},
            required={pair: pool.required(*pair) for pair in BETWEEN},
            objective=pool.objective,
            seed=pool.seed,
        )
        return [Occasion("match", problem)]

    def counted_pairs(self, options: Any, members: Sequence[Member]) -> Sequence[tuple[Member, Member]]:
        by_role = {member.role: member for member in members}
        return [(by_role["junior"], by_role["manager"]), (by_role["junior"], by_role["executive"])]

    def on_leaving(self, options: Any, relationship: Relationship, person: str) -> str:
        return "end" if Member(person, "junior") in relationship.members else "continue"

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        return Fit(1.0 if "executive-awareness" in goals else 0.1)


@frozen
class FirstFitOptions:
    """`most`: how many teams at most."""

    most: int = 1_000


class FirstFit:
    """Gives every junior the first manager and executive that fit: nothing to be proud of, but allowed."""

    name = "first-fit"
    summary = "the first team that fits"
    options = FirstFitOptions
    shapes = frozenset({"teams"})

    def columns(self, options: Any) -> tuple[str, ...]:
        return ()

    def solve(self, options: FirstFitOptions, problem: MatchingProblem) -> Solution:
        number = {role: index for index, role in enumerate(problem.seatings)}
        free = {role: seating.places.copy() for role, seating in problem.seatings.items()}
        whole = {pair: scores.scores(*map(np.arange, scores.shape)) for pair, scores in problem.pairs.items()}
        teams: list[list[tuple[int, int]]] = []
        for junior in range(len(problem.seatings["junior"].people)):
            team = self._team(junior, free, whole)
            if team and len(teams) < options.most:
                for role, person in team.items():
                    free[role][person] -= 1
                teams.append([(number[role], person) for role, person in team.items()])
        return solution_of(teams)

    def _team(self, junior: int, free: Mapping[str, IntArray], whole: Mapping[Any, IntArray]) -> dict[str, int] | None:
        for manager in np.flatnonzero(free["manager"] > 0).tolist():
            for executive in np.flatnonzero(free["executive"] > 0).tolist():
                team = {"executive": executive, "manager": manager, "junior": junior}
                if all(whole[first, second][team[first], team[second]] >= 0 for first, second in BETWEEN):
                    return team
        return None


@frozen
class TaggedOptions:
    """`column` must hold `tag`; people with equal values in `apart` are not put together."""

    column: str
    tag: str
    apart: str = field(default="")


class Tagged:
    """Only people with a tag, and never two from the same place."""

    name = "tagged"
    summary = "only people with a tag"
    options = TaggedOptions

    def columns(self, options: TaggedOptions) -> tuple[str, ...]:
        return (options.column, options.apart) if options.apart else (options.column,)

    def narrow(self, options: TaggedOptions, problem: MatchingProblem, people: Mapping[str, Person]) -> MatchingProblem:
        for role, seating in problem.seatings.items():
            kept = [options.tag in self._tags(people[one], options.column) for one in seating.people]
            problem = problem.keep(role, np.array(kept, dtype=np.bool_))
        if options.apart:
            for first, second in problem.pairs:
                places = [
                    np.array([people[one].text(options.apart) for one in problem.seatings[role].people], dtype=object)
                    for role in (first, second)
                ]
                problem = problem.forbid((first, second), "apart", _Equal(*places))
        return problem

    def _tags(self, person: Person, column: str) -> frozenset[str]:
        value = person.values.get(column)
        return value if isinstance(value, frozenset) else frozenset()


@frozen(eq=False)
class _Equal:
    first: Any
    second: Any

    def __call__(self, rows: IntArray, columns: IntArray) -> Any:
        return np.asarray(self.first[rows][:, None] == self.second[columns], dtype=np.bool_)


@hookimpl
def mentorkit_models() -> Sequence[MentoringModel]:
    return [Triangle()]  # type: ignore[list-item]


@hookimpl
def mentorkit_matchers() -> Sequence[Matcher]:
    return [FirstFit()]


@hookimpl
def mentorkit_scopes() -> Sequence[Scope]:
    return [Tagged()]
