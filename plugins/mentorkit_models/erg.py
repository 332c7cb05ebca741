"""The scope `erg`: members of employee resource groups with each other, across groups, or with allies.

It narrows the problems of any model, by what a problem says of its roles alone, and knows no model by name. The roster
holds groups only of people who consented (`erg_consent`); for it everybody else belongs to none, and it cannot tell
the two apart. Nothing here ever names a group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import numpy as np
from attrs import Attribute, field, frozen
from numpy.typing import NDArray

from mentorkit.core.conditions import tags_in
from mentorkit.core.contracts import Fit, Gate, Lack, goals_served, lack_of
from mentorkit.core.diagnostics import error, listed, suggestion
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import BoolArray, IntArray, MatchingProblem
from mentorkit.core.roster import Person, RosterFacts

_COLUMN = "erg"
_ENOUGH = 0.2
_GOALS = {
    "leadership": 1,
    "career-growth": 2,
    "onboarding": 1,
    "inclusion": 3,
    "executive-awareness": 1,
    "networks": 2,
    "confidential": 1,
    "reach": 1,
}


def _only_with_allies(options: ErgOptions, _: Attribute[tuple[str, ...]], members: tuple[str, ...]) -> None:
    if members and options.scope != "open-to-allies":
        raise ValueError(f'"{options.scope}" is for members alone, in every role: leave members out')


@frozen
class ErgOptions:
    """Options of `erg`.

    Attributes:
        scope: `within`: everybody is a member, and every two share a group. `cross`: everybody is a member, and of
            every two each belongs to a group that the other does not. `open-to-allies`: who is served is a member, and
            who offers may be anybody; where everybody is served, one of every two is a member.
        members: for `open-to-allies`: the roles in which only members take part, where these are not the served ones.
    """

    scope: Literal["within", "cross", "open-to-allies"] = "within"
    members: tuple[str, ...] = field(default=(), validator=_only_with_allies)


class Erg:
    """Keeps members, and the pairs of them that the scope allows."""

    name = "erg"
    summary = "members of employee resource groups: within, cross, or open-to-allies"
    options = ErgOptions

    def columns(self, options: ErgOptions) -> tuple[str, ...]:  # noqa: ARG002 (always the same)
        """Return the groups, and the consent without which they are not read."""
        return (_COLUMN, "erg_consent")

    def narrow(self, options: ErgOptions, problem: MatchingProblem, people: Mapping[str, Person]) -> MatchingProblem:
        """Return the problem with members only, where the scope asks for them, and only with pairs it allows."""
        members_only = _roles_of_members(options, problem)
        for role in members_only:
            seated = problem.seatings[role].people
            member = np.array([bool(_groups(people[one])) for one in seated], dtype=np.bool_)
            problem = problem.keep(role, member)
        if options.scope == "open-to-allies":
            return problem if members_only else _with_pairs(problem, people, _neither_member)
        return _with_pairs(problem, people, _apart if options.scope == "within" else _one_within_the_other)

    def fit(self, goals: Sequence[str], facts: RosterFacts) -> Fit:
        """Return how well it suits: enough people must belong to a group and have agreed that it is used."""
        lacks = lack_of(facts, "erg", "which groups people belong to", "the people, and the leaders of the groups")
        if not facts.has("erg_consent"):
            lacks += (Lack("erg_consent", "without a yes of their own nobody's groups are read", "the people"),)
        says = f"{facts.members:.0%} of the people belong to a group and agree that it is used; it takes {_ENOUGH:.0%}"
        gates = () if facts.members >= _ENOUGH else (Gate("members", says.replace("%", " %")),)
        return Fit(0.0, goals=goals_served(_GOALS, goals), gates=gates, lacks=lacks)


def _roles_of_members(options: ErgOptions, problem: MatchingProblem) -> list[str]:
    """Return the roles in which only members take part; none where everybody is served and allies may be among them.

    Raises:
        ProgramError: the options name a role that the model does not have.
    """
    roles = list(problem.seatings)
    if options.scope != "open-to-allies":
        return roles
    for unknown in (role for role in options.members if role not in roles):
        told, hint = (
            f'"{unknown}" is not a role of the model',
            suggestion(unknown, roles) or f"its roles: {listed(roles)}",
        )
        raise ProgramError((error("role-unknown", told, path="model.options.members", help=hint),))
    served = [role for role, seating in problem.seatings.items() if seating.served]
    return list(options.members) or ([] if served == roles else served)


def _groups(person: Person) -> frozenset[str]:
    return tags_in(person.values.get(_COLUMN))


Refuses = Callable[["_Sets", "_Sets", IntArray, IntArray], BoolArray]


@frozen(eq=False)
class _Sets:
    """The groups of each person of a role: sets by number, and which of all groups each set holds.

    Attributes:
        of: the number of each person's set, shape (people,).
        holds: shape (sets, groups), 0 or 1.
    """

    of: IntArray
    holds: NDArray[np.int64]

    def sizes(self) -> IntArray:
        """Return how many groups each set holds."""
        return np.asarray(self.holds.sum(axis=1))


def _apart(first: _Sets, second: _Sets, rows: IntArray, columns: IntArray) -> BoolArray:
    """Return which sets have no group in common."""
    return np.asarray(first.holds[rows] @ second.holds[columns].T == 0)


def _one_within_the_other(first: _Sets, second: _Sets, rows: IntArray, columns: IntArray) -> BoolArray:
    """Return of which sets one holds all groups of the other."""
    common = first.holds[rows] @ second.holds[columns].T
    return np.asarray((common == first.sizes()[rows][:, None]) | (common == second.sizes()[columns]))


def _neither_member(first: _Sets, second: _Sets, rows: IntArray, columns: IntArray) -> BoolArray:
    return np.asarray((first.sizes()[rows][:, None] == 0) & (second.sizes()[columns] == 0))


def _with_pairs(problem: MatchingProblem, people: Mapping[str, Person], refuses: Refuses) -> MatchingProblem:
    """Return the problem under the rule `erg` between all roles that are paired; pairs of people by pairs of sets."""
    sets = _sets_by_role(problem, people)
    for first, second in problem.pairs:
        problem = problem.forbid((first, second), Erg.name, _refusal(sets[first], sets[second], refuses))
    return problem


def _refusal(first: _Sets, second: _Sets, refuses: Refuses) -> Callable[[IntArray, IntArray], BoolArray]:
    every_row, every_column = np.arange(len(first.holds)), np.arange(len(second.holds))
    table = refuses(first, second, every_row, every_column)

    def blocked(rows: IntArray, columns: IntArray) -> BoolArray:
        return np.asarray(table[np.ix_(first.of[rows], second.of[columns])])

    return blocked


def _sets_by_role(problem: MatchingProblem, people: Mapping[str, Person]) -> Mapping[str, _Sets]:
    by_role = {role: [_groups(people[one]) for one in seats.people] for role, seats in problem.seatings.items()}
    every = _numbered(group for sets in by_role.values() for groups in sets for group in groups)
    return {role: _sets(sets, every) for role, sets in by_role.items()}


def _numbered(groups: Iterable[str]) -> Mapping[str, int]:
    return {group: number for number, group in enumerate(sorted(set(groups)))}


def _sets(of_people: list[frozenset[str]], every: Mapping[str, int]) -> _Sets:
    distinct = {groups: number for number, groups in enumerate(dict.fromkeys(of_people))}
    holds = np.zeros((len(distinct), len(every)), dtype=np.int64)
    for groups, number in distinct.items():
        holds[number, [every[group] for group in groups]] = 1
    return _Sets(np.array([distinct[groups] for groups in of_people], dtype=np.int64), holds)
