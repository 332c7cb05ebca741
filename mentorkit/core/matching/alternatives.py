"""Whom else somebody could have been matched with: their best alternative, or why not a certain other person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.matching.costing import Cost, cost_of_pair, has_room
from mentorkit.core.matching.explaining import PairExplanation, explain_pair
from mentorkit.core.matching.posing import Posed
from mentorkit.core.matching.solving import MatchingOutcome
from mentorkit.core.matching.tasks import Solved
from mentorkit.core.problems import TENTHS, IntArray, MatchingProblem
from mentorkit.core.relationships import Member
from mentorkit.core.roster import Roster

Absence = Literal["", "roles", "paused", "left", "leaving", "no-place", "scope", "in-line"]
"""Why two people are not compared: their roles do not meet; one of them pauses, has left, leaves soon, has no free
place, or is left out by the scope; or one is behind others in line."""


@frozen
class Alternative:
    """The best other partner of somebody in one of their roles.

    Attributes:
        member: they.
        partner: the other.
        score: of the two, published.
        now: the best score that they have in this role.
        cost: what it would cost everybody to have the two together; None where nobody can tell.
    """

    member: Member
    partner: Member
    score: float
    now: float
    cost: Cost | None


@frozen
class Versus:
    """Why somebody is not with a certain other person.

    Attributes:
        member: they, in the role in which the two could meet; without one: in any role they have, or "".
        other: the other person.
        together: whether they are in one relationship, new or published.
        absent: why the two are not compared at all, or "".
        who: whose absence that is, or "".
        rules: the rules that keep them apart.
        pair: what they would score, criterion by criterion; None where they are kept apart or absent.
        full: who of the two has no place beside required pairs, or "".
        cost: what it would cost everybody to have them together; None where they cannot be, or nobody can tell.
    """

    member: Member
    other: Member
    together: bool = False
    absent: Absence = ""
    who: str = ""
    rules: tuple[str, ...] = ()
    pair: PairExplanation | None = None
    full: str = ""
    cost: Cost | None = None


def best_alternatives(outcome: MatchingOutcome, catalogue: Catalogue, person: str) -> tuple[Alternative, ...]:
    """Return the best other allowed partner of somebody who is matched, in each occasion and role."""
    if outcome.posing is None:
        return ()
    return tuple(
        found
        for solved in outcome.solved
        for between in solved.problem.pairs
        for side in ((0,) if between[0] == between[1] else (0, 1))
        if (found := _best(outcome.posing, solved, catalogue, between, side, person)) is not None
    )


def _best(
    posing: Posed, solved: Solved, catalogue: Catalogue, between: tuple[str, str], side: int, person: str
) -> Alternative | None:
    problem, role, other = solved.problem, between[side], between[1 - side]
    member = Member(person, role)
    theirs = [group for group in solved.groups if member in group.members]
    if not theirs or not has_room(problem, role, person):
        return None
    scores = _scores(problem, between, side, person)
    partners = problem.seatings[other]
    for one in {one.person for group in theirs for one in group.members if one.role == other}:
        scores[partners.index[one]] = -1
    for at in np.argsort(-scores, kind="stable").tolist():
        if scores[at] < 0:
            return None
        if has_room(problem, other, partners.people[at]):
            pair = (person, partners.people[at]) if side == 0 else (partners.people[at], person)
            cost = cost_of_pair(posing, solved, catalogue, between, pair)
            now = max(group.score for group in theirs)
            return Alternative(member, Member(partners.people[at], other), int(scores[at]) / TENTHS, now, cost)
    return None


def _scores(problem: MatchingProblem, between: tuple[str, str], side: int, person: str) -> IntArray:
    """Return somebody's scores with everybody of the other role, in tenths; negative where a rule forbids."""
    alone = np.array([problem.seatings[between[side]].index[person]])
    everybody = np.arange(len(problem.seatings[between[1 - side]].people))
    pairs = problem.pairs[between]
    block = pairs.scores(alone, everybody)[0] if side == 0 else pairs.scores(everybody, alone)[:, 0]
    return block.astype(np.int64)


def versus(
    outcome: MatchingOutcome, roster: Roster, catalogue: Catalogue, person: str, other: str
) -> tuple[Versus, ...]:
    """Return why somebody is not with another person, for each two roles in which they could meet, or why in none."""
    assert outcome.posing is not None, "a matching that was solved knows what there was to solve"
    posing = outcome.posing
    for one in (*outcome.matching.relationships, *outcome.matching.given):
        if {person, other} <= set(one.people()) and person != other:
            both = [next(member for member in one.members if member.person == who) for who in (person, other)]
            return (Versus(both[0], both[1], together=True),)
    found = tuple(
        _compared(outcome, roster, catalogue, number, between, pair, person)
        for number, occasion in enumerate(posing.occasions)
        for between, pair in _ways(occasion.problem, person, other)
    )
    return found or (_absent(posing, roster, person, other),)


def _ways(problem: MatchingProblem, person: str, other: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield the roles in which two people could meet in a problem, each with the two in the order of the roles."""
    for between in problem.pairs:
        first, second = (problem.seatings[role].index for role in between)
        for a, b in [(person, other)] if between[0] == between[1] else [(person, other), (other, person)]:
            if a in first and b in second:
                yield between, (a, b)


def _compared(
    outcome: MatchingOutcome,
    roster: Roster,
    catalogue: Catalogue,
    number: int,
    between: tuple[str, str],
    pair: tuple[str, str],
    person: str,
) -> Versus:
    assert outcome.posing is not None
    posing, solved = outcome.posing, outcome.solved[number]
    problem = posing.occasions[number].problem
    members = [Member(one, role) for one, role in zip(pair, between, strict=True)]
    me, them = members if members[0].person == person else members[::-1]
    here = Versus(me, them)
    rows, columns = (np.array([problem.seatings[role].index[one]]) for one, role in zip(pair, between, strict=True))
    if problem.pairs[between].scores(rows, columns)[0, 0] < 0:
        blocked = problem.pairs[between].blocked_by(rows, columns)
        return evolve(here, rules=tuple(rule for rule, block in blocked.items() if block[0, 0]))
    explained = explain_pair(posing.program, roster, catalogue, members[0], members[1])
    behind = [one.person for one in members if one.person not in solved.problem.seatings[one.role].index]
    if behind:
        return evolve(here, pair=explained, absent="in-line", who=behind[0])
    full = [one.person for one in members if not has_room(solved.problem, one.role, one.person)]
    if full:
        return evolve(here, pair=explained, full=full[0])
    return evolve(here, pair=explained, cost=cost_of_pair(posing, solved, catalogue, between, pair))


def _absent(posing: Posed, roster: Roster, person: str, other: str) -> Versus:
    """Return why two people are in no problem together."""
    first, second = (Member(one, (roster.by_id[one].roles or ("",))[0]) for one in (person, other))
    seated = {one for seating in posing.pool.seatings.values() for one in seating.people}
    for one in (first, second):
        for why, people in _away(posing):
            if one.person in people:
                return Versus(first, second, absent=why, who=one.person)
        if one.role and one.person not in seated:
            return Versus(first, second, absent="no-place", who=one.person)
    before = (way for one in posing.unnarrowed for way in _ways(one.problem, person, other))
    return Versus(first, second, absent="scope" if any(before) else "roles")


def _away(posing: Posed) -> Iterable[tuple[Absence, frozenset[str]]]:
    return ("left", posing.away.left), ("paused", posing.away.paused), ("leaving", posing.leaving)
