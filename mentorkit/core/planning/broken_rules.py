"""Published relationships that a rule would forbid by today's roster: they stay, and somebody should know.

Only the pairs that are together are looked at, in small blocks; the rules of thousands take no longer than a moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.blaming import blaming
from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Group
from mentorkit.core.diagnostics import errors_in
from mentorkit.core.history import History
from mentorkit.core.matching.pooling import rule_facts
from mentorkit.core.matching.ruled_scores import NamedRule, RuledScores
from mentorkit.core.matching.scoreboard import scores_between
from mentorkit.core.matching.usability import usable
from mentorkit.core.problems import BoolArray, IntArray
from mentorkit.core.program import Program
from mentorkit.core.relationships import Relationship
from mentorkit.core.roster import Roster

_BLOCK = 64
"""Pairs that are looked at together: a block holds the square of it."""


@frozen
class BrokenRule:
    """A rule that forbids two members of a published relationship by today's roster."""

    relationship: str
    people: tuple[str, str]
    rule: str


@frozen
class _Pair:
    relationship: str
    people: tuple[str, str]
    roles: tuple[str, str]


def broken_rules(program: Program, roster: Roster, catalogue: Catalogue, history: History) -> tuple[BrokenRule, ...]:
    """Return the rules that published relationships break today, by relationship in the history's order.

    Pairs with somebody who is missing from the roster are left out. What `always` requires breaks no rule but `never`.
    """
    program, notes = usable(program, roster, catalogue)
    if errors_in(notes):
        return ()
    published = [known.relationship for known in history.published]
    groups: dict[tuple[str, str], list[_Pair]] = {}
    for pair in _pairs(published, program, roster, catalogue):
        groups.setdefault(pair.roles, []).append(pair)
    ended = evolve(history, relationships=tuple(one for one in history.relationships if one.state == "ended"))
    facts = rule_facts(program, roster, ended)
    found: list[BrokenRule] = []
    for roles, pairs in groups.items():
        sides = [_group(role, (pair.people[side] for pair in pairs), roster) for side, role in enumerate(roles)]
        found += _broken(scores_between(program, catalogue, sides[0], sides[1], facts), sides, pairs)
    place = {one.id: number for number, one in enumerate(published)}
    return tuple(sorted(found, key=lambda one: (place[one.relationship], one.people)))


def _pairs(
    relationships: Iterable[Relationship], program: Program, roster: Roster, catalogue: Catalogue
) -> Iterator[_Pair]:
    """Yield every two members whose score counts, the one who wants first."""
    offer = catalogue.models[program.model.use.name]
    what = f'the model "{program.model.use.name}"'
    for one in relationships:
        members = tuple(member for member in one.members if member.person in roster.by_id)
        with blaming(offer.origin, what):
            counted = offer.implementation.counted_pairs(program.model.use.options, members)
        for wants, offers in counted:
            yield _Pair(one.id, (wants.person, offers.person), (wants.role, offers.role))


def _group(role: str, people: Iterable[str], roster: Roster) -> Group:
    return Group(role, tuple(roster.by_id[person] for person in dict.fromkeys(people)))


def _broken(scores: RuledScores, sides: Sequence[Group], pairs: Sequence[_Pair]) -> Iterator[BrokenRule]:
    row, column = ({person.id: number for number, person in enumerate(side.people)} for side in sides)
    for start in range(0, len(pairs), _BLOCK):
        part = pairs[start : start + _BLOCK]
        rows, columns = (
            np.array([index[pair.people[side]] for pair in part], dtype=np.int64)
            for side, index in enumerate((row, column))
        )
        for rule in scores.rules:
            block = _forbidden(scores, rule, rows, columns)
            yield from (
                BrokenRule(pair.relationship, pair.people, rule.name)
                for pair, no in zip(part, block.tolist(), strict=True)
                if no
            )


def _forbidden(scores: RuledScores, rule: NamedRule, rows: IntArray, columns: IntArray) -> BoolArray:
    """Return for each pair (row, column), one after the other, whether the rule forbids it."""
    wide, of_row = np.unique(rows, return_inverse=True)
    long, of_column = np.unique(columns, return_inverse=True)
    block = rule.blocked(wide, long)
    if not rule.ruling.overrides:
        block = block & ~scores.required.block(wide, long)
    found: BoolArray = block[of_row, of_column]
    return found
