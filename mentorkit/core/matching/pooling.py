"""From a program, its people and what is published to the pool that a model poses its problems from."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations, permutations

import numpy as np
from attrs import define, field

from mentorkit.core.blaming import blaming, expected
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.conditions import holds
from mentorkit.core.contracts import Group, Pool, Role, RuleFacts, Ruling
from mentorkit.core.history import History
from mentorkit.core.matching.ruled_scores import NamedRule, PairSet, RuledScores, as_pairs
from mentorkit.core.matching.scoring import Criteria, Part, Similarities
from mentorkit.core.problems import BoolArray, PairScores, Seating
from mentorkit.core.program import CriterionUse, Program, RuleUse
from mentorkit.core.relationships import Relationship
from mentorkit.core.roster import Roster
from mentorkit.core.standing import Standing
from mentorkit.core.zones import person_zone

ALREADY_MATCHED = "already-matched"
"""The rule that two people of one published relationship are not matched a second time."""


def rule_facts(program: Program, roster: Roster, history: History) -> RuleFacts:
    """Return what rules may know: the reporting lines of everybody, zones, and this ledger's past pairs."""
    managers = {one.id: one.text("manager_id") for one in roster.people if one.text("manager_id")}
    zones = {one.id: person_zone(one, program.timezone) for one in roster.people}
    return RuleFacts(program.starts, managers, zones, tuple(_past(history)))


def _past(history: History) -> Iterable[tuple[str, str, date | None]]:
    for known in history.relationships:
        if known.state != "proposed":
            ended = known.ended_at.date() if known.ended_at else None
            for a, b in combinations(known.relationship.people(), 2):
                yield a, b, ended


@define(eq=False)
class Scoreboard:
    """Scores between the people of any two roles, prepared when they are first asked for.

    Attributes:
        asked: what was asked for so far, by (role that wants, role that offers).
    """

    program: Program
    catalogue: Catalogue
    groups: Mapping[str, Group]
    facts: RuleFacts
    given: tuple[Relationship, ...]
    asked: dict[tuple[str, str], RuledScores] = field(factory=dict)

    def between(self, first: str, second: str) -> RuledScores:
        """Return the scores under the declared criteria and rules alone."""
        if (first, second) not in self.asked:
            scores = scores_between(self.program, self.catalogue, self.groups[first], self.groups[second], self.facts)
            self.asked[first, second] = scores
        return self.asked[first, second]

    def pair_scores(self, first: str, second: str) -> PairScores:
        """Return the scores, with pairs of published relationships forbidden."""
        scores = self.between(first, second)
        row, column = _numbers(self.groups[first]), _numbers(self.groups[second])
        again = [(row[a], column[b]) for a, b in self._given_pairs() if a in row and b in column]
        return scores.forbid(ALREADY_MATCHED, PairSet(scores.shape, as_pairs(again)).block) if again else scores

    def required(self, first: str, second: str) -> tuple[tuple[str, str], ...]:
        """Return the pairs that must be part of the result and are not published already."""
        pairs = (pair for rule in self.between(first, second).rules for pair in rule.ruling.required)
        known = frozenset(self._given_pairs())
        once = {tuple(sorted(pair)) if first == second else pair: pair for pair in pairs if pair not in known}
        return tuple(once.values())

    def _given_pairs(self) -> list[tuple[str, str]]:
        return [pair for one in self.given for pair in permutations(one.people(), 2)]


def build_pool(
    program: Program, roster: Roster, catalogue: Catalogue, history: History, away: Standing
) -> tuple[Pool, Scoreboard]:
    """Return the pool of everybody who can be placed, and the scoreboard it asks."""
    model = catalogue.models[program.model.use.name].implementation
    given = tuple(known.relationship for known in history.published)
    seatings = {role.name: _seating(program, roster, role, given, away) for role in model.roles}
    groups = {role: Group(role, tuple(roster.by_id[one] for one in seats.people)) for role, seats in seatings.items()}
    board = Scoreboard(program, catalogue, groups, rule_facts(program, roster, history), given)
    pool = Pool(
        seatings=seatings,
        pair_scores=board.pair_scores,
        required=board.required,
        given=given,
        starts=program.starts,
        ends=program.ends,
        objective=program.matching.objective,
        seed=program.seed,
    )
    return pool, board


def _seating(program: Program, roster: Roster, role: Role, given: Sequence[Relationship], away: Standing) -> Seating:
    taken = Counter(person for relationship in given for person in relationship.people(role.name))
    absent = away.paused | away.left
    left = {one.id: one.places.get(role.name, 1) - taken[one.id] for one in roster.in_role(role.name)}
    free = [one for one in roster.in_role(role.name) if left[one.id] > 0 and one.id not in absent]
    free.sort(key=lambda one: seeded(program.seed, one.id))
    return Seating(
        role.name,
        role.served,
        tuple(one.id for one in free),
        np.array([left[one.id] for one in free], dtype=np.int64),
        np.array([taken[one.id] > 0 for one in free], dtype=np.bool_),
    )


def seeded(seed: int, person: str) -> bytes:
    """Return what people are ordered by wherever something must decide between equals."""
    return hashlib.sha256(f"{seed}\x1f{person}".encode()).digest()


def criteria_between(program: Program, catalogue: Catalogue, first: Group, second: Group) -> Criteria:
    """Return the criteria that concern the roles of two groups, the one that wants and the one that offers."""
    parts = tuple(
        _part(use, catalogue, first, second, program.starts)
        for use in program.matching.criteria
        if _concerns(use.between, first, second)
    )
    return Criteria(parts, (len(first.people), len(second.people)))


def scores_between(
    program: Program, catalogue: Catalogue, first: Group, second: Group, facts: RuleFacts
) -> RuledScores:
    """Return the published scores between two groups under the criteria and rules that concern their roles."""
    criteria = criteria_between(program, catalogue, first, second)
    rules = tuple(
        _prepared(use, catalogue, first, second, facts)
        for use in program.matching.rules
        if _concerns(use.between, first, second)
    )
    row, column = _numbers(first), _numbers(second)
    required = [(row[a], column[b]) for rule in rules for a, b in rule.ruling.required]
    themselves = [(row[one], column[one]) for one in row if one in column]
    above_rules, impossible = (PairSet(criteria.shape, as_pairs(pairs)) for pairs in (required, themselves))
    return RuledScores(criteria, rules, above_rules, impossible)


def _numbers(group: Group) -> Mapping[str, int]:
    return {person.id: number for number, person in enumerate(group.people)}


def _concerns(between: tuple[str, str] | None, first: Group, second: Group) -> bool:
    return between is None or sorted(between) == sorted((first.role, second.role))


def _part(use: CriterionUse, catalogue: Catalogue, first: Group, second: Group, today: date) -> Part:
    offer = catalogue.criteria[use.kind]
    alike = first.role == second.role
    turned = not alike and use.between == (second.role, first.role)
    mean = alike and (offer.implementation.directed or use.left != use.right)

    def similarities(wanting: Group, offering: Group) -> Similarities:
        return Similarities(use.name, offer, use.options, wanting.cells(use.left), offering.cells(use.right))

    return Part(
        use,
        None if turned else similarities(first, second),
        similarities(second, first) if turned or mean else None,
        _everybody(first) if turned else _applies(use, first, today),
        _applies(use, second, today) if turned or alike else _everybody(second),
    )


def _everybody(group: Group) -> BoolArray:
    return np.ones(len(group.people), dtype=np.bool_)


def _applies(use: CriterionUse, group: Group, today: date) -> BoolArray:
    return np.array(
        [
            all(holds(condition, one.values.get(column), today) for column, condition in use.only_if.items())
            for one in group.people
        ],
        dtype=np.bool_,
    )


def _prepared(use: RuleUse, catalogue: Catalogue, first: Group, second: Group, facts: RuleFacts) -> NamedRule:
    offer = catalogue.rules[use.kind]
    what = f'the rule "{use.name}"'
    with blaming(offer.origin, what):
        found = offer.implementation.prepare(use.options, first, second, facts)
    ruling = expected(found, Ruling, offer.origin, what)
    return NamedRule(use.name, use.kind, ruling, offer.origin, use.if_missing == "block")
