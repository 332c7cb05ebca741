"""What speaks against a matching before it is solved: contradictory pairs, people who do not exist, missing values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from mentorkit.core.diagnostics import Diagnostic, error, suggestion, warning
from mentorkit.core.matching.conflicts import DECIDE, required_conflicts
from mentorkit.core.matching.decisions import REVIEW
from mentorkit.core.matching.ruled_scores import NamedRule
from mentorkit.core.matching.scoreboard import Scoreboard
from mentorkit.core.problems import Occasion
from mentorkit.core.roster import Roster


def _rules(board: Scoreboard) -> dict[str, list[NamedRule]]:
    """Return the prepared rules by name, one for each two roles that were asked for."""
    found: dict[str, list[NamedRule]] = {}
    for scores in board.asked.values():
        for rule in scores.rules:
            found.setdefault(rule.name, []).append(rule)
    return found


def unknown_people(board: Scoreboard, roster: Roster) -> list[Diagnostic]:
    """Return what is odd about the pairs an author wrote.

    A person who is not in the roster is a warning: leavers go from rosters sooner than from such lists. A pair of one
    person with themselves is an error.
    """
    found = []
    for name, rules in _rules(board).items():
        for a, b in dict.fromkeys(pair for rule in rules for pair in rule.ruling.named):
            for person in dict.fromkeys(one for one in (a, b) if one not in roster.by_id):
                message = f'the rule "{name}" names "{person}" ({a}, {b}), who is not in the roster'
                hint = suggestion(person, roster.by_id) or "correct the id, or take the pair out"
                found.append(warning("pair-unknown-person", message, path=f"matching.rules.{name}", help=hint))
            if a == b:
                message = f'the rule "{name}" pairs "{a}" with themselves'
                found.append(
                    error("pair-with-oneself", message, path=f"matching.rules.{name}", help="take the pair out")
                )
    return found


def lacking_values(board: Scoreboard) -> list[Diagnostic]:
    """Return a warning for every rule that some people lack a value for."""
    lacking: dict[str, set[str]] = {}
    lenient: dict[str, bool] = {}
    for (first, second), scores in board.asked.items():
        for rule in scores.rules:
            lenient[rule.name] = not rule.block_missing
            people = lacking.setdefault(rule.name, set())
            for role, lacks in zip((first, second), rule.ruling.lacking or (), strict=False):
                people |= {board.groups[role].people[one].id for one in np.flatnonzero(lacks).tolist()}
    return [
        warning(
            "rule-lacks-values",
            f'the rule "{name}" lacks a value for {len(people)} of the people to match; '
            + ("it does not hold for them" if lenient[name] else "they are matched with nobody"),
            path=f"matching.rules.{name}",
            help="fill the cells in; "
            + (
                '`if_missing = "block"` keeps such people apart'
                if lenient[name]
                else "without `if_missing` they can be"
            ),
        )
        for name, people in lacking.items()
        if people
    ]


def pair_conflicts(board: Scoreboard, roster: Roster, occasions: Sequence[Occasion]) -> list[Diagnostic]:
    """Return an error for every required pair that cannot be: forbidden, in no fitting roles, or over places."""
    found = list(_without_roles(board, roster))
    for occasion in occasions:
        found += required_conflicts(board, occasion.problem)
    return list(dict.fromkeys(found))


def decision_conflicts(board: Scoreboard, roster: Roster) -> list[Diagnostic]:
    """Return an error for every decision that contradicts a required pair, another decision, or the roles."""
    decisions = board.decisions
    forbidden = {frozenset(pair) for pair in decisions.forbidden}
    found = [
        error("review-contradiction", f"the review file keeps {a} and {b} together and forbids them", help=DECIDE)
        for a, b in decisions.required
        if frozenset((a, b)) in forbidden
    ]
    for name, rules in _rules(board).items():
        if name != REVIEW:
            wanted = dict.fromkeys(pair for rule in rules for pair in rule.ruling.required)
            found += [
                error(
                    "review-contradiction",
                    f'the review file forbids {a} and {b}, whom the rule "{name}" wants together',
                    help=f"take the decision out, or the pair out of the rule {name}",
                )
                for a, b in wanted
                if frozenset((a, b)) in forbidden
            ]
    return list(dict.fromkeys([*found, *_cannot_sit(board, roster)]))


def _cannot_sit(board: Scoreboard, roster: Roster) -> Iterable[Diagnostic]:
    """Yield an error for every pair that is to be kept together and that no two roles with free places hold."""
    seated = {frozenset(pair) for rule in _rules(board).get(REVIEW, ()) for pair in rule.ruling.required}
    given = {frozenset(pair) for one in board.given for pair in combinations(one.people(), 2)}
    for a, b in board.decisions.required:
        if frozenset((a, b)) in seated | given:
            continue
        unknown = [one for one in (a, b) if one not in roster.by_id]
        if unknown:
            told = f'the review file keeps "{a}" and "{b}" together, and "{unknown[0]}" is not in the roster'
        else:
            there = {one.id for group in board.groups.values() for one in group.people}
            absent = [one for one in (a, b) if one not in there]
            why = f"{absent[0]} has no free place now" if absent else "their roles keep them apart"
            told = f"the review file keeps {a} and {b} together, but {why}"
        yield error("review-impossible", told, help=DECIDE)


def _without_roles(board: Scoreboard, roster: Roster) -> Iterable[Diagnostic]:
    seated = {one.id for group in board.groups.values() for one in group.people}
    for name, rules in _rules(board).items():
        if not any(rule.ruling.overrides for rule in rules):
            fitting = {frozenset(pair) for rule in rules for pair in rule.ruling.required}
            for a, b in dict.fromkeys(pair for rule in rules for pair in rule.ruling.named):
                if {a, b} <= seated and a != b and frozenset((a, b)) not in fitting:
                    roles = "; ".join(f"{one} is {_roles(roster, one)}" for one in (a, b))
                    message = f'the rule "{name}" wants {a} and {b} together, whom their roles keep apart ({roles})'
                    hint = "look at [roster.roles] and the role column, or take the pair out"
                    yield error("always-without-role", message, path=f"matching.rules.{name}", help=hint)


def _roles(roster: Roster, person: str) -> str:
    return " and ".join(roster.by_id[person].roles)
