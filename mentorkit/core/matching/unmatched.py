"""Who of the served side is without a relationship, and why: rule by rule, how many partners it forbids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from mentorkit.core.contracts import Role
from mentorkit.core.matching.allowed_pairs import AllowedPairs
from mentorkit.core.matching.enough_people import too_few
from mentorkit.core.matching.posing import Posed
from mentorkit.core.problems import IntArray, MatchingProblem, PairScores
from mentorkit.core.relationships import NOT_CHOSEN, Member, Reason, Relationship, Unmatched
from mentorkit.core.roster import Roster
from mentorkit.core.shapes import Groups

_BLOCK = 2_000_000
"""Pairs that are looked at together."""


def unmatched_people(
    roles: Sequence[Role], roster: Roster, posing: Posed, relationships: Sequence[Relationship]
) -> tuple[Unmatched, ...]:
    """Return served people without a relationship, new or given, by person; those who have left are not among them."""
    found: list[Unmatched] = []
    used = Counter(member for one in (*relationships, *posing.pool.given) for member in one.members)
    for role, without in without_anybody(roles, roster, posing, relationships).items():
        paused = [one for one in without if one in posing.away.paused]
        leaving = [one for one in without if one in posing.leaving - posing.away.paused]
        absent = posing.away.paused | posing.leaving
        open_to = [one for one in without if one not in absent]
        found += [Unmatched(one, role, (Reason("paused", 0),)) for one in paused]
        found += [Unmatched(one, role, (Reason("leaving", 0),)) for one in leaving]
        found += [Unmatched(one, role, why) for one, why in _reasons(role, open_to, posing, used)]
    return tuple(sorted(found, key=lambda one: (one.person, one.role)))


def without_anybody(
    roles: Sequence[Role], roster: Roster, posing: Posed, relationships: Sequence[Relationship]
) -> Mapping[str, Sequence[str]]:
    """Return who has no relationship, new or given, by served role, of those who can be placed and have not left."""
    together = {(member.person, member.role) for one in (*relationships, *posing.pool.given) for member in one.members}
    return {
        role.name: [
            one.id
            for one in roster.in_role(role.name)
            if (one.id, role.name) not in together
            and one.id not in posing.away.left
            and (role.name not in posing.only or one.id in posing.only[role.name])
        ]
        for role in roles
        if role.served
    }


def _reasons(
    role: str, people: Sequence[str], posing: Posed, used: Mapping[Member, int]
) -> list[tuple[str, tuple[Reason, ...]]]:
    counts = {person: Counter[str]() for person in people}
    for occasion, before in zip(posing.occasions, posing.unnarrowed, strict=True):
        kept = occasion.problem.seatings[role].index
        _count(role, [one for one in people if one in kept], occasion.problem, used, counts)
        if posing.program.model.scope is not None:
            everybody, members = _partners(role, before.problem), _partners(role, occasion.problem)
            for one in people:
                left_out = everybody - members if one in kept else everybody
                counts[one][posing.program.model.scope.name] += left_out
    return [(person, _largest_first(count)) for person, count in counts.items()]


def _partners(role: str, problem: MatchingProblem) -> int:
    """Return how many others the roles that someone with this role is paired with have."""
    others = [
        first if second == role else second
        for first, second in problem.pairs
        if role in (first, second) and not _mates(problem, first, second)
    ]
    return sum(len(problem.seatings[one].people) - (one == role) for one in dict.fromkeys(others))


def _largest_first(count: Counter[str]) -> tuple[Reason, ...]:
    ordered = sorted((-blocks, rule) for rule, blocks in count.items() if blocks)
    return tuple(Reason(rule, -blocks) for blocks, rule in ordered) or (Reason("no-partner", 0),)


def _count(
    role: str,
    people: Sequence[str],
    problem: MatchingProblem,
    used: Mapping[Member, int],
    counts: dict[str, Counter[str]],
) -> None:
    index = np.array([problem.seatings[role].index[one] for one in people], dtype=np.int64)
    no_group = too_few(problem)
    for (first, second), pairs in problem.pairs.items():
        if role in (first, second) and not _mates(problem, first, second):
            axis = 1 if role == first else 0
            everybody = np.arange(pairs.shape[axis])
            free = _free(second if axis else first, problem, used)
            step = max(1, _BLOCK // max(1, len(everybody)))
            allowed = None if problem.required.get((first, second)) else AllowedPairs(pairs)
            for start in range(0, len(index), step):
                part = index[start : start + step]
                found = _blocks(pairs, allowed, part, everybody, axis)
                if no_group:
                    found["too-few"] = found.pop("capacity")
                elif len(free):
                    found[NOT_CHOSEN] = _allowed(pairs, allowed, part, free, axis)
                    found["capacity"] = found["capacity"] - found[NOT_CHOSEN]
                for rule, blocks in found.items():
                    for number, amount in enumerate(blocks.tolist()):
                        counts[people[start + number]][rule] += amount


def _free(role: str, problem: MatchingProblem, used: Mapping[Member, int]) -> IntArray:
    """Return who of a role has a place left beside those that are used."""
    seating = problem.seatings[role]
    taken = np.array([used.get(Member(one, role), 0) for one in seating.people], dtype=np.int64)
    return np.flatnonzero(seating.places > taken)


def _mates(problem: MatchingProblem, first: str, second: str) -> bool:
    """Return whether people of two roles are in a group with others, and nobody is there for them."""
    return isinstance(problem.details, Groups) and first == second


def _blocks(
    pairs: PairScores, allowed: AllowedPairs | None, people: IntArray, partners: IntArray, axis: int
) -> dict[str, IntArray]:
    """Return for each rule how many partners it forbids, and under `capacity` how many no rule forbids."""
    rows, columns = (people, partners) if axis else (partners, people)
    blocks: dict[str, IntArray] = {
        rule: block.sum(axis=axis) for rule, block in pairs.blocked_by(rows, columns).items()
    }
    return {**blocks, "capacity": _allowed(pairs, allowed, people, partners, axis)}


def _allowed(
    pairs: PairScores, allowed: AllowedPairs | None, people: IntArray, partners: IntArray, axis: int
) -> IntArray:
    """Return how many of the partners no rule forbids to each of the people.

    Without required pairs, which `allowed` may lack, they can be counted without scores.
    """
    if axis and allowed is not None and allowed.by_patterns:
        return allowed.counts(people, None if len(partners) == pairs.shape[1] else partners)
    rows, columns = (people, partners) if axis else (partners, people)
    return np.asarray((pairs.scores(rows, columns) >= 0).sum(axis=axis))
