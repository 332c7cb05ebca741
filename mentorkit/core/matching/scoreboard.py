"""Scores between the people of two roles, under criteria, rules, and what was matched or decided before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import permutations

import numpy as np
from attrs import define, evolve, field

from mentorkit.core.blaming import blaming, expected
from mentorkit.core.catalogue import Catalogue, Origin
from mentorkit.core.conditions import holds
from mentorkit.core.contracts import Group, RuleFacts, Ruling
from mentorkit.core.matching.decisions import REVIEW, Decisions
from mentorkit.core.matching.pair_sets import PairSet, as_pairs
from mentorkit.core.matching.ruled_scores import NamedRule, RuledScores
from mentorkit.core.matching.scoring import Criteria, Part
from mentorkit.core.matching.similarities import Similarities
from mentorkit.core.problems import BoolArray, PairScores
from mentorkit.core.program import CriterionUse, Program, RuleUse
from mentorkit.core.relationships import Relationship

ALREADY_MATCHED = "already-matched"
"""The rule that two people who are together, or are asked whether they would be, are not matched a second time."""

MATCHED_BEFORE = "matched-before"
"""The rule that people whose relationship was declined, or ended though nobody left, are not matched again."""

_OWN = Origin("mentorkit", "", MATCHED_BEFORE)


@define(eq=False)
class Scoreboard:
    """Scores between the people of any two roles, prepared when they are first asked for.

    Attributes:
        given: relationships that take places: published ones, and those whose people are asked.
        parted: pairs that nobody but the author or a reviewer matches again.
        decisions: of whoever reviews the matching.
        asked: what was asked for so far, by (role that wants, role that offers).
    """

    program: Program
    catalogue: Catalogue
    groups: Mapping[str, Group]
    facts: RuleFacts
    given: tuple[Relationship, ...]
    parted: tuple[tuple[str, str], ...] = ()
    decisions: Decisions = field(factory=Decisions)
    asked: dict[tuple[str, str], RuledScores] = field(factory=dict)

    def between(self, first: str, second: str) -> RuledScores:
        """Return the scores under criteria and rules: those declared, what was matched before, what was decided."""
        if (first, second) not in self.asked:
            groups = self.groups[first], self.groups[second]
            scores = scores_between(self.program, self.catalogue, *groups, self.facts)
            self.asked[first, second] = with_rules(scores, self._own_rules(*groups), *groups)
        return self.asked[first, second]

    def pair_scores(self, first: str, second: str) -> PairScores:
        """Return the scores, with pairs of published relationships forbidden."""
        scores = self.between(first, second)
        row, column = _numbers(self.groups[first]), _numbers(self.groups[second])
        again = [(row[a], column[b]) for a, b in self._given_pairs() if a in row and b in column]
        return scores.forbid_pairs(ALREADY_MATCHED, as_pairs(again)) if again else scores

    def required(self, first: str, second: str) -> tuple[tuple[str, str], ...]:
        """Return the pairs that must be part of the result and are not published already."""
        pairs = (pair for rule in self.between(first, second).rules for pair in rule.ruling.required)
        known = frozenset(self._given_pairs())
        once = {tuple(sorted(pair)) if first == second else pair: pair for pair in pairs if pair not in known}
        return tuple(once.values())

    def _own_rules(self, first: Group, second: Group) -> list[NamedRule]:
        required = _across(self.decisions.required, first, second)
        apart = ((MATCHED_BEFORE, self.parted, ()), (REVIEW, self.decisions.forbidden, required))
        return [
            _pair_rule(name, pairs, always, first, second)
            for name, forbidden, always in apart
            if (pairs := _across(forbidden, first, second)) or always
        ]

    def _given_pairs(self) -> list[tuple[str, str]]:
        return [pair for one in self.given for pair in permutations(one.people(), 2)]


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
    themselves = [(row[one], column[one]) for one in row if one in column]
    nobody, impossible = (PairSet(criteria.shape, as_pairs(pairs)) for pairs in ([], themselves))
    return with_rules(RuledScores(criteria, (), nobody, impossible), rules, first, second)


def with_rules(scores: RuledScores, rules: Sequence[NamedRule], first: Group, second: Group) -> RuledScores:
    """Return the scores between two groups under more rules, whose required pairs stand over all of them."""
    everything = (*scores.rules, *rules)
    row, column = _numbers(first), _numbers(second)
    required = [(row[a], column[b]) for rule in everything for a, b in rule.ruling.required]
    return evolve(scores, rules=everything, required=PairSet(scores.shape, as_pairs(required)))


def _across(pairs: Iterable[tuple[str, str]], first: Group, second: Group) -> tuple[tuple[str, str], ...]:
    """Return the pairs as (one of the first group, one of the second), those that are there; in one group once."""
    row, column = _numbers(first), _numbers(second)
    alike = first.role == second.role
    found = [(a, b) for pair in pairs for a, b in (pair, pair[::-1]) if a != b and a in row and b in column]
    return tuple({tuple(sorted(one)) if alike else one: one for one in reversed(found)}.values())[::-1]


def _pair_rule(
    name: str,
    forbidden: Sequence[tuple[str, str]],
    required: tuple[tuple[str, str], ...],
    first: Group,
    second: Group,
) -> NamedRule:
    row, column = _numbers(first), _numbers(second)
    turned = [pair[::-1] for pair in forbidden] if first.role == second.role else []
    index = as_pairs([(row[a], column[b]) for a, b in (*forbidden, *turned)])
    pairs = PairSet((len(row), len(column)), index)
    return NamedRule(name, name, Ruling(pairs.block, required=required, pairs=index), _OWN)


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
